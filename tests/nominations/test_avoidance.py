"""回避申请 as the applicant writes it: three at most, complete or not at all, until the review begins."""

import pytest
import time_machine
from django.test import Client

from kczg.kit.models import Event
from kczg.kit.verdicts import Refused
from nominations.actions import avoidance
from nominations.actions.avoidance import Wish
from nominations.events import SHOWN
from nominations.models import AvoidanceRequest
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {"name_0": "吴志远", "organisation_0": "清江大学", "reason_0": "曾共同署名"}


def words(answer):
    return answer.content.decode()


@pytest.fixture
def client(applicant):
    made = Client()
    made.force_login(applicant)
    return made


def test_the_page_keeps_names_and_says_what_lacks(client, draft):
    where = f"/nominations/{draft.number}/avoid/"
    with time_machine.travel(cast.DURING_CALL, tick=False):
        assert "回避申请" in words(client.get(f"/nominations/{draft.number}/"))
        wrong = client.post(where, {"name_1": "郑海涛", "reason_1": "同\u202e门"})
        page = words(wrong)
        assert wrong.status_code == 422
        assert "第2位：填写工作单位" in page
        assert 'value="郑海涛"' in page
        assert not AvoidanceRequest.objects.exists()
        assert "回避申请已保存" in words(client.post(where, TYPED, follow=True))
        assert 'value="曾共同署名"' in words(client.get(where))
        assert client.post(where, TYPED).status_code == 302
        assert Event.objects.filter(name="avoidance_asked").count() == 1
        assert client.post(where, {}).status_code == 302
        assert not AvoidanceRequest.objects.exists()
        client.post(where, TYPED)
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        late = client.post(where, {})
        assert (late.status_code, "初评已开始" in words(late)) == (409, True)
        page = words(client.get(where))
        assert "曾共同署名" in page
        assert "保存回避申请" not in page
    assert AvoidanceRequest.objects.count() == 1


def test_three_at_most_and_not_for_others(draft, stranger):
    by = cast.acting(cast.cast("applicant"))
    four = [Wish(f"专家{n}", "清江大学", "同门") for n in range(4)]
    for who, given, code in ((by, four, "too_many"), (cast.acting(stranger), four[:1], "not_allowed")):
        with pytest.raises(Refused) as refused:
            avoidance.ask(draft, given, who, cast.DURING_CALL)
        assert refused.value.verdict.code == code
    assert "avoidance_asked" not in SHOWN
