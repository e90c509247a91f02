"""A nomination out as JSON and workbook, and back in: a look at the changes first, then, confirmed, the draft."""

import json
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kczg.kit import outbox
from kczg.kit.models import Event, Job
from nominations.actions import papers
from tests import cast


@pytest.fixture(autouse=True)
def during_the_call():
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield


@pytest.fixture
def person(client, applicant):
    client.force_login(applicant)
    return client


def path(nomination, rest=""):
    return f"/nominations/{nomination.number}/data{rest}"


def uploaded(person, nomination, content, name="a.json"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else json.dumps(content).encode())
    return person.post(path(nomination, "/import/"), {"file": file})


def sent_back(page):
    """What the page of the preview would send when it is confirmed."""
    context = page.context
    return {"confirmed": "1", "version": context["version"], "answers": context["answers"]}


def test_the_json_is_what_the_form_holds_and_the_download_is_on_record(person, draft):
    got = person.get(path(draft, ".json"))
    document = json.loads(got.content)
    assert document["answers"]["technology_name"] == draft.title
    assert (document["number"], document["version"]) == (draft.number, draft.edit_version)
    assert got.headers["Content-Disposition"] == f'attachment; filename="{draft.number}.json"'
    assert Event.objects.filter(name="downloaded", subject_id=draft.pk).count() == 1


def test_the_workbook_is_made_by_the_worker_and_reads_back_unchanged(person, draft):
    assert person.get(path(draft, ".xlsx")).status_code == 302
    person.post(path(draft, "/"))
    job = papers.workbook_of(draft)
    assert person.get(path(draft, "/job/")).json()["state"] == "queued"
    outbox.run(job.pk)
    assert person.get(path(draft, "/job/")).json()["url"] == path(draft, ".xlsx")
    content = b"".join(person.get(path(draft, ".xlsx")).streaming_content)
    page = uploaded(person, draft, content, "a.xlsx")
    assert page.status_code == 200 and "没有改动" in page.content.decode()


def test_asking_twice_for_the_workbook_is_one_job(person, draft):
    person.post(path(draft, "/"))
    person.post(path(draft, "/"))
    assert Job.objects.filter(kind="nomination_xlsx").count() == 1


def test_the_preview_shows_old_and_new_and_changes_nothing(person, draft):
    page = uploaded(person, draft, {"technology_name": "新名称", "phone": "12345", "readiness": "TRL10"})
    text = page.content.decode()
    assert "将改动2项" in text and "新名称" in text and draft.title in text
    assert "技术成熟度没有“TRL10”这一项" in text
    assert "提交前需修改" in text
    assert cast.reread(draft).title == draft.title


def test_confirmed_it_is_kept_like_typing(person, draft):
    page = uploaded(person, draft, {"technology_name": "新名称", "introduction_text": "短"})
    answer = person.post(path(draft, "/import/"), sent_back(page))
    assert answer.status_code == 302
    kept = cast.reread(draft)
    assert (kept.title, kept.answers["introduction_text"]) == ("新名称", "短")
    assert kept.section_version("technology") == draft.section_version("technology") + 1
    assert kept.section_version("team") == draft.section_version("team")


def test_what_was_changed_meanwhile_is_refused_and_stays(person, draft, colleague):
    page = uploaded(person, draft, {"technology_name": "导入的名称"})
    by = cast.acting(colleague, "applicant")
    base = draft.section_version("technology")
    cast.applicant_actions.save_draft(
        draft, "technology", {"technology_name": "同事的名称"}, base, by, cast.DURING_CALL
    )
    answer = person.post(path(draft, "/import/"), sent_back(page))
    assert answer.status_code == 409 and "已由" in answer.content.decode()
    assert cast.reread(draft).title == "同事的名称"


def test_I1_what_is_sent_with_the_confirmation_is_judged_again(person, draft):
    forged = {
        "confirmed": "1",
        "version": draft.edit_version,
        "answers": '{"readiness": "TRL10", "state": "published"}',
    }
    person.post(path(draft, "/import/"), forged)
    kept = cast.reread(draft)
    assert kept.answers["readiness"] == draft.answers["readiness"] and kept.state == "draft"
    for answers in ("[1]", "{", "null"):
        assert person.post(path(draft, "/import/"), {**forged, "answers": answers}).status_code in (302, 422)


def test_nothing_is_imported_after_submission(person, submitted):
    assert "查看改动" not in person.get(path(submitted, "/")).content.decode()
    sent = {"confirmed": "1", "version": submitted.edit_version, "answers": '{"technology_name": "晚了"}'}
    assert person.post(path(submitted, "/import/"), sent).status_code == 409
    assert cast.reread(submitted).title == submitted.title


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"PK\x03\x04", "文件不是.xlsx工作簿"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧格式"),
        ("a.json", b"{", "不是有效的JSON"),
        ("a.xlsx", b"0" * 2_200_000, "超过2 MB"),
    ],
)
def test_files_that_are_none_are_answered_with_words(person, draft, name, content, told):
    page = uploaded(person, draft, content, name)
    assert page.status_code == 422 and told in page.content.decode()


def test_without_a_file_it_is_asked_for(person, draft):
    page = person.post(path(draft, "/import/"))
    assert page.status_code == 422 and "选择要导入的文件" in page.content.decode()


def test_I3_markup_in_a_file_is_text_on_the_page(person, draft):
    page = uploaded(person, draft, {"technology_name": "<b>粗</b>", "<script>": "x"}).content.decode()
    assert "&lt;b&gt;粗&lt;/b&gt;" in page and "<script>：" not in page and "<b>粗" not in page


def test_the_workbook_holds_answers_that_this_track_does_not_ask(person, draft):
    draft.answers = {**draft.answers, "green_direction": "工业"}
    draft.save()
    person.post(path(draft, "/"))
    job = papers.workbook_of(draft)
    outbox.run(job.pk)
    job.refresh_from_db()
    sheet = load_workbook(BytesIO(job.result.read()))["先导技术榜"]
    values = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert values["面向的绿色低碳方向"] == "工业"
