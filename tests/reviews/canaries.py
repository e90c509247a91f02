"""A world whose nomination tells who applies in every place that can hold a word, and a walker that reads every byte."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pikepdf
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from accounts.models import Notice
from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Job, StoredFile
from nominations.actions import applicant as applicant_actions
from nominations.actions.sending import add
from nominations.fields.base import Question
from nominations.models import Nomination
from reviews.actions import preliminary
from reviews.rules.blinding import _tight
from tests import cast, files
from tests.cast_form import chinese, full_answers

FILES = "proof_files"

APPLIED = {
    "the applicant's name": "北京云脉传感科技有限公司",
    "its short name": "云脉",
    "its English name": "Yunmai Sense",
    "the recommending unit": "中国电子学会",
    "the contact": "李静",
    "the contact in pinyin": "lijing",
    "the leader": "王强",
    "a member": "赵一鸣",
    "the telephone": "62550001",
    "a mobile": "13812345678",
    "the mailbox": "lijing@yunmai-sense.example",
    "the credit code": "91110108MA01ABCD2X",
    "the address": "中关村东路1号院8号楼",
    "the web address": "www.yunmai-sense.example",
    "a patent": "ZL202010123456",
    "an inventor": "欧阳明",
    "the author of a file": "Yunmai Author",
}
"""What an expert may never read; without punctuation and case, as a reader would recognise it."""
REVIEWED = {
    "an expert": "吴志远",
    "the other expert": "郑海涛",
    "an expert's mailbox": "wuzhiyuan",
    "an expert's employer": "清江大学",
    "the other's employer": "东湖信息研究院",
}
"""What an applicant and a recommending unit may never read."""


def answers() -> dict[str, Any]:
    """Complete answers, with each of the above in several spellings."""
    given = full_answers(title="云脉低噪声微机电传感芯片")
    told = (
        "北京云脉传感科技有限公司（简称“云脉动”，英文名Yunmai Sense）研制，云 脉传感由中国电子 学会推荐。"
        "联系人李　静（Li Jing），电话０１０－６２５５ ０００１，手机138-1234-5678，邮箱LiJing@Yunmai-Sense.example，"
        "网址www.yunmai-sense.example，代码91110108 ma01abcd2x，地址中关村东路 1号院8号楼，专利ZL 2020 1 0123456.7。"
    )
    return given | {
        "email": "lijing@yunmai-sense.example",
        "team_profile": "团队由王强教授领衔，成员有刘洋、陈晨、赵一鸣等。" + chinese(100),
        "introduction_text": told + chinese(320),
        "economy_text": "ＹＵＮＭＡＩ　ＳＥＮＳＥ的产品由王强、赵一鸣和欧阳明\n设计，订单见云脉公司网站。"
        + chinese(180),
        "rights_rows": [{**given["rights_rows"][0], "holder": "欧阳明"}],
    }


def told_pdf(words: str = "") -> bytes:
    """A PDF of one page with these words, and with canaries in its properties, XMP, notes, bookmarks and layers."""

    def change(document: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page = document.pages[0]
        photo = pikepdf.Stream(document, files.picture(comment=b"Yunmai Author"))
        for key, value in (("Type", "/XObject"), ("Subtype", "/Image"), ("ColorSpace", "/DeviceRGB")):
            photo[f"/{key}"] = pikepdf.Name(value)
        photo.Width, photo.Height, photo.BitsPerComponent = 120, 80, 8
        photo.write(files.picture(comment=b"Yunmai Author"), filter=pikepdf.Name.DCTDecode)
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F=font), XObject=pikepdf.Dictionary(P=document.make_indirect(photo))
        )
        text = f"BT /F 12 Tf 72 720 Td (Detection limits measured by a laboratory. {words}) Tj ET"
        page.Contents = document.make_stream(f"{text} q 60 0 0 40 72 600 cm /P Do Q".encode())
        note = (
            "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (Yunmai Author) /T (Yunmai Author) >>"
        )
        page.Annots = pikepdf.Array([document.make_indirect(files.parsed(note))])
        page.PieceInfo = files.parsed("<< /A << /Private (Yunmai Author) >> >>")
        with document.open_metadata() as xmp:
            xmp["dc:creator"] = ["Yunmai Author"]
        document.docinfo["/Author"] = "Yunmai Author"
        document.docinfo["/Title"] = "李静"
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Yunmai Author", 0))

    return files.pdf(change=change)


@dataclass
class World:
    nomination: Nomination
    open_file: StoredFile
    telling_file: StoredFile


def build(blind: bool = True) -> World:
    """A nomination of 电子信息 in review by both experts, with two files of which none is released yet."""
    _ask_for_files()
    cast.unit()
    nomination = cast.draft(answers=answers())
    who = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    who.organisation.credit_code = "91110108MA01ABCD2X"
    who.organisation.save()
    rows = [
        add(nomination, FILES, files.upload(content, name), who, cast.DURING_CALL)
        for content, name in (
            (told_pdf(), "云脉传感专利证书.pdf"),
            (told_pdf("Yunmai Sense, lijing"), "李静.pdf"),
        )
    ]
    base = cast.reread(nomination).section_version("rights")
    named = {FILES: [row.file.public_id for row in rows]}
    applicant_actions.save_draft(nomination, "rights", named, base, who, cast.DURING_CALL)
    for row in rows:
        outbox.run(Job.objects.get(key=f"check_file:{row.file_id}").pk)
    cast.resubmit(cast.reread(nomination))
    cast.recommend(cast.reread(nomination))
    _record_plan(blind)
    preliminary.check_form(cast.reread(nomination), True, [], cast.body_actor(), cast.IN_PRELIMINARY)
    cast.assign_all()
    do_jobs("blind_marks")
    one, other = (StoredFile.objects.get(pk=row.file_id) for row in rows)
    return World(cast.reread(nomination), one, other)


def _ask_for_files() -> None:
    """The season's form asks for files, too, as a season's copy may."""
    ranking = cast.ranking()
    question = Question(key=FILES, label="证明材料", kind="files", required=False, max_count=5)
    form = ranking.form
    sections = tuple(
        replace(s, questions=(*s.questions, question)) if s.key == "rights" else s for s in form.sections
    )
    ranking.declaration = replace(form, sections=sections).to_json()
    ranking.save(update_fields=["declaration"])


def _record_plan(blind: bool) -> None:
    plan = cast.drafted_plan()
    by, at = cast.body_actor(), cast.IN_PRELIMINARY
    plan = preliminary.save_plan(plan.track, plan.body, {"blind": blind}, by, at)
    preliminary.file_plan(plan, by, at)
    preliminary.decide_plan(plan, True, "", cast.office(), at)


def do_jobs(*kinds: str) -> None:
    """Lets the worker do what is owed of these kinds."""
    for job in Job.objects.filter(kind__in=kinds, state=Job.State.QUEUED).order_by("pk"):
        outbox.run(job.pk)


# --- The walker --------------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"""(?:href|src|action|data-[a-z-]*url)="([^"#]+)""")
_LEFT_OUT = re.compile(r"^/(?:static|language|logout|account|rankings|help|accessibility|privacy)/")


@dataclass
class Walker:
    """Reads all that a person is sent: pages with their headers, files with what is in them, letters."""

    user: Any
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))
    seen: dict[str, str] = field(default_factory=dict)
    """Where it stood → every word of it."""

    def __post_init__(self) -> None:
        self.client.force_login(self.user)

    def walk(self, *starts: str, most: int = 80) -> None:
        """From these pages along every link of the site."""
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            if path in self.seen:
                continue
            answer = self.ask("get", path)
            assert len(self.seen) < most, "more pages than there can be"
            if "html" in answer.headers.get("Content-Type", ""):
                found = (unescape(a) for a in _ADDRESS.findall(answer.content.decode()))
                targets = [urlsplit(urljoin(path, address)) for address in found]
                waiting += [
                    t._replace(scheme="", netloc="").geturl()
                    for t in targets
                    if t.netloc in ("", "testserver") and not _LEFT_OUT.match(t.path)
                ]

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        answer = getattr(self.client, method)(path, data or {}, headers=headers)
        key = path if method == "get" and not headers else f"{method} {path} {data} {headers}"
        self.seen[key] = "\n".join(words_of(answer))
        return answer

    def read_letters(self) -> None:
        for letter in mail.outbox:
            if self.user.email in letter.to:
                self.seen[f"mail {letter.subject}"] = (
                    letter.message().as_string() + letter.subject + letter.body
                )
        for notice in Notice.objects.filter(person=self.user):
            self.seen[f"notice {notice.pk}"] = f"{notice.title} {notice.text} {notice.page}"

    def tells(self, canaries: dict[str, str]) -> dict[str, list[str]]:
        """Canary → where it was read; nothing where it never was."""
        tight = {where: _tight(text)[0] for where, text in self.seen.items()}
        found = {
            name: [where for where, text in tight.items() if _tight(canary)[0] in text]
            for name, canary in canaries.items()
        }
        return {name: places for name, places in found.items() if places}


def words_of(answer: Any) -> Iterator[str]:
    """Status, headers, cookies and the body of an answer, unpacked as far as it can be."""
    yield f"{answer.status_code} {answer.reason_phrase}"
    for name, value in answer.headers.items():
        yield f"{name}: {unquote(value)}"
    yield from (f"{name}={cookie.value}" for name, cookie in answer.cookies.items())
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    yield from words_in(content)


def words_in(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF"):
        yield from _words_in_pdf(content)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for name in book.namelist():
                yield name
                yield from words_in(book.read(name))
    else:
        text = content.decode(errors="replace")
        yield unescape(text)
        yield re.sub(r"<[^>]*>", "", unescape(text))
        if text.startswith(("{", "[")):
            yield text.encode().decode("unicode_escape", errors="replace")


def _words_in_pdf(content: bytes) -> Iterator[str]:
    yield content.decode("latin-1")
    reader = PdfReader(io.BytesIO(content))
    yield " ".join(page.extract_text() for page in reader.pages)
    yield str(reader.metadata)
    with pikepdf.open(io.BytesIO(content)) as document:
        for thing in document.objects:
            yield repr(thing)
            if isinstance(thing, pikepdf.Stream):
                try:
                    yield thing.read_bytes().decode("latin-1")
                except pikepdf.PdfError:
                    yield thing.read_raw_bytes().decode("latin-1")


def lines_of(answer: Any, pattern: str) -> list[str]:
    return re.findall(pattern, answer.content.decode())
