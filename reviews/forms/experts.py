"""An expert: whom a body takes in, what is known of the person, on which terms, and the answers to an invitation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from reviews.forms.kinds import Text, Whole
from reviews.forms.picks import Picks
from reviews.models import Expert, ReviewPlan

MOST_TASKS = 999


class ExpertForm(PlainWords, forms.Form):
    """An expert whom a body takes in."""

    name = Text(label=gettext_lazy("姓名"), longest=100)
    email = forms.EmailField(
        label=gettext_lazy("邮箱"), help_text=gettext_lazy("邀请发到此邮箱，也用于登录"), max_length=254
    )
    employer = Text(
        label=gettext_lazy("工作单位"), longest=200, help_text=gettext_lazy("填写全称，用于回避比对")
    )
    position = Text(label=gettext_lazy("职称/职务"), longest=100, required=False)
    expertise = Text(label=gettext_lazy("专业领域"), longest=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("maxlength", None)


class FactsForm(PlainWords, forms.Form):
    """What is known of an expert: ``profiles.FACTS``. ``fields``: ``field_key`` → name of the season's tracks."""

    employer = Text(
        label=gettext_lazy("工作单位"), longest=200, help_text=gettext_lazy("填写全称，用于回避比对")
    )
    parent_organisation = Text(
        label=gettext_lazy("上级单位"),
        longest=200,
        required=False,
        help_text=gettext_lazy("例如所在大学、集团公司，用于回避比对"),
    )
    address = Text(
        label=gettext_lazy("单位地址"),
        longest=200,
        required=False,
        help_text=gettext_lazy("用于回避比对，不公开"),
    )
    position = Text(label=gettext_lazy("职称/职务"), longest=100, required=False)
    expertise = Text(label=gettext_lazy("专业领域"), longest=200, required=False)
    industries = Picks(label=gettext_lazy("国民经济行业"), catalogue="industries")
    strategic = Picks(label=gettext_lazy("战略性新兴产业"), catalogue="emerging_industries")
    tracks = forms.MultipleChoiceField(
        label=gettext_lazy("领域"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, expert: Expert, fields: Mapping[str, str], data: Any = None) -> None:
        names = tuple(self.base_fields)
        super().__init__(data, initial={name: getattr(expert, name) for name in names})
        known = dict(fields) | {key: key for key in expert.tracks if key not in fields}
        self.fields["tracks"].choices = list(known.items())  # type: ignore[attr-defined]
        words = _("领域不在本年度榜单中，重新选择")
        self.fields["tracks"].error_messages["invalid_choice"] = words


class TermsForm(PlainWords, forms.Form):
    """On which terms an expert serves a body: group and load limit."""

    group = forms.ChoiceField(label=gettext_lazy("专家类别"), required=False)
    most = Whole(
        label=gettext_lazy("最多评审项数"),
        least=1,
        most=MOST_TASKS,
        draft=True,
        required=False,
        help_text=gettext_lazy("留空的，不限项数"),
    )

    def __init__(self, plan: ReviewPlan | None, standing: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data, initial=standing)
        groups = {each["key"]: each["name"] for each in (plan.expert_groups if plan else [])}
        if standing.get("group"):
            groups.setdefault(standing["group"], standing["group"])
        self.fields["group"].choices = [("", _("未选择")), *groups.items()]  # type: ignore[attr-defined]
        self.fields["group"].error_messages["invalid_choice"] = _("备案方案中没有此专家类别，重新选择")
        if not groups:
            del self.fields["group"]
