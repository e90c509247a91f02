"""What happens to every request before any room sees it, and the pages for faults."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from redis.exceptions import ConnectionError as RedisConnectionError

from kczg import health
from kczg.middleware import ClientAddressMiddleware, LanguageMiddleware, PrivateMiddleware

requests = RequestFactory()


def fine(request: HttpRequest) -> HttpResponse:
    """A view that says where the request came from and in which language it is answered."""
    return HttpResponse(f"{request.META['REMOTE_ADDR']} {translation.get_language()}")


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_i7_only_our_proxies_tell_the_address(settings, proxies: int, header: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = requests.get("/", HTTP_X_FORWARDED_FOR=header)
    assert ClientAddressMiddleware(fine)(request).content.decode().split()[0] == address


@pytest.mark.parametrize(
    ("cookie", "language"), [("", "zh-hans"), ("en", "en"), ("zh-hans", "zh-hans"), ("xx", "zh-hans")]
)
def test_the_language_is_chinese_unless_chosen(settings, cookie: str, language: str) -> None:
    request = requests.get("/", HTTP_ACCEPT_LANGUAGE="en-US,en;q=0.9")
    if cookie:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = LanguageMiddleware(fine)(request)
    assert response.content.decode().split()[1] == language
    assert (response["Content-Language"], response["Vary"]) == (language, "Cookie")


def test_c2_no_cache_keeps_what_a_session_was_shown(settings) -> None:
    request = requests.get("/")
    assert "Cache-Control" not in PrivateMiddleware(fine)(request).headers
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "a"
    response = PrivateMiddleware(fine)(request)
    assert (response["Cache-Control"], response["Vary"]) == ("no-store", "Cookie")


def test_liveness_asks_nothing_of_the_database() -> None:
    response = health.HealthMiddleware(fine)(requests.get("/healthz"))
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ok\n", "no-store")


@pytest.mark.parametrize(
    ("answers", "status", "words"), [(True, 200, b"ready\n"), (False, 503, b"not ready\n")]
)
def test_readiness_follows_the_database(monkeypatch, answers: bool, status: int, words: bytes) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: answers)
    response = health.HealthMiddleware(fine)(requests.get("/readyz"))
    assert (response.status_code, response.content) == (status, words)


@pytest.mark.private_path
def test_the_database_is_asked_for_readiness(db) -> None:
    assert health.database_answers() is True


@pytest.mark.parametrize(
    "fault", [OperationalError("host database"), InterfaceError("closed"), RedisConnectionError("6379")]
)
def test_r4_r6_a_service_away_is_503_in_chinese(fault: Exception) -> None:
    try:
        raise fault
    except type(fault):
        response = health.server_error(requests.get("/"))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    page = response.content.decode()
    assert "系统正在恢复" in page
    assert str(fault) not in page


def test_c2_a_fault_is_500_with_a_number_and_reveals_nothing() -> None:
    try:
        raise KeyError("inner_name")
    except KeyError:
        response = health.server_error(requests.get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "错误编号" in page
    assert "inner_name" not in page
