"""通知设置: which way each kind comes, the link that stops mails, the daily digest, text messages, both languages."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy

from accounts import letters, stopping
from accounts.kinds import KINDS, Way, always_mailed, chosen_by
from accounts.models import Notice, User
from kczg.kit import outbox, sms
from kczg.kit.models import Event, Job
from nominations import notices
from nominations.actions.applicant import choose_unit
from nominations.actions.digests import owe_digests
from nominations.rules.quota import Share, Standing
from tests import cast

ROOT = Path(__file__).resolve().parents[2]
AT = cast.DURING_CALL
D, H = timedelta(days=1), timedelta(hours=1)
DATABASE = pytest.mark.django_db
PAGE = "/account/notices/"


def tell(name, key, at, **thing):
    with time_machine.travel(at, tick=False):
        return letters.deliver(_job(key, at), notices.LETTERS[name](**thing), at)


def _job(key, at):
    return Job.objects.create(key=key, kind="notice_mail", owed_at=at)


def settle():
    """Runs what is owed by mail."""
    for job in Job.objects.filter(kind="notice_mail", state="queued"):
        outbox.run(job.pk)


# --- What may be chosen --------------------------------------------------------------------------------------


def test_what_nobody_can_switch_off():
    must = {kind.name for kind in KINDS.values() if kind.must}
    assert must >= {
        "returned",
        "declined",
        "rejected",
        "outcome",
        "unfinished",
        "expert_invited",
        "handed_over",
    }
    assert [kind.name for kind in chosen_by(["unit"])] == ["submitted", "unit_waiting", "twin_found"]
    assert [kind.name for kind in always_mailed(["unit"])] == ["unfinished", "twin_resolved"]
    assert {name for name, kind in KINDS.items() if Way.DIGEST in kind.ways} == {"submitted"}


@DATABASE
def test_the_page_keeps_what_was_chosen_and_the_record_never_the_number(
    client: Client, unit_person, settings
):
    settings.SMS_BACKEND = "console"
    client.force_login(unit_person)
    page = client.get(PAGE).text
    assert "必须发送邮件的通知" in page and "征集已截止，申报未完成" in page and "不予推荐" not in page
    given = {
        "language": "en",
        "way_submitted": "digest",
        "way_unit_waiting": "product",
        "way_twin_found": "at_once",
    }
    for mobile, words in (
        ("1380013800", "手机号码应为11位，现有10位"),
        ("12800138000", "手机号码应以13—19开头，现为12"),
        ("010-56057633", "只能填一个手机号码，例如13800138000"),
        ("", "填写手机号码，或不勾选短信提醒"),
    ):
        answer = client.post(PAGE, {**given, "mobile": mobile, "sms": "on"})
        assert (answer.status_code, words in answer.text) == (422, True), mobile
    assert client.post(PAGE, {**given, "way_unit_waiting": "digest"}).status_code == 422
    typed = {**given, "mobile": "+86 138 0013-8000", "sms": "on", "way_unfinished": "product"}
    assert client.post(PAGE, typed).status_code == 302
    person = User.objects.get(pk=unit_person.pk)
    assert (person.language, person.mobile, person.wants_sms) == ("en", "13800138000", True)
    assert person.ways == {"submitted": "digest", "unit_waiting": "product", "twin_found": "at_once"}
    page = client.get(PAGE).text
    assert "138****8000" in page and "13800138000" not in page.replace("138****8000", "")
    client.post(PAGE, {**given, "mobile": ""})
    assert User.objects.get(pk=person.pk).mobile == "13800138000", "left as it was"
    assert client.post(PAGE, {**given, "forget": "on", "sms": "on"}).status_code == 422
    client.post(PAGE, {**given, "forget": "on"})
    person.refresh_from_db()
    assert (person.mobile, person.wants_sms) == ("", False)
    told = Event.objects.filter(name="notices_chosen")
    assert told.count() == 3 and "138" not in str(list(told.values_list("data", flat=True)))
    settings.SMS_BACKEND = ""
    assert "手机号码" not in client.get(PAGE).text, "where none are sent, no number is asked for"
    User.objects.filter(pk=person.pk).update(mobile="13800138000", wants_sms=True)
    client.post(PAGE, given)
    assert User.objects.get(pk=person.pk).wants_sms, "what wasn't asked stays"


@DATABASE
def test_letters_come_in_the_language_that_the_person_last_switched_to(
    client: Client, submitted, unit_person
):
    client.force_login(unit_person)
    client.post("/language/", {"language": "en", "next": "/"})
    assert User.objects.get(pk=unit_person.pk).language == "en"
    tell("submitted", "one", AT, nomination_id=submitted.pk)
    mine, theirs = mail.outbox[1], mail.outbox[0]
    assert mine.subject == "Innovation China rankings: awaiting recommendation, 低噪声微机电传感芯片"
    assert theirs.subject == "“科创中国”系列榜单：2022XD00001已提交"
    Client().post("/language/", {"language": "zh-hans", "next": "/"})
    assert User.objects.get(pk=unit_person.pk).language == "en", "nobody is signed in"


# --- The link at the foot ------------------------------------------------------------------------------------


@DATABASE
def test_the_link_stops_mails_of_its_kind_and_nothing_else(submitted, unit_person):
    tell("submitted", "one", AT, nomination_id=submitted.pk)
    letter = mail.outbox[-1]
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letter.body and letter.to == ["wangmin@example.org"]
    path = "/" + link.split("/", 3)[3]
    box = Client(enforce_csrf_checks=True)
    assert "停止后，“新的待推荐申报”不再发送邮件" in box.get(path).text
    assert User.objects.get(pk=unit_person.pk).ways == {}, "looking changes nothing (I7)"
    answer = box.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "不再以邮件发送" in answer.text, "王敏" in answer.text) == (200, True, False)
    assert User.objects.get(pk=unit_person.pk).ways == {"submitted": "product"}
    assert box.post(path).status_code == 200
    assert Event.objects.filter(name="mail_stopped").count() == 1
    tell("submitted", "two", AT, nomination_id=submitted.pk)
    stand = Notice.objects.filter(person=unit_person).values_list("event", "mail").order_by("pk")
    assert [sent for _event, sent in stand] == ["sent", ""]


@DATABASE
def test_P6_the_link_tells_nothing_of_who_has_an_account(client: Client, submitted, unit_person):
    notice = cast.told(submitted, "unit_person")
    path = "/" + stopping.link(notice).split("/", 3)[3]
    assert client.get(path).status_code == 200
    answers = [client.get(path).text]
    User.objects.filter(pk=unit_person.pk).delete()
    assert client.post(path).status_code == 200 and Event.objects.filter(name="mail_stopped").count() == 0
    answers.append(client.get(path).text)
    bare = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text) for text in answers]
    assert bare[0] == bare[1]
    for wrong in ("", "?t=", "?t=x", f"?t={path[-20:]}", f"{path[path.index('?') :]}x"):
        answer = client.post(f"{PAGE}stop/{wrong}")
        assert (answer.status_code, "链接不完整" in answer.text) == (400, True), wrong


@DATABASE
def test_what_must_be_mailed_has_no_link(returned):
    tell("returned", "one", AT, nomination_id=returned.pk)
    assert "List-Unsubscribe" not in mail.outbox[-1].extra_headers and "stop/" not in mail.outbox[-1].body


# --- The digest ----------------------------------------------------------------------------------------------


def at_eight(day: int):
    """8:00 in Beijing on a day of October 2022."""
    return AT.replace(day=day, hour=0)


@DATABASE
def test_the_digest_comes_once_a_day_at_eight_and_only_with_news(unit_person):
    unit_person.ways = {"submitted": "digest"}
    unit_person.save()
    first, second = cast.submitted(), cast.submitted(title="高可靠工业总线控制器")
    Job.objects.all().delete()
    tell("submitted", "one", at_eight(20) + 2 * H, nomination_id=first.pk)
    tell("submitted", "two", at_eight(20) + 3 * H, nomination_id=second.pk)
    assert not [letter for letter in mail.outbox if letter.to == [unit_person.email]]
    Job.objects.all().delete()
    assert owe_digests(at_eight(21) - timedelta(seconds=1)) == 0
    assert [owe_digests(at_eight(21) + n * H) for n in range(3)] == [1, 0, 0]
    with time_machine.travel(at_eight(21), tick=False):
        settle()
    (letter,) = [letter for letter in mail.outbox if letter.to == [unit_person.email]]
    assert letter.subject == "“科创中国”系列榜单：今日汇总，2项待推荐"
    lines = letter.body.splitlines()
    assert lines[0] == "王敏：中国电子学会有2项申报待推荐，提交最早的在前："
    assert lines[1:3] == [
        f"{first.number} 低噪声微机电传感芯片，2022-10-20 10:00提交",
        f"{second.number} 高可靠工业总线控制器，2022-10-20 10:00提交",
    ]
    assert "电子信息领域，已推荐0，名额3，剩余3" in lines and "stop/?t=" in letter.body
    assert owe_digests(at_eight(22)) == 0, "nothing new"
    # In the last three days it comes at once, whatever was chosen.
    tell("submitted", "three", cast.GATE - 3 * D, nomination_id=first.pk)
    assert mail.outbox[-1].subject == "“科创中国”系列榜单：待推荐，低噪声微机电传感芯片"


@DATABASE
def test_a_digest_of_what_was_done_meanwhile_is_not_sent(unit_person, submitted):
    assert len(notices.digest(unit_person.pk)) == 1
    cast.recommend(submitted)
    assert notices.digest(unit_person.pk) == []


@DATABASE
def test_S4_a_unit_is_not_told_of_what_is_a_draft_again_and_names_it_since(submitted, other_unit_person):
    returned = cast.send_back(submitted, "")
    applicant = cast.acting(cast.cast("applicant"))
    choose_unit(returned, cast.unit_of_two_channels(), applicant, cast.DURING_CALL)
    assert {letter.to for letter in notices.submitted(returned.pk)} == {applicant.user}


# --- Text messages -------------------------------------------------------------------------------------------


@DATABASE
def test_A5_a_text_message_goes_shortly_before_the_gate_to_who_wants_it(draft, settings, capsys, caplog):
    settings.SMS_BACKEND = "console"
    person = draft.created_by
    person.mobile, person.wants_sms = "13800138000", True
    person.save()
    for before, key in ((3 * H + timedelta(seconds=1), "one"), (3 * H, "two"), (3 * H, "two")):
        Job.objects.filter(key=key).delete()
        tell("closing_soon", key, cast.GATE - before, nomination_id=draft.pk)
    words = f"“科创中国”系列榜单：{draft.number}尚未提交，2022年10月31日24时截止"
    assert capsys.readouterr().out == f"SMS 13800138000: {words}\n"
    assert "13800138000" not in caplog.text
    assert list(Notice.objects.order_by("pk").values_list("sms", flat=True)) == ["", "sent"]
    settings.SMS_BACKEND = "tests.accounts.refusing.NoGateway"
    tell("closing_soon", "three", cast.GATE - 2 * H, nomination_id=draft.pk)
    last = Notice.objects.latest("pk")
    assert (last.mail, last.sms, "138" in caplog.text) == ("sent", "waiting", False)
    letters.post_waiting(cast.GATE + H)
    last.refresh_from_db()
    assert last.sms == "", "too late to tell"


def test_the_backend_is_chosen_by_its_path(settings):
    settings.SMS_BACKEND = ""
    assert not sms.offered()
    settings.SMS_BACKEND = "kczg.kit.sms.Console"
    assert isinstance(sms.backend(), sms.Console)


# --- Both languages, and the table for operators -------------------------------------------------------------


def facts():
    """Whatever a template asks for, without a word of Chinese but in names."""
    row = SimpleNamespace(
        number="2022XD00001", shown_title="传感芯片", state="submitted", state_label=gettext_lazy("待推荐"),
        submitted_at=AT, applicant="云脉", unit="电子学会", track="信息",
        ranking=SimpleNamespace(season=SimpleNamespace(year=2022), name="先导"),
    )  # fmt: skip
    return {
        "person": User(username="lijing", name="李静"), "nomination": row, "nominations": [row, row],
        "until": cast.GATE, "count": 2, "reason": "Compare with similar products", "unit": "电子学会",
        "track": "信息", "body": "联合体", "places": [Standing("先导", "电子", (Share("a", 3),), 1)],
        "version": SimpleNamespace(submitted_at=AT, check_code="7K3M-Q9TA"),
        "sight": SimpleNamespace(partner=row, title="传感芯片", unit="电子学会", reasons=["90%"], is_kept=True),
        "twin": SimpleNamespace(reason="Same applicant"),
    }  # fmt: skip


NAMES = ("传感芯片", "李静", "电子学会", "信息", "联合体", "先导", "电子", "云脉")


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_letter_is_written_in_both_languages(name):
    given = facts()
    texts = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts[language] = render_to_string(f"notices/{name}.txt", given).strip()
    assert texts["zh-hans"].startswith("“科创中国”系列榜单：") and "\n\n" in texts["zh-hans"]
    left = texts["en"]
    for each in NAMES:
        left = left.replace(each, "")
    assert re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", left) == []
    assert left.startswith("Innovation China rankings: ")


def table() -> str:
    """The table of all letters, as it stands in docs/operators/letters.md."""
    lines = ["| kind | 通知 | to | by mail | text message |", "|---|---|---|---|---|"]
    for kind in KINDS.values():
        if kind.must:
            by_mail = "always"
        elif kind.follows:
            by_mail = f"as `{kind.follows}` is chosen"
        else:
            by_mail = "chosen: " + ", ".join(way.replace("_", " ") for way in kind.ways)
        hours = f"within {int(kind.sms_within / H)} h of the gate" if kind.sms_within else ""
        lines.append(f"| `{kind.name}` | {kind.word} | {', '.join(kind.roles)} | {by_mail} | {hours} |")
    return "\n".join(lines)


def test_the_operators_table_names_every_letter():
    assert table() in (ROOT / "docs/operators/letters.md").read_text("utf-8")


TO_NOBODY = {"unit_invited"}
"""Letters to an address whose owner has no account yet, and so no notices and no choice."""


def test_every_kind_has_its_template_and_every_template_its_kind():
    files = {path.stem for path in (ROOT / "templates/notices").glob("*.txt")} - {"mail", *TO_NOBODY}
    assert files == set(KINDS)
