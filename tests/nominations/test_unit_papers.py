"""推荐汇总表: what is frozen, printed and written as a spreadsheet; what anybody reads of its check code."""

import io

import openpyxl
import pypdfium2
import pytest
import time_machine

from kczg.kit import page_codes
from kczg.kit.models import Job
from kczg.kit.outbox import run
from kczg.kit.record import events_of
from nominations.models import UnitPaper
from nominations.rules import scan
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture(autouse=True)
def _in_the_call():
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield


@pytest.fixture
def page(client, unit, unit_person):
    client.force_login(unit_person)
    return client


def ask(page, wanted="pdf"):
    response = page.post("/unit/summary/paper/", {"format": wanted})
    assert response.status_code == 302, response.content.decode()
    job = Job.objects.get(pk=response.url.partition("job=")[2].partition("#")[0])
    return job


def made(job):
    run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def text_of(pdf):
    return "".join("".join(sheet.get_textpage().get_text_range() for sheet in pdf).split())


def test_the_paper_for_the_seal_says_what_is_recommended_in_the_units_order(page, client):
    first, second = cast.recommended(title="甲技术"), cast.recommended(title="乙技术")
    rows = {row.nomination_id: row.pk for row in first.unit.recommendations.all()}
    page.post("/unit/summary/", {f"order-{rows[first.pk]}": "2", f"order-{rows[second.pk]}": "1"})
    job = made(ask(page))
    row = UnitPaper.objects.get()
    assert (row.number, [entry["title"] for entry in row.content["entries"]]) == (1, ["乙技术", "甲技术"])
    assert job.result_name == f"2022年推荐汇总表（中国电子学会）{row.check_code}.pdf"
    content = job.result.read()
    pdf = pypdfium2.PdfDocument(content)
    words = text_of(pdf)
    assert words.index("乙技术") < words.index("甲技术")
    for said in ("共推荐2项", "（公章）", "中国电子学会", row.check_code, first.number, f"共{len(pdf)}页"):
        assert said in words
    for number, picture in enumerate(page_codes.pictures(io.BytesIO(content), "application/pdf"), start=1):
        mark = scan.parse(page_codes.codes(picture)[0])
        assert (mark.code, mark.page, mark.pages) == (row.check_code, number, len(pdf))
        assert row.digest.startswith(mark.digest)
    assert "盖章版与现在的推荐、排序和名额一致" in page.get("/unit/summary/").content.decode()


def test_the_same_content_is_the_same_row_and_a_change_is_told_everywhere(page, client):
    one = cast.recommended(title="甲技术")
    ask(page), ask(page)
    row = UnitPaper.objects.get()
    assert events_of(row).count() == 1
    address = f"/verify/{row.check_code}/"
    told = client.get(address).content.decode()
    assert "有效，与现在的内容一致" in told
    assert "推荐汇总表" in told and "中国电子学会" in told
    assert "甲技术" not in told and one.number not in told  # P5
    other = cast.recommended(title="乙技术")
    assert "汇总表之后改过，重新生成" in page.get("/unit/summary/").content.decode()
    assert "生成之后推荐、排序或名额有改动" in client.get(address).content.decode()
    ask(page)
    assert list(UnitPaper.objects.values_list("number", flat=True)) == [1, 2]
    cast.unit_actions.take_back(other, "改报", cast.unit_actor(one), cast.DURING_CALL)
    ask(page)
    assert UnitPaper.objects.count() == 2  # As at first: the first paper has its worth again.
    assert "有效，与现在的内容一致" in client.get(address).content.decode()


def test_the_spreadsheet_holds_the_same_and_texts_stay_texts(page):
    row = cast.recommended(title="=甲技术")
    book = openpyxl.load_workbook(io.BytesIO(made(ask(page, "xlsx")).result.read()))
    cells = [[cell.value for cell in line] for line in book["推荐汇总表"]]
    assert cells[0][:4] == ["序号", "推荐排序", "申报编号", "名称"]
    assert cells[1][:4] == [1, None, row.number, "=甲技术"]
    assert book["推荐汇总表"]["D2"].data_type == "s"
    assert cells[1][6] == "全国学会、协会、研究会"
    sums = [[cell.value for cell in line] for line in book["名额"]]
    assert sums[1] == ["先导技术榜（电子信息）", "全国学会、协会、研究会3", 3, 1, 2]
    limit, used, left = (sum(line[place] for line in sums[1:-1]) for place in (2, 3, 4))
    assert sums[-1] == ["合计", None, limit, used, left] and (used, left) == (1, limit - 1)
    assert UnitPaper.objects.count() == 0


def test_nothing_recommended_nothing_to_stamp(page):
    response = page.post("/unit/summary/paper/")
    assert response.status_code == 409
    assert "尚未推荐，推荐后再生成汇总表" in response.content.decode()


def test_S6_a_file_is_its_owners_and_of_who_still_acts_for_the_unit(
    page, client, unit_person, other_unit_person
):
    cast.recommended(title="甲技术")
    job = made(ask(page, "xlsx"))
    assert page.get(f"/jobs/{job.pk}/file/").status_code == 200
    client.force_login(other_unit_person)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
    unit_person.memberships.update(is_active=False)
    client.force_login(unit_person)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
