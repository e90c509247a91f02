"""Liveness and readiness for whoever watches the processes, and the pages for faults that no view answers."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from kczg.kit.middleware import wants_json

PLAIN = "text/plain; charset=utf-8"
RETRY_AFTER_SECONDS = 5


class HealthMiddleware:
    """Answers ``/healthz`` and ``/readyz`` before anything asks for a host name, a session or the clock.

    They tell liveness and readiness only. ``/healthz`` is 200 as long as the process answers; ``/readyz``
    is 200 while the database answers, else 503. The broker and the file store are left out on purpose:
    while they are down the pages that do not need them go on (R3), so the process stays in service.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return plain("ok", 200)
        if request.path == "/readyz":
            return plain("ready", 200) if database_answers() else plain("not ready", 503)
        return self.get_response(request)


def plain(words: str, status: int) -> HttpResponse:
    """A short answer that no cache keeps."""
    response = HttpResponse(f"{words}\n", content_type=PLAIN, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def database_answers() -> bool:
    """Whether the database answers a trivial question now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault: 503 while the database or the limits' cache is away (R4, R6), else 500.

    Neither reveals anything.
    It reads no context processor and no session, since those ask the database that may be the fault.
    """
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError, RedisError))
    request_id = structlog.contextvars.get_contextvars().get("request_id") or str(uuid.uuid4())
    structlog.get_logger(__name__).error("fault page", request_id=request_id, path=request.path)
    page = render_to_string("503.html" if away else "500.html", {"request_id": request_id})
    response = HttpResponse(page, status=503 if away else 500)
    if away:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or old; why exactly is for the log only (I7)."""
    if wants_json(request):
        words = {
            "code": "csrf",
            "message": _("登录已过期，重新登录后再试"),
            "hint": "",
            "details": {},
        }
        return JsonResponse(words, status=403)
    return render(request, "csrf_failure.html", status=403)
