"""What happens to every request: its moment is read once, and a refusal becomes an answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kczg.kit import clock
from kczg.kit.verdicts import Refused

RETRY_AFTER_SECONDS = 60
"""After so long it is worth asking again for what a service that is away would give."""

API = "/api/"
"""Below this address everything is answered as JSON, whatever the other side says that it prefers."""


class MomentMiddleware:
    """Reads the moment at which a request is judged, once and before any wait (D1)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.judged_at = clock.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a raised Refused into a page or JSON with the verdict's words and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        verdict = exception.verdict
        if verdict.status == 404:
            # The same page as for an address that does not exist: nothing tells them apart.
            raise Http404
        response: HttpResponse
        if wants_json(request):
            response = JsonResponse(as_json(exception), status=verdict.status)
        else:
            response = render(request, "refused.html", {"verdict": verdict}, status=verdict.status)
        if verdict.status == 503:
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response


def as_json(refused: Refused) -> dict[str, object]:
    """A refusal as an API says it."""
    verdict = refused.verdict
    return {
        "code": verdict.code,
        "message": verdict.message,
        "hint": verdict.hint,
        "details": dict(verdict.details),
    }


def wants_json(request: HttpRequest) -> bool:
    """Whether the other side is a script of ours or an API client rather than a person's page."""
    return (
        request.path.startswith(API)
        or request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )
