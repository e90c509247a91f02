"""The secretariat's forms: the master table's filter, a stage's dates, a unit and its channels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from kczg.kit.clock import SHANGHAI, local
from kczg.kit.forms import PlainWords, wanted
from kczg.kit.tables import LIMITS
from nominations.catalogues import CATALOGUES
from nominations.models import Channel, RecommendingUnit, Season, Stage, Track
from nominations.rules.correction import judge_days
from nominations.rules.quota import HIGHEST_LIMIT
from nominations.states import State

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def provinces() -> list[tuple[str, str]]:
    """The provinces by code, for a choice."""
    return [(entry.code, entry.name) for entry in CATALOGUES["regions"] if entry.level == "省级"]


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, typed or picked, within reason: a season lies between 2000 and 2100."""
    field = forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-code"}),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"],
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        **options,
    )
    words = _("%(name)s写成2022-10-31这样的日期") % {"name": label}
    field.error_messages["invalid"] = words
    for validator in field.validators:
        if isinstance(validator, MinValueValidator | MaxValueValidator):
            validator.message = words
    return field


class NominationFilter(forms.Form):
    """The master table's filter. What the address holds besides, or holds wrongly, is left out."""

    q = forms.CharField(label=_("编号、名称、单位"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("状态"), required=False)
    ranking = forms.ChoiceField(label=_("榜单"), required=False)
    track = forms.ChoiceField(label=_("领域"), required=False)
    unit = forms.ChoiceField(label=_("推荐单位"), required=False)
    channel = forms.ChoiceField(label=_("推荐渠道"), required=False)
    province = forms.ChoiceField(label=_("省份"), required=False)
    day = day_field(_("提交日期"), required=False)
    submitted = forms.ChoiceField(label=_("是否提交"), required=False)
    recommended = forms.ChoiceField(label=_("是否占用名额"), required=False)

    def __init__(self, data: Any, season: Season):
        super().__init__(data, auto_id="filter_%s")
        tracks = Track.objects.filter(ranking__season=season).exclude(name="")
        units = RecommendingUnit.objects.filter(season=season).select_related("organisation")
        choices: dict[str, list[tuple[str, Any]]] = {
            "status": [(str(state), state.label) for state in State],
            "ranking": [(row.key, row.name) for row in season.rankings.all()],
            "track": [*dict.fromkeys((row.key, row.name) for row in tracks), ("none", _("未选领域"))],
            "unit": [(str(row.pk), row.organisation.name) for row in units],
            "channel": [(row.key, row.name) for row in Channel.objects.filter(season=season)],
            "province": [*provinces(), ("none", _("未填写"))],
            "submitted": [("1", _("已提交"))],
            "recommended": [("1", _("已占用名额"))],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [("", _("全部")), *offered]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """What to filter by: the valid parameters that aren't empty, as plain words."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def helper(word: Any) -> FormHelper:
    """The helper of a form with one button."""
    made = FormHelper()
    made.add_input(Submit("send", word))
    return made


class StageForm(PlainWords, forms.Form):
    """The dates of a stage. Days are whole: a stage begins at 0时 and ends at 24时 of its last day."""

    first_day = day_field(_("开始日期"), help_text=_("当日0时开始"))
    last_day = day_field(
        _("截止日期"), required=False, help_text=_("当日24时截止（北京时间）；留空为不设截止")
    )
    reason = forms.CharField(
        label=_("改动原因"),
        help_text=_("记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any):
        ends = local(stage.closes) - timedelta(microseconds=1) if stage.closes else None
        days = {"first_day": local(stage.opens).date(), "last_day": ends.date() if ends else None}
        super().__init__(*args, initial=days, **kwargs)
        self.helper = helper(_("预览改动"))

    @property
    def opens(self) -> datetime:
        return datetime.combine(self.cleaned_data["first_day"], time(), SHANGHAI)

    @property
    def closes(self) -> datetime | None:
        day = self.cleaned_data["last_day"]
        return datetime.combine(day + timedelta(days=1), time(), SHANGHAI) if day else None


class UnitForm(PlainWords, forms.Form):
    """The channels of a recommending unit, with the reason that goes on record."""

    channels = forms.MultipleChoiceField(
        label=_("推荐渠道"), widget=forms.CheckboxSelectMultiple, help_text=_("属于多个渠道的，名额叠加")
    )
    reason = forms.CharField(
        label=_("原因"),
        help_text=_("记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [(row.key, row.name) for row in Channel.objects.filter(season=season)]
        self.fields["channels"].choices = offered  # type: ignore[attr-defined]
        self.helper = helper(_("确认"))


class NewUnitForm(UnitForm):
    """A new recommending unit."""

    name = forms.CharField(label=_("单位名称"), max_length=200)
    province = forms.ChoiceField(label=_("省份"), required=False)
    field_order = ("name", "province", "channels", "reason")

    def __init__(self, *args: Any, season: Season, **kwargs: Any):
        super().__init__(*args, season=season, **kwargs)
        self.fields["province"].choices = [("", _("不填")), *provinces()]  # type: ignore[attr-defined]


class LimitForm(PlainWords, forms.Form):
    """A new limit of a track, with the reason that goes on record."""

    track = forms.ChoiceField(label=_("榜单、领域"))
    limit = forms.IntegerField(
        label=_("每个推荐渠道的名额"),
        min_value=0,
        max_value=HIGHEST_LIMIT,
        widget=forms.TextInput(attrs={"class": "w-num", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("名额填0—%(most)d的整数") % {"most": HIGHEST_LIMIT}
        ),
    )
    reason = forms.CharField(
        label=_("改动原因"),
        help_text=_("记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, data: Any, *, tracks: Iterable[Track]):
        super().__init__(data)
        self.fields["track"].choices = [("", _("未选择")), *((str(row.pk), str(row)) for row in tracks)]  # type: ignore[attr-defined]
        self.helper = helper(_("改动名额"))


class ListFileForm(PlainWords, forms.Form):
    """A file with lines of a list. What it is, its content says; its size is judged here, before it is opened."""

    file = forms.FileField(label=_("名单文件"), help_text=_("CSV（UTF-8）或.xlsx，不超过2 MB，第一行是表头"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.packed:
            raise forms.ValidationError(_("名单文件超过2 MB，分成几个文件后再上传"))
        return file


class OptionsForm(PlainWords, forms.Form):
    """The options of a yearly question, one a line, with the reason that goes on record."""

    listed = forms.CharField(
        label=_("选项"),
        help_text=_("每行一个，按此顺序列出"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=5000,
    )
    reason = forms.CharField(
        label=_("改动原因"),
        help_text=_("记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["listed"].label = name
        self.fields["listed"].error_messages["required"] = wanted(self.fields["listed"])
        self.helper = helper(_("确认"))

    def clean_listed(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["listed"].splitlines())
        return [line for line in lines if line]


class CorrectionDaysForm(PlainWords, forms.Form):
    """For how many days a correction may be answered, with the reason that goes on record."""

    days = forms.IntegerField(
        label=_("补正期限（日）"),
        help_text=_("从要求补正的次日起算，0表示不设补正"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-code"}),
    )
    reason = forms.CharField(
        label=_("改动原因"),
        help_text=_("记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["days"].error_messages["invalid"] = _("补正期限只能填整数，例如5")
        self.helper = helper(_("确认"))

    def clean_days(self) -> int:
        days = self.cleaned_data["days"]
        verdict = judge_days(days)
        if not verdict:
            raise forms.ValidationError(verdict.message)
        return days
