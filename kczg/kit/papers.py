"""Papers: HTML of our own templates becomes PDF, in a worker, with nothing fetched from anywhere.

For whoever prints something: write a template that extends ``papers/base.html`` (its head names the blocks)
and call ``render_template("papers/mine.html", {...})``. Pictures come from ``assets``: the template says
``<img src="asset:qr.svg">``, the caller ``assets={"qr.svg": qr_svg(url)}``. Any other address is refused.
Tables of class ``list`` repeat their head on every page. Papers are Chinese whatever the reader's language.
"""

from __future__ import annotations

import io
import logging
import mimetypes
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils import translation

ASSET = "asset:"
STYLE = "papers/paper.css"
_ONE_AT_A_TIME = Lock()
"""Pango's font maps aren't made for threads; a worker has one renderer."""

# Its warnings name characters and addresses that people typed, which no log may hold (A5).
logging.getLogger("weasyprint").setLevel(logging.ERROR)


def render_template(
    name: str, context: Mapping[str, Any], assets: Mapping[str, bytes] | None = None
) -> bytes:
    """The template as a PDF, in Chinese. ``assets`` as in ``render_html``."""
    with translation.override("zh-hans"):
        return render_html(render_to_string(name, dict(context)), assets)


def render_html(html: str, assets: Mapping[str, bytes] | None = None) -> bytes:
    """HTML as a tagged PDF with embedded subsets of the fonts; about half a second for a form, once warm.

    ``assets`` are the only files that the HTML may name, as ``asset:<name>``; everything else that it names
    is left out of the paper and nothing is fetched (I4). The first call of a process reads the fonts and
    the stylesheet, which takes a second more.
    """
    # Imported here: web processes and commands print nothing, and its libraries take half a second to load.
    from weasyprint import HTML

    with _ONE_AT_A_TIME:
        fonts, style = _warm()
        document = HTML(string=html, url_fetcher=_fetcher(assets or {}), media_type="print")
        pdf = document.write_pdf(stylesheets=[style], font_config=fonts, cache={}, pdf_tags=True)
    assert pdf is not None  # Nothing but a target makes it None.
    return pdf


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
