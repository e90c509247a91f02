"""How the processes log: one line for each event, JSON on a server, readable in the embedded run."""

from __future__ import annotations

import re
import sys
from typing import Any

import structlog

_KEY = re.compile(r"(/password/new/[0-9A-Za-z]+-|/invitation/[0-9]+-)[^/?\s]+")


def without_secrets(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """Leaves out of a line the key of a reset link or an invitation, and what an address asks for: names, mostly (A5)."""
    for key in ("request", "path"):
        if key in line:
            line[key] = str(line[key]).partition("?")[0]
    for key in ("request", "path", "event"):
        if isinstance(line.get(key), str):
            line[key] = _KEY.sub(r"\1…", line[key])
    return line


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
]


def logging_config(level: str, as_json: bool) -> dict[str, Any]:
    """The value of Django's LOGGING; also makes structlog write through the same handler."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        # The plain traceback: the pretty one prints the values of variables, people's data among them (A5).
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
