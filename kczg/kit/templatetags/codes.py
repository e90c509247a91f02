"""Template tag for the pages that wait for a code sent by e-mail: how many seconds the code still holds."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def code_seconds_left(context: template.Context) -> int:
    """Seconds until the e-mail code of this session expires; 0 where none was sent."""
    request = context["request"]
    state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
    if not state:
        return 0
    age = request.judged_at.timestamp() - state["at"]
    return max(int(app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT - age), 0)
