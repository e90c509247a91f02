"""The bar of the look that can be measured without a browser: contrast, weight, words, nothing inline or foreign."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static/css/kczg.css"
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "papers" not in path.parts and "notices" not in path.parts]
WORDED = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
HTMX = 17_000  # bytes compressed, as django-htmx ships it; pages that use it carry it beside our scripts.


def tokens() -> dict[str, str]:
    return dict(re.findall(r"(--c-[\w-]+): (#[0-9a-f]{3,6})\b", CSS.read_text("utf-8")))


def luminance(colour: str) -> float:
    digits = colour[1:]
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def weight(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


PRINTED = {
    "--c-text": "#1b2430", "--c-text-2": "#4a5666", "--c-primary": "#0b4a8f", "--c-primary-hover": "#083a70",
    "--c-accent": "#b3161b", "--c-ok": "#146c43", "--c-warn": "#7a4a00", "--c-border": "#6b7785",
    "--c-rule": "#c9d1db", "--c-bg": "#f4f6f9", "--c-card": "#fff", "--c-th": "#eaf0f7", "--c-primary-tint": "#e6eef8",
    "--c-accent-tint": "#fdecec", "--c-ok-tint": "#e6f4ec", "--c-warn-tint": "#fff4dc", "--c-muted-bg": "#e8ecf1",
    "--c-focus": "#ffd84d",
}  # fmt: skip


def test_the_tokens_are_those_of_the_design():
    assert tokens() == PRINTED


@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [
        ("--c-text", "--c-card", 15), ("--c-text", "--c-bg", 14), ("--c-text", "--c-th", 13),
        ("--c-text", "--c-muted-bg", 7), ("--c-text-2", "--c-card", 7), ("--c-text-2", "--c-bg", 4.5),
        ("--c-text-2", "--c-muted-bg", 4.5), ("--c-primary", "--c-card", 7), ("--c-primary", "--c-bg", 7),
        ("--c-primary", "--c-primary-tint", 7), ("--c-primary", "--c-th", 7), ("--c-primary-hover", "--c-card", 11),
        ("--c-accent", "--c-card", 4.5), ("--c-accent", "--c-bg", 4.5), ("--c-accent", "--c-accent-tint", 4.5),
        ("--c-ok", "--c-card", 4.5), ("--c-ok", "--c-ok-tint", 4.5), ("--c-warn", "--c-card", 7),
        ("--c-warn", "--c-warn-tint", 4.5), ("--c-border", "--c-card", 3), ("--c-border", "--c-bg", 3),
        ("--c-border", "--c-th", 3), ("--c-focus", "--c-text", 3),
    ],
)  # fmt: skip
def test_contrast(front, ground, least):
    colours = tokens()
    assert contrast(colours[front], colours[ground]) >= least


def test_the_stylesheet_weighs_at_most_15_kb():
    assert weight(CSS) <= 15_000


def test_scripts_with_htmx_weigh_at_most_30_kb():
    """files.js comes with forms that ask for files alone, which have no htmx."""
    assert weight(*(path for path in SCRIPTS if path.name != "files.js")) + HTMX <= 30_000
    assert weight(*SCRIPTS) <= 30_000


def test_files_are_short_enough_to_read():
    assert {
        path.name: n for path in [CSS, *SCRIPTS] if (n := len(path.read_text("utf-8").splitlines())) > 400
    } == {}


def test_every_word_that_a_script_says_is_known_in_english():
    words = "\n".join((ROOT / "static/js" / name).read_text("utf-8") for name in ("words.js", "files.js"))
    known = set(re.findall(r'^ {4}"(.+?)": "', words, re.M))
    said = set()
    for path in SCRIPTS:
        source = path.read_text("utf-8")
        said |= set(re.findall(r'kczg\.t\("(.+?)"', source))
        said |= (
            set(re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"', source))
            if path.name in ("job.js", "page.js", "files.js")
            else set()
        )
    assert said - known == set()
    assert known - said == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_inline_and_nothing_from_another_host(path):
    source = path.read_text("utf-8")
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', source) == []
    if path not in PAGES:
        return
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", source) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", source) == []


def test_nothing_in_the_stylesheet_is_fetched():
    assert re.findall(r"@import|url\(|@font-face", CSS.read_text("utf-8")) == []


@pytest.mark.parametrize("path", WORDED, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_words(path):
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"))
    assert re.findall("[您你]|抱歉|无效|非法|驳回|打回|获奖证书", source) == []
    # 请 asks; 申请 is a word of one ranking's own labels, 邀请 is what experts get.
    assert re.findall("(?<![申邀])请", source) == []
    chinese = r"[\u4e00-\u9fff，。；：（）“”]"
    assert (
        re.findall(
            rf"{chinese} +[0-9A-Za-z]|[0-9A-Za-z] +{chinese}",
            "".join(re.findall(r'translate "(.+?)"', source)),
        )
        == []
    )
    assert re.findall(r"[\u4e00-\u9fff][,;!?]", source) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_chinese_in_templates_goes_through_gettext(path):
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"))
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", source, flags=re.S)
    source = re.sub(
        r"\{% blocktrans(?:late)?\b.*?%\}.*?\{% endblocktrans(?:late)? %\}", "", source, flags=re.S
    )
    source = re.sub(r"""_\((["']).*?\1\)|\{% trans(?:late)? (["']).*?\2.*?%\}""", "", source)
    source = source.replace('lang="zh-CN">中文</button>', "")  # The name of the language, in itself.
    assert re.findall(r"[\u4e00-\u9fff]+", source) == []
