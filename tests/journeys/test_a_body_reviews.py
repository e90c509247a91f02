"""A body at work: nine experts for 45 nominations, the late ones reminded, the result sent back and signed by two.

Clicks and seconds are held to the bar of the tasks B1, B2 and E1; one sheet is scored without a pointer. The
nominations are copies of one that went the real way, the scores of the other experts are made.
"""

from __future__ import annotations

import random
import time
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from accounts.roles import Role
from kczg.kit import clock
from nominations.models import Nomination, ReviewBody, Track
from nominations.states import State, Window
from reviews import queries
from reviews.actions import experts, preliminary, scores
from reviews.models import Assignment, Expert, PreliminaryResult
from tests import cast
from tests.journeys import season
from tests.journeys.person import Person
from tests.reviews.many import copies

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOMINATIONS, EXPERTS = 45, 9


def passed_the_check() -> list[Nomination]:
    """So many nominations of 电子信息 that passed the form check, the preliminary review being on."""
    season.put_into(Window.CALL)
    first = cast.recommended(at=clock.now())
    season.put_into(Window.PRELIMINARY)
    cast.recorded_plan(at=clock.now())
    preliminary.check_form(first, True, [], cast.body_actor(), clock.now())
    first = cast.reread(first)
    return [first, *copies(first, NOMINATIONS - 1)]


def taken_in() -> list[Expert]:
    """So many experts who have accepted; the first two are those of the cast."""
    at, by, track = clock.now(), cast.body_actor(), cast.track()
    body = track.bodies.get(organisation=by.organisation)
    found = []
    for n in range(EXPERTS):
        facts = {"name": f"评审专家{n}", "email": f"expert{n}@example.org", "employer": f"第{n}研究院"}
        row = experts.take_in(track, body, facts, by, at)
        row.user.set_password(cast.PASSWORD)
        row.user.save()
        EmailAddress.objects.update_or_create(
            user=row.user, email=facts["email"], defaults={"verified": True}
        )
        scores.commit_to_rules(row, cast.acting(row.user, Role.EXPERT), at)
        found.append(row)
    return found


def signed_in(visit, name: str, account: str) -> Person:
    person = visit(name)
    person.sign_in(account, cast.PASSWORD)
    return person


def score_the_rest(people: list[Expert]) -> None:
    """Every open sheet of these experts is filled with made scores, and all are submitted."""
    made = random.Random(2022)
    for expert in people:
        by, at = cast.acting(expert.user, Role.EXPERT), clock.now()
        for sheet in queries.assignments_of(expert.user).filter(submitted_at=None):
            typed = {c["key"]: str(Decimal(made.randrange(600, 1000)) / 10) for c in cast.CRITERIA}
            scores.save_scores(sheet, typed, "路线清晰。", by, at)
        scores.submit_scores(expert, cast.track(), by, at)


def test_a_body_assigns_reminds_and_two_bodies_sign_one_result(visit, worker):
    rows, people = passed_the_check(), taken_in()
    other = cast.acting(cast.cast("other_body_person"), Role.BODY)
    track = cast.track()
    track.bodies.add(ReviewBody.objects.get(organisation=other.organisation))
    body = signed_in(visit, "body-at-work", "zhangwei")
    assign_by_the_suggestion(body, len(rows))
    expert = signed_in(visit, "expert-at-work", "expert0@example.org")
    score_by_keys_alone(expert)
    score_the_rest(people[1:])
    remind_the_late(body)
    score_the_rest(people[:1])
    close_and_sign(body, track)
    second = signed_in(visit, "other-body", "liufang")
    sign(second, "确认报送")
    second.sees("已冻结")
    assert Nomination.objects.filter(track=track, state=State.SHORTLISTED).count() >= 10
    send_back(signed_in(visit, "office-sends-back", "zhaolei"), track)
    assert Nomination.objects.filter(track=track, state=State.IN_REVIEW).count() == NOMINATIONS
    close_again(body)
    sign(second, "确认报送")
    assert PreliminaryResult.standing.get().number == 2


def assign_by_the_suggestion(body: Person, count: int) -> None:
    """B1: from the page of the matrix to published tasks."""
    body.go("/body/assign/")
    clicks, begun = body.clicks, time.monotonic()
    body.press("生成建议")
    expect(body.page.get_by_role("button", name="采用建议并发布任务")).to_be_visible(timeout=60_000)
    body.press("采用建议并发布任务")
    body.sees("已发布")
    assert body.clicks - clicks <= 4
    assert time.monotonic() - begun <= 60
    standing = Assignment.objects.filter(ended_at=None)
    assert standing.count() == count * 2
    loads = [standing.filter(expert=expert).count() for expert in Expert.objects.all()]
    assert max(loads) - min(loads) <= 1
    body.look("分配")


def score_by_keys_alone(expert: Person) -> None:
    """E1, and without a pointer: the scores, the comment, on to the next."""
    page = expert.page
    expert.go("/expert/")
    expert.press("继续评审")
    begun, address = time.monotonic(), page.url
    page.locator("[name^=score-]").first.focus()
    for _criterion in cast.CRITERIA:
        page.keyboard.type("86.5")
        page.keyboard.press("Tab")
    page.locator("[name=comment]").focus()
    page.keyboard.type("创新性突出，验证充分。")
    button = page.get_by_role("button", name="完成并看下一项")
    for _tab in range(12):
        if button.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url != address
    assert time.monotonic() - begun <= 20
    assert Assignment.objects.filter(
        expert__user__username="expert0@example.org", scores__value=86.5
    ).exists()
    expert.look("评审打分")


def remind_the_late(body: Person) -> None:
    """B2: one expert is late, found and reminded."""
    body.go("/body/")
    clicks, begun = body.clicks, time.monotonic()
    body.go("/body/progress/")
    body.press("提醒未完成专家")
    body.sees("已提醒1人")
    assert body.clicks - clicks <= 2
    assert time.monotonic() - begun <= 15
    body.look("评审进度")


def close_and_sign(body: Person, track: Track) -> None:
    body.go("/body/close/")
    body.press("确认结束评分")
    body.go("/body/results/analysis/")
    for _second in range(30):
        if "肯德尔和谐系数" in body.page.content():
            break
        body.page.wait_for_timeout(1000)
        body.page.reload()
    body.look("评分分析")
    body.go("/body/results/reasons/")
    body.page.locator("textarea").first.fill("评分最高，验证充分，予以通过。")
    body.look("评审结论")
    body.press("保存评审结论")
    body.sees("已保存")
    sign(body, "确认签署")
    body.sees("待签署")
    body.look("待联合机构签署")
    assert PreliminaryResult.standing.get().submitted_at is None


def sign(person: Person, words: str) -> None:
    person.go("/body/results/")
    track = cast.track()
    person.go(f"/body/results/submit/?track={track.pk}")
    person.press(words)


def send_back(office: Person, track: Track) -> None:
    result = PreliminaryResult.standing.get()
    office.go(f"/office/results/{result.pk}/")
    office.look("初评结果")
    office.page.locator("[name=reason]").fill("第3名与第4名的评审结论写反，核对后重新报送。")
    office.press("退回初评机构")
    office.sees("已退回")
    office.look("初评结果已退回")


def close_again(body: Person) -> None:
    body.go("/body/results/")
    body.sees("由秘书处退回", "第3名与第4名的评审结论写反")
    body.look("退回后")
    body.go("/body/close/")
    body.press("确认结束评分")
    sign(body, "确认签署")
