"""A track that is ready for its meeting: scores closed, a plan that wants one, five experts; and its rounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.roles import Role
from nominations.models import Nomination
from nominations.states import State
from reviews import meetings
from reviews.actions import experts as expert_actions
from reviews.actions import meetings as actions
from reviews.actions import results, scores, votes
from reviews.models import Assignment, Expert, Meeting, Recusal, Round
from tests import cast
from tests.reviews.many import copies, sheets

AT = cast.IN_PRELIMINARY
NAMES = ("沈嘉", "韩立", "冯源")
"""Three experts beside the two of the cast."""
FIELDS = {
    "title": "电子信息领域初评会议",
    "agenda": "一、介绍评分情况\n二、逐项讨论\n三、投票",
    "place": "北京市海淀区学院南路86号第二会议室",
    "begins": AT + timedelta(days=10),
    "ends": AT + timedelta(days=10, hours=4),
    "rounds_most": 3,
}


def people() -> list[Expert]:
    """吴志远, 郑海涛, 沈嘉, 韩立, 冯源: in the body, with their 评审承诺."""
    taken = [cast.expert(key) for key in cast.EXPERTS]
    where, by = cast.track(), cast.body_actor()
    body = where.bodies.get(organisation=by.organisation)
    for place, name in enumerate(NAMES):
        facts = {
            "name": name,
            "email": f"e{place}@example.org",
            "employer": f"东原大学{place}",
            "position": "教授",
        }
        one = expert_actions.take_in(where, body, facts, by, AT)
        scores.commit_to_rules(one, cast.acting(one.user, Role.EXPERT), AT)
        taken.append(one)
    return taken


def scored(count: int = 4, shortlist: int = 2) -> list[Nomination]:
    """So many nominations whose scores are closed, the best first; the plan has a meeting."""
    plan = cast.recorded_plan(shortlist=shortlist)
    plan.meeting = True
    plan.save(update_fields=["meeting"])
    first = cast.accepted()
    rows = [first, *copies(first, count - 1)]
    experts = [cast.expert(key).pk for key in cast.EXPERTS]
    sheets(rows, experts, submitted=True)
    Nomination.objects.update(state=State.IN_REVIEW)
    for place, row in enumerate(rows):
        for sheet in Assignment.objects.filter(nomination=row):
            sheet.scores.update(value=95 - place)
    results.close_scores(cast.track(), cast.body_actor(), AT)
    return rows


def called(experts: Sequence[Expert]) -> Meeting:
    """The meeting of these, the first chairs it."""
    ids = [expert.pk for expert in experts]
    return actions.plan_meeting(cast.track(), FIELDS, ids, ids[0], cast.body_actor(), AT)


def planned() -> Meeting:
    """A meeting that 吴志远 is called to, as a bare row."""
    plan = cast.recorded_plan()
    row = Meeting.objects.create(track=plan.track, plan=plan, **FIELDS)
    row.members.create(expert=cast.expert("expert_a"), chair=True)
    return row


def recuse(expert: Expert, nomination: Nomination) -> None:
    kind = Recusal.Kind.BODY
    Recusal.objects.create(expert=expert, nomination=nomination, kind=kind, reason="同一课题组", at=AT)
    Assignment.objects.filter(expert=expert, nomination=nomination).update(ended_at=AT)


def begun(experts: Sequence[Expert]) -> Round:
    """The first round with all of these there."""
    actions.keep_present(cast.track(), [expert.pk for expert in experts], cast.body_actor(), AT)
    return actions.begin_round(cast.track(), cast.body_actor(), AT)


def vote(expert: Expert, *chosen: Nomination, number: int = 1, at: datetime = AT) -> bool:
    member = meetings.membership_for(expert.user, Meeting.objects.get().pk)
    by = cast.acting(expert.user, Role.EXPERT)
    return votes.cast(member, number, [row.pk for row in chosen], by, at)


def close_round() -> Round:
    return actions.close_round(cast.track(), cast.body_actor(), AT)


def close(note: str = "") -> Meeting:
    return actions.close_meeting(cast.track(), note, cast.body_actor(), AT)
