"""The gate, 2022-10-31T16:00:00Z: one place in the code, every action, every way in, to the microsecond (D1, D2)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from kczg.kit.models import Event
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations import openings
from nominations.actions import applicant as applicant_actions
from nominations.actions import reconsider, sending
from nominations.actions import unit as unit_actions
from nominations.actions.answers import save_answers
from nominations.actions.beginning import begin
from nominations.models import Nomination, Recommendation
from nominations.states import MOVES, State
from reviews.actions import preliminary
from tests import cast, files
from tests.nominations import attaching

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]

TICK = timedelta(microseconds=1)
WORDS = "征集已于10月31日24时截止"


def _applicant():
    return cast.acting(cast.cast("applicant"), Role.APPLICANT)


def _begin(at):
    by = _applicant()
    begin(cast.ranking(), by, at, applicant=by.organisation, track=cast.track())


def _edit(at):
    row = cast.draft()
    version = row.section_version("team")
    return lambda: applicant_actions.save_draft(
        row, "team", {"contact_name": "王某"}, version, _applicant(), at
    )


def _of_unit(act, build):
    def prepare(at):
        row = build()
        return lambda: act(row, cast.unit_actor(row), at)

    return prepare


def _order(at):
    row = Recommendation.objects.get(nomination=cast.recommended())
    return lambda: unit_actions.save_order(row.unit, {row.pk: 1}, cast.unit_actor(row.nomination), at)


def _of_applicant(act, build):
    def prepare(at):
        row = build()
        return lambda: act(row, _applicant(), at)

    return prepare


def _unpromised():
    row = cast.draft()
    Nomination.objects.filter(pk=row.pk).update(promises=[])
    return cast.reread(row)


def _answers(row, by, at):
    save_answers(row, {"contact_name": "王某"}, row.edit_version, by, at)


NOTES = [{"section": "", "reason": "核对"}]
GATED = {
    "begin": lambda at: cast.unit() and (lambda: _begin(at)),
    "edit": _edit,
    "choose unit": _of_applicant(
        lambda row, by, at: applicant_actions.choose_unit(row, row.unit, by, at), cast.draft
    ),
    "submit": _of_applicant(
        lambda row, by, at: applicant_actions.submit(row, by, at, promised=True), cast.draft
    ),
    "withdraw": _of_applicant(
        lambda row, by, at: applicant_actions.withdraw(row, "不再申报", by, at), cast.submitted
    ),
    "recommend": _of_unit(
        lambda row, by, at: unit_actions.recommend(row, cast.OPINION, 1, by, at), cast.submitted
    ),
    "return": _of_unit(
        lambda row, by, at: unit_actions.return_for_changes(row, NOTES, by, at), cast.submitted
    ),
    "decline": _of_unit(lambda row, by, at: unit_actions.decline(row, "不成熟", by, at), cast.submitted),
    "take back": _of_unit(lambda row, by, at: unit_actions.take_back(row, "换报", by, at), cast.recommended),
    "order": _order,
    "answers of a file": _of_applicant(_answers, cast.draft),
    "promise": _of_applicant(
        lambda row, by, at: reconsider.promise(row, [c.key for c in row.ranking.form.conditions], by, at),
        _unpromised,
    ),
    "category": _of_applicant(
        lambda row, by, at: reconsider.choose_category(row, "就业先锋", by, at), attaching.draft
    ),
    "upload": _of_applicant(
        lambda row, by, at: sending.add(row, attaching.ANNEXES, files.upload(files.pdf()), by, at),
        attaching.draft,
    ),
}
"""Action → what prepares it and gives the deed. Everything that the gate shuts (D2)."""


def test_D2_every_move_of_the_call_is_among_them():
    shut = {move.key.replace("_", " ") for move in MOVES.values() if move.window in openings.EXTENDABLE}
    assert shut == {"submit", "withdraw", "return", "decline", "recommend", "take back"}
    assert shut <= GATED.keys()


def everything():
    """All that an action may change, as the rows have it."""
    columns = ("pk", "state", "answers", "unit", "edit_version", "attachments")
    rows = Nomination.objects.order_by("pk", "attachments").values_list(*columns)
    recommendations = Recommendation.objects.order_by("pk").values_list("pk", "place", "order", "ended_at")
    return list(rows), list(recommendations), Event.objects.count()


@pytest.mark.parametrize("name", GATED)
def test_D1_the_last_microsecond_counts(season, name):
    deed = GATED[name](cast.LAST_INSTANT)
    before = everything()
    deed()
    assert everything() != before


@pytest.mark.parametrize("at", [cast.GATE, cast.GATE + TICK], ids=["at the gate", "after it"])
@pytest.mark.parametrize("name", GATED)
def test_D2_at_the_gate_every_action_is_shut_and_changes_nothing(season, name, at):
    deed = GATED[name](at)
    before = everything()
    with pytest.raises(Refused) as refused:
        deed()
    assert (refused.value.verdict.code, refused.value.verdict.status) == ("too_late", 409)
    assert "2022-11-01 00:00:00" in refused.value.verdict.message
    assert WORDS in refused.value.verdict.message
    assert everything() == before


def test_D1_the_call_opens_at_the_first_instant_of_its_day(season):
    opens = cast.GATE.replace(month=9, day=4)
    with pytest.raises(Refused) as refused:
        _begin(opens - TICK)
    assert refused.value.verdict.message == "组织征集尚未开始，开始时间2022-09-05 00:00:00"
    _begin(opens)
    assert Nomination.objects.get().created_at == opens


def test_the_preliminary_review_opens_where_the_call_shuts(recommended):
    by = cast.body_actor()
    with pytest.raises(Refused) as refused:
        preliminary.check_form(recommended, True, [], by, cast.LAST_INSTANT)
    assert refused.value.verdict.code == "too_early"
    preliminary.check_form(recommended, True, [], by, cast.GATE)
    assert cast.reread(recommended).state == State.ACCEPTED


# --- Every way in ------------------------------------------------------------------------------------------


def page(name, *args):
    return reverse(f"nominations:{name}", args=args)


REQUESTS = {
    "section": (
        cast.draft,
        "applicant",
        lambda n: (page("section", n.number, "team"), {"contact_name": "王某"}),
    ),
    "autosave": (
        cast.draft,
        "applicant",
        lambda n: (
            page("autosave", n.number, "team"),
            {"version": "1", "changed": "contact_name", "contact_name": "王某"},
        ),
    ),
    "check": (cast.draft, "applicant", lambda n: (page("check", n.number), {"promised": "1"})),
    "withdraw": (cast.submitted, "applicant", lambda n: (page("withdraw", n.number), {"reason": "不再申报"})),
    "recommend": (
        cast.submitted,
        "unit_person",
        lambda n: (page("unit_recommend", n.number), {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}),
    ),
    "bulk": (
        cast.submitted,
        "unit_person",
        lambda n: (page("unit_bulk"), {"no": n.number, "opinion": cast.OPINION, f"seen-{n.number}": 1}),
    ),
    "return": (cast.submitted, "unit_person", lambda n: (page("unit_return", n.number), {"other": "核对"})),
    "decline": (
        cast.submitted,
        "unit_person",
        lambda n: (page("unit_decline", n.number), {"reason": "不成熟"}),
    ),
    "take back": (
        cast.recommended,
        "unit_person",
        lambda n: (page("unit_take_back", n.number), {"reason": "换报"}),
    ),
}
"""Way in → the thing, who, and the request."""


def ask(client, name, at):
    build, who, request = REQUESTS[name]
    nomination = build()
    path, data = request(nomination)
    if name == "section":
        data = {**data, "version": str(nomination.section_version("team"))}
    with time_machine.travel(at, tick=False):
        client.force_login(cast.cast(who))
        before = everything()
        return client.post(path, data), before, nomination


@pytest.mark.parametrize("name", REQUESTS)
def test_D2_every_page_is_open_in_the_last_microsecond(client, season, name):
    response, before, nomination = ask(client, name, cast.LAST_INSTANT)
    assert response.status_code in (200, 302)
    assert everything() != before
    if name not in ("section", "autosave"):
        assert events_of(nomination).last().at == cast.LAST_INSTANT


@pytest.mark.parametrize("name", REQUESTS)
def test_D2_every_page_is_shut_at_the_gate_and_says_so(client, season, name):
    response, before, _nomination = ask(client, name, cast.GATE)
    said = response.json()["message"] if name == "autosave" else response.content.decode()
    assert WORDS in said
    assert "2022-11-01 00:00:00" in said
    assert response.status_code in ((200,) if name == "bulk" else (409, 422))
    assert everything() == before


@pytest.mark.parametrize("at", [cast.LAST_INSTANT, cast.GATE], ids=["before", "at the gate"])
def test_D2_the_admin_site_is_no_way_round(client, admin, submitted, at):
    with time_machine.travel(at, tick=False):
        client.force_login(admin)
        before = everything()
        for action in ("add/", f"{submitted.pk}/change/", f"{submitted.pk}/delete/"):
            path = f"/admin/nominations/nomination/{action}"
            answer = client.post(path, {"state": State.RECOMMENDED, "post": "yes"})
            assert answer.status_code in (302, 403, 404, 405)
    assert everything() == before


def test_D1_a_request_that_came_in_time_and_had_to_wait_counts(client, submitted, unit_person, monkeypatch):
    """judged_at is read before any wait: here the lock comes five seconds after the gate."""
    lock = unit_actions._lock
    with time_machine.travel(cast.LAST_INSTANT, tick=False) as clock:
        client.force_login(unit_person)
        monkeypatch.setattr(unit_actions, "_lock", lambda unit: (clock.shift(5), lock(unit)))
        asked = {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
        response = client.post(page("unit_recommend", submitted.number), asked)
    assert response.status_code == 302
    assert cast.reread(submitted).state == State.RECOMMENDED
    assert events_of(submitted).last().at == cast.LAST_INSTANT


def test_D2_a_track_with_its_own_window_shuts_by_that_one(client, submitted, unit_person, season):
    from nominations.models import Stage

    later = cast.GATE + timedelta(days=1)
    opens = season.stages.get(key="call", track=None).opens
    Stage.objects.create(season=season, key="call", track=cast.track(), opens=opens, closes=later)
    asked = {"opinion": cast.OPINION, "seen": 1, "confirmed": "1"}
    path = page("unit_recommend", submitted.number)
    with time_machine.travel(later, tick=False):
        client.force_login(unit_person)
        assert "征集已于11月1日24时截止" in client.post(path, asked).content.decode()
    with time_machine.travel(later - TICK, tick=False):
        client.force_login(unit_person)
        assert client.post(path, asked).status_code == 302
    assert cast.reread(submitted).state == State.RECOMMENDED


def test_after_the_gate_the_unit_reads_what_it_can_still_do(client, recommended, unit_person):
    with time_machine.travel(cast.GATE, tick=False):
        client.force_login(unit_person)
        html = client.get(page("unit_nomination", recommended.number)).content.decode()
    assert "征集已于2022年10月31日24时（北京时间）截止" in html
    assert "已推荐的申报仍然有效" in html
