"""Template tags for every page: status words, moments in Beijing time, numbers, deadlines, lists and forms."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import ChoiceWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kczg.kit.clock import gate_words, local

register = template.Library()

NOTHING = "--"
AMBER = timedelta(hours=72)
RED = timedelta(hours=24)

TONES = {
    "submitted": "now",
    "returned": "warn",
    "recommended": "done",
    "correcting": "warn",
    "accepted": "done",
    "in_review": "now",
    "shortlisted": "ok",
    "listed": "ok",
    "published": "ok",
    "proposed": "now",
    "done": "done",
    "in_progress": "now",
    "invited": "now",
    "blocked": "done",
    "has_errors": "error",
    "filed": "done",
    "lodged": "warn",
    "admitted": "now",
    "answered": "done",
    "running": "now",
    "failed": "error",
}
"""The tone behind a status word. What is left to do stands out; what is not named here is grey."""


@register.simple_tag
def status(code: str, word: str) -> SafeString:
    """A status as a word with a ground that only helps: never colour alone."""
    tone = TONES.get(str(code), "")
    return format_html('<span class="tag{}">{}</span>', f" tag-{tone}" if tone else "", word)


@register.filter
def behind(text: str, sign: str) -> list[str]:
    """The pieces of a text that end in the sign, and the rest: a@b behind @ is a@, b."""
    head, found, tail = text.partition(sign)
    return [head + found, *behind(tail, sign)] if found and tail else [text]


@register.filter
def beijing(moment: datetime | None) -> str:
    """A moment as YYYY-MM-DD HH:MM on the wall clock in Beijing."""
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else NOTHING


@register.filter
def beijing_seconds(moment: datetime | None) -> str:
    """A moment to the second, as receipts print it."""
    return f"{local(moment):%Y-%m-%d %H:%M:%S}" if moment else NOTHING


@register.filter
def day(moment: datetime | None) -> str:
    """The day of a moment in Beijing."""
    return f"{local(moment):%Y-%m-%d}" if moment else NOTHING


@register.filter
def gate(until: datetime | None) -> str:
    """The end of a half-open window as the notice prints it: midnight is the day before at 24时 (通知三)."""
    return gate_words(until, with_year=True) or NOTHING


def time_left(left: timedelta) -> str:
    """How long is left, coarse where there is much of it and in minutes where there is little."""
    minutes = max(int(left.total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes // 60
    if left >= AMBER:
        return _("还剩%(days)d天") % {"days": days}
    if left >= RED:
        return _("还剩%(days)d天%(hours)d小时") % {"days": days, "hours": hours % 24}
    if hours:
        return _("还剩%(hours)d小时%(minutes)d分钟") % {"hours": hours, "minutes": minutes % 60}
    return _("还剩%(minutes)d分钟") % {"minutes": minutes}


@register.inclusion_tag("parts/deadline.html", takes_context=True)
def deadline(context: template.Context, until: datetime | None, short: bool = False) -> dict[str, Any]:
    """The deadline bar, judged by the moment at which the server received the request."""
    if until is None:
        return {"until": None}
    left = until - context["request"].judged_at
    over = left <= timedelta(0)
    tone = "is-over" if over else "is-red" if left < RED else "is-amber" if left < AMBER else ""
    seconds = max(int(left.total_seconds()), 0)
    return {
        "until": until, "over": over, "tone": tone, "seconds": seconds, "left": time_left(left), "short": short,
        "urgent": tone == "is-red",
    }  # fmt: skip


@register.filter
def thousands(value: Any) -> str:
    """A number with 千分位, its decimals as they are; ``--`` where there is none."""
    if value is None or value == "":
        return NOTHING
    try:
        return f"{Decimal(str(value)):,f}"
    except InvalidOperation:
        return str(value)


@register.filter
def dash(value: Any) -> Any:
    """The value, or ``--``: a cell is never blank."""
    return NOTHING if value is None or value == "" else value


@register.simple_tag
def quota_words(used: int, limit: int) -> str:
    """The places of a unit in words."""
    return _("已推荐%(used)d，名额%(limit)d，剩余%(left)d") % {
        "used": used, "limit": limit, "left": max(limit - used, 0)
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The address of this page with some parameters changed; None takes one away."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag
def page_numbers(page_obj: Page) -> list[int | str]:
    """The numbers of a pager, with … where some are left out."""
    return list(page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, key: str, word: str, num: bool = False) -> SafeString:
    """The head of a column that can be sorted by a link: ``?sort=key``, then ``?sort=-key``."""
    now = context["request"].GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    href = query(context, sort=f"-{key}" if now == key else key, page=None)
    sort = format_html(' aria-sort="{}"', direction) if direction else ""
    number = SafeString(' class="num"') if num else ""
    return format_html('<th scope="col"{}{}><a href="{}">{}</a></th>', number, sort, href, word)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's control, described by its hint, its error and its counter, in this order."""
    described = [field.aria_describedby or ""]
    if bounds(field) and field.auto_id:
        described.append(f"{field.auto_id}_counter")
    words = " ".join(filter(None, described))
    attrs: dict[str, str | bool] = {"aria-describedby": words} if words and not field.use_fieldset else {}
    return field.as_widget(attrs=attrs)


@register.filter
def bounds(field: BoundField) -> str:
    """What a text's counter says before any script runs; empty for a field without limits."""
    attrs = field.field.widget.attrs
    least, most = attrs.get("data-min"), attrs.get("data-max")
    if least and most:
        return _("要求%(least)s—%(most)s字") % {"least": least, "most": most}
    if most:
        return _("不超过%(most)s字") % {"most": most}
    return _("不少于%(least)s字") % {"least": least} if least else ""


@register.filter
def first_control(field: BoundField) -> str:
    """The id that a link to this field lands on: its control, its first choice, or the group itself."""
    if field.id_for_label:
        return field.id_for_label
    if isinstance(field.field.widget, ChoiceWidget):
        return f"{field.auto_id}_0"
    return f"div_{field.auto_id}"


@register.filter
def error_links(form: BaseForm) -> list[tuple[str, str]]:
    """Each message of a form with the id of the place where it is mended, in the order of the page."""
    own = getattr(form, "error_links", None)
    if own:
        return own()
    links = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        links += [("" if field.is_hidden else first_control(field), str(message)) for message in field.errors]
    return links
