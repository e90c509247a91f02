"""Rows without files and files without rows are found and repaired; what a job made expires (R3, A1, S6)."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command

from kczg.kit import clock, invariants, outbox, uploads
from kczg.kit.models import Job, StoredFile
from kczg.kit.storage import private_storage
from kczg.kit.uploads import upkeep
from tests import files
from tests.kit.test_uploads import sent

pytestmark = pytest.mark.django_db
LATER = timedelta(days=2)


def found() -> list[str]:
    return [line for name, line in invariants.faults() if name == "files"]


def test_A1_a_checked_and_a_waiting_file_are_sound(applicant):
    sent(files.pdf(), by=applicant)
    uploads.receive(files.upload(files.pdf()), applicant, "test", clock.now())
    assert found() == []


def _gone(stored):
    private_storage().delete(stored.key)


def _altered(stored):
    Path(private_storage().path(stored.key)).write_bytes(b"%PDF-x")


def _digest(stored):
    StoredFile.objects.update(sha256="0" * 64)


def _misplaced(stored):
    StoredFile.objects.update(state="checking")


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (_gone, "its bytes are gone"),
        (_altered, "content and SHA-256 differ"),
        (_digest, "content and SHA-256 differ"),
        (_misplaced, "checking, and kept as files/"),
    ],
)
def test_A1_F4_a_fault_planted_in_a_file_is_found(applicant, plant, words):
    stored = sent(files.pdf(), by=applicant)
    plant(stored)
    (line,) = found()
    assert words in line and stored.public_id in line


def test_R3_bytes_without_a_row_are_found_after_a_day_and_deleted(applicant, capsys):
    stored = sent(files.pdf(), by=applicant)
    lost = private_storage().save("files/lost.pdf", ContentFile(b"%PDF-"))
    with time_machine.travel(clock.now() + LATER):
        assert f"{lost}: belongs to no row" in found()
        call_command("reconcile_files")
        assert found() == []
    assert not private_storage().exists(lost)
    assert private_storage().exists(stored.key)


def test_R3_a_check_that_was_given_up_is_owed_again(applicant):
    stored = uploads.receive(files.upload(files.pdf()), applicant, "test", clock.now())
    Job.objects.filter(kind="check_file").update(state=Job.State.FAILED, attempts=3)
    assert upkeep.repair(clock.now())[1] == 1
    outbox.run(Job.objects.get(kind="check_file").pk)
    stored.refresh_from_db()
    assert stored.ready


def test_S6_a_produced_file_expires(applicant, client, monkeypatch):
    monkeypatch.setitem(outbox.HANDLERS, "test_export", lambda job: job.attach("表.xlsx", b"x"))
    monkeypatch.setitem(outbox.READERS, "test_export", lambda _user, _args: True)
    monkeypatch.setitem(outbox.LIVES, "test_export", timedelta(days=7))
    row = outbox.owe("test_export", "test_export:1", owner=applicant)
    outbox.run(row.pk)
    row.refresh_from_db()
    client.force_login(applicant)
    assert client.get(f"/jobs/{row.pk}/file/").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1)):
        client.force_login(applicant)
        assert client.get(f"/jobs/{row.pk}/file/").status_code == 404
        assert outbox.clear_expired(clock.now()) == 1
    assert not private_storage().exists(row.result.name)
    assert not Job.objects.filter(pk=row.pk).exists()


def test_R3_a_produced_file_that_is_gone_or_out_of_reach_is_told_in_words(applicant, client, monkeypatch):
    monkeypatch.setitem(outbox.HANDLERS, "test_export", lambda job: job.attach("表.xlsx", b"x"))
    monkeypatch.setitem(outbox.READERS, "test_export", lambda _user, _args: True)
    row = outbox.owe("test_export", "test_export:1", owner=applicant)
    outbox.run(row.pk)
    row.refresh_from_db()
    client.force_login(applicant)
    with monkeypatch.context() as away:
        away.setattr(type(private_storage()), "_open", _no_route)
        answer = client.get(f"/jobs/{row.pk}/file/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "文件暂时无法存取" in answer.content.decode()
    private_storage().delete(row.result.name)
    answer = client.get(f"/jobs/{row.pk}/file/")
    assert answer.status_code == 409
    assert "找不到此文件" in answer.content.decode()


def _no_route(*_args):
    raise OSError("no route to host")
