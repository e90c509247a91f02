"""Forms of the recommending unit: filters of its list, its opinion, its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from nominations.answers import SectionView
from nominations.fields.characters import lines, refused
from nominations.rules.counting import count_characters
from nominations.states import State

MOST_WORDS = 500
"""字 in an opinion or a reason: they are printed on one page and sent by mail."""

COMMON_REASONS = (
    gettext_lazy("内容与所属领域不符，改选领域"),
    gettext_lazy("前后内容或数据不一致，核对后修改"),
    gettext_lazy("缺少知识产权或获奖的时间、编号"),
    gettext_lazy("文字未说明与同类技术的比较"),
    gettext_lazy("联系人或联系方式有误"),
)


class Words(forms.CharField):
    """A text for another person to read: counted like the form's texts, without control characters."""

    widget = forms.Textarea

    def __init__(self, rows: int = 4, **given: Any) -> None:
        super().__init__(**given)
        self.widget.attrs |= {"rows": rows, "data-max": MOST_WORDS}

    def to_python(self, value: Any) -> str:
        return lines(super().to_python(value) or "").strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        hindered = refused(value, str(self.label))
        if hindered:
            raise ValidationError(hindered)
        now = count_characters(value)
        if now > MOST_WORDS:
            words = _("%(name)s现有%(now)d字，需删减%(over)d字")
            raise ValidationError(words % {"name": self.label, "now": now, "over": now - MOST_WORDS})


class UnitForm(PlainWords, forms.Form):
    """A form that stands in a page's own form element."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class OpinionForm(UnitForm):
    """推荐意见, and the number of the version that the unit has read."""

    opinion = Words(
        label=gettext_lazy("推荐意见"), help_text=gettext_lazy("印在申报表“推荐单位意见”栏，申报人可见")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)


class BulkOpinionForm(UnitForm):
    """One opinion for all chosen nominations."""

    opinion = Words(
        label=gettext_lazy("推荐意见"),
        help_text=gettext_lazy("所选各项使用同一意见，印在申报表“推荐单位意见”栏"),
    )


class ReasonForm(UnitForm):
    """Why: read by the applicant."""

    reason = Words(label=gettext_lazy("原因"), help_text=gettext_lazy("申报人将看到"))


class ReturnForm(UnitForm):
    """退回修改: common reasons to tick, and words for each section of the form."""

    common = forms.MultipleChoiceField(
        label=gettext_lazy("常见原因"),
        required=False,
        choices=[(str(n), words) for n, words in enumerate(COMMON_REASONS)],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, sections: Iterable[SectionView], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {view.key: view.title for view in sections}
        for key, title in self.sections.items():
            self.fields[f"section-{key}"] = Words(rows=2, label=title, required=False)
        self.fields["other"] = Words(label=_("其他原因"), required=False)

    @property
    def notes(self) -> list[dict[str, str]]:
        """The reasons as the action takes them: what is about the whole form first, then by section."""
        given = self.cleaned_data
        notes = [{"section": "", "reason": str(COMMON_REASONS[int(n)])} for n in given.get("common", [])]
        for key in self.sections:
            if given.get(f"section-{key}"):
                notes.append({"section": key, "reason": given[f"section-{key}"]})
        if given.get("other"):
            notes.append({"section": "", "reason": given["other"]})
        return notes


SORTS: Mapping[str, tuple[str, ...]] = {
    "submitted": ("submitted_at", "pk"),
    "number": ("number",),
    "title": ("last_title", "pk"),
    "track": ("ranking__order", "track__order", "submitted_at", "pk"),
}
"""What a list may be sorted by; a minus before the word turns it round (I1). Not the state: what isn't told
yet must not show in the order either (S4)."""


def sort_fields(asked: str) -> list[str]:
    """The columns to order by for ``?sort=``; the oldest submission first where the word isn't known."""
    key = asked.removeprefix("-")
    columns = SORTS.get(key, SORTS["submitted"])
    return [f"-{column}" for column in columns] if asked.startswith("-") and key in SORTS else list(columns)


class FilterForm(forms.Form):
    """Status, ranking or track, words; anything that isn't offered is left out of account."""

    q = forms.CharField(label=gettext_lazy("名称、编号或申报单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    where = forms.ChoiceField(label=gettext_lazy("榜单、领域"), required=False)

    def __init__(self, data: Any, tracks: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        states = [state for state in State if state not in (State.DRAFT, State.SHORTLISTED, State.LISTED)]
        everything = ("", _("全部"))
        self.fields["state"].choices = [everything, *((s.value, s.label) for s in states)]  # type: ignore[attr-defined]
        self.fields["where"].choices = [everything, *((str(pk), words) for pk, words in tracks)]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs.pop("maxlength", None)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that hold, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
