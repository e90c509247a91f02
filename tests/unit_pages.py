"""Every page of a recommending unit, found by walking the resolver: a page that somebody adds is there by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SPACE, PREFIX = "nominations:", "unit_"

NOT_WALKED = {
    "unit_file": "hands out one stored file",
    "unit_paper": "hands out one stored paper",
    "unit_seal_confirm": "takes posts about one picture",
    "unit_import_template": "hands out a workbook that is made of the form alone",
}
"""Addresses that show no rows → what they do instead."""

LISTS = {"unit_list": ("", "state=submitted", "sort=title", "sort=-title", "sort=track", "q=技术", "page=2")}
"""The list is asked in each of its ways: filters, orders, words, a later page."""


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def names() -> list[str]:
    """The names of all addresses of a unit, in the order of the resolver."""
    found = [str(entry.name) for entry in _patterns(get_resolver()) if str(entry.name).startswith(PREFIX)]
    return list(dict.fromkeys(found))


def wants(name: str) -> set[str]:
    """What an address names: number, pk and so on."""
    entry = next(entry for entry in _patterns(get_resolver()) if entry.name == name)
    return set(entry.pattern.converters)


def pages(things: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name and path of each page for these things: number, and pk by the address's name.

    An address that names a thing which isn't among them is left out; one that names nothing never is.
    """
    for name in names():
        if name in NOT_WALKED:
            continue
        named = {thing: things.get(thing, things.get(f"{name}.{thing}")) for thing in wants(name)}
        given = {thing: found for thing, found in named.items() if found is not None}
        if given.keys() != named.keys():
            continue
        path = reverse(f"{SPACE}{name}", kwargs=given)
        for query in LISTS.get(name, ("",)):
            yield f"{name} {query}".strip(), f"{path}?{query}" if query else path
