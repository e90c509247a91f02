"""A unit's import: a dry run that names each bad cell, then all or nothing, drafts for applicants, a mail to each contact."""

from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from nominations import queries
from nominations.actions import unit_import as actions
from nominations.inputs.many import code_fault, front
from nominations.models import Nomination, Ranking, UnitImport
from nominations.outputs.template import Filled, book
from nominations.states import State
from tests import cast
from tests.nominations.rankings.samples import full

CODE = "91110108MA000TQT95"
KEY = "emerging_enterprise"
PAGE = "/unit/import/"


@pytest.fixture(autouse=True)
def during_the_call():
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield


@pytest.fixture
def person(client, unit_person, unit):
    client.force_login(unit_person)
    return client


def line(name="北京云脉传感科技有限公司", email="lijing@firm.example", code="", **answers):
    return Filled([name, code, email], full(KEY, enterprise_name=name, **answers))


def workbook(*lines, key=KEY, change=None):
    form = Ranking.objects.get(season=cast.season_2022(), key=key).form.for_year(2022)
    file = BytesIO()
    book(form, front(form), lines).save(file)
    if change:
        made = load_workbook(file)
        change(made)
        file = BytesIO()
        made.save(file)
    return file.getvalue()


def cell(made, head, line=2, sheet="新锐企业榜"):
    return made[sheet].cell(line, next(c.column for c in made[sheet][1] if c.value == head))


def upload(person, content, key=KEY, name="申报.xlsx"):
    answer = person.post(PAGE, {"ranking": key, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    row = UnitImport.objects.latest("pk")
    work(actions.check_key(row))
    row.refresh_from_db()
    return row


def work(key):
    job = Job.objects.get(key=key)
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")


def confirm(person, row):
    answer = person.post(f"{PAGE}{row.pk}/")
    row.refresh_from_db()
    if answer.status_code == 302:
        work(actions.apply_key(row))
        row.refresh_from_db()
    return answer


def imported(person, content, key=KEY):
    row = upload(person, content, key)
    assert row.report["refusals"] == []
    assert confirm(person, row).status_code == 302
    assert row.state == "done"
    return row


def reasons(row):
    return [(sheet, number, column) for sheet, number, column, _reason in row.report["refusals"]]


# --- The dry run -------------------------------------------------------------------------------------------


def test_the_dry_run_says_what_would_be_done_and_does_nothing(person, sound):
    row = upload(person, workbook(line(), line("苏州拓维材料有限公司", "wang@tuowei.example")))
    assert (row.state, row.count("created"), row.refused) == ("checked", 2, 0)
    assert Nomination.objects.count() == 0 and not User.objects.filter(email="lijing@firm.example").exists()
    page = person.get(f"{PAGE}{row.pk}/").content.decode()
    assert "苏州拓维材料有限公司" in page and "新建" in page


def test_each_bad_cell_is_named_by_sheet_line_column_and_reason(person):
    def spoil(made):
        cell(made, "联系人邮箱", 2).value = "没有"
        cell(made, "统一社会信用代码", 3).value = "9111010"
        cell(made, "电话", 3).value = "12345"
        cell(made, "注册资本（万元）", 2).value = "=1+1"
        cell(made, "是否高新技术企业", 3).value = "也许"
        cell(made, "认定年度", 2, "企业获得称号").value = "去年"

    row = upload(person, workbook(line(), line("另一家"), change=spoil))
    assert sorted(reasons(row)) == sorted([
        ("新锐企业榜", 2, "联系人邮箱"), ("新锐企业榜", 3, "统一社会信用代码"), ("新锐企业榜", 3, "电话"),
        ("新锐企业榜", 2, "注册资本（万元）"), ("新锐企业榜", 3, "是否高新技术企业"), ("企业获得称号", 2, "认定年度"),
    ])  # fmt: skip
    assert not row.importable
    page = person.get(f"{PAGE}{row.pk}/").content.decode()
    assert "统一社会信用代码应为18位，现有7位" in page and "单元格是公式" in page
    answer = confirm(person, row)
    assert answer.status_code == 409 and "改正列出的单元格后重新上传" in answer.content.decode()
    assert Nomination.objects.count() == 0


def test_a_draft_may_lack_answers_but_not_what_names_it(person):
    def spoil(made):
        cell(made, "主营业务").value = None
        cell(made, "申报企业名称", 3).value = None
        cell(made, "申报单位", 3).value = None

    row = upload(person, workbook(line(), line("另一家"), change=spoil))
    assert sorted(reasons(row)) == [("新锐企业榜", 3, "申报企业名称"), ("新锐企业榜", 3, "申报单位")]


def test_the_same_nomination_twice_in_a_file_is_refused(person):
    row = upload(person, workbook(line(), line(email="other@firm.example")))
    assert row.report["refusals"][0][3] == "与第2行是同一单位的同一申报"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04", "文件不是.xlsx工作簿"),
        (b"", "文件不是.xlsx工作簿"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧格式"),
    ],
)
def test_what_is_no_workbook_is_told_on_the_page(person, content, told):
    row = upload(person, content)
    assert told in person.get(f"{PAGE}{row.pk}/").content.decode() and not row.importable


def test_the_template_of_another_ranking_is_told(person):
    row = upload(person, workbook(key="integrated_innovation"))
    assert "没有工作表“新锐企业榜”" in row.report["refusals"][0][3]


def test_an_empty_template_is_told(person):
    assert upload(person, workbook()).report["refusals"][0][3] == "文件中没有申报，从第2行起填写"


def test_I6_more_than_two_thousand_and_more_than_ten_megabytes_are_told(person):
    form = Ranking.objects.get(season=cast.season_2022(), key=KEY).form.for_year(2022)
    file = BytesIO()
    book(form, front(form), (Filled(["单位", "", "a@b.example"], {}) for _n in range(2001))).save(file)
    row = upload(person, file.getvalue())
    assert row.report["refusals"][0][3] == "最多2000项，现有2001项，分成几个文件后再上传"
    answer = person.post(PAGE, {"ranking": KEY, "file": SimpleUploadedFile("a.xlsx", b"0" * 10_500_000)})
    assert answer.status_code == 413 and "超过10 MB" in answer.content.decode()


def test_nothing_chosen_is_asked_for(person):
    answer = person.post(PAGE, {})
    page = answer.content.decode()
    assert answer.status_code == 422 and "选择榜单" in page and "上传填好的模板" in page


# --- The import --------------------------------------------------------------------------------------------


def test_confirmed_it_makes_drafts_that_only_the_applicant_reads(person, unit, unit_person, sound):
    row = imported(person, workbook(line(code=CODE)))
    nomination = Nomination.objects.get()
    contact = User.objects.get(email="lijing@firm.example")
    assert (nomination.state, nomination.unit, nomination.created_by) == ("draft", unit, contact)
    assert nomination.title == "北京云脉传感科技有限公司" and nomination.answers["capital"] == "3200.50"
    assert nomination.applicant.credit_code == CODE and nomination.promises == []
    assert contact.name == "李静" and not contact.has_usable_password()
    assert not queries.visible_to(unit_person, Role.UNIT).exists()
    assert queries.visible_to(contact, Role.APPLICANT).get() == nomination
    assert row.rows[0][3:] == ["created", nomination.number]
    assert row.file.name == ""
    assert Event.objects.filter(name="imported", subject_id=nomination.pk, role="unit").count() == 1


def test_the_contact_gets_one_mail_with_a_link_that_lets_them_in(person, client):
    imported(person, workbook(line(), line("子公司甲"), line("他人公司", "wang@other.example")))
    jobs = Job.objects.filter(kind="import_mail")
    assert jobs.count() == 2
    for job in jobs:
        outbox.run(job.pk)
    letter = next(each for each in mail.outbox if each.to == ["lijing@firm.example"])
    assert letter.body.count("2022") >= 2 and "子公司甲" in letter.body and "他人公司" not in letter.body
    link = next(word for word in letter.body.split() if "/password/new/" in word)
    client.logout()
    assert client.get("/" + link.split("/", 3)[3], follow=True).status_code == 200


def test_the_same_file_again_changes_nothing(person):
    content = workbook(line(), line("另一家", "other@firm.example"))
    imported(person, content)
    before = list(Nomination.objects.order_by("pk").values())
    row = upload(person, content)
    assert (row.count("unchanged"), row.importable) == (2, False)
    assert list(Nomination.objects.order_by("pk").values()) == before
    assert Organisation.objects.filter(name="另一家").count() == 1


def test_a_changed_line_updates_a_draft_that_nobody_has_taken_over(person):
    imported(person, workbook(line(), line("另一家", "other@firm.example")))
    row = imported(person, workbook(line(staff="200"), line("另一家", "other@firm.example"), line("第三家")))
    assert [row.count(effect) for effect in ("created", "updated", "unchanged")] == [1, 1, 1]
    assert sorted(Nomination.objects.values_list("title", flat=True)) == [
        "北京云脉传感科技有限公司",
        "另一家",
        "第三家",
    ]
    assert Nomination.objects.get(title="北京云脉传感科技有限公司").answers["staff"] == "200"
    assert Job.objects.filter(kind="import_mail").count() == 3


def test_what_the_applicant_has_taken_over_is_left_alone(person):
    content = workbook(line())
    imported(person, content)
    nomination = Nomination.objects.get()
    by = cast.acting(nomination.created_by, Role.APPLICANT)
    cast.applicant_actions.save_draft(
        nomination, "basics", {"staff": "300"}, nomination.section_version("basics"), by, cast.DURING_CALL
    )
    row = upload(person, workbook(line(staff="200")))
    assert "申报人已接手" in row.report["refusals"][0][3]
    again = upload(person, content)
    assert again.count("unchanged") == 1 and not again.refused
    nomination.refresh_from_db()
    assert nomination.answers["staff"] == "300"


def test_what_came_back_from_the_unit_is_left_alone(person):
    """A return opens what it names to the applicant; an import would write over all of it."""
    imported(person, workbook(line()))
    Nomination.objects.update(state=State.RETURNED, returned_notes=[{"section": "basics", "reason": "核对"}])
    row = upload(person, workbook(line(staff="200")))
    assert "申报人已接手" in row.report["refusals"][0][3]


def test_nothing_is_half_imported_when_one_line_has_come_in_the_way(person, sound):
    imported(person, workbook(line()))
    row = upload(person, workbook(line(staff="200"), line("另一家", "other@firm.example")))
    assert row.importable
    nomination = Nomination.objects.get()
    by = cast.acting(nomination.created_by, Role.APPLICANT)
    cast.applicant_actions.save_draft(
        nomination, "basics", {"staff": "300"}, nomination.section_version("basics"), by, cast.DURING_CALL
    )
    confirm(person, row)
    assert (row.state, row.refused) == ("checked", 1)
    assert Nomination.objects.count() == 1 and not User.objects.filter(email="other@firm.example").exists()


def test_S3_an_organisation_of_others_is_not_joined_by_its_name_or_code(person, applicant):
    theirs = applicant.organisation_in(Role.APPLICANT)
    Organisation.objects.filter(pk=theirs.pk).update(credit_code=CODE)
    imported(person, workbook(line(name=theirs.name, email="fremd@elsewhere.example", code=CODE)))
    contact = User.objects.get(email="fremd@elsewhere.example")
    assert contact.organisation_in(Role.APPLICANT).pk != theirs.pk
    assert Nomination.objects.get().applicant.credit_code is None
    assert not Membership.objects.filter(user=contact, organisation=theirs).exists()


def test_a_contact_who_acts_for_the_organisation_gets_it_there(person, applicant):
    theirs = applicant.organisation_in(Role.APPLICANT)
    imported(person, workbook(line(name=theirs.name, email=applicant.email.upper())))
    assert Nomination.objects.get().applicant == theirs
    assert User.objects.filter(email__iexact=applicant.email).count() == 1


def test_what_the_organisation_has_submitted_itself_is_not_doubled(person, applicant):
    theirs = cast.submitted()
    content = workbook(
        Filled([theirs.applicant.name, "", "a@b.example"], cast.full_answers()), key="pioneer_technology"
    )
    row = upload(person, content, "pioneer_technology")
    assert row.report["refusals"][0][3] == f"此单位已提交同名申报{theirs.number}"


def test_a_track_and_a_category_are_kept(person):
    answers = cast.full_answers("green", "零碳园区能源管控技术")
    imported(
        person,
        workbook(Filled(["甲", "", "a@b.example"], answers), key="pioneer_technology"),
        "pioneer_technology",
    )
    nomination = Nomination.objects.get()
    assert (nomination.track.key, nomination.title) == ("green", "零碳园区能源管控技术")
    whole = Filled(["乙", "", "b@b.example", "就业先锋"], full("startup_employment", "就业先锋"))
    imported(person, workbook(whole, key="startup_employment"), "startup_employment")
    assert Nomination.objects.get(category="就业先锋").applicant.name == "乙"
    strange = Filled(["丙", "", "c@b.example", "先锋"], full("startup_employment", "就业先锋"))
    row = upload(person, workbook(strange, key="startup_employment"), "startup_employment")
    assert row.report["refusals"][0][2:] == ["类别", "填写创业先锋、就业先锋之一"]


def test_Q2_confirming_twice_imports_once(person):
    row = upload(person, workbook(line()))
    assert person.post(f"{PAGE}{row.pk}/").status_code == 302
    assert person.post(f"{PAGE}{row.pk}/").status_code == 302
    row.refresh_from_db()
    work(actions.apply_key(row))
    actions.apply(row.pk, Job.objects.get(key=actions.apply_key(row)))
    assert Nomination.objects.count() == 1


def test_D2_the_gate_holds_for_upload_and_import(person, unit_person):
    row = upload(person, workbook(line()))
    with time_machine.travel(cast.GATE, tick=False):
        person.force_login(unit_person)
        assert person.post(f"{PAGE}{row.pk}/").status_code == 409
        answer = person.post(PAGE, {"ranking": KEY, "file": SimpleUploadedFile("a.xlsx", b"x")})
    assert answer.status_code == 409 and Nomination.objects.count() == 0
    assert UnitImport.objects.count() == 1


def test_D1_the_moment_of_the_confirmation_counts_not_that_of_the_worker(person, unit_person):
    row = upload(person, workbook(line()))
    with time_machine.travel(cast.LAST_INSTANT, tick=False):
        person.force_login(unit_person)
        assert person.post(f"{PAGE}{row.pk}/").status_code == 302
    row.refresh_from_db()
    with time_machine.travel(cast.later(cast.GATE, minutes=5), tick=False):
        work(actions.apply_key(row))
    assert Nomination.objects.get().created_at == cast.LAST_INSTANT


def test_S6_a_right_lost_before_the_worker_comes_imports_nothing(person, unit_person):
    row = upload(person, workbook(line()))
    person.post(f"{PAGE}{row.pk}/")
    Membership.objects.filter(user=unit_person).update(is_active=False)
    row.refresh_from_db()
    work(actions.apply_key(row))
    row.refresh_from_db()
    assert (row.state, row.refused, Nomination.objects.count()) == ("checked", 1, 0)


def test_S1_the_action_asks_for_itself_who_acts(unit, applicant, ranking):
    by = cast.acting(applicant)
    with pytest.raises(Refused) as refused:
        actions.upload(unit, ranking, SimpleUploadedFile("a.xlsx", b"x"), by, cast.DURING_CALL)
    assert refused.value.verdict.status == 404


def test_S3_another_units_upload_is_not_there(person, client, other_unit_person):
    cast.unit_of_two_channels()
    row = upload(person, workbook(line()))
    client.force_login(other_unit_person)
    for path in (f"{PAGE}{row.pk}/", f"{PAGE}{row.pk}/job/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{PAGE}{row.pk}/").status_code == 404


# --- Pages -------------------------------------------------------------------------------------------------


def test_the_template_downloads_and_its_rankings_are_those_of_units(person):
    page = person.get(PAGE).content.decode()
    assert "先导技术榜导入模板" in page and "开源创新榜导入模板" not in page
    got = person.get(f"{PAGE}{KEY}.xlsx")
    made = load_workbook(BytesIO(b"".join(got.streaming_content)))
    assert [c.value for c in made["新锐企业榜"][1]][:4] == [
        "序号",
        "申报单位",
        "统一社会信用代码",
        "联系人邮箱",
    ]
    assert person.get(f"{PAGE}open_source.xlsx").status_code == 404


def test_the_page_costs_the_same_for_one_upload_and_for_thirty(
    person, unit, unit_person, ranking, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(count):
        UnitImport.objects.bulk_create(
            UnitImport(
                unit=unit,
                ranking=ranking,
                name="a.xlsx",
                uploaded_by=unit_person,
                uploaded_at=cast.DURING_CALL,
            )
            for _n in range(count)
        )

    add(1)
    with CaptureQueriesContext(connection) as one:
        person.get(PAGE)
    add(29)
    with django_assert_num_queries(len(one)):
        person.get(PAGE)


def test_the_report_costs_the_same_for_one_line_and_for_thirty(person, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    small = upload(person, workbook(line()))
    large = upload(person, workbook(*(line(f"公司{n}") for n in range(30))))
    with CaptureQueriesContext(connection) as one:
        person.get(f"{PAGE}{small.pk}/")
    with django_assert_num_queries(len(one)):
        person.get(f"{PAGE}{large.pk}/")


def test_the_script_hears_how_far_it_is(person):
    person.post(PAGE, {"ranking": KEY, "file": SimpleUploadedFile("a.xlsx", workbook(line()))})
    row = UnitImport.objects.get()
    assert person.get(f"{PAGE}{row.pk}/job/").json()["state"] == "queued"
    work(actions.check_key(row))
    assert person.get(f"{PAGE}{row.pk}/job/").json()["state"] == "done"


@pytest.mark.parametrize("code", ["", CODE, "12420000000000019Q", "N2330100MA000004XR", "91110000600037341L"])
def test_credit_codes_that_are_right(code):
    assert code_fault(code) == ""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("91110108MA000TQT96", "校验位不符"),
        ("9111010IMA000TQT95", "校验位不符"),
        ("A1110000600037341L", "校验位不符"),
        ("91110108MA000TQT9", "统一社会信用代码应为18位，现有17位"),
        ("91110108MA000TQT950", "统一社会信用代码应为18位，现有19位"),
    ],
)
def test_credit_codes_that_are_wrong(code, told):
    assert code_fault(code).startswith(told)
