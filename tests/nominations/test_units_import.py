"""The secretariat's units: an import with a dry run, all or nothing; starting lists; contacts invited; 已核对."""

from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Invitation, Membership, Organisation
from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from nominations.actions import units_import as actions
from nominations.inputs.units import HEADS, starting_list
from nominations.models import QuotaChange, RecommendingUnit, UnitsImport
from nominations.outputs.units_template import units_book
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/office/units/import/"
SOCIETY, PILOT = "全国学会、协会、研究会", "“科创中国”试点城市（园区）"
CODE = "91110000600037341L"


def entered(key="office_a") -> Client:
    client = Client()
    client.force_login(cast.cast(key))
    return client


@pytest.fixture
def office(season):
    """A client of the secretariat before the call opens, when one person sets channels."""
    with time_machine.travel(cast.BEFORE_CALL, tick=False):
        yield entered()


def line(name, *channels, code="", person="", email="", remark=""):
    return [name, code, *[*channels, "", "", "", ""][:4], person, email, remark]


def workbook(*rows, change=None):
    file = BytesIO()
    channels = list(cast.season_2022().channels.values_list("name", flat=True))
    units_book(channels, rows).save(file)
    if change:
        made = load_workbook(file)
        change(made["推荐单位"])
        file = BytesIO()
        made.save(file)
    return file.getvalue()


def work(key):
    job = Job.objects.get(key=key)
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")


def upload(office, content) -> UnitsImport:
    sent = {"file": SimpleUploadedFile("推荐单位.xlsx", content), "reason": "本年度名单"}
    answer = office.post(PAGE, sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return checked()


def checked() -> UnitsImport:
    row = UnitsImport.objects.latest("pk")
    work(actions.check_key(row))
    row.refresh_from_db()
    return row


def confirm(office, row) -> int:
    answer = office.post(f"{PAGE}{row.pk}/")
    row.refresh_from_db()
    if answer.status_code == 302:
        work(actions.apply_key(row))
        row.refresh_from_db()
    return answer.status_code


def test_the_template_offers_the_channels_one_a_column(office):
    answer = office.get(f"{PAGE}template.xlsx")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert [cell.value for cell in book["推荐单位"][1]] == list(HEADS)
    offered = book["推荐单位"].data_validations.dataValidation[0]
    assert (
        str(offered.sqref) == "C2:C2001 D2:D2001 E2:E2001 F2:F2001" and offered.formula1 == "'选项'!$A$1:$A$7"
    )
    assert [cell.value for cell in book["选项"]["A"]][:2] == [SOCIETY, "省、自治区、直辖市科协"]


def test_units_are_added_changed_and_left_and_nothing_is_done_before_it_is_confirmed(office, sound):
    cast.unit("中国电子学会")
    cast.unit("中国化学会")
    rows = [
        line(
            "新桥学会", SOCIETY, PILOT, code=CODE, person="郭宁", email="Guo@unit.example", remark="电话联系"
        ),
        line("中国电子学会", PILOT, SOCIETY),
        line("中国化学会", SOCIETY),
    ]
    row = upload(office, workbook(*rows))
    assert [row.count(what) for what in ("added", "changed", "unchanged")] == [1, 1, 1]
    assert RecommendingUnit.objects.count() == 2
    page = office.get(f"{PAGE}{row.pk}/").content.decode()
    assert f"推荐渠道：{SOCIETY} → {SOCIETY}；{PILOT}" in page and "确认导入" in page
    assert confirm(office, row) == 302
    assert row.state == "done" and row.file.name == "" and confirm(office, row) == 302
    made = RecommendingUnit.objects.get(organisation__name="新桥学会")
    assert (made.contact_name, made.contact_email, made.remark) == ("郭宁", "guo@unit.example", "电话联系")
    assert made.organisation.credit_code == CODE and made.places.count() == 2 * 29 and not made.to_check
    assert cast.unit("中国电子学会", ("society", "pilot_city")).places.count() == 2 * 29
    told = Event.objects.get(name="units_imported")
    assert (told.data["added"], told.data["changed"], told.reason) == (1, 1, "本年度名单")
    again = upload(office, workbook(*rows))
    assert again.count("unchanged") == 3 and confirm(office, again) == 409


def test_each_bad_cell_is_named_and_nothing_is_half_imported(office):
    def spoil(sheet):
        sheet.cell(2, 8).value = "没有"
        sheet.cell(3, 2).value = "9111010"
        sheet.cell(3, 3).value = "学会"
        sheet.cell(4, 1).value = "=1+1"
        sheet.cell(5, 3).value = None

    lines = [line(f"学会{n}", SOCIETY) for n in range(4)]
    row = upload(office, workbook(*lines, line("学会0", SOCIETY), line("好学会", SOCIETY), change=spoil))
    told = {(number, column): reason for _sheet, number, column, reason in row.report["refusals"]}
    assert set(told) == {
        (2, "联系人邮箱"), (2, "联系人姓名"), (3, "统一社会信用代码"), (3, "推荐渠道"), (4, "单位名称"),
        (5, "推荐渠道"), (6, "单位名称"),
    }  # fmt: skip
    assert told[3, "统一社会信用代码"] == "统一社会信用代码应为18位，现有7位"
    assert told[3, "推荐渠道"] == "没有推荐渠道“学会”，从列表中选择；多个渠道分列填写"
    assert told[6, "单位名称"] == "与第2行是同一单位"
    page = office.get(f"{PAGE}{row.pk}/").content.decode()
    assert "有7处不能导入" in page and confirm(office, row) == 409
    assert not RecommendingUnit.objects.exists()
    for content, words in ((b"PK\x03\x04", "文件不是.xlsx工作簿"), (workbook(), "文件中没有单位")):
        assert words in upload(office, content).report["refusals"][0][3]
    asked = office.post(PAGE, {"reason": ""})
    assert asked.status_code == 422 and "上传填好的模板" in asked.content.decode()
    large = {"file": SimpleUploadedFile("a.xlsx", b"0" * 2_200_000), "reason": "x"}
    assert office.post(PAGE, large).status_code == 413


def test_a_used_place_and_a_code_of_another_unit_are_told_in_the_dry_run(season):
    used = cast.recommended()
    with time_machine.travel(cast.DURING_CALL, tick=False):
        office = entered()
        Organisation.objects.filter(pk=used.unit.organisation_id).update(credit_code=CODE)
        row = upload(office, workbook(line("中国电子学会", PILOT), line("另一学会", SOCIETY, code=CODE)))
        told = {column: reason for _sheet, _line, column, reason in row.report["refusals"]}
    assert told["推荐渠道"] == f"“{SOCIETY}”的名额已被使用，不能去掉；先由推荐单位撤回推荐"
    assert told["统一社会信用代码"] == "此代码是中国电子学会的，核对名称和代码"


def test_S7_after_the_call_has_opened_another_person_confirms(season, sound):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        office, second = entered(), entered("office_b")
        row = upload(office, workbook(line("新桥学会", SOCIETY)))
        page = office.get(f"{PAGE}{row.pk}/").content.decode()
        assert "由秘书处另一位同事打开此页确认导入" in page and "确认导入</button>" not in page
        assert confirm(office, row) == 409 and not RecommendingUnit.objects.exists()
        assert confirm(second, row) == 302 and row.state == "done"
        change = QuotaChange.objects.get()
        assert (change.proposed_by.username, change.decided_by.username) == ("zhaolei", "sunyue")
        contact = upload(office, workbook(line("新桥学会", SOCIETY, person="郭宁", email="guo@unit.example")))
        assert not contact.changes_channels and confirm(office, contact) == 302


def test_the_starting_lists_add_what_is_not_there_to_be_checked_by_a_person(office, sound):
    names = [row.name for row in starting_list("societies")]
    assert len(names) == len(set(names)) == 209 and names.count("中国动物学会") == 1
    assert [row.channels for row in starting_list("associations")].count(("xpcc",)) == 1
    cast.unit("广东省科学技术协会", ("province", "pilot_city"))
    cast.person("he", "何", Role.APPLICANT, "北京市科学技术协会")
    assert office.post(PAGE, {"list": "associations", "list-reason": "初始名单"}).status_code == 302
    row = checked()
    assert [row.count(what) for what in ("added", "changed", "unchanged")] == [31, 0, 1]
    assert confirm(office, row) == 302
    units = RecommendingUnit.objects.filter(to_check=True)
    assert units.count() == 31 and not units.filter(organisation__name="广东省科学技术协会").exists()
    beijing = units.get(organisation__name="北京市科学技术协会")
    assert not beijing.organisation.memberships.exists()
    page = office.get("/office/units/?to_check=1&no_account=1").content.decode()
    assert "北京市科学技术协会" in page and "尚无账号" in page and "广东省" not in page
    ticked = list(units.values_list("pk", flat=True)[:30])
    assert office.post("/office/units/chosen/", {"unit": ticked, "check": "1"}).status_code == 302
    assert RecommendingUnit.objects.filter(to_check=True).count() == 1
    one = RecommendingUnit.objects.get(pk=ticked[0])
    assert (one.checked_by.username, one.checked_at) == ("zhaolei", cast.BEFORE_CALL)
    assert office.post(PAGE, {"list": "associations", "list-reason": ""}).status_code == 422
    with pytest.raises(CommandError):
        call_command("load_units", "associations", "--season", "2022", "--as", "lijing")
    call_command("load_units", "associations", "--season", "2022", "--as", "zhaolei")
    assert RecommendingUnit.objects.count() == 32


def test_contacts_are_invited_together_with_a_result_for_each(office, unit_person):
    names = ("甲学会", "乙学会", "丙学会")
    cast.unit("中国电子学会")
    for name in names:
        cast.unit(name)
    for name in ("甲学会", "乙学会"):
        units = RecommendingUnit.objects.filter(organisation__name=name)
        units.update(contact_name="郭宁", contact_email=f"guo{units.get().pk}@unit.example")
    ids = list(RecommendingUnit.objects.values_list("pk", flat=True))
    page = office.post("/office/units/chosen/", {"unit": ids, "invite": "1"}).content.decode()
    assert "已邀请2个单位的联系人" in page and "2个单位未邀请" in page
    assert "已有账号，由本单位管理员邀请其他人员" in page and "没有联系人邮箱" in page
    again = office.post("/office/units/chosen/", {"unit": ids, "invite": "1"}).content.decode()
    assert "已发出邀请，尚未接受" in again and Invitation.objects.count() == 2
    assert "已邀请" in office.get("/office/units/").content.decode()
    one = RecommendingUnit.objects.get(organisation__name="丙学会")
    here = f"/office/units/{one.pk}/"
    wrong = office.post(f"{here}invite/", {"invite-name": "", "invite-email": "nobody"})
    assert (
        wrong.status_code == 422
        and "填写姓名" in wrong.content.decode()
        and "nobody" in wrong.content.decode()
    )
    assert (
        office.post(f"{here}invite/", {"invite-name": "宋", "invite-email": "song@unit.example"}).status_code
        == 302
    )
    asked = Invitation.objects.get(email="song@unit.example")
    assert asked.duty == "administer" and "song@unit.example" in office.get(here).content.decode()
    office.post(f"/office/units/invitations/{asked.pk}/", {"withdraw": "1"})
    asked.refresh_from_db()
    assert (
        asked.ended_at == cast.BEFORE_CALL
        and not Membership.objects.filter(user__email="song@unit.example").exists()
    )
    assert "先勾选单位" in office.post("/office/units/chosen/", {"check": "1"}, follow=True).content.decode()


def test_the_lists_take_a_fixed_number_of_queries(office):
    def count(path):
        with CaptureQueriesContext(connection) as caught:
            assert office.get(path).status_code == 200
        return len(caught)

    cast.unit("学会0")
    first = count("/office/units/")
    for n in range(1, 12):
        organisation = Organisation.objects.create(name=f"学会{n}")
        RecommendingUnit.objects.create(season=cast.season_2022(), organisation=organisation, to_check=True)
    assert count("/office/units/") == first
