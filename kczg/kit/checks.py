"""Start-up checks: what a paper needs from the machine, said before the first paper is late or has holes."""

from __future__ import annotations

import ctypes
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from kczg.kit import sms

SUBSETTER = "libharfbuzz-subset.so.0"
FONTCONFIG = "libfontconfig.so.1"
FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


@register()
def papers(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Whether papers can be printed, with the fonts that hold the rare characters, and in time."""
    found: list[CheckMessage] = []
    if not has_library(SUBSETTER):
        words = f"没有{SUBSETTER}，生成一份PDF要十几秒（a PDF takes 20 times as long without it）"
        found.append(Warning(words, hint=INSTALL, id="kit.W001"))
    absent = [family for family in FAMILIES if not has_family(family)]
    if absent:
        words = f"没有字体{'、'.join(absent)}，PDF会缺字（papers would lack characters）"
        found.append(Error(words, hint=INSTALL, id="kit.E001"))
    return found


@register()
def text_messages(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Whether the backend that sends text messages is there."""
    try:
        if sms.offered():
            sms.backend()
    except Exception as fault:  # Whatever another's class raises when it is made.
        words = f"KCZG_SMS_BACKEND：{settings.SMS_BACKEND}不可用（can't be used: {type(fault).__name__}）"
        return [Error(words, hint="docs/operators/letters.md", id="kit.E002")]
    return []


def has_library(name: str) -> bool:
    """Whether the loader finds a shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_family(family: str) -> bool:
    """Whether fontconfig has a font family of exactly this name; False without fontconfig."""
    try:
        config = ctypes.CDLL(FONTCONFIG)
    except OSError:
        return False
    for name in ("FcNameParse", "FcFontMatch"):
        getattr(config, name).restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(config.FcNameParse(family.encode()))
    config.FcConfigSubstitute(None, pattern, 0)
    config.FcDefaultSubstitute(pattern)
    outcome, got = ctypes.c_int(), ctypes.c_char_p()
    match = ctypes.c_void_p(config.FcFontMatch(None, pattern, ctypes.byref(outcome)))
    try:
        if not match or config.FcPatternGetString(match, b"family", 0, ctypes.byref(got)):
            return False
        return got.value == family.encode()
    finally:
        for each in filter(None, (pattern, match)):
            config.FcPatternDestroy(each)
