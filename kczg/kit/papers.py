"""Papers: HTML of our own templates becomes PDF, in a worker, with nothing fetched from anywhere.

For whoever prints something: write a template that extends ``papers/base.html`` (its head names the blocks)
and call ``render_template("papers/mine.html", {...})``. Pictures come from ``assets``: the template says
``<img src="asset:qr.svg">``, the caller ``assets={"qr.svg": qr_svg(url)}``. Any other address is refused.
Tables of class ``list`` repeat their head on every page. Papers are Chinese whatever the reader's language.
"""

from __future__ import annotations

import gc
import io
import logging
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation

ASSET = "asset:"
STYLE = "papers/paper.css"
LAYOUTS = 4
"""Times that a paper may be laid out anew at most."""
PIXELS = 96 / 25.4
"""CSS pixels in a millimetre."""
_ONE_AT_A_TIME = Lock()
"""Pango's font maps aren't made for threads; a worker has one renderer."""

# Its warnings name characters and addresses that people typed, which no log may hold (A5).
logging.getLogger("weasyprint").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Place:
    """Where an element with an id stands, or a piece of it: the page from 1, and its edges in millimetres."""

    page: int
    top: float
    bottom: float


Places = Mapping[str, tuple[Place, ...]]
"""id → its pieces, one for each page that it goes over."""


def render_template(
    name: str,
    context: Mapping[str, Any],
    assets: Mapping[str, bytes] | None = None,
    fit: Callable[[Places], Mapping[str, Any] | None] | None = None,
) -> bytes:
    """The template as a PDF, in Chinese. ``assets`` as in ``render_html``.

    ``fit`` is told where the elements with an id have come to stand, and may answer with what else to tell the
    template for another lay-out, of which it is told again; with None, or after ``LAYOUTS``, the last is printed.
    """
    with translation.override("zh-hans"):
        document = _laid_out(render_to_string(name, dict(context)), assets)
        for _again in range(LAYOUTS):
            if fit is None or (more := fit(places(document))) is None:
                break
            document = _laid_out(render_to_string(name, {**context, **more}), assets)
        return _written(document)


def render_html(html: str, assets: Mapping[str, bytes] | None = None) -> bytes:
    """HTML as a tagged PDF with embedded subsets of the fonts; about half a second for a form, once warm.

    ``assets`` are the only files that the HTML may name, as ``asset:<name>``; everything else that it names
    is left out of the paper and nothing is fetched (I4). The first call of a process reads the fonts and
    the stylesheet, which takes a second more.
    """
    return _written(_laid_out(html, assets))


def places(document: Any) -> Places:
    """Where the elements with an id stand in a document that is laid out."""
    found: dict[str, tuple[Place, ...]] = {}
    for number, page in enumerate(document.pages, start=1):
        for name, (_left, top, _right, bottom) in page.anchors.items():
            found[name] = (*found.get(name, ()), Place(number, top / PIXELS, bottom / PIXELS))
    return found


@contextmanager
def _renderer() -> Iterator[None]:
    """The one renderer, undisturbed: a lay-out is many small things that all live to its end, and a collector that
    looks through them again and again takes a quarter of the time."""
    with _ONE_AT_A_TIME:
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collects:
                gc.enable()


def _laid_out(html: str, assets: Mapping[str, bytes] | None) -> Any:
    # Imported here: web processes and commands print nothing, and its libraries take half a second to load.
    from weasyprint import HTML

    with _renderer():
        fonts, style = _warm()
        document = HTML(string=html, url_fetcher=_fetcher(assets or {}), media_type="print")
        return document.render(stylesheets=[style], font_config=fonts, cache={})


def _written(document: Any) -> bytes:
    with _renderer():
        pdf = document.write_pdf(pdf_tags=True)
    assert pdf is not None  # Nothing but a target makes it None.
    return bytes(pdf)


@cache
def _warm() -> tuple[Any, Any]:
    """The process's one font configuration and parsed stylesheet: with new ones for each paper memory grows."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    style = CSS(
        string=render_to_string(STYLE), font_config=fonts, url_fetcher=_fetcher({}), media_type="print"
    )
    return fonts, style


def _fetcher(assets: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Assets(URLFetcher):
        """Gives our own named assets; has no handler that could open a file or a connection."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            name = url.removeprefix(ASSET)
            if name == url or name not in assets:
                raise ValueError("papers name nothing but their own assets")
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, assets[name], {"Content-Type": kind})

    return Assets(allowed_protocols=())


def qr_svg(text: str) -> bytes:
    """A QR code of the text as SVG without a border: the paper leaves the quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue()
