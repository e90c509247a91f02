"""The renderer of papers: it fetches nothing, speaks Chinese, and says at the start what the machine lacks."""

import io
import socket

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.utils import translation

from kczg.kit import checks, papers


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_args):
        raise AssertionError("a paper tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.invalid/x.png",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "data:image/svg+xml,<svg/>",
        "asset:other.svg",
        "asset:../qr.svg",
        "//example.invalid/x.png",
        "/etc/passwd",
    ],
)
def test_only_named_assets_are_given(address, no_network):
    fetcher = papers._fetcher({"qr.svg": b"<svg/>"})
    for ask in (fetcher, fetcher.fetch, fetcher.open):
        with pytest.raises(ValueError, match="their own assets"):
            ask(address)
    content = papers.render_html(
        f'<link rel="stylesheet" href="{address}"><style>p {{ background: url("{address}") }}</style>'
        f'<p>甲<img src="{address}"><object data="{address}"></object><a href="{address}">乙</a></p>'
        f'<link rel="attachment" href="{address}">'
    )
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert not reader.attachments and not reader.pages[0].images


def test_a_named_asset_is_drawn_and_the_code_can_be_read():
    address = "https://example.org/verify/7K3M-Q9TA/"
    content = papers.render_html(
        '<img class="qr" src="asset:qr.svg" alt="码">', {"qr.svg": papers.qr_svg(address)}
    )
    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [address]


def test_papers_are_chinese_for_every_reader():
    with translation.override("en"):
        content = papers.render_template("papers/base.html", {})
    assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "zh-CN"
    assert "第1页" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_process_has_one_font_configuration():
    assert papers._warm() is papers._warm()


def test_this_machine_can_print():
    assert checks.papers(None) == []


def test_what_is_missing_is_said_at_the_start(monkeypatch):
    monkeypatch.setattr(checks, "SUBSETTER", "libno-such-library.so.0")
    monkeypatch.setattr(checks, "FAMILIES", ("No Such Family",))
    found = checks.papers(None)
    assert [message.id for message in found] == ["kit.W001", "kit.E001"]
    assert all("fonts-noto-cjk" in message.hint for message in found)


def test_without_fontconfig_no_family_is_there(monkeypatch):
    monkeypatch.setattr(checks, "FONTCONFIG", "libno-such-library.so.0")
    assert checks.has_family("Noto Serif CJK SC") is False
