"""What the applicant sees of the way: list, tasks, progress, papers, the outcome only once it is published."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kczg.kit.models import Event, Job
from nominations.states import State
from tests import cast

pytestmark = pytest.mark.django_db
DURING = time_machine.travel(cast.DURING_CALL, tick=False)


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def at_desk(client, applicant):
    client.force_login(applicant)
    return client


@DURING
def test_an_empty_list_leads_to_the_rankings(at_desk, season):
    assert "还没有申报，选择一个榜单开始" in words(at_desk.get("/my/"))


@DURING
def test_the_list_takes_the_same_queries_for_one_row_and_for_thirty(at_desk, season):
    cast.draft()
    at_desk.get("/my/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        at_desk.get("/my/")
    for n in range(29):
        cast.draft(title=f"技术{n}", answers={"technology_name": f"技术{n}"})
    with CaptureQueriesContext(connection) as thirty:
        page = at_desk.get("/my/")
    assert len(thirty) == len(one)
    assert len(one) <= 9
    assert words(page).count('<th scope="row">') == 20
    assert "共30项" in words(page)
    assert words(at_desk.get("/my/?page=2")).count('<th scope="row">') == 10


@DURING
def test_a_returned_form_shows_the_reasons_and_leads_to_the_place(at_desk, returned):
    base = f"/nominations/{returned.number}/"
    for page in ("", "progress/", "introduction/"):
        assert "技术介绍未写明与同类产品的比较" in words(at_desk.get(base + page))
    assert "修改“一、技术介绍" in words(at_desk.get(base))
    assert f'href="{base}introduction/">修改并重新提交' in words(at_desk.get(f"{base}progress/"))
    version = returned.section_version("introduction")
    text = cast.chinese(480, 2)
    at_desk.post(f"{base}introduction/", {"version": version, "introduction_text": text, "save": "1"})
    sent = at_desk.post(f"{base}check/", {"promised": "1"})
    assert sent.url == f"{base}submitted/"
    again = cast.reread(returned)
    assert (again.state, again.versions.count(), again.returned_notes) == ("submitted", 2, [])
    assert "第2版" in words(at_desk.get(sent.url))


@DURING
def test_withdrawing_asks_for_a_reason_and_is_on_record(at_desk, recommended):
    base = f"/nominations/{recommended.number}/"
    assert "占用的名额随之释放" in words(at_desk.get(f"{base}withdraw/"))
    assert "填写原因" in words(at_desk.post(f"{base}withdraw/", {"reason": ""}))
    done = at_desk.post(f"{base}withdraw/", {"reason": "改报其他领域"})
    assert done.url == f"{base}progress/"
    assert cast.reread(recommended).state == "withdrawn"
    page = words(at_desk.get(done.url))
    assert "改报其他领域" in page
    assert "已撤回" in page


@pytest.mark.parametrize("build", ["in_review", "shortlisted", "noticed", "not_shortlisted"])
@time_machine.travel(cast.IN_PRELIMINARY, tick=False)
def test_what_the_review_finds_is_not_told_before_the_list(at_desk, season, build):
    nomination = getattr(cast, build)()
    for page in ("/my/", f"/nominations/{nomination.number}/", f"/nominations/{nomination.number}/progress/"):
        shown = words(at_desk.get(page))
        assert "初评中" in shown or page.endswith("progress/")
        for hidden in ("初评通过", "初评未通过", "未入榜", "拟入榜", "吴志远", "郑海涛", "张伟"):
            assert hidden not in shown


@pytest.mark.parametrize(("build", "told"), [("published", "已入榜"), ("not_listed", "未入榜")])
@time_machine.travel(cast.IN_PUBLICATION, tick=False)
def test_the_outcome_is_read_once_the_list_is_published(at_desk, season, build, told):
    nomination = getattr(cast, build)()
    assert told in words(at_desk.get(f"/nominations/{nomination.number}/progress/"))


@pytest.mark.parametrize("state", sorted(cast.BUILDERS))
@time_machine.travel(cast.DURING_CALL, tick=False)
def test_every_page_opens_in_every_state(at_desk, season, state):
    nomination = cast.BUILDERS[State(state)]()
    for page in ("", "technology/", "unit/", "preview/", "progress/", "withdraw/"):
        assert at_desk.get(f"/nominations/{nomination.number}/{page}").status_code == 200, page
    for page in ("check/", "submitted/", "preview.pdf"):
        assert at_desk.get(f"/nominations/{nomination.number}/{page}").status_code in (200, 302), page


@DURING
def test_a_paper_is_owed_once_for_each_content_and_goes_to_its_people(
    client, applicant, colleague, stranger, draft
):
    base = f"/nominations/{draft.number}/"
    client.force_login(applicant)
    assert client.get(f"{base}preview.pdf").url == f"{base}preview/"
    for _twice in range(2):
        assert client.post(f"{base}preview/").url == f"{base}preview/#pdf"
    job = Job.objects.get(kind="draft_pdf")
    assert client.get(f"{base}paper/").json()["state"] == "queued"
    job.attach(f"{draft.number}草稿.pdf", ContentFile(b"%PDF-1.7 paper"))
    Job.objects.filter(pk=job.pk).update(state="done")
    shown = client.get(f"{base}paper/").json()
    assert (shown["state"], shown["url"]) == ("done", f"{base}preview.pdf")
    client.force_login(colleague)
    file = client.get(f"{base}preview.pdf")
    assert b"".join(file.streaming_content) == b"%PDF-1.7 paper"
    assert file.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''2022XD00001%E8%8D%89%E7%A8%BF.pdf"
    )
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in file.headers["Cache-Control"]
    assert Event.objects.get(name="downloaded").actor_name == "周岩"
    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
    client.force_login(applicant)
    assert client.get(f"/jobs/{job.pk}/").json()["url"] == f"/jobs/{job.pk}/file/"
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 200
    Job.objects.filter(pk=job.pk).update(state="failed", error="RendererError: secret")
    failed = client.get(f"/jobs/{job.pk}/").json()
    assert (failed["url"], failed["error"]) == ("", "未能生成文件，稍后重试")
    client.force_login(stranger)
    assert client.get(f"/jobs/{job.pk}/").status_code == 404


def test_the_admin_site_only_looks(client, admin, submitted):
    client.force_login(admin)
    page = f"/admin/nominations/nomination/{submitted.pk}/change/"
    shown = client.get(page)
    assert shown.status_code == 200
    assert submitted.answers["introduction_text"] not in words(shown)
    assert "answers" not in words(shown)
    assert client.post(page, {"state": "published"}).status_code == 403
    assert client.get("/admin/nominations/nomination/add/").status_code == 403
    assert client.post(f"/admin/nominations/nomination/{submitted.pk}/delete/").status_code == 403
