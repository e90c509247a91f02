"""Forms of the recommending unit: filters of its list, its opinion, its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kczg.kit.forms import PlainWords
from nominations.actions.returning import missing_words
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
        self.error_name = ""
        """What messages call it, where its label alone doesn't say."""
        if isinstance(self.widget, forms.Textarea):
            self.widget.attrs |= {"rows": rows, "data-max": MOST_WORDS}

    def to_python(self, value: Any) -> str:
        return lines(super().to_python(value) or "").strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        name = self.error_name or str(self.label)
        hindered = refused(value, name)
        if hindered:
            raise ValidationError(hindered)
        now = count_characters(value)
        if now > MOST_WORDS:
            words = _("%(name)s现有%(now)d字，需删减%(over)d字")
            raise ValidationError(words % {"name": name, "now": now, "over": now - MOST_WORDS})


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

    def __init__(self, *args: Any, prepared: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if prepared:
            self.fields["opinion"].required = False
            self.fields["opinion"].help_text = _("留空的，使用各项报审时的意见")


class ReasonForm(UnitForm):
    """Why: read by the applicant."""

    reason = Words(label=gettext_lazy("原因"), help_text=gettext_lazy("申报人将看到"))


TICKED = "part"
"""The name of the boxes that name a section or a question; a reason alone names it, too."""
COMMON_LIST = "common-reasons"
"""The id of the list from which the browser offers the common reasons."""


@dataclass(frozen=True)
class ReturnPart:
    """A section or a question that can be ticked, with its reason."""

    form: ReturnForm
    section: str
    field: str
    title: str
    name: str
    ticked: bool

    @property
    def reason(self) -> forms.BoundField:
        return self.form[self.name]

    @property
    def is_used(self) -> bool:
        return self.ticked or bool(self.reason.value()) or self.name in self.form.errors


@dataclass(frozen=True)
class ReturnSection:
    """A section of the form: the whole of it, and its questions one by one where it has several."""

    title: str
    whole: ReturnPart
    single: list[ReturnPart]

    @property
    def used(self) -> int:
        """How many of its parts are ticked, or have a reason."""
        return sum(part.is_used for part in (self.whole, *self.single))


class ReturnForm(UnitForm):
    """退回修改: sections and single questions, each ticked and with its reason; or reasons about the whole form.

    What is named is open again, and nothing else; a reason about the whole form opens all of it.
    """

    common = forms.MultipleChoiceField(
        label=gettext_lazy("常见原因"),
        required=False,
        choices=[(str(n), words) for n, words in enumerate(COMMON_REASONS)],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, sections: Iterable[SectionView], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = Words(label=_("其他原因"), required=False)
        self.sections = [self._section(view) for view in sections]
        self.order_fields([*(part.name for part in self.parts), "common", "other"])

    def _section(self, view: SectionView) -> ReturnSection:
        whole = self._part(view.key, "", view.title, Words(rows=2, label=_("原因"), required=False))
        single = [
            self._part(
                view.key,
                item.question.key,
                item.question.name,
                Words(label=_("原因"), required=False, widget=forms.TextInput(attrs={"list": COMMON_LIST})),
            )
            for item in view.items
        ]
        return ReturnSection(view.title, whole, single if len(single) > 1 else [])

    def _part(self, section: str, field: str, title: str, reason: Words) -> ReturnPart:
        name = f"field-{field}" if field else f"section-{section}"
        reason.error_name = title
        self.fields[name] = reason
        ticked = self.is_bound and name in cast(QueryDict, self.data).getlist(TICKED)
        return ReturnPart(self, section, field, title, name, ticked)

    @property
    def parts(self) -> list[ReturnPart]:
        """All that can be returned by itself, in printed order."""
        return [part for section in self.sections for part in (section.whole, *section.single)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for part in self.parts:
            if part.ticked and part.name not in self.errors and not given.get(part.name):
                self.add_error(part.name, missing_words(part.title))
        return given

    @property
    def notes(self) -> list[dict[str, str]]:
        """The reasons as the action takes them: what is about the whole form first, then in printed order."""
        given = self.cleaned_data
        whole = [str(COMMON_REASONS[int(n)]) for n in given.get("common", [])]
        whole += [given["other"]] if given.get("other") else []
        return [
            *({"section": "", "field": "", "reason": reason} for reason in whole),
            *(
                {"section": part.section, "field": part.field, "reason": given[part.name]}
                for part in self.parts
                if given.get(part.name)
            ),
        ]


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


PREPARED = "prepared"
"""What the list filters by besides the states: waits, and was prepared for an approver."""


class FilterForm(forms.Form):
    """Status, ranking or track, words; anything that isn't offered is left out of account."""

    q = forms.CharField(label=gettext_lazy("名称、编号或申报单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    where = forms.ChoiceField(label=gettext_lazy("榜单、领域"), required=False)

    def __init__(self, data: Any, tracks: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        states = [state for state in State if state not in (State.DRAFT, State.SHORTLISTED, State.LISTED)]
        everything = ("", _("全部"))
        offered = [everything, (PREPARED, _("待审批")), *((s.value, s.label) for s in states)]
        self.fields["state"].choices = offered  # type: ignore[attr-defined]
        self.fields["where"].choices = [everything, *((str(pk), words) for pk, words in tracks)]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs.pop("maxlength", None)

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that hold, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
