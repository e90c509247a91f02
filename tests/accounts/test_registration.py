"""Registration: account, e-mail code, organisation, and back to the page that was asked for."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from kczg.kit.models import Event
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "username": "linqiao",
    "name": "林乔",
    "organisation": "杭州青禾智能装备有限公司",
    "email": "linqiao@example.org",
    "password1": "青禾-西湖-2022-申报",
    "password2": "青禾-西湖-2022-申报",
}


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def code_in(message) -> str:
    return re.search(r"验证码：(\S+)", message.body)[1]


@time_machine.travel(cast.DURING_CALL, tick=False)
def test_register_confirm_and_come_back(client, season):
    asked = "/rankings/pioneer_technology/start/?track=information"
    sent_away = client.get(asked)
    assert sent_away.status_code == 302
    assert sent_away.url.startswith("/login/?next=")
    form = client.get("/register/", {"next": asked})
    assert form.status_code == 200
    answer = client.post("/register/", {**TYPED, "next": asked})
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert answer.url.startswith("/register/code/")
    assert not get_user(client).is_authenticated
    assert mail.outbox[-1].to == ["linqiao@example.org"]
    wrong = client.post("/register/code/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/register/code/", {"code": code_in(mail.outbox[-1])})
    assert right.status_code == 302
    assert right.url == asked
    assert client.get(right.url).status_code == 200
    person = User.objects.get(username="linqiao")
    assert person.name == "林乔"
    assert [(m.role, m.organisation.name) for m in person.active_memberships] == [
        (Role.APPLICANT, "杭州青禾智能装备有限公司")
    ]
    event = Event.objects.get(name="registered", subject_id=person.pk)
    assert (event.actor_name, event.role, event.ip) == ("林乔", "applicant", "127.0.0.1")


def test_without_organisation_the_person_stands_for_themselves(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.post("/register/", {**TYPED, "organisation": " "})
    own = Membership.objects.select_related("user", "organisation").get(user__username="linqiao")
    assert own.organisation.name == "林乔"
    assert own.user.language == "en", "letters come in the language of the page"


def test_a_name_that_others_act_for_gives_no_access_to_theirs(client, applicant, draft):
    client.post("/register/", {**TYPED, "organisation": "北京云脉 传感科技有限公司"})
    client.post("/register/code/", {"code": code_in(mail.outbox[-1])})
    newcomer = Membership.objects.get(user__username="linqiao").organisation
    assert newcomer.pk != draft.applicant_id
    assert newcomer.normalised_name == draft.applicant.normalised_name
    assert Organisation.objects.filter(normalised_name=newcomer.normalised_name).count() == 2
    assert client.get(f"/nominations/{draft.number}/").status_code == 404


def test_what_is_wrong_is_said_and_nothing_is_made(client):
    answer = client.post("/register/", {**TYPED, "name": "", "password2": "另一个密码-2022-不同"})
    words = answer.content.decode()
    assert "填写姓名" in words
    assert TYPED["organisation"] in words
    assert not User.objects.filter(username="linqiao").exists()
    assert not Organisation.objects.filter(name=TYPED["organisation"]).exists()


def test_an_email_in_use_is_answered_like_any_other(client, applicant):
    answer = client.post("/register/", {**TYPED, "email": applicant.email})
    assert answer.url.startswith("/register/code/")
    assert client.get("/register/code/").status_code == 200
    assert not User.objects.filter(username="linqiao").exists()


def test_login_leads_to_the_first_page_of_the_role(client, applicant, unit_person):
    answer = client.post("/login/", {"login": "lijing", "password": cast.PASSWORD})
    assert answer.url == "/my/"
    assert client.get("/account/").url == "/my/"
    assert client.get("/register/code/").url == "/my/"
    client.post("/logout/")
    assert client.get("/account/").url == "/login/"
    answer = client.post("/login/", {"login": "wangmin@example.org", "password": cast.PASSWORD})
    assert answer.url == "/unit/"


def test_a_next_of_another_site_is_ignored(client, applicant):
    typed = {"login": "lijing", "password": cast.PASSWORD, "next": "https://evil.example/"}
    assert client.post("/login/", typed).url == "/my/"


def test_password_reset_by_mail(client, applicant):
    assert client.post("/password/", {"email": applicant.email}).url == "/password/sent/"
    link = re.search(r"/password/new/\S+", mail.outbox[-1].body)[0]
    page = client.get(link, follow=True)
    assert page.status_code == 200
    fresh = "新城-旧港-2022-推介"
    done = client.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    assert done.url == "/password/set/"
    assert client.get(done.url).status_code == 200
    applicant.refresh_from_db()
    assert applicant.check_password(fresh)


def test_P6_an_address_is_no_account_name_whether_or_not_it_is_taken(client, season):
    """An expert's account has the address for its name: 已有人使用 would tell that there is one."""
    cast.expert("expert_a")
    told = []
    for name in ("wuzhiyuan@example.org", "nobody@example.org"):
        page = client.post("/register/", {**TYPED, "username": name})
        told.append(page.context["form"].errors["username"])
    assert told == [["此账号名不能使用，换一个"]] * 2


@pytest.mark.parametrize("field", ["name", "organisation"])
@pytest.mark.parametrize("sign", ["\u202e", "\x07", "\x00"])
def test_I5_a_name_holds_nothing_invisible(client, field, sign):
    page = client.post("/register/", {**TYPED, field: f"李{sign}静"})
    assert [
        f"第2个字符是控制字符（U+{ord(sign):04X}）" in words for words in page.context["form"].errors[field]
    ] == [True]
