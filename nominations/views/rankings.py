"""Pages before a form is begun: the catalogue of rankings, one ranking, the self-check (资格自查)."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import etag, require_http_methods, require_safe

from accounts.roles import Role
from kczg.kit.characters import refused
from kczg.kit.doors import PUBLIC, SIGNED_IN, door
from kczg.kit.downloads import job_attachment
from kczg.kit.models import Job
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused
from nominations import catalogues, queries
from nominations.actions import papers, self_check
from nominations.actions.beginning import begin
from nominations.catalogues.base import closest
from nominations.fields import kind_of
from nominations.fields.base import Declaration, Option, Question
from nominations.models import PILOT_PLACES, Ranking, Track
from nominations.openings import Openings, opening_for
from nominations.rules.calendar import judge
from nominations.rules.completeness import applicable
from nominations.states import Window

LONGEST_TITLE = 200
_KEY = re.compile(r"[A-Za-z0-9_-]{16,24}")


@door(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """榜单目录: the season's rankings, a card each."""
    season = queries.current_season()
    opening = opening_for(season, Window.CALL) if season else None
    context: dict[str, Any] = {"season": season, "opening": opening}
    if season and opening:
        context["rankings"] = queries.open_rankings(season)
        context["verdict"] = judge(opening, request.judged_at)  # type: ignore[attr-defined]
    return render(request, "nominations/applicant/catalogue.html", context)


def _ranking(key: str) -> Ranking:
    season = queries.current_season()
    found = queries.open_rankings(season).filter(key=key).first() if season else None
    if found is None:
        raise Http404
    return found


@door(PUBLIC)
@require_safe
def ranking(request: HttpRequest, key: str) -> HttpResponse:
    """榜单说明: the conditions as printed, what to prepare, whom to ask."""
    shown = _ranking(key)
    opening = Openings([shown.season_id]).to_begin(shown.season_id, shown.pk, None)
    form = shown.form.for_year(shown.season.year) if shown.form else None
    context = {
        "ranking": shown,
        "form": form,
        "tracks": shown.tracks.all(),
        "groups": _conditions(shown, form),
        "opening": opening,
        "verdict": judge(opening, request.judged_at),  # type: ignore[attr-defined]
        "blank": _blank(shown),
    }
    return render(request, "nominations/applicant/ranking.html", context)


def _blank(shown: Ranking) -> Job | None:
    """The job that printed the blank form, once it has."""
    job = papers.blank_of(shown) if shown.declaration else None
    return job if job is not None and job.state == Job.State.DONE and job.result else None


def _blank_tag(request: HttpRequest, key: str) -> str | None:
    job = _blank(_ranking(key))
    return f'"{job.pk}-{job.finished_at:%Y%m%d%H%M%S%f}"' if job and job.finished_at else None


@door(PUBLIC)
@require_safe
@etag(_blank_tag)
def ranking_blank(request: HttpRequest, key: str) -> HttpResponseBase:
    """The blank form as PDF, printed when the form was loaded; nothing is there until then."""
    job = _blank(_ranking(key))
    if job is None:
        raise Http404
    answer = job_attachment(job)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        # It is everybody's: a cache may keep it and ask by its tag. Who is signed in leaves nothing behind (C2).
        answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def _conditions(shown: Ranking, form: Declaration | None) -> list[dict[str, Any]]:
    """The conditions as printed, by field or by category where the ranking has some."""
    groups = []
    for track in shown.tracks.all():
        for category in (form.categories if form else ()) or (Option(""),):
            asked = applicable(form.conditions, track.name, category.label) if form else []
            groups.append({"track": track, "category": category.label, "conditions": asked})
    return groups


class StartForm(forms.Form):
    """The self-check: the name, the days that decide, a yes or no for each declared condition, the unit."""

    use_required_attribute = False

    title = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"class": "w-name", "autocomplete": "off"})
    )

    def __init__(
        self, asked: Ranking, track: Track | None, category: str, organisations: list[Any], data: Any = None
    ):
        super().__init__(data)
        self.asked, self.track, self.category = asked, track, category
        question = asked.form.question(asked.form.title_question) if asked.form else None
        self.fields["title"].label = question.label if question else _("名称")
        checked = bool(self_check.held_against_lists(asked, track, category))
        self.fields["title"].help_text = (
            _("与上年入榜名单核对，并填入申报表；可以现在不填") if checked else _("填入申报表；可以现在不填")
        )
        self.days = self_check.days(asked, track, category)
        for day in self.days:
            field = kind_of(day).form_field(day)
            field.required, field.help_text = False, _("年-月-日，与申报条件核对，并填入申报表；可以现在不填")
            self.fields[f"answer-{day.key}"] = field
        self.conditions = self_check.asked(asked, track, category)
        for condition in self.conditions:
            self.fields[f"condition-{condition.key}"] = forms.ChoiceField(
                label=condition.text,
                help_text=condition.clause,
                choices=[("yes", gettext_lazy("符合")), ("no", gettext_lazy("不符合"))],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("选择“%(text)s”是否符合") % {"text": condition.text.rstrip("，。")}
                },
            )
        if len(organisations) > 1:
            self.fields["applicant"] = forms.ChoiceField(
                label=_("申报单位"), choices=[(str(o.pk), o.name) for o in organisations]
            )

    def clean_title(self) -> str:
        value = " ".join(self.cleaned_data["title"].split())
        if hindered := refused(value, str(self.fields["title"].label)):
            raise forms.ValidationError(hindered)
        if len(value) > LONGEST_TITLE:
            words = {
                "name": self.fields["title"].label,
                "now": len(value),
                "surplus": len(value) - LONGEST_TITLE,
            }
            raise forms.ValidationError(_("%(name)s现有%(now)d字，需删减%(surplus)d字") % words)
        return value

    def clean(self) -> dict[str, Any]:
        """A day that was typed must be one."""
        for day in self.days:
            value = self._day(day)
            for problem in kind_of(day).problems(day, value) if value else ():
                self.add_error(f"answer-{day.key}", problem.message)
        return self.cleaned_data

    def _day(self, day: Question) -> Any:
        return kind_of(day).read(day, self.cleaned_data.get(f"answer-{day.key}"))

    @property
    def answers(self) -> dict[str, Any]:
        """The days that were given, by question."""
        return {day.key: value for day in self.days if (value := self._day(day))}

    @property
    def promises(self) -> list[str]:
        """The keys of the conditions that were answered with yes."""
        return [c.key for c in self.conditions if self.cleaned_data.get(f"condition-{c.key}") == "yes"]


@door(Role.APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: str) -> HttpResponse:
    """资格自查: the track first, then its conditions; a form is begun where nothing stands in the way."""
    asked = _ranking(key)
    sent = request.POST if request.method == "POST" else request.GET
    tracks = list(asked.tracks.all())
    track = tracks[0] if len(tracks) == 1 else next((t for t in tracks if t.key == sent.get("track")), None)
    opening = Openings([asked.season_id]).to_begin(asked.season_id, asked.pk, track)
    verdict = judge(opening, request.judged_at)  # type: ignore[attr-defined]
    base: dict[str, Any] = {
        "ranking": asked,
        "track": track,
        "tracks": tracks,
        "opening": opening,
        "verdict": verdict,
    }
    if asked.form is None or (not verdict and request.method != "POST"):
        return redirect("nominations:ranking", key)
    if track is None:
        missing = "track" in sent or request.method == "POST"
        return render(request, "nominations/applicant/start_track.html", {**base, "missing": missing})
    offered = [option.label for option in asked.form.categories]
    category = sent.get("category", "") if offered else ""
    base |= {"category": category}
    if offered and category not in offered:
        missing = "category" in sent or request.method == "POST"
        return render(request, "nominations/applicant/start_category.html", {**base, "missing": missing})
    organisations = request.user.organisations_in(Role.APPLICANT)  # type: ignore[union-attr]
    posted = request.POST if request.method == "POST" and "find" not in request.POST else None
    form = StartForm(asked, track, category, organisations, posted)
    if request.method == "POST" and posted is None:
        form.initial = {name: request.POST.get(name, "") for name in form.fields}
    context = {**base, "form": form, "key": _key(request), **_units(request, asked)}
    if posted is None:
        return render(request, "nominations/applicant/start.html", context)
    if not form.is_valid():
        return render(request, "nominations/applicant/start.html", context, status=422)
    return _begin(request, form, context, organisations)


def _key(request: HttpRequest) -> str:
    """The key of this form: the one that was sent, else a new one. Sent twice, it begins one draft (Q2)."""
    sent = request.POST.get("key", "")
    return sent if _KEY.fullmatch(sent) else secrets.token_urlsafe(18)


def _units(request: HttpRequest, asked: Ranking) -> dict[str, Any]:
    """The search for a recommending unit: what was typed, what was found, what is chosen."""
    if asked.separately_organised:
        return {"needs_unit": False}
    sent = request.POST if request.method == "POST" else request.GET
    words = sent.get("unit_name", "")[:100]
    units = queries.unit_search(asked.season, words)
    chosen = sent.get("unit", "")
    if chosen.isascii() and chosen.isdigit() and all(str(unit.pk) != chosen for unit in units):
        units += asked.season.units.filter(pk=int(chosen[:9])).select_related("organisation")
    return {"needs_unit": True, "unit_words": words, "units": units, "chosen_unit": chosen}


def _begin(
    request: HttpRequest, form: StartForm, context: dict[str, Any], organisations: list[Any]
) -> HttpResponse:
    title, track = form.cleaned_data["title"], form.track
    wanted = form.cleaned_data.get("applicant", "")
    applicant = next((o for o in organisations if str(o.pk) == wanted), organisations[0])
    hindering = self_check.hindrances(
        form.asked, track, title, form.promises, form.category, form.answers, applicant.credit_code or ""
    )
    if hindering:
        fitting = queries.open_rankings(form.asked.season).exclude(pk=form.asked.pk)
        context |= {
            "hindering": hindering,
            "fitting": fitting,
            "other_tracks": [t for t in context["tracks"] if t != track],
        }
        return render(request, "nominations/applicant/not_eligible.html", context)
    unit = next((u for u in context.get("units", ()) if str(u.pk) == context["chosen_unit"]), None)
    try:
        nomination = begin(
            form.asked,
            Actor.of(request, Role.APPLICANT),
            request.judged_at,  # type: ignore[attr-defined]
            applicant=applicant,
            track=track,
            unit=unit,
            promises=form.promises,
            title=title,
            category=form.category,
            answers=form.answers,
            key=context["key"],
        )
    except Refused as refused:
        context["refusal"] = refused.verdict
        return render(request, "nominations/applicant/start.html", context, status=refused.verdict.status)
    messages.success(request, _("已建立申报表，申报编号%(number)s") % {"number": nomination.number})
    return redirect("nominations:tasks", nomination.number)


@door(SIGNED_IN)
@require_safe
def catalogue_search(request: HttpRequest, key: str) -> HttpResponse:
    """What the picker of a form shows for what was typed: entries of a published catalogue, or of the season's list."""
    if key == PILOT_PLACES:
        season = queries.current_season()
        places = queries.pilot_places(season) if season else []
        names = closest(request.GET.get("q", "")[:50], places)
        return JsonResponse([{"code": "", "name": name, "path": ""} for name in names], safe=False)
    if key not in catalogues.CATALOGUES:
        raise Http404
    levels = request.GET.get("levels", "").split()
    found = catalogues.suggestions(key, request.GET.get("q", "")[:50], levels)
    return JsonResponse(found, safe=False)
