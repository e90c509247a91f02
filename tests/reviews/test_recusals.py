"""回避 by people: the body says so or lifts it, the applicant asks for it; and what it hides from the expert."""

import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.roles import Role
from kczg.kit.models import Event
from kczg.kit.verdicts import Refused
from nominations.actions import avoidance
from nominations.actions.avoidance import Wish
from reviews import queries
from reviews.actions import conflicts, recusals, results
from reviews.models import Assignment, Expert, LiftedRecusal, Recusal
from tests import cast
from tests.reviews.many import copies

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
WISH = Wish("吴志远", "清江大学微电子学院", "曾共同申请专利")


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


@pytest.fixture(autouse=True)
def during_review(db):
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def taken(season):
    return cast.expert("expert_a")


@pytest.fixture
def body(body_person):
    client = Client()
    client.force_login(body_person)
    return client


def words(answer):
    return answer.content.decode()


# --- The body ----------------------------------------------------------------------------------------------


def test_the_body_says_so_and_takes_it_back(in_review, track, taken, sound):
    by = cast.body_actor()
    assert refusal(recusals.recognise, track, taken, in_review, " ", by, AT).code == "reason_missing"
    assert refusal(recusals.recognise, track, taken, in_review, "长" * 301, by, AT).code == "reason_too_long"
    assert recusals.recognise(track, taken, in_review, "同一课题组", by, AT)
    assert not recusals.recognise(track, taken, in_review, "同一课题组", by, AT)
    assert queries.conflict_matrix(track) == {(taken.pk, in_review.pk): "同一课题组"}
    assert Assignment.objects.get(expert=taken).ended_at == AT
    assert recusals.lift(track, taken, in_review, "body", "核实后不属于同一课题组", by, AT)
    assert not recusals.lift(track, taken, in_review, "body", "核实后不属于同一课题组", by, AT)
    assert not Recusal.objects.exists()
    told = Event.objects.filter(name__startswith="recusal_").values_list("name", "reason")
    assert list(told) == [("recusal_recognised", "同一课题组"), ("recusal_lifted", "核实后不属于同一课题组")]
    cast.expert_actions.assign(
        track, [(pk, in_review.pk) for pk in Expert.objects.values_list("pk", flat=True)], by, AT
    )


def test_what_is_certain_or_asked_for_is_not_lifted_and_nothing_after_the_close(in_review, track, taken):
    by = cast.body_actor()
    for kind in Recusal.Kind.values:
        Recusal.objects.create(expert=taken, nomination=in_review, kind=kind, reason="同一单位", at=AT)
    for kind in ("computed", "declared", "applicant"):
        assert refusal(recusals.lift, track, taken, in_review, kind, "无妨", by, AT).code == "recusal_stands"
    stranger = cast.acting(cast.cast("other_body_person"), Role.BODY)
    assert refusal(recusals.lift, track, taken, in_review, "body", "无妨", stranger, AT).status == 404
    elsewhere = cast.recommended(track="biomedicine")
    assert refusal(recusals.recognise, track, taken, elsewhere, "同事", by, AT).status == 404
    Recusal.objects.all().delete()
    cast.score_all()
    results.close_scores(track, by, AT)
    assert refusal(recusals.recognise, track, taken, in_review, "同事", by, AT).code == "scores_closed"


def test_the_page_shows_adds_and_lifts(in_review, track, taken, body, office_a):
    Recusal.objects.create(
        expert=taken,
        nomination=in_review,
        kind="computed",
        reason="申报表中出现专家姓名",
        certain=False,
        at=AT,
    )
    where = "/body/conflicts/"
    page = words(body.get(where))
    assert "申报表中出现专家姓名（待核对）" in page
    link = re.search(r'href="(/body/conflicts/lift/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "吴志远" in words(body.get(link))
    assert "填写解除原因" in words(body.post(link, {"reason": ""}))
    done = words(body.post(link, {"reason": "系同名"}, follow=True))
    assert "已解除吴志远对" in done
    assert "系同名" in done
    assert LiftedRecusal.objects.get().found == "申报表中出现专家姓名"
    assert body.post(link, {"reason": "系同名"}).status_code == 302
    assert body.get(link).status_code == 404
    for strange in ("x", "1-1-declared", f"{taken.pk}-{in_review.pk + 99}-body"):
        assert body.get(f"{where}lift/?recusal={strange}").status_code == 404
    typed = {"expert": taken.pk, "number": in_review.number.lower(), "reason": "同一课题组"}
    assert f"已认定吴志远回避{in_review.number}" in words(body.post(where, typed, follow=True))
    wrong = body.post(where, {**typed, "number": "2022XD99999"})
    assert (wrong.status_code, "本领域没有编号为2022XD99999" in words(wrong)) == (422, True)
    client = Client()
    client.force_login(office_a)
    page = words(client.get(f"/office/conflicts/?track={track.pk}"))
    assert "同一课题组" in page
    assert "/body/conflicts/lift/" not in page
    assert client.get("/office/conflicts/?track=0").status_code == 404


def test_the_page_needs_the_same_number_of_queries_for_one_and_thirty(accepted, track, taken, body):
    counts = []
    for rows in ([accepted], copies(accepted, 29)):
        for row in rows:
            Recusal.objects.create(expert=taken, nomination=row, kind="body", reason="同事", at=AT)
        with CaptureQueriesContext(connection) as seen:
            assert body.get("/body/conflicts/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_is_found_after_the_close_is_shown_to_both(in_review, track, taken, body, office_a):
    cast.score_all()
    results.close_scores(track, cast.body_actor(), AT)
    Expert.objects.filter(pk=taken.pk).update(employer="北京云脉传感科技有限公司")
    conflicts.refresh(track, cast.later(AT, hours=1))
    client = Client()
    client.force_login(office_a)
    for page in (body.get("/body/conflicts/"), client.get(f"/office/conflicts/?track={track.pk}")):
        assert "评分结束后发现回避" in words(page)


# --- The applicant -----------------------------------------------------------------------------------------


def test_whom_the_applicant_names_is_kept_away(track, taken, body, sound):
    nomination = cast.recommended()
    owner = cast.acting(cast.cast("applicant"))
    asked = [WISH, Wish("吴志远", "云岭大学", "学术争议")]
    assert avoidance.ask(nomination, asked, owner, cast.DURING_CALL)
    assert not avoidance.ask(nomination, asked, owner, cast.DURING_CALL)
    assert refusal(avoidance.ask, nomination, [], owner, AT).code == "review_begun"
    cast.preliminary.check_form(nomination, True, [], cast.body_actor(), AT)
    [row] = Recusal.objects.all()
    assert (row.expert, row.kind, row.reason) == (taken, "applicant", "曾共同申请专利")
    assert not row.may_be_lifted
    page = words(body.get("/body/conflicts/"))
    assert "申报方的回避申请" in page
    assert "学术争议" in page


# --- What it hides -----------------------------------------------------------------------------------------


def _expert_addresses():
    """Every address of an expert by name, with what it names: found in the product, so that new ones are tried, too."""
    for name in get_resolver("reviews.urls").reverse_dict:
        if isinstance(name, str) and name.startswith("expert_"):
            [(_path, given)] = get_resolver("reviews.urls").reverse_dict.getlist(name)[0][0]
            yield name, given


def _said(answer):
    """A page without what differs from request to request."""
    return re.sub(r'value="\w{64}"|nonce-?[^" ]*|\d+|\b[0-9A-F]{4,}\b', "", words(answer))


def test_S5_a_recused_nomination_is_nowhere_for_the_expert(in_review, track, taken):
    client = Client()
    client.force_login(taken.user)
    sheet = Assignment.objects.get(expert=taken)
    row = Recusal.objects.create(expert=taken, nomination=in_review, kind="body", reason="同一单位", at=AT)
    for kind in Recusal.Kind.values:
        Recusal.objects.filter(pk=row.pk).update(kind=kind)
        _look_everywhere(client, sheet, in_review)
        assert queries.declarable(taken, [track]) == []
        assert not queries.assignments_of(taken.user).exists()


def _look_everywhere(client, sheet, nomination):
    tried = 0
    for name, given in _expert_addresses():
        file = {key: "0" * 32 for key in given if key != "pk"}
        for method in (client.get, client.post):
            if "pk" in given:
                here, missing = (
                    method(reverse(f"reviews:{name}", kwargs={**file, "pk": pk})) for pk in (sheet.pk, 987654)
                )
                assert here.status_code == missing.status_code in (404, 405), name
                assert _said(here) == _said(missing), name
            elif not given:
                page = method(reverse(f"reviews:{name}"), follow=True)
                assert nomination.number not in words(page), name
                assert nomination.title not in words(page), name
                assert "同一单位" not in words(page), name
            tried += 1
    assert tried >= 16
