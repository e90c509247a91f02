"""Files that people send: what is taken, what is refused and in which words, and what is served (F1-F4)."""

import io
import os
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.test import override_settings
from PIL import Image

from kczg.kit import clock, outbox, uploads
from kczg.kit.models import Event, Job, StoredFile
from kczg.kit.storage import private_storage
from kczg.kit.uploads import checking
from kczg.kit.uploads.words import WORDS
from kczg.kit.verdicts import Refused
from tests import files
from tests.files import JPEG, PDF, PNG, upload

pytestmark = pytest.mark.django_db


def sent(content: bytes, name: str = "附件.pdf", media_type: str = PDF, by=None) -> StoredFile:
    """A file as the person sent it and the worker judged it."""
    stored = uploads.receive(upload(content, name, media_type), by, "test", clock.now())
    assert stored.state == StoredFile.State.CHECKING
    outbox.run(Job.objects.get(key=f"check_file:{stored.pk}").pk)
    stored.refresh_from_db()
    return stored


def kept(folder: str) -> list[str]:
    return private_storage().listdir(folder)[1] if private_storage().exists(folder) else []


def test_F1_a_pdf_is_taken_and_counted(applicant):
    stored = sent(files.pdf(3), "证书（扫描件）𡃁.pdf", by=applicant)
    assert (stored.state, stored.pages, stored.name) == ("ready", 3, "证书（扫描件）𡃁.pdf")
    assert stored.key.startswith("files/") and "证书" not in stored.key
    with uploads.open_checked(stored) as file:
        assert len(pikepdf.open(file).pages) == 3


@pytest.mark.parametrize(
    ("kind", "name", "media_type"), [("JPEG", "证书.JPG", JPEG), ("PNG", "证书.png", PNG)]
)
def test_F1_a_picture_is_taken_and_stays_what_it_is(applicant, kind, name, media_type):
    stored = sent(files.picture(kind), name, media_type, by=applicant)
    assert (stored.state, stored.pages, stored.width, stored.height) == ("ready", 1, 120, 80)
    with uploads.open_checked(stored) as file:
        image = Image.open(file)
        assert image.format == kind
        assert image.convert("RGB").getpixel((10, 40))[0] > 200 > image.convert("RGB").getpixel((10, 40))[1]


def test_F1_a_picture_loses_what_it_tells_besides_and_stands_upright(applicant):
    raw = files.located_picture()
    assert b"SecretCamera" in raw and b"SecretComment" in raw
    stored = sent(raw, "照片.jpg", JPEG, by=applicant)
    with uploads.open_checked(stored) as file:
        content = file.read()
    assert b"Secret" not in content and b"Exif" not in content
    image = Image.open(io.BytesIO(content))
    assert (image.size, dict(image.getexif())) == ((80, 120), {})
    assert image.getpixel((40, 10))[1] < 60 < 200 < image.getpixel((40, 110))[1]


@pytest.mark.parametrize("what", files.HARMFUL)
def test_F2_a_harmful_pdf_is_refused_with_its_reason(applicant, what):
    code, content = files.HARMFUL[what]
    stored = sent(content, by=applicant)
    assert (stored.state, stored.refusal_code) == ("refused", code)
    assert stored.refusal == str(WORDS[code]) % stored.refusal_facts
    assert stored.key == ""
    with pytest.raises(Refused):
        uploads.open_checked(stored)


def test_F2_what_only_leads_somewhere_is_taken_out(applicant):
    def change(document):
        files.annotated(
            "<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://www.cast.org.cn/) >> >>"
        )(document)
        document.Root.OpenAction = files.parsed("[0 /Fit]")
        document.Root.AcroForm = files.parsed("<< /Fields [] >>")

    stored = sent(files.pdf(1, change), by=applicant)
    assert stored.state == "ready"
    with uploads.open_checked(stored) as file:
        document = pikepdf.open(file)
        assert "/OpenAction" not in document.Root and "/AcroForm" not in document.Root
        assert "/A" not in document.pages[0].Annots[0]


def test_F2_what_no_page_reaches_is_gone(applicant):
    raw = files.pdf() + b"\n<script>alert(1)</script>PK\x03\x04"
    stored = sent(raw, by=applicant)
    with uploads.open_checked(stored) as file:
        assert b"<script>" not in file.read()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "code"),
    [
        (b"", "空.pdf", PDF, "file_empty"),
        (b"<html><script>alert(1)</script>", "网页.pdf", PDF, "file_type"),
        (b"GIF89a" + bytes(40), "动图.png", PNG, "file_type"),
        (files.pdf(), "附件.exe", PDF, "file_type"),
        (files.pdf(), "附件", PDF, "file_type"),
        (files.pdf(), "附件.pdf", "text/html", "file_mismatch"),
        (files.pdf(), "附件.jpg", JPEG, "file_mismatch"),
        (files.picture(), "附件.pdf", PDF, "file_mismatch"),
        (b"\xff\xd8\xff\xe0" + files.pdf(), "附件.pdf", PDF, "file_mismatch"),
        (b"<!-- -->" + files.pdf(), "附件.pdf", PDF, "file_type"),
    ],
)
def test_F1_content_extension_and_declared_type_must_agree(applicant, content, name, media_type, code):
    with pytest.raises(Refused) as refused:
        uploads.receive(upload(content, name, media_type), applicant, "test", clock.now())
    assert (refused.value.verdict.code, refused.value.verdict.status) == (code, 422)
    assert not StoredFile.objects.exists()


def test_F1_a_file_over_the_limit_is_refused_in_numbers(applicant):
    with override_settings(UPLOAD_MAX_BYTES=1024 * 1024), pytest.raises(Refused) as refused:
        uploads.receive(upload(files.pdf() + bytes(3 * 512 * 1024)), applicant, "test", clock.now())
    assert refused.value.verdict.message == "文件1.5 MB，超过1 MB，降低扫描分辨率后重新上传"


def test_F1_a_pdf_behind_the_head_of_a_picture_does_not_outlive_the_check(applicant):
    stored = sent(files.picture() + files.pdf(), "照片.jpg", JPEG, by=applicant)
    with uploads.open_checked(stored) as file:
        assert b"%PDF" not in file.read()


@pytest.mark.parametrize(
    ("content", "name", "media_type", "code"),
    [
        (files.png_of_size(50_000, 50_000), "大图.png", PNG, "too_many_pixels"),
        (files.picture()[:300], "半张.jpg", JPEG, "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(60), "坏.jpg", JPEG, "damaged"),
    ],
)
def test_F1_a_picture_is_judged_before_it_is_decoded(applicant, content, name, media_type, code):
    stored = sent(content, name, media_type, by=applicant)
    assert (stored.state, stored.refusal_code) == ("refused", code)


def test_F1_the_words_of_too_many_pixels(applicant):
    stored = sent(files.png_of_size(50_000, 50_000), "大图.png", PNG, by=applicant)
    assert stored.refusal == "图片50000×50000像素，超过10000万像素，降低扫描分辨率后重新上传"


def test_F4_the_digest_is_that_of_what_is_kept(applicant):
    stored = sent(files.located_picture(), "照片.jpg", JPEG, by=applicant)
    with uploads.open_checked(stored) as file:
        assert uploads.digest_of(file) == stored.sha256
        assert os.fstat(file.fileno()).st_size == stored.size


def test_F4_an_altered_file_is_never_served_and_raises_the_alarm(applicant):
    stored = sent(files.pdf(), by=applicant)
    path = Path(private_storage().path(stored.key))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Refused) as refused:
        uploads.open_checked(stored)
    assert (refused.value.verdict.code, refused.value.verdict.status) == ("file_differs", 409)
    assert Event.objects.filter(name="file_differs", subject_id=stored.pk).exists()


def test_R3_a_file_that_is_gone_is_told_and_raises_the_alarm(applicant):
    stored = sent(files.pdf(), by=applicant)
    private_storage().delete(stored.key)
    with pytest.raises(Refused) as refused:
        uploads.open_checked(stored)
    assert (refused.value.verdict.code, refused.value.verdict.status) == ("file_missing", 409)
    assert Event.objects.filter(name="file_missing").exists()


def test_R3_a_store_that_is_away_is_told_as_such(applicant, monkeypatch):
    stored = sent(files.pdf(), by=applicant)

    def away(*_args):
        raise OSError("no route")

    monkeypatch.setattr(type(private_storage()), "_open", away)
    with pytest.raises(Refused) as refused:
        uploads.open_checked(stored)
    assert refused.value.verdict.status == 503
    monkeypatch.setattr(type(private_storage()), "_save", away)
    with pytest.raises(Refused) as refused:
        uploads.receive(upload(files.pdf()), applicant, "test", clock.now())
    assert refused.value.verdict.status == 503


def test_F4_a_file_that_waits_for_its_check_is_not_served(applicant):
    stored = uploads.receive(upload(files.pdf()), applicant, "test", clock.now())
    with pytest.raises(Refused) as refused:
        uploads.open_checked(stored)
    assert refused.value.verdict.status == 404


def test_the_check_may_run_twice_and_leaves_nothing_behind(applicant, django_capture_on_commit_callbacks):
    before = set(kept("quarantine"))
    with django_capture_on_commit_callbacks(execute=True):
        stored = sent(files.pdf(), by=applicant)
        key = stored.key
        checking.check_file(Job.objects.get(key=f"check_file:{stored.pk}"), stored.pk)
    stored.refresh_from_db()
    assert stored.key == key
    assert set(kept("quarantine")) == before


def test_a_file_whose_check_fails_three_times_is_refused(applicant, monkeypatch):
    def lost(*_args, **_more):
        return subprocess.CompletedProcess([], -9, b"", b"")

    monkeypatch.setattr(subprocess, "run", lost)
    stored = uploads.receive(upload(files.pdf()), applicant, "test", clock.now())
    job = Job.objects.get(key=f"check_file:{stored.pk}")
    for _ in range(3):
        stored.refresh_from_db()
        assert stored.state == StoredFile.State.CHECKING
        outbox.run(job.pk)
    stored.refresh_from_db()
    assert (stored.state, stored.refusal) == ("refused", "检查未能完成，重新上传")


def test_a_discarded_file_leaves_nothing(applicant, django_capture_on_commit_callbacks):
    stored = sent(files.pdf(), by=applicant)
    key = stored.key
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(stored)
    assert not private_storage().exists(key)
    assert not StoredFile.objects.exists()
