"""The secretariat's forms of the reviews: a plan's decision, marks, the notice, the typed words, the record's filter."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kczg.kit.clock import SHANGHAI
from kczg.kit.forms import PlainWords
from nominations.views.office_forms import day_field, helper
from reviews.actions.publication import FEWEST_DAYS


class PlanForm(PlainWords, forms.Form):
    """备案 or 退回修改; the latter with its reason."""

    note = forms.CharField(
        label=_("秘书处意见"),
        help_text=_("退回时填写原因，初评机构将看到"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=2000,
    )


class MarkForm(PlainWords, forms.Form):
    """A mark for the chosen rows."""

    mark = forms.ChoiceField(label=_("标记"), choices=[("proposed", _("拟入榜")), ("left_out", _("未入榜"))])
    note = forms.CharField(label=_("评议意见"), required=False, max_length=500)


class NoticeForm(PlainWords, forms.Form):
    """The notice's text and period."""

    days = forms.IntegerField(
        label=_("公示期（工作日）"),
        help_text=_("至少%(days)d个工作日，周末和法定节假日不计") % {"days": FEWEST_DAYS},
        min_value=1,
        max_value=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-num"}),
        error_messages={
            "invalid": _("公示期写成整数，例如5"),
            "min_value": _("公示期至少5个工作日"),
            "max_value": _("公示期最多60个工作日"),
        },
    )
    drafted = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("公示正文"), widget=forms.Textarea(attrs={"rows": 8}), max_length=20000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = helper(_("预览"))


class PublishForm(PlainWords, forms.Form):
    """What the second person types."""

    typed = forms.CharField(
        label=_("确认文字"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "w-name", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["typed"].help_text = _("输入“%(words)s”") % {"words": expected}
        self.helper = helper(_("发布"))


class AuditFilter(forms.Form):
    """The record's filter. What the address holds wrongly is left out."""

    name = forms.ChoiceField(label=_("事项"), required=False)
    person = forms.CharField(label=_("操作人"), required=False, max_length=100)
    first = day_field(_("起始日期"), required=False)
    last = day_field(pgettext_lazy("last of a range", "截止日期"), required=False)

    def __init__(self, data: Any, words: dict[str, Any]):
        super().__init__(data, auto_id="filter_%s")
        self.fields["name"].choices = [("", _("全部")), *words.items()]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The conditions on events that the valid, filled parameters stand for."""
        self.is_valid()
        given = self.cleaned_data
        found: dict[str, Any] = {}
        if given.get("name"):
            found["name"] = given["name"]
        if given.get("person"):
            found["actor_name__icontains"] = given["person"]
        if given.get("first"):
            found["at__gte"] = datetime.combine(given["first"], time(), SHANGHAI)
        if given.get("last"):
            found["at__lt"] = datetime.combine(given["last"] + timedelta(days=1), time(), SHANGHAI)
        return found
