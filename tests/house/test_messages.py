"""The two languages: both catalogues are complete, and pages in English hold no Chinese but names."""

import gettext
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.test import Client
from lxml import html

from tests import cast

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "kczg/locale"
WORDED = ("accounts", "kczg", "nominations", "reviews", "script", "templates")
CHINESE = re.compile("[\u3400-\u9fff]+")
WIDE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
COLUMNS = (
    "上年榜单",
    "领域",
    "名称",
    "单位",
    "统一社会信用代码",
    "出处",
    "核对人",
    "核对日期",
    "类型",
    "省份代码",
)
"""Headers that a file to be imported must have, whatever the page's language."""
PRINTED = (
    *COLUMNS,
    "打分",
    "推荐单位意见",
    "草稿",
    "新型电子元器件及设备制造",
    "就业先锋",
    "创业先锋",
    "简体中文",
)
"""What English sentences quote: words of the printed forms, and the name of the other language."""


def words_of(po: Path) -> dict[str, str]:
    """The translated words of a catalogue by what they translate; empty and doubtful ones are left out."""
    mo = subprocess.run(["msgfmt", "--check-format", "-o", "-", po], check=True, capture_output=True).stdout
    path = Path(po.parent) / "django.test.mo"
    path.write_bytes(mo)
    try:
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    finally:
        path.unlink()
    # Of what is counted, the first form stands for both.
    singular = {key[0]: words for key, words in found.items() if isinstance(key, tuple) and key[1] == 0}
    return {key: words for key, words in found.items() if isinstance(key, str) and key} | singular


@cache
def english() -> dict[str, str]:
    return words_of(LOCALE / "en/LC_MESSAGES/django.po")


@cache
def chinese() -> dict[str, str]:
    return words_of(LOCALE / "zh_Hans/LC_MESSAGES/django.po")


def parts(words: str) -> list[str]:
    """What stays the same in every language: places for names and figures, marks of HTML."""
    return sorted(set(re.findall(r"%\(\w+\)|%[sd]|</?\w+[^>]*>", words)))


# --- The catalogues ------------------------------------------------------------------------------------------


def test_no_word_is_missing_from_the_catalogues(tmp_path):
    for name in WORDED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("manage.py", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "static").symlink_to(ROOT / "static")
    subprocess.run([tmp_path / "script/messages"], check=True, capture_output=True, timeout=120)
    collected = words_of(tmp_path / "kczg/locale/zh_Hans/LC_MESSAGES/django.po")
    assert sorted(set(collected) - set(chinese())) == []
    assert sorted(set(collected) - set(english())) == []


def test_both_languages_say_the_same_things():
    assert sorted(english()) == sorted(chinese())
    assert len(english()) > 1200


def test_nothing_is_left_open():
    for po in LOCALE.glob("*/LC_MESSAGES/django.po"):
        source = po.read_text("utf-8")
        assert re.findall(r"^#,.*\bfuzzy\b|^#~", source, re.M) == []
        assert re.findall(r'^msgid.*\n(?:".*\n)*msgstr(?:\[\d\])? ""\n(?!")', source, re.M) == []


def test_the_chinese_words_are_the_source():
    assert {key: words for key, words in chinese().items() if words != key.split("\x04")[-1]} == {}


def test_names_and_figures_keep_their_places():
    assert {key: words for key, words in english().items() if parts(key) != parts(words)} == {}


def test_no_chinese_is_left_in_english():
    found = {}
    for key, words in english().items():
        left = words
        for quoted in sorted(PRINTED, key=len, reverse=True):
            left = left.replace(quoted, "")
        if WIDE.search(left):
            found[key] = words
    assert found == {}


def test_english_is_plain():
    assert [
        words for words in english().values() if re.search(r"\b(please|sorry|invalid)\b", words, re.I)
    ] == []
    assert [words for words in english().values() if words.endswith("!")] == []


# --- The pages -----------------------------------------------------------------------------------------------

PUBLIC = [
    "/", "/rankings/", "/rankings/pioneer_technology/", "/rankings/open_source/", "/login/", "/register/",
    "/password/", "/lists/", "/notices/", "/verify/", "/verify/?code=7K3M", "/help/", "/accessibility/", "/sitemap/",
    "/no-such-page/",
]  # fmt: skip
BY_ROLE = {
    "applicant": ["/my/", "/account/", "/rankings/pioneer_technology/start/"],
    "unit_person": ["/unit/", "/unit/nominations/", "/unit/summary/"],
    "body_person": [
        "/body/", "/body/plan/", "/body/check/", "/body/experts/", "/body/assign/", "/body/progress/",
        "/body/results/",
    ],
    "office_a": [
        "/office/", "/office/season/", "/office/nominations/", "/office/units/", "/office/units/new/",
        "/office/final/", "/office/final/2022/pioneer_technology/", "/office/notices/",
        "/office/publish/", "/office/audit/",
    ],
}  # fmt: skip
OF_A_NOMINATION = [
    "",
    "unit/",
    "check/",
    "preview/",
    "progress/",
    "withdraw/",
    "technology/",
    "introduction/",
]
QUOTED = ("中文", "草稿", "推荐单位意见", "申报表", "优秀", "良好", "一般", "较差")
"""Quoted from the printed forms, and the levels that a plan starts from, which are filed in Chinese."""
ANSWERED = re.compile(r"(\d{4}年)?\d{1,2}月(\d{1,2}日)?")
"""A date as an answer of the printed form."""
SEEN = ("aria-label", "alt", "content", "data-label", "placeholder", "title")


def strings(value):
    """Every string in a value of a row, JSON included, as a whole and by its lines."""
    if isinstance(value, str):
        value = re.sub(r"\{year([+-]\d+)?\}", lambda year: str(2022 + int(year[1] or 0)), value)
        yield value
        yield from value.splitlines()
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from strings(one)


def data() -> list[str]:
    """The Chinese that is data: whatever stands in a row, the longest first."""
    found = set(QUOTED)
    for model in apps.get_models():
        if model._meta.app_label not in ("accounts", "kit", "nominations", "reviews"):
            continue
        for row in model._default_manager.all():
            found.add(str(row))
            for field in model._meta.concrete_fields:
                found.update(strings(getattr(row, field.attname)))
    from nominations.catalogues import CATALOGUES

    found.update(entry.name for catalogue in CATALOGUES.values() for entry in catalogue)
    return sorted(
        (value for value in found if len(value) > 1 and CHINESE.search(value)), key=len, reverse=True
    )


def chinese_of(page: str, known: list[str]) -> list[str]:
    """The Chinese on a page that isn't data."""
    tree = html.fromstring(page)
    texts = [text for text in tree.itertext() if WIDE.search(text)]
    texts += [node.get(name) for name in SEEN for node in tree.iter() if node.get(name)]
    found = []
    for text in texts:
        left = text
        for value in known:
            left = left.replace(value, "")
        left = ANSWERED.sub("", left)
        found += CHINESE.findall(left)
    return found


def reader(person=None) -> Client:
    """Somebody who reads English."""
    client = Client(REMOTE_ADDR=cast.ADDRESS)
    if person is not None:
        client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def left_on(client: Client, addresses: list[str]) -> dict[str, list[str]]:
    known = data()
    found = {}
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 404), address
        assert '<html lang="en"' in answer.text, address
        found[address] = chinese_of(answer.text, known)
    return {address: words for address, words in found.items() if words}


@pytest.mark.django_db
@time_machine.travel(cast.DURING_CALL, tick=False)
def test_public_pages_in_english(published):
    assert left_on(reader(), PUBLIC) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(BY_ROLE))
@time_machine.travel(cast.DURING_CALL, tick=False)
def test_pages_of_a_role_in_english(role, submitted, recommended):
    assert left_on(reader(cast.cast(role)), BY_ROLE[role]) == {}


@pytest.mark.django_db
@time_machine.travel(cast.DURING_CALL, tick=False)
def test_pages_of_a_nomination_in_english(draft):
    addresses = [f"/nominations/{draft.number}/{part}" for part in OF_A_NOMINATION]
    assert left_on(reader(draft.created_by), addresses) == {}


@pytest.mark.django_db
@time_machine.travel(cast.IN_PRELIMINARY, tick=False)
def test_pages_of_an_expert_in_english(in_review, expert_a):
    assert left_on(reader(expert_a), ["/expert/", "/expert/conflicts/", "/expert/summary/"]) == {}


@pytest.mark.django_db
@time_machine.travel(cast.DURING_CALL, tick=False)
def test_official_drafts_stay_chinese(office_a, season):
    page = reader(office_a).get("/office/notices/2022/pioneer_technology/").text
    assert "经初评评审和终评综合评议" in page


def test_scripts_speak_both_languages():
    source = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "static/js").glob("*.js")))
    pairs = re.findall(r'^\s+"(.+?)": "(.+?)",$', source, re.M)
    said = {
        key
        for path in (ROOT / "static/js").glob("*.js")
        for key in re.findall(r'\bt\("(.+?)"', path.read_text("utf-8"))
    }
    assert said <= {key for key, _words in pairs}
    for key, words in pairs:
        assert not WIDE.search(words)
        assert set(re.findall(r"\{\w+\}", key)) == set(re.findall(r"\{\w+\}", words))
