"""The people of a recommending unit: invited by a letter that works once, given duties, let go at once."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts import people
from accounts.invitations import LIVES, invitation_of, key_of
from accounts.models import Invitation, Membership, User
from accounts.permissions import may
from accounts.roles import Duty, Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.DURING_CALL
PAGE = "/unit/people/"
GUO = {"name": "郭宁", "email": "Guoning@unit.example", "duty": "approve"}


@pytest.fixture(autouse=True)
def during_the_call():
    with time_machine.travel(AT, tick=False):
        yield


def entered(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def letter() -> str:
    for job in Job.objects.filter(kind="unit_invitation", state="queued"):
        outbox.run(job.pk)
    return mail.outbox[-1].body


def link(body: str) -> str:
    return "/" + next(word for word in body.split() if "/invitation/" in word).split("/", 3)[3]


def refusal(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.verdict


def test_P6_a_colleague_is_invited_by_a_letter_that_works_once(unit, unit_person):
    admin = entered(unit_person)
    for _n in range(2):
        assert admin.post(PAGE, GUO).headers["Location"] == PAGE
    assert not User.objects.filter(email__iexact=GUO["email"]).exists()
    body = letter()
    assert len(mail.outbox) == 1 and mail.outbox[0].to == ["guoning@unit.example"] and "职责：审批" in body
    client, path = Client(), link(body)
    assert "接受后设置密码" in client.get(path).content.decode()
    assert not User.objects.filter(email="guoning@unit.example").exists()
    form = client.get(client.post(path).headers["Location"], follow=True)
    typed = {"password1": cast.PASSWORD, "password2": cast.PASSWORD}
    assert client.post(form.request["PATH_INFO"], typed).status_code == 302
    guo = User.objects.get(email="guoning@unit.example")
    assert (guo.name, guo.memberships.get().duty, guo.check_password(cast.PASSWORD)) == (
        "郭宁",
        "approve",
        True,
    )
    assert entered(guo).get("/unit/").status_code == 200
    again = client.get(path)
    assert again.status_code == 404 and "由邀请人再次发送" in again.content.decode()
    names = ["person_invited", "invitation_accepted"]
    assert list(Event.objects.filter(subject_kind="organisation").values_list("name", flat=True)) == names


def test_P6_who_has_an_account_signs_in_and_nobody_else_accepts(unit, unit_person, applicant, stranger):
    admin = entered(unit_person)
    admin.post(PAGE, {"name": "李女士", "email": applicant.email, "duty": "handle"})
    page = admin.get(PAGE).content.decode()
    assert "李女士" in page and "李静" not in page
    path = link(letter())
    assert Client().post(path).headers["Location"].startswith("/login/?next=/invitation/")
    assert entered(stranger).post(path).status_code == 409
    assert not Membership.objects.filter(role=Role.UNIT, user__in=[applicant, stranger]).exists()
    own = entered(applicant)
    before = own.session.session_key
    assert own.post(path).status_code == 302
    assert own.session.session_key != before
    assert Membership.objects.get(role=Role.UNIT, user=applicant).duty == "handle"
    assert own.get("/unit/").status_code == 200


def test_an_invitation_is_sent_again_withdrawn_and_grows_old(unit, unit_person):
    row, admin = cast.invitation(), entered(unit_person)
    first, here = key_of(row), f"{PAGE}invitations/{row.pk}/"
    answer = admin.post(here, {"again": "1"}, follow=True)
    assert "邀请刚刚发送过。10分钟后可再次发送" in answer.content.decode()
    with time_machine.travel(AT + timedelta(minutes=11), tick=False):
        admin.post(here, {"again": "1"})
    row.refresh_from_db()
    assert invitation_of(first, AT) is None and invitation_of(key_of(row), AT) == row
    assert "/invitation/" in letter() and len(mail.outbox) == 1
    assert invitation_of(key_of(row), row.sent_at + LIVES - timedelta(seconds=1)) == row
    assert invitation_of(key_of(row), row.sent_at + LIVES) is None
    admin.post(here, {"withdraw": "1"})
    assert invitation_of(key_of(row), AT) is None
    assert refusal(people.accept, row, AT).status == 404
    assert "邀请已被接受或撤回" in admin.post(here, {"again": "1"}, follow=True).content.decode()


def test_what_is_typed_wrongly_is_told_and_kept(unit, unit_person, handler):
    admin = entered(unit_person)
    page = admin.post(PAGE, {"name": "郭宁", "email": "nobody"})
    assert page.status_code == 422 and "郭宁" in page.content.decode() and "选择职责" in page.content.decode()
    page = admin.post(PAGE, {**GUO, "email": handler.email.upper()})
    assert page.status_code == 409 and "此邮箱的人员已在本单位" in page.content.decode()
    assert admin.post(PAGE, {**GUO, "name": "甲\x00乙"}).status_code == 422
    admin.post(PAGE, GUO)
    page = admin.post(PAGE, {**GUO, "duty": "handle"})
    assert page.status_code == 409 and "撤回邀请后重新填写" in page.content.decode()
    assert Invitation.objects.count() == 1


def test_S6_U4_a_new_duty_and_a_removal_hold_at_once_and_end_sessions(unit, unit_person, handler):
    admin, hand = entered(unit_person), entered(handler)
    here = f"{PAGE}{handler.memberships.get().pk}/"
    assert (
        hand.get(PAGE).status_code == 200
        and "邀请人员和设定职责由本单位管理员办理" in hand.get(PAGE).content.decode()
    )
    assert hand.post(here, {"duty": "administer"}).status_code == 403
    assert hand.post(PAGE, GUO).status_code == 403
    assert admin.post(here, {"duty": "approve"}).headers["Location"] == PAGE
    assert hand.get("/unit/").headers["Location"].startswith("/login/")
    hand = entered(User.objects.get(pk=handler.pk))
    assert may(User.objects.get(pk=handler.pk), "unit.recommend", unit)
    assert admin.post(here, {"remove": "1"}).headers["Location"] == PAGE
    assert hand.get("/unit/").headers["Location"].startswith("/login/")
    assert entered(User.objects.get(pk=handler.pk)).get("/unit/").status_code == 404
    assert admin.get(here).status_code == 404
    events = Event.objects.filter(subject_kind="organisation").order_by("pk")
    assert [(e.name, e.data.get("after")) for e in events] == [
        ("duty_set", "approve"),
        ("person_removed", None),
    ]


def test_the_last_administrator_stays_one(unit, unit_person, handler):
    admin, own = entered(unit_person), unit_person.memberships.get()
    for typed in ({"duty": "handle"}, {"remove": "1"}):
        answer = admin.post(f"{PAGE}{own.pk}/", typed)
        assert answer.status_code == 409
        assert "王敏是本单位唯一的管理员" in answer.content.decode()
    people.set_duty(handler.memberships.get(), Duty.ADMINISTER, cast.acting(unit_person, Role.UNIT), AT)
    assert admin.post(f"{PAGE}{own.pk}/", {"duty": "handle"}).status_code == 302
    assert admin.get("/unit/").headers["Location"].startswith("/login/")


def test_S3_another_units_people_do_not_exist(unit, unit_person, other_unit_person):
    cast.unit_of_two_channels()
    row, other = cast.invitation(), entered(other_unit_person)
    assert other.post(f"{PAGE}invitations/{row.pk}/", {"withdraw": "1"}).status_code == 404
    assert other.post(f"{PAGE}{unit_person.memberships.get().pk}/", {"remove": "1"}).status_code == 404
    by = cast.acting(other_unit_person, Role.UNIT)
    assert refusal(people.withdraw, row, by, AT).status == 404
    assert refusal(people.remove, unit_person.memberships.get(), by, AT).status == 404
    assert not may(cast.cast("applicant"), "unit.set_people", unit.organisation)
