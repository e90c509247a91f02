"""盖章扫描件: frozen, printed, stamped, read, submitted; lifted by a change, restored; confirmed by eye."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kczg.kit.models import Event, StoredFile
from nominations import frozen, scans
from nominations.actions import applicant as applicant_actions
from nominations.models import Nomination, SealedScan, Version
from tests import cast, stamping

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(season):
    cast.sealing()
    return cast.draft()


@pytest.fixture
def during():
    with time_machine.travel(cast.DURING_CALL, tick=False):
        yield


def desk(key: str = "applicant") -> Client:
    client = Client()
    client.force_login(cast.cast(key))
    return client


def path(nomination, page: str = "seal/") -> str:
    return f"/nominations/{nomination.number}/{page}"


def text(answer) -> str:
    return answer.content.decode()


def send(client, address: str, *files: tuple[str, bytes, str]):
    uploads = [SimpleUploadedFile(name, content, kind) for name, content, kind in files]
    return client.post(address, {"files": uploads}, follow=True)


def pdf(pictures, name: str = "扫描.pdf") -> tuple[str, bytes, str]:
    return name, stamping.pdf_of(pictures), "application/pdf"


def photo(picture, name: str) -> tuple[str, bytes, str]:
    return name, stamping.jpeg_of(picture), "image/jpeg"


def frozen_version(client, nomination) -> Version:
    client.post(path(nomination, "preview/"), {"stamp": "1"})
    stamping.work()
    return nomination.versions.get()


def change(nomination, words: str) -> None:
    fresh = cast.reread(nomination)
    by = cast.acting(cast.cast("applicant"), "applicant")
    version = fresh.section_version("team")
    applicant_actions.save_draft(fresh, "team", {"contact_name": words}, version, by, cast.DURING_CALL)


def test_the_whole_way_of_a_stamped_form(draft, during, sound):
    client = desk()
    page = client.get(path(draft, "preview/"))
    assert "生成盖章版PDF" in text(page)
    refused = client.post(path(draft, "check/"), {"promised": "1"})
    assert refused.status_code == 422 and "生成盖章版PDF，打印盖章后上传扫描件" in text(refused)
    version = frozen_version(client, draft)
    assert version.submitted_at is None and version.pages and version.seal_pages["applicant"]
    shown = text(client.get(path(draft)))
    assert version.check_code in shown and "尚未上传" in shown
    pages = stamping.pages(stamping.printed(version))
    answer = send(client, path(draft), pdf([stamping.stamped(page) for page in pages[:-1]]))
    assert "正在读取" in text(answer)
    assert client.get(path(draft, "seal/reading/")).json()["state"] == "queued"
    stamping.work()
    assert client.get(path(draft, "seal/reading/")).json()["state"] == "done"
    missing = f"缺第{version.pages}页"
    assert missing in text(client.get(path(draft)))
    refused = client.post(path(draft, "check/"), {"promised": "1"})
    assert refused.status_code == 422 and missing in text(refused)
    send(client, path(draft), photo(stamping.stamped(pages[-1]), "末页.jpg"))
    stamping.work()
    assert "核验码一致，页码齐全" in text(client.get(path(draft)))
    assert client.post(path(draft, "check/"), {"promised": "1"}).status_code == 302
    version.refresh_from_db()
    assert version.submitted_at == cast.DURING_CALL
    assert draft.versions.count() == 1 and version.check_code in text(client.get(path(draft, "submitted/")))


def test_an_incomplete_form_is_not_frozen_and_says_what_is_missing(draft, during):
    change(draft, "")
    answer = desk().post(path(draft, "preview/"), {"stamp": "1"})
    assert answer.status_code == 422 and "联系人" in text(answer)
    assert not Version.objects.exists()


def test_asked_twice_without_a_change_it_is_the_same_version(draft, during):
    client = desk()
    for _ in range(2):
        client.post(path(draft, "preview/"), {"stamp": "1"})
    assert Version.objects.count() == 1 and Event.objects.filter(name="frozen").count() == 1


def complete(draft) -> Version:
    client = desk()
    version = frozen_version(client, draft)
    send(
        client,
        path(draft),
        pdf([stamping.stamped(page) for page in stamping.pages(stamping.printed(version))]),
    )
    stamping.work()
    assert scans.scan_of(version, frozen.APPLICANT).is_complete
    return version


def test_a_later_change_lifts_the_stamp_and_going_back_restores_it(draft, during, sound):
    version, client = complete(draft), desk()
    before = cast.reread(draft).answers
    change(draft, "王某")
    words = f"扫描件的核验码是{version.check_code}（10月"
    for page in ("seal/", "check/"):
        shown = text(client.get(path(draft, page)))
        assert words in shown and "申报表之后改过" in shown
    assert client.post(path(draft, "check/"), {"promised": "1"}).status_code == 422
    asked = client.get(path(draft, "restore/1/"))
    assert asked.status_code == 200 and version.check_code in text(asked)
    assert client.post(path(draft, "restore/1/")).status_code == 302
    assert cast.reread(draft).answers == before
    assert client.post(path(draft, "check/"), {"promised": "1"}).status_code == 302
    assert Event.objects.filter(name="restored", version_code=version.check_code).count() == 1


def test_a_change_of_the_unit_lifts_it_too_and_a_new_print_is_a_new_version(draft, during):
    version, client = complete(draft), desk()
    by = cast.acting(cast.cast("applicant"), "applicant")
    applicant_actions.choose_unit(cast.reread(draft), cast.unit_of_two_channels(), by, cast.DURING_CALL)
    assert frozen.standing(cast.reread(draft)) is None
    client.post(path(draft, "preview/"), {"stamp": "1"})
    stamping.work()
    second = draft.versions.get(number=2)
    send(
        client,
        path(draft),
        pdf([stamping.stamped(page) for page in stamping.pages(stamping.printed(version))]),
    )
    stamping.work()
    shown = text(client.get(path(draft)))
    assert f"扫描件的核验码是{version.check_code}" in shown and "缺第1页" in shown
    assert not scans.scan_of(second, frozen.APPLICANT).is_complete


def test_an_unreadable_page_is_confirmed_by_eye_and_everybody_sees_by_whom(draft, during, sound):
    client = desk()
    version = frozen_version(client, draft)
    pages = [stamping.stamped(page) for page in stamping.pages(stamping.printed(version))]
    foot = pages[1].height * 9 // 10
    pages[1].paste("black", (0, foot, pages[1].width // 2, pages[1].height))
    send(client, path(draft), pdf(pages))
    stamping.work()
    shown = text(client.get(path(draft)))
    assert "“扫描.pdf”第2页的二维码无法识别" in shown and "缺第2页" in shown
    public_id = StoredFile.objects.get().public_id
    confirm = path(draft, f"seal/{public_id}/2/")
    assert confirm in shown and client.get(confirm).status_code == 200
    assert client.post(confirm, {"shows": ""}).status_code == 422
    assert client.post(path(draft, f"seal/{public_id}/1/"), {"shows": "2"}).status_code == 404
    assert client.post(confirm, {"shows": "2"}).status_code == 302
    assert "由申报人确认" in text(client.get(path(draft)))
    event = Event.objects.get(name="page_confirmed")
    assert (event.actor_name, event.data["page"], event.data["shows"]) == ("李静", 2, 2) or event.data[
        "shows"
    ] == 2
    assert client.post(path(draft, "check/"), {"promised": "1"}).status_code == 302
    assert "由申报人确认" in text(desk("unit_person").get(f"/unit/nominations/{draft.number}/"))


def test_another_nominations_page_is_refused_and_never_named(draft, during):
    other = cast.draft(title="高可靠工业总线控制器")
    by = cast.acting(cast.cast("applicant"), "applicant")
    from nominations.actions import seal

    foreign = seal.freeze_to_stamp(other, by, cast.DURING_CALL)
    version = frozen_version(desk(), draft)
    pages = stamping.pages(stamping.printed(version))
    pages[0] = stamping.pages(stamping.printed(foreign))[0]
    send(desk(), path(draft), pdf(pages))
    stamping.work()
    shown = text(desk().get(path(draft)))
    assert "“扫描.pdf”第1页不是本申报表的页" in shown
    assert other.number not in shown and foreign.check_code not in shown


def test_a_file_is_taken_out_with_its_pictures(draft, during):
    version, client = complete(draft), desk()
    file = StoredFile.objects.get()
    assert client.post(path(draft), {"remove": "x"}).status_code == 404
    assert client.post(path(draft), {"remove": file.public_id}).status_code == 302
    assert not StoredFile.objects.exists() and scans.scan_of(version, frozen.APPLICANT) is None


def test_a_wrong_file_is_refused_by_name_and_the_others_are_kept(draft, during):
    client = desk()
    version = frozen_version(client, draft)
    page = stamping.pages(stamping.printed(version))[0]
    answer = send(client, path(draft), ("说明.txt", b"text", "text/plain"), photo(page, "1.jpg"))
    assert answer.status_code == 422 and "“说明.txt”：只能上传PDF、JPG或PNG" in text(answer)
    assert StoredFile.objects.count() == 1
    assert client.post(path(draft)).status_code == 422


def test_D2_nothing_is_frozen_uploaded_or_restored_after_the_gate(draft):
    with time_machine.travel(cast.DURING_CALL, tick=False):
        version = complete(draft)
        change(draft, "王某")
    with time_machine.travel(cast.GATE, tick=False):
        client = desk()
        page = Image.new("RGB", (100, 100))
        for address, data in (
            ("preview/", {"stamp": "1"}),
            ("seal/", {"files": [SimpleUploadedFile("1.jpg", stamping.jpeg_of(page), "image/jpeg")]}),
            ("seal/", {"remove": StoredFile.objects.get().public_id}),
            ("restore/1/", {}),
        ):
            assert client.post(path(draft, address), data).status_code == 409
        assert draft.versions.get() == version and StoredFile.objects.count() == 1


def test_S3_a_picture_is_for_those_who_may_read_the_version(draft, during):
    complete(draft)
    address = f"/scans/{StoredFile.objects.get().public_id}/1.jpg"
    people = ("applicant", "colleague", "unit_person", "office_a", "stranger", "body_person")

    def allowed() -> set[str]:
        answers = {key: desk(key).get(address).status_code for key in people}
        assert set(answers.values()) == {200, 404}
        return {key for key, status in answers.items() if status == 200}

    assert allowed() == {"applicant", "colleague"}
    desk().post(path(draft, "check/"), {"promised": "1"})
    assert allowed() == {"applicant", "colleague", "unit_person", "office_a"}
    picture = desk().get(address)
    assert picture["Content-Type"] == "image/jpeg" and picture["Cache-Control"] == "private, no-store"
    assert max(Image.open(io.BytesIO(picture.content)).size) <= 1414


def test_a_version_that_was_not_submitted_is_nobodys_but_the_applicants(draft, during):
    version = complete(draft)
    assert "已生成，尚未提交" in text(Client().get(f"/verify/{version.check_code}/"))
    assert version.check_code not in text(desk("office_a").get(f"/office/nominations/{draft.number}/"))
    assert desk("office_a").get(f"/office/nominations/{draft.number}/1.pdf").status_code == 404
    assert Nomination.objects.get().versions.submitted().count() == 0


def submitted(draft) -> Version:
    version = complete(draft)
    assert desk().post(path(draft, "check/"), {"promised": "1"}).status_code == 302
    return version


def test_the_unit_recommends_with_its_stamped_page_alone(draft, during, sound):
    version, client = submitted(draft), desk("unit_person")
    base = f"/unit/nominations/{draft.number}/"
    opinion = {"seen": "1", "opinion": cast.OPINION, "confirmed": "1"}
    shown = text(client.get(base))
    assert f"申报表第{version.seal_pages['recommender']}页" in shown and "申报单位盖章扫描件" in shown
    refused = client.post(f"{base}recommend/", opinion)
    assert refused.status_code == 409 and "推荐前上传盖有推荐单位公章的页：上传盖章扫描件" in text(refused)
    together = client.post(
        "/unit/recommend/",
        {"no": draft.number, f"seen-{draft.number}": "1", "opinion": "同意", "confirmed": "1"},
    )
    assert "推荐前上传盖有推荐单位公章的页" in text(together)
    pages = stamping.pages(stamping.printed(version))
    box = version.seal_pages["recommender"]
    send(client, f"{base}seal/", photo(stamping.stamped(pages[0]), "首页.jpg"))
    stamping.work()
    assert f"缺第{box}页" in text(client.get(base)) or box == 1
    send(client, f"{base}seal/", photo(stamping.stamped(pages[box - 1]), "盖章页.jpg"))
    stamping.work()
    assert client.get(f"{base}seal/reading/").json()["state"] == "done"
    assert client.post(f"{base}recommend/", opinion).status_code == 302
    assert cast.reread(draft).state == "recommended"
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        seen = text(desk("body_person").get(f"/body/check/{draft.number}/"))
        assert "申报单位盖章扫描件" in seen and "推荐单位盖章页" in seen
        public_id = StoredFile.objects.first().public_id
        picture = f"/body/check/{draft.number}/scan/{public_id}/1.jpg"
        assert desk("body_person").get(picture).status_code == 200
        assert desk("other_body_person").get(picture).status_code == 404


def test_a_return_lifts_the_units_page_and_an_unchanged_form_goes_again_as_it_is(draft, during, sound):
    version = submitted(draft)
    client = desk("unit_person")
    base = f"/unit/nominations/{draft.number}/"
    box = stamping.pages(stamping.printed(version))[version.seal_pages["recommender"] - 1]
    send(client, f"{base}seal/", photo(box, "盖章页.jpg"))
    stamping.work()
    client.post(f"{base}return/", {"reason": "公章不清楚", "section-introduction": "公章不清楚"})
    assert cast.reread(draft).state == "returned"
    assert scans.scan_of(version, frozen.RECOMMENDER) is None
    assert scans.scan_of(version, frozen.APPLICANT).is_complete
    assert desk().post(path(draft, "check/"), {"promised": "1"}).status_code == 302
    assert draft.versions.count() == 1 and cast.reread(draft).state == "submitted"


def test_where_no_seal_is_asked_for_no_scan_is(season, during):
    draft = cast.draft()
    client = desk()
    assert "生成盖章版" not in text(client.get(path(draft, "preview/")))
    assert client.get(path(draft)).status_code == 302
    assert client.post(path(draft, "check/"), {"promised": "1"}).status_code == 302
    assert not SealedScan.objects.exists()
