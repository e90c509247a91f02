"""What happens to every request before any room sees it: where it came from, and its language, what may be kept of it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]


class ClientAddressMiddleware:
    """Puts the true address of the other side into REMOTE_ADDR (I7, U3).

    Each trusted proxy appends one address to X-Forwarded-For, so with n proxies the n-th from the right
    was written by ours and everything to its left by whoever asked.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxies = settings.TRUSTED_PROXIES
        if proxies:
            hops = [
                hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()
            ]
            if len(hops) >= proxies:
                request.META["REMOTE_ADDR"] = hops[-proxies]
        return self.get_response(request)


class BodySizeMiddleware:
    """Refuses a body beyond what any page sends before anything reads it, as the proxy does (I6)."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdigit() or int(declared) <= settings.BODY_MAX_BYTES:
            return self.get_response(request)
        return HttpResponse(render_to_string("413.html", request=request), status=413)


class SessionKeyMiddleware:
    """Takes away a session cookie that Django never gave out, such as one with a NUL, which PostgreSQL refuses (I6)."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not (key.isascii() and key.isalnum()):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


class IdleMiddleware:
    """Ends a session that nobody used for half an hour, and any after twelve hours (U4); text stays on the page.

    What a page asks by itself, such as how far a job is, doesn't count as use: it says ``X-Background: 1``.
    """

    NOTED_EVERY = 60
    """Seconds: the session isn't written at every request."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if settings.SESSION_IDLE_SECONDS and SESSION_KEY in session:
            now = request.judged_at.timestamp()  # type: ignore[attr-defined]
            began, used = session.get("began", now), session.get("used", now)
            if now - used >= settings.SESSION_IDLE_SECONDS or now - began >= settings.SESSION_COOKIE_AGE:
                logout(request)
            elif "began" not in session or (
                now - used >= self.NOTED_EVERY and request.headers.get("X-Background") != "1"
            ):
                session["began"], session["used"] = began, now
        return self.get_response(request)


class PrivateMiddleware:
    """Lets no cache keep what a person with a session was shown (C2)."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ["Cookie"])
        return response


class LanguageMiddleware:
    """Chinese, unless this person chose otherwise; the browser's own wish does not decide.

    Most browsers in a Chinese office ask for English first, and nobody chose that.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response
