"""Files of a nomination: who sends and reads them, how the answers name them, how long they are kept."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client, override_settings

from accounts.roles import Role
from kczg.kit.models import Event, StoredFile
from kczg.kit.storage import private_storage
from kczg.kit.verdicts import Refused
from nominations.actions import applicant as actions
from nominations.actions import attachments
from nominations.actions.sending import add
from nominations.models import Attachment, Version
from nominations.views.overview import tree_of
from reviews.actions import preliminary
from tests import cast, files
from tests.nominations.attaching import (
    ANNEXES,
    AT,
    SCAN,
    draft,
    judge,
    manager,
    send,
    submit,
    with_annex,
    write,
)

pytestmark = pytest.mark.django_db
DURING = time_machine.travel(cast.DURING_CALL, tick=False)


def signed_in(key: str) -> Client:
    client = Client()
    client.force_login(cast.cast(key))
    return client


def messages(nomination):
    return [each["message"] for each in actions.problems_before_submission(nomination)]


# --- The answers are the rows' -----------------------------------------------------------------------------


def test_an_answer_holds_what_the_server_knows_whatever_the_page_says(season):
    nomination = draft()
    row = send(nomination, name="案例.pdf")
    posted = [{"id": row.file.public_id, "name": "别的.exe", "size": 1, "sha256": "0" * 64, "pages": 99}]
    nomination = write(nomination, {ANNEXES: posted})
    (entry,) = nomination.answers[ANNEXES]
    assert (entry["name"], entry["state"], entry["size"]) == ("案例.pdf", "checking", row.file.size)
    stored = judge(row)
    (entry,) = cast.reread(nomination).answers[ANNEXES]
    assert entry == {
        "id": stored.public_id,
        "name": "案例.pdf",
        "size": stored.size,
        "pages": 1,
        "sha256": stored.sha256,
        "type": "application/pdf",
    }


def test_S3_the_id_of_anothers_file_is_dropped(season):
    other = send(draft(by=cast.cast("stranger")), by=cast.cast("stranger"))
    nomination = draft()
    elsewhere = send(manager(), SCAN)
    written = write(nomination, {ANNEXES: [other.file.public_id, elsewhere.file.public_id, "0" * 32]})
    assert written.answers[ANNEXES] == []


def test_a_file_of_one_place_is_no_file_of_another(season):
    nomination = manager()
    row = send(nomination, SCAN)
    assert write(nomination, {"skills_files": [row.file.public_id]}).answers["skills_files"] == []


def test_a_row_of_certificates_carries_its_scan(season):
    nomination = manager()
    row = send(nomination, SCAN, name="证书.pdf")
    certificate = {"date": "2019-11-08", "issuer": "中心", "name": "JS2019", "scan": [row.file.public_id]}
    nomination = write(nomination, {"certificates": [certificate]})
    judge(row)
    item = tree_of(cast.reread(nomination)).item("certificates")
    assert item.value[0]["scan"][0]["name"] == "证书.pdf"
    assert "证书.pdf（1页，SHA-256 " in item.text


def test_a_file_under_check_or_refused_hinders_submission_and_says_which(season):
    nomination = draft()
    bad = send(nomination, content=files.HARMFUL["embedded file"][1], name="带附件.pdf")
    nomination = write(nomination, {ANNEXES: [bad.file.public_id]})
    assert messages(nomination) == ["“带附件.pdf”正在检查，稍候再继续"]
    with pytest.raises(Refused):
        submit(nomination)
    judge(bad)
    nomination = cast.reread(nomination)
    assert messages(nomination) == ["“带附件.pdf”未通过检查：PDF中嵌有其他文件，取出后单独上传"]
    with pytest.raises(Refused):
        submit(nomination)
    assert not Version.objects.exists()


def test_A4_the_version_holds_the_digest_of_the_file_that_is_served(season, sound):
    nomination, stored = with_annex()
    nomination = submit(nomination)
    (entry,) = nomination.latest_version.content["answers"][ANNEXES]
    assert entry["sha256"] == stored.sha256
    assert "state" not in entry


# --- How many ----------------------------------------------------------------------------------------------


def test_F4_a_place_takes_no_more_than_it_says(season):
    nomination = manager()
    for _ in range(5):
        send(nomination, "skills_files")
    with pytest.raises(Refused) as refused:
        send(nomination, "skills_files")
    assert refused.value.verdict.message == "最多5个文件，删除不需要的再上传"
    assert StoredFile.objects.count() == 5


def test_a_file_that_came_and_was_never_named_stops_counting(season):
    nomination = manager()
    for _ in range(5):
        send(nomination, "skills_files")
    later = AT + timedelta(minutes=11)
    who = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    add(nomination, "skills_files", files.upload(files.pdf()), who, later)
    assert Attachment.objects.count() == 6


@pytest.mark.parametrize(
    ("setting", "words"),
    [("FORM_FILES_MAX_BYTES", "此申报的文件共"), ("UNIT_FILES_MAX_BYTES", "本单位各申报的文件共")],
)
def test_F4_the_files_of_a_form_and_of_a_unit_have_a_limit_together(season, setting, words):
    nomination, size = draft(), len(files.pdf())
    send(nomination)
    with override_settings(**{setting: 2 * size - 1}), pytest.raises(Refused) as refused:
        send(nomination)
    assert refused.value.verdict.message.startswith(words)
    assert Attachment.objects.count() == StoredFile.objects.count() == 1


def test_D2_nothing_is_sent_after_the_gate_or_once_it_is_submitted(season):
    nomination = draft()
    with pytest.raises(Refused) as refused:
        attachments_add_at(nomination, cast.GATE)
    assert refused.value.verdict.status == 409
    submitted = submit(nomination)
    with pytest.raises(Refused) as refused:
        send(submitted)
    assert refused.value.verdict.code == "not_editable"
    assert not StoredFile.objects.exists()


def attachments_add_at(nomination, at):
    who = cast.acting(cast.cast("applicant"), Role.APPLICANT)
    return add(nomination, ANNEXES, files.upload(files.pdf()), who, at)


# --- How long ----------------------------------------------------------------------------------------------


def test_what_the_draft_names_no_more_goes_after_a_day(season, django_capture_on_commit_callbacks):
    nomination, stored = with_annex()
    write(nomination, {ANNEXES: []})
    assert Attachment.objects.get().removed_at == AT
    assert attachments.clear_away(AT + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.clear_away(AT + timedelta(hours=25)) == 1
    assert not StoredFile.objects.exists()
    assert not private_storage().exists(stored.key)


def test_what_was_taken_out_and_is_named_again_stays(season):
    nomination, stored = with_annex()
    nomination = write(nomination, {ANNEXES: []})
    nomination = write(nomination, {ANNEXES: [stored.public_id]})
    assert nomination.answers[ANNEXES][0]["sha256"] == stored.sha256
    assert Attachment.objects.get().removed_at is None
    assert attachments.clear_away(AT + timedelta(days=3)) == 0


def test_what_a_version_names_stays_though_the_draft_drops_it(season):
    nomination, stored = with_annex()
    nomination = submit(nomination)
    notes = [{"section": "attachments", "reason": "换一份案例"}]
    from nominations.actions import unit as unit_actions

    unit_actions.return_for_changes(nomination, notes, cast.unit_actor(nomination), AT)
    write(cast.reread(nomination), {ANNEXES: []})
    assert attachments.clear_away(AT + timedelta(days=400)) == 0
    assert private_storage().exists(stored.key)


# --- Who reads ---------------------------------------------------------------------------------------------


@DURING
def test_F3_a_download_is_an_attachment_with_its_chinese_name(season):
    nomination, stored = with_annex(name="典型经验𡃁.pdf")
    answer = signed_in("applicant").get(f"/nominations/{nomination.number}/files/{stored.public_id}/")
    assert answer.status_code == 200
    assert unquote(answer.headers["Content-Disposition"]) == "attachment; filename*=utf-8''典型经验𡃁.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Event.objects.filter(name="downloaded", data__file=stored.public_id).count() == 1


@DURING
def test_F4_nobody_else_sees_a_file_that_waits_or_was_refused(season):
    nomination = draft()
    row = send(nomination)
    write(nomination, {ANNEXES: [row.file.public_id]})
    path = f"files/{row.file.public_id}/"
    assert signed_in("applicant").get(f"/nominations/{nomination.number}/{path}").status_code == 404
    assert signed_in("office_a").get(f"/office/nominations/{nomination.number}/{path}").status_code == 404


@pytest.fixture
def reviewed(season):
    """A nomination with a file, recommended and before its body; and one of a stranger."""
    nomination, stored = with_annex()
    nomination = submit(nomination)
    cast.recommend(nomination)
    return cast.reread(nomination), stored


def reviewer(nomination):
    """A person of the body of the nomination's track."""
    body = nomination.track.bodies.first().organisation
    return cast.person("gaofeng", "高峰", Role.BODY, body.name)


def paths(nomination, stored):
    tail = f"files/{stored.public_id}/"
    return {
        "applicant": f"/nominations/{nomination.number}/{tail}",
        "unit": f"/unit/nominations/{nomination.number}/{tail}",
        "office": f"/office/nominations/{nomination.number}/{tail}",
        "body": f"/body/check/{nomination.number}/{tail}",
    }


@time_machine.travel(cast.IN_PRELIMINARY, tick=False)
def test_S3_each_reader_has_the_file_under_their_own_address_alone(reviewed):
    nomination, stored = reviewed
    body = reviewer(nomination)
    people = {
        "applicant": cast.cast("applicant"),
        "colleague": cast.cast("colleague"),
        "stranger": cast.cast("stranger"),
        "unit": cast.cast("unit_person"),
        "other_unit": cast.cast("other_unit_person"),
        "office": cast.cast("office_a"),
        "body": body,
        "other_body": cast.cast("other_body_person"),
        "admin": cast.cast("admin"),
    }
    may = {
        ("applicant", "applicant"),
        ("colleague", "applicant"),
        ("unit", "unit"),
        ("office", "office"),
        ("body", "body"),
    }
    for who, user in people.items():
        client = Client()
        client.force_login(user)
        for whose, path in paths(nomination, stored).items():
            got = client.get(path).status_code
            assert got == (200 if (who, whose) in may else 404), (who, path, got)
    assert Client().get(paths(nomination, stored)["unit"]).status_code == 302


@time_machine.travel(cast.IN_PRELIMINARY, tick=False)
def test_S3_a_unit_and_a_body_read_what_was_submitted_and_nothing_newer(reviewed):
    nomination, stored = reviewed
    Attachment.objects.create(
        nomination=nomination,
        file=StoredFile.objects.create(
            public_id="f" * 32,
            purpose="nomination",
            key=stored.key + "x",
            name="未提交.pdf",
            size=1,
            media_type="application/pdf",
            sha256="0" * 64,
            state="ready",
            created_at=AT,
            created_by=cast.cast("applicant"),
        ),
        place=ANNEXES,
        added_at=AT,
        added_by=cast.cast("applicant"),
    )
    newer = StoredFile.objects.get(public_id="f" * 32)
    for whose, user in (
        ("unit", cast.cast("unit_person")),
        ("body", reviewer(nomination)),
        ("office", cast.cast("office_a")),
    ):
        client = Client()
        client.force_login(user)
        assert client.get(paths(nomination, newer)[whose]).status_code == 404


@time_machine.travel(cast.IN_PRELIMINARY, tick=False)
def test_every_readers_page_links_the_file(reviewed):
    nomination, stored = reviewed
    pages = {
        "applicant": (cast.cast("applicant"), f"/nominations/{nomination.number}/preview/"),
        "unit": (cast.cast("unit_person"), f"/unit/nominations/{nomination.number}/"),
        "office": (cast.cast("office_a"), f"/office/nominations/{nomination.number}/"),
        "body": (reviewer(nomination), f"/body/check/{nomination.number}/"),
    }
    for whose, (user, page) in pages.items():
        client = Client()
        client.force_login(user)
        assert f'href="{paths(nomination, stored)[whose]}' in client.get(page).content.decode(), whose


@time_machine.travel(cast.IN_PRELIMINARY, tick=False)
def test_S6_an_expert_has_the_files_of_what_is_assigned_to_them(reviewed):
    from reviews import queries
    from reviews.models import Assignment, BodyExpert

    nomination, stored = reviewed
    mine, other = cast.expert("expert_a"), cast.expert("expert_b")
    plan = queries.plan_in_force(cast.track())
    plan.pk, plan.track, plan.body = None, nomination.track, nomination.track.bodies.first()
    plan.save(force_insert=True)
    preliminary.check_form(
        nomination, True, [], cast.acting(reviewer(nomination), Role.BODY), cast.IN_PRELIMINARY
    )
    for person in (mine, other):
        BodyExpert.objects.create(
            body=nomination.track.bodies.first(), expert=person, committed_at=cast.IN_PRELIMINARY
        )
    sheet = Assignment.objects.create(
        expert=mine,
        nomination=nomination,
        assigned_at=cast.IN_PRELIMINARY,
        assigned_by=cast.cast("body_person"),
    )
    path = f"/expert/{sheet.pk}/files/{stored.public_id}/"
    client = Client()
    client.force_login(mine.user)
    assert client.get(path).status_code == 200
    others = Client()
    others.force_login(other.user)
    assert others.get(path).status_code == 404
    Assignment.objects.filter(pk=sheet.pk).update(ended_at=cast.IN_PRELIMINARY)
    assert client.get(path).status_code == 404


# --- The pages ---------------------------------------------------------------------------------------------


@DURING
def test_a_script_sends_a_file_and_asks_how_its_check_stands(season):
    nomination, client = draft(), signed_in("applicant")
    url = f"/nominations/{nomination.number}/files/"
    sent = client.post(
        url,
        {"control": ANNEXES, "file": files.upload(files.pdf(), "案例.pdf")},
        headers={"accept": "application/json"},
    )
    assert sent.status_code == 201
    told = sent.json()
    assert told["state"] == "checking" and f'name="{ANNEXES}" value="{told["id"]}"' in told["html"]
    judge(Attachment.objects.get())
    state = client.get(f"{url}{told['id']}/state/?control={ANNEXES}").json()
    assert (state["state"], state["message"]) == ("ready", "案例.pdf：可用")


@DURING
@pytest.mark.parametrize(
    ("posted", "status", "message"),
    [
        ({"control": ANNEXES}, 422, "选择文件后再上传"),
        ({"control": ANNEXES, "file": "text"}, 422, "选择文件后再上传"),
        ({"control": "financing"}, 404, ""),
        ({"control": "../x"}, 404, ""),
    ],
)
def test_I6_a_crooked_upload_is_answered_in_words(season, posted, status, message):
    nomination, client = draft(), signed_in("applicant")
    if status == 404:
        posted = {**posted, "file": files.upload(files.pdf())}
    answer = client.post(
        f"/nominations/{nomination.number}/files/", posted, headers={"accept": "application/json"}
    )
    assert answer.status_code == status
    assert not message or answer.json()["message"] == message
    assert not StoredFile.objects.exists()


@DURING
def test_I6_a_body_beyond_all_limits_is_not_even_read(season):
    nomination, client = draft(), signed_in("applicant")
    with override_settings(BODY_MAX_BYTES=1000):
        answer = client.post(
            f"/nominations/{nomination.number}/files/",
            {"control": ANNEXES, "file": files.upload(files.pdf() + bytes(2000))},
        )
    assert answer.status_code == 413
    assert "一次提交的内容超过限制" in answer.content.decode()


def post_section(client, nomination, section, **data):
    base = {"version": str(cast.reread(nomination).section_version(section)), **data}
    return client.post(f"/nominations/{nomination.number}/{section}/", base)


@DURING
def test_without_script_files_are_sent_kept_and_taken_out_by_posts_alone(season):
    nomination, client = draft(), signed_in("applicant")
    page = client.get(f"/nominations/{nomination.number}/attachments/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    sent = post_section(
        client,
        nomination,
        "attachments",
        upload=ANNEXES,
        **{f"{ANNEXES}-file": files.upload(files.pdf(), "案例.pdf")},
    )
    assert sent.status_code == 200 and "案例.pdf" in sent.content.decode()
    row = Attachment.objects.get()
    assert cast.reread(nomination).answers[ANNEXES][0]["id"] == row.file.public_id
    refused = post_section(
        client,
        nomination,
        "attachments",
        save="1",
        **{ANNEXES: [row.file.public_id], f"{ANNEXES}-file": files.upload(b"<html>", "网页.pdf")},
    )
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "网页.pdf：只能上传PDF、JPG或PNG" in page and f'value="{row.file.public_id}"' in page
    taken = post_section(
        client,
        nomination,
        "attachments",
        **{ANNEXES: [row.file.public_id], "remove_file": f"{ANNEXES}:{row.file.public_id}"},
    )
    assert taken.status_code == 200 and "案例.pdf" not in taken.content.decode()
    assert cast.reread(nomination).answers[ANNEXES] == []


@DURING
def test_without_script_a_certificate_is_sent_with_its_row(season):
    nomination, client = manager(certificates=[]), signed_in("applicant")
    data = {
        f"certificates-0-{key}": value
        for key, value in (("date", "2019-11-08"), ("issuer", "中心"), ("name", "JS2019"))
    }
    from tests.nominations.rankings.samples import full
    from tests.nominations.rankings.test_the_way import controls

    answers = full("technology_manager", certificates=[])
    for question in nomination.ranking.form.section("basics").questions:
        data |= controls(question, answers[question.key])
    data["certificates-0-scan-file"] = files.upload(files.picture(), "证书.jpg", files.JPEG)
    sent = post_section(client, nomination, "basics", upload="certificates-0-scan", **data)
    assert sent.status_code == 200
    (row,) = cast.reread(nomination).answers["certificates"]
    assert (row["name"], row["scan"][0]["name"]) == ("JS2019", "证书.jpg")
