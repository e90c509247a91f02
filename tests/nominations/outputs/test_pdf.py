"""The official form as PDF: what it says, in which order, with which fonts, and that boxes for seals stay whole."""

import io
import logging
import re
import subprocess
import time
from dataclasses import dataclass
from functools import cache

import pypdf
import pytest

from kczg.kit import papers
from kczg.kit.models import Job
from nominations import tasks
from nominations.actions import unit as unit_actions
from nominations.answers import walk
from nominations.catalogues import CATALOGUES
from nominations.outputs import pdf
from nominations.outputs.paper import FormPaper, rows
from nominations.rankings import DECLARATIONS
from tests import cast
from tests.nominations.answers_of import full

FORM = DECLARATIONS["pioneer_technology"]
NUMBER, CODE = "2022XD00017", "7K3M-Q9TA"
SEALERS = {"applicant": ("示例光电研究院", ""), "recommender": ("中国示例学会", "")}
POINTS = 72 / 25.4
"""PDF points in a millimetre."""


def paper(answers, code=CODE, sealers=SEALERS) -> FormPaper:
    return FormPaper(walk(FORM, answers, season_year=2022), NUMBER, code, sealers)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def pages(content: bytes) -> list[str]:
    """The text of each page in the order in which it is drawn, without white space."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def in_order(text: str, expected: list[str]) -> None:
    """Asserts that the pieces stand in the text one after another; a tick reads √, an empty box □."""
    at = 0
    for piece in map(squeezed, expected):
        found = text.find(piece, at)
        assert found >= 0, (
            f"{piece!r} is not in what follows {text[max(at - 40, 0) : at]!r}: {text[at : at + 80]!r}"
        )
        at = found + len(piece)


@cache
def printed(which: str) -> bytes:
    return pdf.render(
        {"full": paper(rich()), "draft": paper(half(), code=""), "shortest": paper(shortest())}[which]
    )


def rich() -> dict:
    awards = [{"name": "中国电子学会科学技术奖一等奖", "level": "全国学会奖", "date": "2021-12"}]
    return full(awards_rows=awards, introduction_text="甲" * 250 + "\n　　" + "乙" * 250)


def half() -> dict:
    given = full()
    return {key: given[key] for key in ("technology_name", "track", "introduction_text")}


def shortest() -> dict:
    texts = {"team_profile": "团", "rights_text": "无", "economy_text": "无", "society_text": "无"}
    return full(**texts, rights_rows=[], scenarios_text="景" * 400)


def longest() -> dict:
    codes = [entry.code for entry in CATALOGUES["industries"] if entry.level == "小类"][:20]
    right = {
        "kind": "发明专利",
        "title": "题" * 60,
        "number": "ZL201910000001.2",
        "date": "2021-12",
        "holder": "某" * 20,
    }
    award = {"name": "奖" * 40, "level": "全国学会奖", "date": "2021-12"}
    names = dict.fromkeys(("technology_name", "holder_name", "address"), "名" * 200)
    texts = {"introduction_text": "介" * 600, "rights_text": "权" * 5000, "economy_text": "W" * 3000}
    lists = {"rights_rows": [right] * 50, "awards_rows": [award] * 50}
    return full(industries=codes, society_text="社\n" * 200, **names, **texts, **lists)


# --- What it says ------------------------------------------------------------------------------------------


def test_every_label_note_and_answer_stands_in_the_order_of_the_notice():
    answers = rich()
    industries = CATALOGUES["industries"]
    in_order(
        "".join(pages(printed("full"))),
        [
            "2022年“科创中国”先导技术榜单",
            "申报表",
            "技术基本情况",
            "技术名称" + answers["technology_name"],
            "所属单位（团队）名称" + answers["holder_name"],
            "所属领域电子信息√装备制造□先进材料□生物医药□绿色低碳□产业基础□",
            "重点服务行业及应用领域（参照GB/T4754-2017规定的中类和小类填写）",
            f"{industries.get('397').name}+397、{industries.get('3971').name}+3971",
            "技术成熟度（可参照“技术就绪水平量值”GB/T2290-2009测算；填写TRL1-TRL9之间的值）TRL6",
            "技术成果转化形式（可多选）可进行交易√在内部进行转化□只能合作生产□已经有合作√不能再次转化□",
            "技术团队基本情况",
            "联系人王𡃁电话010-56057633",
            "地址" + answers["address"],
            "邮箱lidar@example.cn",
            "技术团队简介（200字）" + "团" * 200,
            "一、技术介绍（400-600字）" + "甲" * 250,
            "乙" * 250,
            "二、技术应用场景介绍（400-600字）",
            "三、技术知识产权情况（仅限具有发明专利的技术、工艺、材料、产品或生物品种，"
            "或技术成果关键功能相关论文的发表情况）已获发明专利两项。",
            "发明专利和论文",
            "类别专利名称或论文题目专利号或论文刊名及卷期授权或发表时间专利权人或作者",
            "发明专利一种测距芯片ZL201910000001.22021年6月示例光电研究院",
            "四、技术获奖情况（包括国家奖、省部级奖、全国学会奖、行业奖及获奖时间）",
            "奖项名称奖项级别获奖时间中国电子学会科学技术奖一等奖全国学会奖2021年12月",
            "五、经济效益（指技术形成产品预期达到的所在行业市场占有率及经济收入或成本降低额）"
            + answers["economy_text"],
            "六、社会效益（指对行业或社会发展所起的作用，如解决行业关键技术的“卡脖子”问题、"
            "解决国家重大需求、提高人民生活质量和健康水平等方面）" + answers["society_text"],
            "申报单位意见示例光电研究院申报单位公章年月日",
            "推荐单位意见中国示例学会推荐单位公章年月日",
        ],
    )


def test_what_the_notice_does_not_print_is_not_on_paper():
    text = "".join(
        pages(pdf.render(paper(full(track="绿色低碳", green_direction="农林", pilot_city="某某园区"))))
    )
    assert "农林" not in text and "某某园区" not in text and "申报条件" not in text


def test_number_check_code_and_page_number_stand_on_every_page():
    texts = pages(printed("full"))
    assert len(texts) >= 3
    for number, text in enumerate(texts, start=1):
        assert f"申报编号：{NUMBER}" in text
        assert f"版本核验码：{CODE}" in text
        assert f"第{number}页共{len(texts)}页" in text
        assert "草稿" not in text and "未填写" not in text


def test_a_draft_says_so_across_every_page_and_has_no_check_code():
    texts = pages(printed("draft"))
    for text in texts:
        assert "版本核验码：草稿" in text
        assert text.count("草稿") == 2  # In the code's place, and across the page.
    assert "技术成熟度" in texts[0] and "未填写" in texts[0]
    assert not pypdf.PdfReader(io.BytesIO(printed("draft"))).pages[0].images


def test_a_final_form_leaves_empty_cells_empty():
    text = "".join(pages(printed("shortest")))
    assert "未填写" not in text and "发明专利和论文" not in text
    assert "及获奖时间）五、经济效益" in text


def test_answers_are_text_and_nothing_else():
    spoilt = '<img src="http://example.invalid/x.png"><script>alert(1)</script><b>粗</b>{{ 1 }}&amp;'
    style = "<style>@import url(file:///etc/passwd)</style>"
    text = "".join(pages(pdf.render(paper(full(economy_text=spoilt, technology_name=style)))))
    assert squeezed(spoilt) in text
    assert squeezed(style) in text


def test_the_metadata_name_the_form_and_nobody():
    reader = pypdf.PdfReader(io.BytesIO(printed("full")))
    assert reader.metadata.title == f"2022年“科创中国”先导技术榜单申报表 {NUMBER}"
    assert set(reader.metadata) == {"/Title", "/Producer"}
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


# --- Fonts -------------------------------------------------------------------------------------------------


def test_every_font_is_embedded_as_a_subset():
    for which in ("full", "draft"):
        for page in pypdf.PdfReader(io.BytesIO(printed(which))).pages:
            for font in page["/Resources"]["/Font"].values():
                described = font["/DescendantFonts"][0]["/FontDescriptor"]
                assert "/FontFile3" in described or "/FontFile2" in described
                assert "+" in font["/BaseFont"]


RARE = "𡃁㛃䶮𠮷𬱖龘𰻝㐂㑇䜣䲟鿍鿎鿏𣗋𧒽𫖯"


def test_rare_characters_print_with_their_own_glyphs(caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        text = "".join(pages(pdf.render(paper(full(contact_name=RARE, introduction_text=RARE * 30)))))
    assert f"联系人{RARE}电话" in text
    assert "notdef" not in caplog.text


def test_a_missing_glyph_would_be_noticed(caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        papers.render_html("<p>\U0010fffd</p>")
    assert "notdef" in caplog.text


# --- Layout ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    page: int
    top: float
    bottom: float
    text: str
    left: float
    right: float


def words(content: bytes, folder) -> list[Word]:
    """The words with their places, in millimetres from the top of the page."""
    path = folder / "form.pdf"
    path.write_bytes(content)
    asked = ["pdftotext", "-bbox", str(path), "-"]
    html = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    found = []
    for number, page in enumerate(html.split("<page ")[1:], start=1):
        for *edges, text in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', page
        ):
            left, top, right, bottom = (float(edge) / POINTS for edge in edges)
            found.append(Word(number, top, bottom, text, left, right))
    return found


@pytest.mark.parametrize("length", range(0, 1500, 180))
def test_boxes_for_seals_are_sixty_millimetres_and_never_split(length, tmp_path):
    sealers = {
        "applicant": ("示例光电研究院", ""),
        "recommender": ("中国示例学会", "同意推荐。\n" * (length // 120)),
    }
    placed = words(pdf.render(paper(full(society_text="社" * (length + 1)), sealers=sealers)), tmp_path)
    for who in ("申报", "推荐"):
        head = next(word for word in placed if word.text == f"{who}单位意见")
        stamp = next(word for word in placed if word.text == f"{who}单位公章")
        date = next(w for w in placed if w.text == "日" and (w.page, w.top) >= (stamp.page, stamp.top))
        assert head.page == stamp.page == date.page
        assert head.top < stamp.top < date.top
        assert date.bottom - head.top + 6 >= 60  # With the box's own 2 mm above and 4 mm below.


def test_questions_of_half_width_share_a_row():
    tree = walk(FORM, full(), season_year=2022)
    team = tree.view("team").items
    assert [[(cell.item.question.key, cell.span) for cell in row] for row in rows(team)] == [
        [("contact_name", 1), ("phone", 1)],
        [("address", 3)],
        [("email", 3)],
        [("team_profile", 3)],
    ]
    assert [[(cell.item.question.key, cell.span) for cell in row] for row in rows(team[:1])] == [
        [("contact_name", 3)]
    ]


def test_labels_break_where_the_notice_breaks_them():
    cells = {
        cell.item.question.key: cell.label
        for part in paper(full()).parts
        for row in part.rows
        for cell in row
    }
    assert cells["holder_name"] == ("所属单位", "（团队）名称")
    assert cells["transfer_forms"] == ("技术成果转化", "形式（可多选）")
    assert cells["team_profile"] == ("技术团队简介", "（200字）")
    assert cells["industries"] == ("重点服务行业及应用领域", "")


def test_side_labels_stand_as_the_notice_prints_them():
    assert [part.side for part in paper(full()).parts if part.is_grid] == [
        ["技术", "基本", "情况"],
        ["技术", "团队", "基本", "情况"],
    ]


# --- Time and size -----------------------------------------------------------------------------------------


def test_a_form_takes_less_than_five_seconds_and_a_megabyte():
    for answers in (rich(), longest()):
        # The process's own time: what else runs on the machine is not the paper's fault.
        begun = time.process_time()
        content = pdf.render(paper(answers))
        assert time.process_time() - begun < 5
        assert len(content) < 1_000_000


# --- From the database -------------------------------------------------------------------------------------


def job_for(kind: str, clock_at) -> Job:
    return Job.objects.create(key=f"test:{kind}", kind=kind, owed_at=clock_at)


def test_the_worker_prints_a_frozen_version(submitted):
    version = submitted.versions.get()
    job = job_for("form_pdf", cast.DURING_CALL)
    tasks.form_pdf(job, version_id=version.pk)
    assert job.result_name == f"{submitted.number}申报表{version.check_code}.pdf"
    text = "".join(pages(job.result.read()))
    assert f"版本核验码：{version.check_code}" in text and submitted.number in text
    assert "推荐单位意见中国电子学会推荐单位公章" in text
    first = job.result.name
    tasks.form_pdf(job, version_id=version.pk)
    assert not job.result.storage.exists(first) and job.result.storage.exists(job.result.name)


def test_a_version_prints_what_was_frozen_whatever_the_draft_says_now(submitted):
    submitted.answers["technology_name"] = "后来改的名称"
    submitted.save(update_fields=["answers"])
    text = "".join(pages(pdf.form_pdf(submitted.versions.get()).content))
    assert "低噪声微机电传感芯片" in text and "后来改的名称" not in text


def test_the_opinion_is_printed_as_long_as_the_recommendation_stands(recommended):
    version = recommended.versions.get()
    key = f"form_pdf:{version.pk}"
    box = f"推荐单位意见{cast.OPINION}中国电子学会推荐单位公章"
    assert Job.objects.get(key=key).state == Job.State.QUEUED
    assert box in "".join(pages(pdf.form_pdf(version).content))
    Job.objects.filter(key=key).update(state=Job.State.DONE)
    by = cast.unit_actor(recommended)
    unit_actions.take_back(recommended, "推荐有误", by, cast.DURING_CALL)
    assert Job.objects.get(key=key).state == Job.State.QUEUED
    assert cast.OPINION not in "".join(pages(pdf.form_pdf(version).content))


def test_the_worker_prints_a_draft(draft):
    job = job_for("draft_pdf", cast.DURING_CALL)
    tasks.draft_pdf(job, nomination_id=draft.pk, edit_version=draft.edit_version)
    assert job.result_name == f"{draft.number}草稿.pdf"
    assert all(text.count("草稿") == 2 for text in pages(job.result.read()))
