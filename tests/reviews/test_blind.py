"""P4: what an expert can fetch tells nothing of who applies, what others can fetch nothing of who reviews."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from reviews import blinding
from reviews.actions import blinding as actions
from reviews.models import Assignment, BlindFile, Recusal, ReviewPlan
from reviews.outputs.packet import packet
from reviews.queries import named_files
from tests import cast
from tests.reviews.canaries import APPLIED, REVIEWED, Walker, build, do_jobs, lines_of, words_in
from tests.reviews.many import copies, sheets

pytestmark = pytest.mark.django_db
HOME = ("/expert/", "/expert/conflicts/", "/expert/summary/")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One nomination that tells everywhere who applies, under a blind plan; built once for all tests of this file."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(cast.IN_PRELIMINARY, tick=False),
        transaction.atomic(),
    ):
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def during_review(world):
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        yield


@pytest.fixture
def sheet(world):
    return Assignment.objects.get(expert__user__email=cast.EXPERTS["expert_a"]["email"])


@pytest.fixture
def desk(sheet):
    client = Client()
    client.force_login(sheet.expert.user)
    return client


def body():
    client = Client()
    client.force_login(cast.cast("body_person"))
    return client


def walk_as_expert(world, sheet) -> Walker:
    """Every address of the expert by every method, what the pages lead to, and what isn't there."""
    walker = Walker(sheet.expert.user)
    walker.walk(*HOME, "/", "/notices/inbox/")
    other = Assignment.objects.exclude(expert=sheet.expert).first()
    names = [n for n in get_resolver("reviews.urls").reverse_dict if str(n).startswith("expert_")]
    assert len(names) >= 10
    tried = [(sheet, world.open_file), (sheet, world.telling_file), (other, world.open_file)]
    for path in dict.fromkeys(_address(name, of.pk, file.public_id) for name in names for of, file in tried):
        walker.ask("get", path)
        walker.ask("head", path)
        if path != reverse("reviews:expert_submit"):
            typed = {"score-c1": "999", "version": "1", "changed": "score-c1", "recuse": "0"}
            walker.ask("post", path, typed, accept="application/json")
            walker.ask("post", path, typed)
    walker.ask("post", reverse("reviews:expert_submit"), {}, accept="application/json")
    label = blinding.label_of(world.nomination.pk)
    walker.ask("post", reverse("reviews:expert_conflicts"), {"recuse": label})
    walker.ask("get", "/expert/0/")
    walker.seen["packet.xlsx"] = "\n".join(words_in(_packet(sheet)))
    do_jobs("review_mail")
    walker.read_letters()
    return walker


def _packet(sheet) -> bytes:
    """The workbook for scoring offline, as the worker makes it."""
    file = io.BytesIO()
    packet(cast.track(), ReviewPlan.objects.get(), [sheet], Job()).save(file)
    return file.getvalue()


def _address(name: str, pk: int, file_id: str) -> str:
    wanted = get_resolver("reviews.urls").reverse_dict.getlist(name)[0][0][0][1]
    return reverse(f"reviews:{name}", kwargs={key: {"pk": pk, "file_id": file_id}[key] for key in wanted})


def release(world, given: bool = True) -> None:
    actions.decide_file(
        world.nomination, world.open_file.public_id, given, cast.body_actor(), cast.IN_PRELIMINARY
    )


def test_P4_nothing_that_an_expert_can_fetch_tells_who_applies(world, sheet):
    release(world)
    walker = walk_as_expert(world, sheet)
    assert walker.tells(APPLIED) == {}
    everything = "\n".join(walker.seen.values())
    for hidden in (world.nomination.number, world.nomination.versions.last().check_code):
        assert hidden not in everything
    # It isn't that there was nothing to read.
    page = walker.seen[f"/expert/{sheet.pk}/"]
    for text in (
        "〔申报单位〕低噪声微机电传感芯片",
        "〔匿名〕",
        "〔电话〕",
        "〔编号〕",
        "发明专利",
        "附件1.pdf",
        "附件2.pdf（未提供）",
    ):
        assert text in page
    served = walker.seen[reverse("reviews:expert_file", args=[sheet.pk, world.open_file.public_id])]
    assert "Detection limits" in served and "附件1.pdf" in served
    assert any(where.startswith("mail ") for where in walker.seen)


def test_the_walker_would_find_it(world, sheet):
    """The control: the same pages where the review isn't blind tell all of it."""
    ReviewPlan.objects.update(blind=False)
    walker = Walker(sheet.expert.user)
    walker.walk(*HOME)
    assert walker.tells(APPLIED).keys() >= APPLIED.keys() - {"the credit code"}


def test_P4_a_file_is_held_back_until_the_body_has_looked(world, sheet, desk):
    address = reverse("reviews:expert_file", args=[sheet.pk, world.open_file.public_id])
    assert desk.get(address).status_code == 404
    row = BlindFile.objects.get(file=world.open_file)
    assert {(m["page"], m["text"]) for m in row.findings} == {(0, "Yunmai"), (0, "李静")}
    assert not row.unread
    telling = BlindFile.objects.get(file=world.telling_file)
    assert {m["text"] for m in telling.findings if m["page"] == 1} == {"Yunmai Sense", "lijing"}
    page = body().get(reverse("reviews:body_blind_one", args=[world.nomination.number])).content.decode()
    for text in (
        "Yunmai Sense",
        "文件属性",
        "待查看",
        "云脉传感专利证书.pdf",
        blinding.label_of(world.nomination.pk),
    ):
        assert text in page
    release(world)
    answer = desk.get(address)
    assert answer.status_code == 200 and "1.pdf" in answer.headers["Content-Disposition"]
    event = Event.objects.get(name="blind_file_given")
    assert event.data == {"file": world.open_file.public_id, "sha256": world.open_file.sha256}
    release(world)
    assert Event.objects.filter(name="blind_file_given").count() == 1
    release(world, given=False)
    assert desk.get(address).status_code == 404


def test_a_release_is_of_these_bytes_alone(world, sheet, desk):
    release(world)
    type(world.open_file).objects.filter(pk=world.open_file.pk).update(sha256="0" * 64)
    assert (
        desk.get(reverse("reviews:expert_file", args=[sheet.pk, world.open_file.public_id])).status_code
        == 404
    )
    with pytest.raises(Refused, match="尚未检查"):
        release(world)


def test_the_body_sees_what_experts_see_and_decides_on_its_page(world):
    client, one = body(), reverse("reviews:body_blind_one", args=[world.nomination.number])
    page = client.get(reverse("reviews:body_blind")).content.decode()
    assert "2/2个待查看" in page and blinding.label_of(world.nomination.pk) in page
    assert "匿名评审" in client.get("/body/").content.decode()
    copy = client.get(
        reverse("reviews:body_blind_file", args=[world.nomination.number, world.open_file.public_id])
    )
    assert "Yunmai" not in "".join(words_in(b"".join(copy.streaming_content)))
    answer = client.post(one, {"file": world.open_file.public_id, "decision": "give"})
    assert answer.status_code == 302 and BlindFile.objects.get(file=world.open_file).given
    assert client.post(one, {"file": "0" * 32, "decision": "give"}).status_code == 404
    again = client.post(reverse("reviews:body_blind"))
    assert again.status_code == 302 and Job.objects.get(kind="blind_marks").state == Job.State.QUEUED
    do_jobs("blind_marks")
    assert BlindFile.objects.get(file=world.open_file).given, "what was looked at stays decided"


def test_where_the_plan_is_not_blind_there_is_nothing_to_release(world):
    ReviewPlan.objects.update(blind=False)
    client = body()
    assert "不是匿名评审" in client.get(reverse("reviews:body_blind")).content.decode()
    assert client.post(reverse("reviews:body_blind")).status_code == 409
    assert client.get(reverse("reviews:body_blind_one", args=[world.nomination.number])).status_code == 404


def test_whoever_recognises_the_applicant_steps_back_from_the_sheet(world, sheet, desk):
    address = reverse("reviews:expert_recuse", args=[sheet.pk])
    assert (
        reverse("reviews:expert_recuse", args=[sheet.pk]) in desk.get(f"/expert/{sheet.pk}/").content.decode()
    )
    assert "填写回避原因" in desk.post(address, {"reason": " "}).content.decode()
    assert desk.post(address, {"reason": "曾与其合作"}).status_code == 302
    assert Recusal.objects.get(expert=sheet.expert, kind="declared").reason == "曾与其合作"
    assert desk.get(f"/expert/{sheet.pk}/").status_code == 404
    page = desk.get("/expert/conflicts/").content.decode()
    assert "云脉" not in page and "已声明回避1项" in page


def test_P4_no_order_and_no_search_of_what_is_hidden(world, sheet, desk):
    rows = copies(world.nomination, 6)
    sheets(rows, [sheet.expert_id])
    labels = sorted(blinding.label_of(row.pk) for row in [*rows, world.nomination])
    for asked in ("", "number", "title", "applicant", "unit", "nomination__number", "pk", "-pk"):
        page = desk.get("/expert/summary/", {"sort": asked})
        assert lines_of(page, r'nowrap">(第\w{6}号)') == labels, asked
    backwards = desk.get("/expert/summary/", {"sort": "-number"})
    assert lines_of(backwards, r'nowrap">(第\w{6}号)') == labels[::-1]
    Assignment.objects.filter(expert=sheet.expert).update(ended_at=cast.IN_PRELIMINARY)
    assert lines_of(desk.get("/expert/conflicts/"), r'value="(第\w{6}号)"') == labels
    for path in HOME:
        assert 'type="search"' not in desk.get(path).content.decode()


def test_the_lists_ask_the_same_number_of_queries_for_one_and_for_thirty(world, sheet, desk):
    paths = ("/expert/", f"/expert/{sheet.pk}/", "/expert/conflicts/", reverse("reviews:body_blind"))

    def count(path):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            (body() if path.startswith("/body/") else desk).get(path)
        return len(asked)

    for path in paths:
        count(path)
    before = {path: count(path) for path in paths}
    rows = copies(world.nomination, 29)
    sheets(rows[:20], [sheet.expert_id])
    assert {path: count(path) for path in paths} == before
    assert len(named_files([world.nomination])[world.nomination.pk]) == 2


def test_P4_nobody_on_the_other_side_learns_who_reviewed(world, sheet):
    cast.score_all()
    Assignment.objects.update(comment_applicant="建议补充长期可靠性数据。")
    cast.close_and_submit()
    cast.issue_notice([cast.reread(world.nomination)])
    cast.publish()
    do_jobs("review_mail")
    with time_machine.travel(cast.IN_PUBLICATION, tick=False):
        for key, start in (("applicant", "/my/"), ("unit_person", "/unit/")):
            walker = Walker(cast.cast(key))
            walker.walk(start, most=400)
            walker.read_letters()
            assert any("progress" in where or "/unit/nominations/" in where for where in walker.seen)
            assert walker.tells(REVIEWED) == {}
