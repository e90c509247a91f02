"""U2, U4: how a session ends, and who works only behind a second factor."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
START = cast.DURING_CALL
LOGIN = "/login/"


@pytest.fixture
def ends(settings):
    """Sessions end as in the product."""
    settings.SESSION_IDLE_SECONDS = 30 * 60


def entered(key: str) -> Client:
    client = Client()
    client.force_login(cast.cast(key))
    return client


def is_in(client: Client, at, path="/my/", **headers) -> bool:
    with time_machine.travel(at, tick=False):
        answer = client.get(path, headers=headers)
    return not answer.headers.get("Location", "").startswith(LOGIN) and answer.status_code != 401


def test_U4_half_an_hour_without_use_ends_a_session(season, ends):
    client = entered("applicant")
    assert is_in(client, START)
    assert is_in(client, START + 29 * MINUTE)
    assert is_in(client, START + 58 * MINUTE)
    assert not is_in(client, START + 88 * MINUTE)
    assert "_auth_user_id" not in client.session


def test_U4_what_a_page_asks_by_itself_is_no_use(season, ends):
    client = entered("applicant")
    assert is_in(client, START)
    for minutes in (10, 20, 29):
        assert is_in(client, START + minutes * MINUTE, "/jobs/1/", **{"X-Background": "1"})
    assert not is_in(client, START + 30 * MINUTE)


def test_U4_twelve_hours_end_a_session_however_busy(season, ends):
    client = entered("applicant")
    for quarter in range(12 * 4):
        assert is_in(client, START + quarter * 15 * MINUTE)
    assert not is_in(client, START + 12 * 60 * MINUTE)


def test_U4_what_is_saved_by_a_script_then_says_that_the_login_has_ended(season, ends, draft):
    client = entered("applicant")
    address = reverse("nominations:autosave", args=[draft.number, "team"])
    assert is_in(client, START)
    with time_machine.travel(START + 40 * MINUTE, tick=False):
        answer = client.post(address, {"version": "1"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["message"]) == (401, "登录已过期，重新登录后继续保存")


# --- The second factor -------------------------------------------------------------------------------------

ON = "/account/second-step/on/"


@pytest.fixture
def two_steps(settings):
    settings.SECOND_FACTOR = True


@pytest.mark.parametrize(
    ("key", "page"), [("office_a", "/office/"), ("body_person", "/body/"), ("office_a", "/office/audit/")]
)
def test_U2_who_needs_a_second_factor_sets_it_up_first(season, two_steps, key, page):
    answer = entered(key).get(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, ON)


@pytest.mark.parametrize(("key", "page"), [("applicant", "/my/"), ("unit_person", "/unit/")])
def test_U2_others_may_and_need_not(season, two_steps, key, page):
    assert entered(key).get(page).status_code == 200


def test_U2_the_admin_site_is_shut_without_one(season, two_steps):
    assert entered("admin").get("/admin/").status_code in (302, 403)


def code_now(secret: str) -> str:
    """What the person's authenticator shows at this moment."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def log_in(client: Client, user):
    return client.post(LOGIN, {"login": user.username, "password": cast.PASSWORD})


def set_up(client: Client) -> str:
    """Sets the second factor up, as the pages lead; the secret that the authenticator keeps."""
    asked = client.get(ON)
    assert asked.headers["Location"].startswith("/account/again/")
    assert client.post(asked.headers["Location"], {"password": cast.PASSWORD}).headers["Location"] == ON
    page = client.get(ON)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "动态码不对或已用过" in client.post(ON, {"code": "000000"}).content.decode()
    done = client.post(ON, {"code": code_now(secret)})
    assert done.headers["Location"] == "/account/second-step/recovery/"
    return secret


def test_U2_it_is_set_up_asked_for_at_the_next_login_and_each_code_works_once(season, two_steps):
    user, client = cast.cast("office_a"), Client()
    with time_machine.travel(START, tick=False):
        assert log_in(client, user).headers["Location"] == ON
        secret = set_up(client)
        assert client.get("/office/").status_code == 200
    other = Client()
    with time_machine.travel(START + 2 * MINUTE, tick=False):
        assert log_in(other, user).headers["Location"] == "/account/second-step/code/"
        assert other.get("/office/").headers["Location"].startswith(LOGIN)
        used = code_now(secret)
        assert other.post("/account/second-step/code/", {"code": used}).status_code == 302
        assert other.get("/office/").status_code == 200
        third = Client()
        log_in(third, user)
        refused = third.post("/account/second-step/code/", {"code": used})
        assert "动态码不对或已用过" in refused.content.decode()
        assert third.get("/office/").status_code == 302


def test_U2_a_recovery_code_opens_once(season, two_steps):
    user, client = cast.cast("office_a"), Client()
    with time_machine.travel(START, tick=False):
        log_in(client, user)
        set_up(client)
        codes = client.get("/account/second-step/recovery/").context["unused_codes"]
        for turn, expected in enumerate((200, 302)):
            other = Client()
            log_in(other, user)
            other.post("/account/second-step/code/", {"code": codes[0]})
            assert other.get("/office/").status_code == expected, turn
