"""The pages about experts: the body's list, one expert, the import; the person's invitations and facts."""

from datetime import timedelta
from io import BytesIO

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kczg.kit import outbox
from kczg.kit.models import Event, Job
from reviews import queries
from reviews.models import BodyExpert, ExpertsImport
from tests import cast
from tests.reviews.serving import invited, line, many, workbook

PAGE = "/body/experts/"
UPLOADS = f"{PAGE}import/"
State = BodyExpert.State


def words(answer):
    return answer.content.decode()


def work(kind):
    job = Job.objects.filter(kind=kind).latest("owed_at")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def grouped():
    plan = queries.plan_in_force(cast.track())
    plan.expert_groups = [
        {"key": "g1", "name": "高校", "weight": 60},
        {"key": "g2", "name": "企业", "weight": 40},
    ]
    plan.save()


# --- The body's list ---------------------------------------------------------------------------------------


def test_the_list_tells_what_is_known_and_is_searched(body, season):
    row = invited(industries=["131"], tracks=["information"])
    invited("expert_b")
    BodyExpert.objects.filter(pk=row.pk).update(group="g1", most=3)
    grouped()
    page = words(body.get(PAGE))
    for text in ("吴志远", "清江大学", "教授", "集成电路、电子信息、谷物磨制", "高校", "0/3", "已邀请"):
        assert text in page
    found = words(body.get(PAGE, {"q": "东湖"}))
    assert "郑海涛" in found and "吴志远" not in found
    assert "没有符合条件的专家" in words(body.get(PAGE, {"q": "无此人\x00%_"}))


def test_the_pages_cost_the_same_with_1_and_with_30_rows(body, browser, season):
    row = invited()
    counts = {}
    for rows in (1, 30):
        many(rows - 1)
        for client, path in (
            (body, PAGE),
            (body, f"{PAGE}{row.pk}/"),
            (browser(row.expert.user), "/expert/invitations/"),
        ):
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counts.setdefault(path, []).append(len(seen))
    assert all(one == thirty <= 30 for one, thirty in counts.values()), counts


def test_the_list_leaves_as_a_workbook_that_reads_back(body, season):
    row = invited(industries=["131"], tracks=["information"], position="=1+1")
    answer = body.post(f"{PAGE}list/", follow=True)
    assert "排队中，稍后生成文件" in words(answer)
    job = work("experts_xlsx")
    assert f"/jobs/{job.pk}/" in words(body.get(PAGE))
    with job.result.open("rb") as file:
        content = file.read()
    book = load_workbook(BytesIO(content))
    assert book["状态和任务"]["A2"].value == "吴志远"
    cells = [cell.value for cell in book["评审专家"][2]]
    assert cells[:3] == ["吴志远", "wuzhiyuan@example.org", "清江大学"]
    assert "谷物磨制+131" in cells and "电子信息" in cells
    assert book["评审专家"]["F2"].data_type == "s"
    body.post(UPLOADS, {"file": SimpleUploadedFile("名单.xlsx", content)})
    work("experts_import_check")
    made = ExpertsImport.objects.get()
    assert (made.refused, made.count("unchanged"), made.importable) == (0, 1, False)
    assert row.expert.position == "=1+1"


def test_one_expert_is_set_corrected_invited_again_and_removed(body, season):
    row = invited()
    grouped()
    path = f"{PAGE}{row.pk}/"
    answer = body.post(path, {"group": "g2", "most": "x", "employer": ""})
    assert answer.status_code == 422
    for text in ("最多评审项数应为1—999之间的整数，现为x", "填写工作单位"):
        assert words(answer).count(text) == 2
    given = {
        "group": "g2",
        "most": "4",
        "employer": "清江理工大学",
        "industries": ["131", "1311"],
        "tracks": "green",
    }
    answer = body.post(path, given, follow=True)
    assert "已保存" in words(answer)
    row = BodyExpert.objects.select_related("expert").get(pk=row.pk)
    assert (row.group, row.most, row.expert.employer, row.expert.tracks) == (
        "g2",
        4,
        "清江理工大学",
        ["green"],
    )
    assert "邀请刚刚发送过" in words(body.post(f"{path}invite/", follow=True))
    with time_machine.travel(cast.IN_PRELIMINARY + timedelta(minutes=11), tick=False):
        assert "已重新邀请吴志远" in words(body.post(f"{path}invite/", follow=True))
        assert "填写移出原因" in words(body.post(f"{path}remove/", {"reason": ""}))
        answer = body.post(f"{path}remove/", {"reason": "专家类别调整"}, follow=True)
    assert "已移出吴志远，取消0项未提交的任务" in words(answer)
    assert "已移出" in words(body.get(path)) and "移出原因" not in words(body.get(path))


def test_a_search_without_script_keeps_what_was_typed(body, browser, season):
    row = invited()
    data = {"employer": "", "industries-find": "稻谷加工", "find": "industries", "industries": "131"}
    for client, path in ((body, f"{PAGE}{row.pk}/"), (browser(row.expert.user), "/expert/profile/")):
        answer = client.post(path, data)
        page = words(answer)
        assert answer.status_code == 200
        assert '<option value="131" selected>' in page and '<option value="1311">' in page
        assert "填写工作单位" not in page
    assert not Event.objects.filter(name="expert_facts_kept").exists()


def test_another_bodys_expert_does_not_exist(browser, season, other_body_person):
    row, client = invited(), browser(other_body_person)
    for path in ("", "invite/", "remove/"):
        assert client.post(f"{PAGE}{row.pk}/{path}").status_code == 404
        assert client.get(f"{PAGE}{row.pk}/{path}").status_code in (404, 405)


# --- The import --------------------------------------------------------------------------------------------


def upload(body, *rows, change=None):
    file = SimpleUploadedFile("专家.xlsx", workbook(rows, change=change))
    answer = body.post(UPLOADS, {"file": file})
    work("experts_import_check")
    return answer.url, ExpertsImport.objects.latest("pk")


def test_an_import_tells_what_it_would_do_and_does_all_of_it(body, season):
    row = invited()
    path, made = upload(
        body,
        line("吴志远", "wuzhiyuan@example.org", "清江大学", 最多评审项数="6", 国民经济行业="谷物磨制"),
        line("孔令仪", "kong@example.org", "北河大学"),
    )
    page = words(body.get(path))
    for text in ("国民经济行业：-- → 131", "最多评审项数：-- → 6", "确认导入", "孔令仪"):
        assert text in page
    assert (made.count("added"), made.count("changed")) == (1, 1)
    assert BodyExpert.objects.count() == 1
    for _n in range(2):
        body.post(path)
    work("experts_import")
    made.refresh_from_db()
    assert (made.state, made.file.name) == (ExpertsImport.State.DONE, "")
    assert BodyExpert.objects.get(pk=row.pk).most == 6
    assert BodyExpert.objects.count() == 2
    assert Job.objects.filter(key__startswith="review_mail:expert_invited").count() == 2
    assert Event.objects.filter(name="experts_imported").count() == 1


def test_one_bad_cell_hinders_all(body, season):
    invited()

    def formula(sheet):
        sheet["C3"] = "=A1"

    path, made = upload(
        body,
        line("吴至远", "wuzhiyuan@example.org", "清江大学"),
        line("孔令仪", "kong@example.org", "北河大学"),
        change=formula,
    )
    page = words(body.get(path))
    assert "有2处不能导入" in page and "确认导入" not in page
    assert "此邮箱的专家是吴志远，核对姓名或邮箱" in page
    assert "单元格是公式" in page
    assert body.post(path).status_code == 409
    assert made.state == ExpertsImport.State.CHECKED and BodyExpert.objects.count() == 1


def test_what_came_in_between_stops_the_whole_import(body, season):
    path, made = upload(cast_plan(body), line("孔令仪", "kong@example.org", "北河大学"))
    body.post(path)
    row = invited("expert_a", email="kong@example.org")
    BodyExpert.objects.filter(pk=row.pk).update(is_active=False)
    work("experts_import")
    made.refresh_from_db()
    assert made.state == ExpertsImport.State.CHECKED
    assert "此专家已移出，在专家页重新邀请" in words(body.get(path))


def cast_plan(body):
    cast.recorded_plan()
    return body


def test_without_a_plan_or_a_file_nothing_is_imported(body, browser, season, other_body_person):
    assert "方案备案后才能加入专家和分配" in words(body.get(UPLOADS))
    file = SimpleUploadedFile("专家.xlsx", workbook([]))
    assert body.post(UPLOADS, {"file": file}).status_code == 409
    cast.recorded_plan()
    assert "上传填好的模板" in words(body.post(UPLOADS))
    path, _made = upload(body, line("孔令仪", "kong@example.org", "北河大学"))
    assert browser(other_body_person).get(path.split("?")[0]).status_code == 404
    answer = body.get(f"{UPLOADS}template/")
    assert load_workbook(BytesIO(b"".join(answer.streaming_content))).sheetnames == ["评审专家", "填写说明"]


# --- The person --------------------------------------------------------------------------------------------


def test_an_invitation_is_accepted_with_both_ticks(browser, season):
    row = invited()
    client, path = browser(row.expert.user), f"/expert/invitations/{row.pk}/"
    assert "有1个评审邀请待答复" in words(client.get("/expert/"))
    page = words(client.get("/expert/invitations/"))
    assert "中国科协信息科技学会联合体" in page and "先导技术榜（电子信息）" in page
    assert " checked" not in page
    answer = client.post(path, {"commits": "on"})
    assert answer.status_code == 422
    assert "勾选同意处理个人信息后再接受" in words(answer)
    assert words(answer).count(" checked") == 1
    assert "已接受邀请" in words(client.post(path, {"commits": "on", "consents": "on"}, follow=True))
    assert "（版本2022-1）" in words(client.get("/expert/invitations/"))
    assert "退出评审" in words(client.get(f"{path}leave/"))
    assert "填写退出原因" in words(client.post(f"{path}leave/"))
    answer = client.post(f"{path}leave/", {"reason": "健康原因"}, follow=True)
    assert "已退出评审，取消0项未提交的任务" in words(answer)
    assert client.get(f"{path}leave/").status_code == 302


def test_declining_without_a_reason_keeps_the_page(browser, season):
    row = invited()
    client, path = browser(row.expert.user), f"/expert/invitations/{row.pk}/"
    answer = client.post(path, {"decline": "1", "reason": " "})
    assert answer.status_code == 422 and "填写谢绝原因" in words(answer)
    assert "已谢绝邀请" in words(client.post(path, {"decline": "1", "reason": "出国访问"}, follow=True))
    assert BodyExpert.objects.get().state == State.DECLINED
    assert client.post(path, {"commits": "on", "consents": "on"}).status_code == 409


def test_the_profile_is_kept_and_confirmed_by_the_person(browser, season):
    row = invited()
    client = browser(row.expert.user)
    assert "由初评机构登记，核对后保存" in words(client.get("/expert/profile/"))
    bad = {"employer": "", "industries": "XX", "tracks": "deep-sea", "address": "北河路1号"}
    answer = client.post("/expert/profile/", bad)
    assert answer.status_code == 422
    for text in (
        "填写工作单位",
        "GB/T 4754-2017中没有代码XX，重新选择",
        "领域不在本年度榜单中，重新选择",
        "北河路1号",
    ):
        assert text in words(answer)
    given = {"employer": "清江大学", "strategic": ["1.2"], "tracks": ["information", "open_source"]}
    assert "已保存" in words(client.post("/expert/profile/", given, follow=True))
    assert "本人确认时间" in words(client.get("/expert/profile/"))
    row.expert.refresh_from_db()
    assert (row.expert.strategic, row.expert.tracks) == (["1.2"], ["information", "open_source"])


def test_who_was_never_invited_has_no_profile(browser, season):
    from accounts.roles import Role

    client = browser(cast.person("alone", "孤鸿", Role.EXPERT, "清江大学"))
    assert client.get("/expert/profile/").status_code == 404
    assert "暂无评审邀请" in words(client.get("/expert/invitations/"))
