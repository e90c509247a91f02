"""Addresses: the nominations' pages, one list for each kind of reader; a list is one sibling module."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

app_name = "nominations"

LISTS = ("applicant", "unit", "office", "public", "api")
"""The sibling modules, in the order in which their addresses are tried."""


def _addresses(name: str) -> list:
    module = f"{__name__}.{name}"
    return import_module(module).urlpatterns if find_spec(module) else []


urlpatterns = [pattern for name in LISTS for pattern in _addresses(name)]
