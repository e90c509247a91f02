"""S2, S7: one track's review, step by step, in each phase, as everybody. Rules: by_step.py."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.roles import Role
from nominations.models import Nomination
from nominations.rules.check_code import digest
from reviews import queries
from reviews.actions import experts, final, preliminary, publication, results, scores
from reviews.models import BodyExpert, Expert, PreliminaryResult, PublicNotice, PublishedList, ReviewPlan
from reviews.outputs.result import rows_now
from tests import cast
from tests.authz import by_step
from tests.authz.knocking import World

pytestmark = pytest.mark.django_db

REVIEW, END, RELEASE = cast.IN_PRELIMINARY, cast.IN_FINAL, cast.IN_PUBLICATION


def recommended() -> None:
    cast.recommended()
    cast.recommended(title="高可靠工业总线控制器")


def record_plan() -> None:
    preliminary.decide_plan(ReviewPlan.objects.get(), True, "", cast.office(), REVIEW)


def accept() -> None:
    for nomination in Nomination.objects.order_by("pk"):
        preliminary.check_form(nomination, True, [], cast.body_actor(), REVIEW)


def take_in() -> None:
    track, by = cast.track(), cast.body_actor()
    body = track.bodies.get(organisation=by.organisation)
    for facts in cast.EXPERTS.values():
        experts.take_in(track, body, facts, by, REVIEW)


def commit() -> None:
    for one in Expert.objects.order_by("pk"):
        scores.commit_to_rules(one, cast.acting(one.user, Role.EXPERT), REVIEW)


def fill() -> None:
    for one in Expert.objects.order_by("pk"):
        by = cast.acting(one.user, Role.EXPERT)
        for sheet in queries.assignments_of(one.user):
            typed = {criterion["key"]: str(Decimal("88.5")) for criterion in cast.CRITERIA}
            scores.save_scores(sheet, typed, "路线清晰，验证充分。", by, REVIEW)


def submit_sheets() -> None:
    for one in Expert.objects.order_by("pk"):
        scores.submit_scores(one, cast.track(), cast.acting(one.user, Role.EXPERT), REVIEW)


def mark() -> None:
    for row in queries.final_table(cast.ranking()):
        final.mark(row, True, "综合评议通过", cast.office(), END)


def notify() -> None:
    text = publication.notice_draft(cast.ranking(), END, 5)
    publication.issue_notice(cast.ranking(), text, 5, cast.office(), END)


def release() -> None:
    words = publication.words_to_type(cast.ranking())
    publication.publish_list(PublishedList.objects.get(), words, cast.office("office_b"), RELEASE)


WAY: dict[str, Callable[[], object]] = {
    "recommended": recommended,
    "plan_drafted": cast.drafted_plan,
    "plan_filed": lambda: preliminary.file_plan(ReviewPlan.objects.get(), cast.body_actor(), REVIEW),
    "plan_recorded": record_plan,
    "accepted": accept,
    "taken_in": take_in,
    "committed": commit,
    "assigned": cast.assign_all,
    "filled": fill,
    "scored": submit_sheets,
    "closed": lambda: results.close_scores(cast.track(), cast.body_actor(), REVIEW),
    "reported": lambda: results.submit_result(cast.track(), cast.body_actor(), REVIEW),
    "marked": mark,
    "noticed": notify,
    "prepared": lambda: publication.prepare_list(cast.ranking(), cast.office(), RELEASE),
    "published": release,
}


def things() -> dict:
    """What the addresses name, as far as it is there."""
    plan, notice = ReviewPlan.objects.last(), PublicNotice.objects.last()
    nominations = Nomination.objects.order_by("pk").select_related("applicant")
    listed, one = PublishedList.objects.last(), Expert.objects.order_by("pk").first()
    sheet = queries.assignments_of(one.user).first() if one else None
    result = PreliminaryResult.standing.first()
    return {
        "seen": digest(rows_now(result)) if result else "",
        "track": cast.track().pk,
        "year": 2022,
        "key": "pioneer_technology",
        "pks": [nomination.pk for nomination in nominations],
        "numbers": [nomination.number for nomination in nominations],
        "experts": list(Expert.objects.order_by("pk").values_list("pk", flat=True)) or [0],
        "plan": plan.pk if plan else 0,
        "sheet": sheet.pk if sheet else 0,
        "sheet_version": str(sheet.edit_version) if sheet else "1",
        "serving": BodyExpert.objects.get(expert=one).pk if one else 0,
        "notice": notice.pk if notice else 0,
        "secrets": [words for n in nominations for words in (n.title, n.applicant.name)],
        "code": listed.check_code if listed else "NOCODE000",
    }


def test_S2_the_rules_know_every_step():
    assert tuple(WAY) == by_step.STEPS


def test_S2_S4_S7_each_step_of_a_review_is_seen_and_taken_by_the_rules(season):
    wrong = []
    for turn, (step, take) in enumerate(WAY.items()):
        take()
        met = World(step, things(), turn)
        met.try_all(by_step.ADDRESSES)
        shown = Nomination.objects.earliest("pk")
        met.look_for((shown.number, shown.title), by_step.TOLD, ("expert_a", "expert_b"))
        wrong += met.wrong
    assert wrong == []
