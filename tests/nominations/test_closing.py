"""The closing list: once, signed, of exactly what counts; receipts prove their line and nothing else (D3, A4)."""

import copy
import io
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kczg.kit import invariants
from kczg.kit.models import Event, Job
from kczg.kit.record import events_of
from nominations import notices
from nominations.actions import closing
from nominations.actions import unit as unit_actions
from nominations.models import Closing, ClosingLine
from nominations.outputs import receipt as output
from nominations.rules import merkle, receipts
from tests import cast
from tests.nominations.test_extensions import LATER, granted, wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]

SHUT = cast.GATE + closing.GRACE


def test_D3_the_list_is_taken_once_and_not_before_what_arrived_in_time_is_done(season, recommended):
    assert closing.close_gates(cast.GATE) == []
    assert closing.close_gates(SHUT - timedelta(microseconds=1)) == []
    (taken,) = closing.close_gates(SHUT)
    assert (taken.gate, taken.statement["count"]) == (cast.GATE, 1)
    assert closing.close_gates(SHUT + timedelta(days=3)) == []
    assert closing.close_gate(season, cast.GATE, SHUT) is None
    assert Event.objects.filter(name="gate_closed").count() == 1


def test_D3_what_counts_is_in_it_and_all_others_are_told(season):
    counted = [cast.recommended(), cast.recommended()]
    waiting, begun, returned = cast.submitted(), cast.draft(), cast.returned()
    declined, withdrawn = cast.declined(), cast.withdrawn()
    (taken,) = closing.close_gates(SHUT)
    numbers = [line.entry["number"] for line in taken.lines.all()]
    assert numbers == sorted(row.number for row in counted)
    assert taken.unfinished == 3
    told = {row.pk for row in (waiting, begun, returned)}
    jobs = Job.objects.filter(kind="notice_mail", args__name="unfinished")
    assert {job.args["nomination_id"] for job in jobs} == told
    for row in (waiting, begun, returned, declined, withdrawn, *counted):
        assert events_of(row).filter(name="left_unfinished").count() == (row.pk in told)


def test_in_separately_organised_rankings_what_was_submitted_counts(season):
    row = cast.submitted_directly()
    (taken,) = closing.close_gates(SHUT)
    assert [line.entry["number"] for line in taken.lines.all()] == [row.number]


def test_the_letters_name_the_state_and_go_to_the_unit_where_it_was_waiting(
    season, submitted, draft, colleague, unit_person
):
    subjects = [letter.subject for letter in notices.unfinished(submitted.pk)]
    assert len(subjects) == 3 and set(subjects) == {
        f"“科创中国”系列榜单：征集已截止，{submitted.number}未完成"
    }
    assert "“待推荐”" in notices.unfinished(submitted.pk)[0].text
    assert len(notices.unfinished(draft.pk)) == 2


def test_an_extended_nomination_belongs_to_its_own_later_gate(season):
    usual, longer = cast.recommended(), cast.submitted()
    granted(season, wish("nomination", nomination=longer))
    (first,) = closing.close_gates(SHUT)
    assert [line.entry["number"] for line in first.lines.all()] == [usual.number]
    assert not events_of(longer).filter(name="left_unfinished").exists()
    unit_actions.recommend(longer, "同意推荐", 1, cast.unit_actor(longer), LATER - timedelta(hours=1))
    (second,) = closing.close_gates(LATER + closing.GRACE)
    assert [line.entry["number"] for line in second.lines.all()] == [longer.number]


def test_an_extension_after_the_list_was_taken_makes_another_list(season, draft, recommended):
    closing.close_gates(SHUT)
    granted(season, wish(), at=SHUT + timedelta(minutes=5))
    (second,) = closing.close_gates(LATER + closing.GRACE)
    assert [line.entry["number"] for line in second.lines.all()] == [recommended.number]
    assert Closing.objects.count() == 2


def test_a_receipt_proves_its_line_without_the_others(season):
    unit = cast.unit_of_two_channels()
    rows = [cast.recommended(unit=unit) for _turn in range(5)]
    closing.close_gates(SHUT)
    for row in rows:
        receipt = json.loads(json.dumps(output.receipt_of(row)))
        assert output.verify(receipt) == output.Finding(True, "回执属实，签名有效")
        text = json.dumps(receipt)
        assert not [other.number for other in rows if other != row and other.number in text]
        assert receipt["entry"]["digest"] == row.versions.last().digest


def _changed(receipt, *path, value):
    other = copy.deepcopy(receipt)
    place = other
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return other


def test_a_receipt_that_was_changed_or_is_anothers_is_found_out(season):
    rows = [cast.recommended(), cast.recommended()]
    before = output.receipt_of(rows[0])
    closing.close_gates(SHUT)
    one, two = (output.receipt_of(row) for row in rows)
    assert before["statement"]["kind"] == receipts.SUBMISSION and output.verify(before).is_genuine
    wrong = [
        _changed(one, "statement", "count", value=3),
        _changed(one, "statement", "root", value="0" * 64),
        _changed(one, "entry", "digest", value="0" * 64),
        _changed(one, "entry", "submitted_at", value="2022-10-01T00:00:00+00:00"),
        _changed(one, "place", value=1),
        _changed(one, "path", value=two["path"]),
        _changed(one, "signature", value=before["signature"]),
        _changed(one, "signature", value="no base64"),
        _changed(before, "statement", "submitted_at", value="2022-10-01T00:00:00+00:00"),
        {**one, "entry": two["entry"]},
    ]
    assert [each for each in wrong if output.verify(each).is_genuine] == []


def test_a_receipt_signed_with_another_key_is_not_ours(season, recommended, settings):
    receipt = output.receipt_of(recommended)
    settings.SIGNING_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert output.verify(receipt).words == "签名的公钥不是本站的"
    assert output.verify(receipt, {receipt["key"]}).is_genuine


@pytest.mark.parametrize(
    "given",
    [None, 1, "x", [], {}, {"statement": 1}, {"statement": {}, "key": "", "signature": ""}, [[[]]]],
)
def test_I6_what_is_no_receipt_is_answered_in_words(given):
    assert output.verify(given).words == "这不是本站的回执，检查是否完整复制"


def test_a_place_or_a_path_of_another_kind_is_no_receipt(season, recommended):
    closing.close_gates(SHUT)
    one = output.receipt_of(recommended)
    for path, value in (
        (("place",), -1),
        (("place",), True),
        (("place",), "0"),
        (("path",), ["x"]),
        (("path",), ["g" * 64]),
        (("path",), ["0" * 64] * 65),
        (("statement", "count"), 10**30),
        (("entry", "number"), None),
    ):
        assert output.verify(_changed(one, *path, value=value)).is_genuine is False


def test_the_command_verifies_with_the_public_key_alone(season, recommended, tmp_path):
    closing.close_gates(SHUT)
    receipt = output.receipt_of(recommended)
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), encoding="utf-8")
    out = StringIO()
    call_command("verify_receipt", str(file), key=[receipt["key"]], stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == f"申报编号：{recommended.number}"
    assert "截止时间：2022年10月31日24时（北京时间）" in lines
    assert lines[-1] == "回执属实，签名有效"
    file.write_text(json.dumps(_changed(receipt, "place", value=1)), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_receipt", str(file), key=[receipt["key"]], stdout=StringIO())
    assert stopped.value.code == 1


def test_the_public_page_verifies_what_is_pasted_and_keeps_nothing(client: Client, season, recommended):
    address = reverse("nominations:verify_receipt")
    text = json.dumps(output.receipt_of(recommended))
    page = client.post(address, {"receipt": text})
    assert page.status_code == 200
    assert page.context["found"].is_genuine and recommended.number in page.content.decode()
    for typed, status, words in (
        ("", 422, "粘贴回执的全部内容"),
        ("x" * 20_001, 422, "内容过长，只粘贴一份回执"),
        (text[:-5], 422, "内容不完整或有改动，粘贴回执文件的全部内容"),
        ("[" * 9_000, 422, "内容不完整或有改动，粘贴回执文件的全部内容"),
        ("{}", 200, "这不是本站的回执，检查是否完整复制"),
    ):
        page = client.post(address, {"receipt": typed})
        assert (page.status_code, words in page.content.decode()) == (status, True)


def test_the_applicant_downloads_the_receipt_and_nobody_else_does(client: Client, recommended, stranger):
    address = reverse("nominations:receipt_json", args=[recommended.number])
    client.force_login(cast.cast("applicant"))
    answer = client.get(address)
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{recommended.number}.json"'
    )
    assert output.verify(json.loads(answer.content)).is_genuine
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_A1_a_line_or_a_signature_that_was_changed_is_named(season, recommended, request):
    closing.close_gates(SHUT)
    line = ClosingLine.objects.get()
    ClosingLine.objects.update(entry={**line.entry, "digest": "0" * 64})
    found = [words for name, words in invariants.faults() if name == "closings"]
    assert found == [
        f"closing {line.closing_id}: line 0 and its version differ",
        f"closing {line.closing_id}: the lines are not those that were signed",
    ]
    ClosingLine.objects.update(entry=line.entry)
    Closing.objects.update(statement={**line.closing.statement, "year": 2021})
    found = [words for name, words in invariants.faults() if name == "closings"]
    assert found == [f"closing {line.closing_id}: the signature is of another statement"]
    Closing.objects.update(statement=line.closing.statement)


def test_a_season_of_twenty_thousand_lines_is_proven_quickly():
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(20_000)]
    root, steps = merkle.root(leaves), merkle.proofs(leaves)
    assert merkle.root_from(leaves[12_345], 12_345, len(leaves), steps[12_345]) == root
    assert max(map(len, steps)) == 15


def test_the_worker_prints_the_receipt(season, recommended):
    pages = PdfReader(io.BytesIO(output.receipt_pdf(recommended))).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    assert recommended.number in text and recommended.versions.last().digest in text
    assert "以下申报已由本系统收到" in text
