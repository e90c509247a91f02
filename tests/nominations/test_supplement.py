"""补正说明: what a version that follows a return says of it, on paper and on pages; and what a unit has read."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.template.loader import render_to_string

from accounts.roles import Role
from kczg.kit import page_codes
from nominations import frozen
from nominations.actions import applicant as actions
from nominations.actions import seal
from nominations.models import SealedScan
from nominations.outputs import pdf
from nominations.outputs.differences import GONE, NEW, SAME, Mark, passages
from nominations.outputs.supplement import supplement
from nominations.rules import check_code, scan
from tests import cast
from tests.nominations.outputs.drawn import body, squeezed

AT = cast.DURING_CALL
LATER = cast.later(AT, hours=1)
OTHER_UNIT = "广东省科学技术协会"


def who():
    return cast.acting(cast.cast("applicant"), Role.APPLICANT)


def write(nomination, section, at=AT, **updates):
    row = cast.reread(nomination)
    return actions.save_draft(row, section, updates, row.section_version(section), who(), at)


def changed_text(nomination):
    text = nomination.answers["introduction_text"]
    return text[:250] + "与同类产品相比功耗降低六成。" + text[264:]


def twice():
    """Returned for its telephone and its introduction, mended and submitted again an hour later."""
    nomination = cast.returned(parts=["team.phone", "introduction"])
    write(nomination, "team", phone="010-62559999")
    write(nomination, "introduction", introduction_text=changed_text(nomination))
    cast.resubmit(nomination, at=LATER)
    return cast.reread(nomination)


@pytest.mark.django_db
def test_the_last_sheet_says_what_was_changed_since_which_version_and_why(season):
    nomination = twice()
    first, second = nomination.versions.all()
    assert second.content["follows"] == {
        "version": 1, "digest": first.digest, "submitted_at": "2022-10-20T02:00:00+00:00",
    }  # fmt: skip
    assert [(n["section"], n["field"]) for n in second.content["notes"]] == [
        ("team", "phone"),
        ("introduction", ""),
    ]
    assert check_code.digest(second.content) == second.digest
    assert "follows" not in first.content and supplement(first) is None

    printed = pdf.form_pdf(second)
    pages = body(printed.content)
    before = pdf.form_pdf(first)
    assert len(pages) == before.pages + 1 == printed.pages
    assert printed.seal_pages == before.seal_pages
    sheet = pages[-1]
    for words in (
        "补正说明",
        f"第1版（核验码{first.check_code}，2022-10-2010:00:00提交）",
        "电话技术介绍未写明与同类产品的比较",
        "技术团队基本情况电话010-62550001→010-62559999",
        "与同类产品相比功耗降低六成。",
        "……",
    ):
        assert squeezed(words) in sheet
    assert nomination.answers["scenarios_text"][:20] not in sheet
    assert squeezed(nomination.answers["introduction_text"][-40:]) not in sheet
    codes = [page_codes.codes(p) for p in page_codes.pictures(io.BytesIO(printed.content), "application/pdf")]
    marks = [scan.parse(found) for (found,) in codes]
    assert [(m.page, m.pages, m.code) for m in marks if m] == [
        (n, len(pages), second.check_code) for n in range(1, len(pages) + 1)
    ]


@pytest.mark.django_db
def test_nothing_changed_is_said_and_a_second_return_follows_the_second_version(season):
    nomination = cast.returned(parts=["team.phone"])
    cast.resubmit(nomination)
    second = cast.reread(nomination).versions.last()
    assert supplement(second).entries == []
    printed = render_to_string("papers/supplement.html", {"sheet": supplement(second)})
    assert "没有改动，内容与第1版相同。" in printed
    nomination = cast.send_back(cast.reread(nomination), "team.email")
    write(nomination, "team", email="other@example.org")
    cast.resubmit(nomination)
    sheet = supplement(cast.reread(nomination).versions.last())
    assert (sheet.before, sheet.before_code) == (2, second.check_code)
    assert [(r.where, r.answered) for r in sheet.reasons] == [("邮箱", True)]
    assert [e.label for e in sheet.entries] == ["邮箱"]


@pytest.mark.django_db
def test_another_unit_gets_a_form_that_tells_nothing_of_the_first_ones_return(client, season):
    nomination = cast.returned(parts=[""])
    other = cast.unit_of_two_channels()
    actions.choose_unit(nomination, other, who(), AT)
    write(nomination, "team", phone="010-62559999")
    cast.resubmit(nomination)
    second = cast.reread(nomination).versions.last()
    assert not {"follows", "notes"} & second.content.keys()
    with time_machine.travel(AT, tick=False):
        client.force_login(cast.cast("other_unit_person"))
        page = client.get(f"/unit/nominations/{nomination.number}/")
        assert page.context["earlier"] is None and page.context["supplement"] is None
        nomination = cast.send_back(cast.reread(nomination), "")
        actions.choose_unit(nomination, cast.unit(), who(), AT)
        cast.resubmit(nomination)
        client.force_login(cast.cast("unit_person"))
        page = client.get(f"/unit/nominations/{nomination.number}/")
    assert (page.context["version"].number, page.context["earlier"].number) == (3, 1)
    assert "与本单位上次办理的第1版不同之处" in page.content.decode()


@pytest.mark.django_db
def test_the_unit_reads_the_reasons_with_what_became_of_them(client, season):
    nomination = twice()
    address = f"/unit/nominations/{nomination.number}/"
    with time_machine.travel(LATER, tick=False):
        client.force_login(cast.cast("unit_person"))
        page = client.get(address).content.decode()
        past = client.get(f"{address}history/").content.decode()
    for html in (page, past):
        assert "第2版是第1版（核验码" in html and html.count('<span class="tag tag-ok">有改动</span>') == 2
    assert "010-62550001</del>" in page
    with time_machine.travel(LATER, tick=False):
        back = client.get(f"{address}history/", {"old": "2", "new": "1"}).content.decode()
    assert "第2版是第1版" not in back


@pytest.mark.django_db
def test_only_a_paper_that_carries_the_sheet_stands_after_a_return(season):
    cast.sealing()
    draft = cast.draft()
    first = seal.freeze_to_stamp(draft, who(), AT)
    write(draft, "team", phone="010-62559999")
    early = seal.freeze_to_stamp(cast.reread(draft), who(), AT)
    seal.restore(cast.reread(draft), first.number, who(), AT)
    SealedScan.objects.create(
        version=first, seal="applicant", state="complete", uploaded_at=AT, uploaded_by=cast.cast("applicant")
    )
    actions.submit(cast.reread(draft), who(), AT, promised=True)
    nomination = cast.send_back(cast.reread(draft), "team.phone")
    assert frozen.standing(nomination) == first
    write(nomination, "team", phone="010-62559999")
    assert frozen.standing(cast.reread(nomination)) is None
    late = seal.freeze_to_stamp(cast.reread(nomination), who(), AT)
    assert late not in (first, early) and late.content["follows"]["digest"] == first.digest
    assert seal.freeze_to_stamp(cast.reread(nomination), who(), AT) == late


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([(SAME, "甲" * 9), (NEW, "新"), (SAME, "乙" * 9)], "……甲甲甲[新]乙乙乙……"),
        ([(GONE, "旧"), (SAME, "甲" * 9), (NEW, "新")], "[旧]甲甲甲……甲甲甲[新]"),
        ([(GONE, "旧"), (SAME, "甲" * 8), (NEW, "新")], "[旧]" + "甲" * 8 + "[新]"),
        ([(SAME, "甲" * 5), (NEW, "新")], "甲" * 5 + "[新]"),
    ],
)
def test_a_long_text_is_cut_to_the_passages_that_changed(marks, shown):
    found = passages([Mark(*each) for each in marks], around=3)
    assert "".join(m.text if m.kind == SAME else f"[{m.text}]" for m in found) == shown
