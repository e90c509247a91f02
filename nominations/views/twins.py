"""相近申报: one entry at two units. The unit sees the pair and says what it found out; the secretariat decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may
from accounts.roles import Role
from kczg.kit.doors import door
from kczg.kit.forms import PlainWords
from kczg.kit.record import Actor, events_of
from kczg.kit.verdicts import NOT_FOUND, Refused
from nominations import twins as reads
from nominations.actions import twins as actions
from nominations.answers import version_tree
from nominations.models import Nomination, Season, Twin, Version
from nominations.outputs import timeline
from nominations.outputs.differences import differences
from nominations.views import unit_page
from nominations.views.office_forms import helper
from nominations.views.seasons import chosen
from nominations.views.unit_forms import UnitForm, Words

A_PAGE = 50
either = require_http_methods(["GET", "HEAD", "POST"])


class NoteForm(UnitForm):
    """What the unit found out: read by the secretariat."""

    words = Words(
        label=gettext_lazy("核实情况"),
        help_text=gettext_lazy("例如：不是同一申报；已与申报人核实，另一项将撤回。秘书处将看到"),
    )


@door(Role.UNIT)
@either
def unit_twin(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A pair as one of its units sees it: nothing of the other's answers; here it says what it found out."""
    nomination = unit_page.nomination_of(request, number)
    sight = reads.sight(nomination, pk)
    by, at = Actor.of(request, Role.UNIT), request.judged_at  # type: ignore[attr-defined]
    form, status = NoteForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.note(sight.twin, form.cleaned_data["words"], by, at)
            except Refused as refused:
                form.add_error("words", refused.verdict.sentence)
                status = refused.verdict.status
            else:
                messages.success(request, _("已保存核实情况，秘书处可见"))
                return redirect("nominations:unit_twin", number, pk)
    own = by.organisation.name if by.organisation else ""
    notes = events_of(sight.twin).filter(name="twin_noted", organisation_name=own)
    context = {
        **unit_page.frame(request, nomination.named_unit, nomination),
        "nomination": nomination,
        "sight": sight,
        "form": form,
        "events": timeline.lines(notes),
        "of_own_unit": sight.unit == nomination.unit,
    }
    return render(request, "nominations/unit/twin.html", context, status=status)


class TwinFilter(forms.Form):
    """The list's filter. What the address holds besides, or holds wrongly, is left out."""

    q = forms.CharField(label=gettext_lazy("申报编号"), required=False, max_length=20)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    degree = forms.ChoiceField(label=gettext_lazy("程度"), required=False)
    ranking = forms.ChoiceField(label=gettext_lazy("榜单"), required=False)

    def __init__(self, data: Any, season: Season):
        super().__init__(data, auto_id="filter_%s")
        choices: dict[str, list[tuple[str, Any]]] = {
            "state": list(Twin.State.choices),
            "degree": list(Twin.Degree.choices),
            "ranking": [(row.key, row.name) for row in season.rankings.all()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [("", _("全部")), *offered]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """What to filter by: the valid parameters that aren't empty."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


@door(Role.OFFICE)
@require_safe
def office_twins(request: HttpRequest) -> HttpResponse:
    """相近申报 of a season: what waits first, filtered by the address; flagged where both are recommended."""
    season, context = chosen(request)
    form = TwinFilter(request.GET, season)
    wanted = form.wanted()
    page = Paginator(reads.filtered(season, wanted), A_PAGE).get_page(request.GET.get("page"))
    rows = [{"twin": twin, "both": reads.both_recommended(twin)} for twin in page.object_list]
    context |= {"form": form, "wanted": wanted, "page_obj": page, "rows": rows}
    return render(request, "nominations/office/twins.html", context)


class ResolveForm(PlainWords, forms.Form):
    """What the secretariat decides on a pair, with its reason."""

    decision = forms.ChoiceField(label=gettext_lazy("认定"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        help_text=gettext_lazy("两家推荐单位将看到，记入操作记录"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data: Any, twin: Twin):
        super().__init__(data, initial={"seen": twin.state})
        one_stays = _("同一申报，保留%(number)s")
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            ("distinct", _("不是同一申报")),
            (twin.one.number, one_stays % {"number": twin.one.number}),
            (twin.other.number, one_stays % {"number": twin.other.number}),
        ]
        self.helper = helper(_("确认"))

    @property
    def keep(self) -> str:
        """The number of the one that stays; "" where both do."""
        decision = self.cleaned_data["decision"]
        return "" if decision == "distinct" else decision


@door(Role.OFFICE)
@either
def office_twin(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair side by side: facts, what differs, what the units say; the secretariat decides here."""
    twin = reads.pairs().filter(pk=pk).first()
    if twin is None or not may(request.user, "twin.view", twin):
        raise Refused(NOT_FOUND)
    form, status = ResolveForm(request.POST or None, twin), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _resolve(request, twin, form)
            except Refused as refused:
                form.add_error(None, refused.verdict.sentence)
                status = refused.verdict.status
            else:
                messages.success(request, _("已认定，已通知推荐单位"))
                return redirect("nominations:office_twin", pk)
    context = {
        "twin": twin,
        "season": twin.one.season,
        "sides": _sides(twin),
        "parts": _differences(twin),
        "both": reads.both_recommended(twin),
        "form": form,
        "events": timeline.lines(events_of(twin)),
    }
    return render(request, "nominations/office/twin.html", context, status=status)


def _resolve(request: HttpRequest, twin: Twin, form: ResolveForm) -> None:
    by, at = Actor.of(request, Role.OFFICE), request.judged_at  # type: ignore[attr-defined]
    actions.resolve(twin, form.keep, form.cleaned_data["reason"], form.cleaned_data["seen"], by, at)


def _sides(twin: Twin) -> list[dict[str, Any]]:
    """Both nominations with their names as submitted."""
    return [{"nomination": row, "title": reads.title_of(row)} for row in (twin.one, twin.other)]


def _differences(twin: Twin):
    """What the later one says otherwise than the earlier one, by section; what both say alike is left out."""
    versions = {
        row.pk: row for row in Version.objects.filter(pk__in=(twin.one_version_id, twin.other_version_id))
    }
    rows: list[tuple[Nomination, int]] = [
        (twin.one, twin.one_version_id),
        (twin.other, twin.other_version_id),
    ]
    ranking = twin.one.ranking
    trees = []
    for nomination, version in rows:
        nomination.ranking = ranking
        trees.append(version_tree(nomination, versions[version]))
    return differences(*trees)
