"""From the close to the secretariat's desk: reasons, signatures of one body or two, sending back, the stamped page."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from kczg.kit.verdicts import Refused
from nominations.models import ReviewBody
from nominations.rules.check_code import digest
from nominations.states import State
from reviews import notices, queries
from reviews.actions import final, result_scans, results
from reviews.models import FinalMark, PreliminaryResult, ResultReason
from reviews.outputs import result as output
from reviews.outputs.result_scan import stamped
from tests import cast, stamping

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY
LATER = AT + timedelta(days=1)


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


@pytest.fixture
def closed(track):
    """Two nominations, the second one better, with both experts' scores closed."""
    cast.recorded_plan(shortlist=1)
    rows = [cast.accepted(title="工业互联网标识解析"), cast.accepted(title="高可靠工业总线控制器")]
    cast.assign_all()
    cast.score_all(marks={rows[0].number: Decimal("70"), rows[1].number: Decimal("92.5")})
    results.close_scores(track, cast.body_actor(), AT)
    return rows


def join_bodies(track):
    """The body of 生物医药 answers for the track, too; returns its person as an actor."""
    other = cast.acting(cast.cast("other_body_person"), Role.BODY)
    track.bodies.add(ReviewBody.objects.get(organisation=other.organisation))
    return other


def test_the_figures_speak_where_a_body_wrote_no_reason(closed, track):
    low, high = closed
    assert results.save_reasons(track, {low.pk: "应用验证不足。"}, cast.body_actor(), AT) == 1
    result = results.submit_result(track, cast.body_actor(), AT)
    assert [row["reason"] for row in result.rows] == [
        "2名专家评分，得分92.50，列第1名，初评通过",
        "应用验证不足。",
    ]
    verdict = refusal(results.save_reasons, track, {high.pk: "改写"}, cast.body_actor(), AT)
    assert (verdict.code, verdict.message) == ("reasons_closed", "结果已签署，评审结论不能修改")


def test_a_reason_for_another_tracks_nomination_is_refused(closed, track):
    assert refusal(results.save_reasons, track, {10**9: "理由"}, cast.body_actor(), AT).status == 404
    long = {closed[0].pk: "长" * 501}
    verdict = refusal(results.save_reasons, track, long, cast.body_actor(), AT)
    assert verdict.message == f"{closed[0].number}的评审结论不超过500个字符，现为501个"


def test_both_bodies_sign_the_one_result(closed, track):
    other = join_bodies(track)
    first = results.submit_result(track, cast.body_actor(), AT)
    assert (first.submitted_at, len(first.rows)) == (None, 2)
    assert {cast.reread(row).state for row in closed} == {State.IN_REVIEW}
    job = Job.objects.get(args__name="result_to_sign")
    assert [letter.to.username for letter in notices.result_to_sign(**_ids(job))] == ["liufang"]
    assert results.submit_result(track, cast.body_actor(), AT).submitted_at is None  # Twice is once (Q2).
    second = results.submit_result(track, other, LATER)
    assert (second.digest, second.submitted_at) == (first.digest, LATER)
    assert [cast.reread(row).state for row in closed] == [State.NOT_SHORTLISTED, State.SHORTLISTED]
    assert [row.by.username for row in second.signatures.all()] == ["zhangwei", "liufang"]
    assert notices.result_to_sign(**_ids(job)) == []


def _ids(job):
    return {key: value for key, value in job.args.items() if key != "name"}


def test_a_body_that_does_not_sign_opens_the_rows_again(closed, track):
    other = join_bodies(track)
    assert refusal(results.withhold, track, "先", other, AT).code == "nothing_to_sign"
    results.submit_result(track, cast.body_actor(), AT)
    assert refusal(results.withhold, track, " ", other, AT).code == "reason_missing"
    results.withhold(track, "第2名的结论与评分不符", other, AT)
    result = PreliminaryResult.standing.get()
    assert (result.frozen_at, result.rows, result.digest, result.check_code) == (None, [], "", "")
    assert not result.signatures.exists()
    job = Job.objects.get(args__name="signature_withheld")
    letters = notices.signature_withheld(**_ids(job))
    assert [letter.to.username for letter in letters] == ["zhangwei"]
    assert "第2名的结论与评分不符" in letters[0].text
    results.save_reasons(track, {closed[0].pk: "已改"}, cast.body_actor(), AT)


def test_what_is_sent_back_stays_on_record_and_the_scores_are_open_again(closed, track):
    first = results.submit_result(track, cast.body_actor(), AT)
    final.mark(cast.reread(closed[1]), True, "", cast.office(), cast.IN_FINAL)
    assert refusal(results.send_back, first, "", None, cast.office(), AT).code == "reason_missing"
    over = refusal(results.send_back, first, "计分有误", None, cast.office(), cast.IN_FINAL)
    assert (over.code, over.message) == ("until_missing", "初评已截止，填写重新报送的截止时间")
    until = cast.IN_FINAL + timedelta(days=2)
    past = refusal(results.send_back, first, "计分有误", cast.IN_FINAL, cast.office(), cast.IN_FINAL)
    assert past.code == "until_past"
    results.send_back(first, "计分有误", until, cast.office(), cast.IN_FINAL)
    assert {cast.reread(row).state for row in closed} == {State.IN_REVIEW}
    assert not FinalMark.objects.exists()
    assert Event.objects.get(name="result_sent_back").data["marks"] == [closed[1].number]
    assert not PreliminaryResult.standing.exists()
    assert [letter.to.username for letter in notices.result_sent_back(first.pk)] == ["zhangwei"]
    again = cast.IN_FINAL + timedelta(days=1)
    results.close_scores(track, cast.body_actor(), again)
    second = results.submit_result(track, cast.body_actor(), again)
    assert (second.number, second.digest == first.digest, second.submitted_at) == (2, True, again)
    assert PreliminaryResult.objects.count() == 2
    third = refusal(results.send_back, first, "再看", None, cast.office(), again)
    assert third.code == "not_submitted"


def test_only_the_secretariat_sends_back(closed, track):
    result = results.submit_result(track, cast.body_actor(), AT)
    assert refusal(results.send_back, result, "理由", None, cast.body_actor(), AT).status == 404


def test_a_sheet_goes_back_to_its_expert_only_while_scores_are_open(track, in_review):
    cast.score_all()
    sheet = queries.standing_assignments(track).first()
    assert refusal(results.reopen_sheet, sheet, "", cast.body_actor(), AT).code == "reason_missing"
    results.reopen_sheet(sheet, "专家来电，笔误", cast.body_actor(), AT)
    sheet.refresh_from_db()
    assert sheet.submitted_at is None
    job = Job.objects.get(args__name="sheet_reopened")
    assert [letter.to.pk for letter in notices.sheet_reopened(**_ids(job))] == [sheet.expert.user_id]
    cast.score_all()
    results.close_scores(track, cast.body_actor(), AT)
    assert refusal(results.reopen_sheet, sheet, "再改", cast.body_actor(), AT).code == "scores_closed"


def test_the_stamped_page_is_read_and_another_paper_is_named(closed, track):
    other = join_bodies(track)
    results.submit_result(track, cast.body_actor(), AT)
    result = results.submit_result(track, other, AT)
    outbox.run(Job.objects.get(kind="result_pdf").pk)
    result.refresh_from_db()
    bodies = list(track.bodies.order_by("pk"))
    assert sorted(result.seal_pages) == sorted(str(body.pk) for body in bodies)
    printed = stamping.pages(output.paper(result).content)
    assert result.pages == len(printed)
    mine = next(body for body in bodies if body.organisation_id == cast.body_actor().organisation.pk)
    sealed = stamping.stamped(printed[result.seal_pages[str(mine.pk)] - 1])
    _send(result, mine, "盖章页.jpg", stamping.jpeg_of(sealed), cast.body_actor())
    states = {row.body.pk: row.state for row in stamped(result, bodies)}
    assert states == {mine.pk: "right", next(b.pk for b in bodies if b != mine): "none"}
    _send(result, mine, "空白.jpg", stamping.jpeg_of(stamping.pages(_blank())[0]), cast.body_actor())
    wrong = next(row for row in stamped(result, bodies) if row.body == mine)
    assert (wrong.state, wrong.problems) == ("wrong", [f"缺第{result.seal_pages[str(mine.pk)]}页"])
    verdict = refusal(result_scans.take_in, result, mine, None, other, AT)
    assert verdict.code == "not_your_body"


def _send(result, body, name, content, by):
    upload = SimpleUploadedFile(name, content, "image/jpeg")
    scan = result_scans.take_in(result, body, upload, by, AT)
    job = Job.objects.get(key=f"read_result_scan:{scan.pk}")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.error, job.state) == ("", "done")


def _blank() -> bytes:
    import io

    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def test_the_analysis_is_computed_once_and_shown_to_the_body(closed, track, client):
    job = Job.objects.get(kind="result_analysis")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.error, job.state) == ("", "done")
    found = PreliminaryResult.standing.get().analysis
    low, high = closed
    assert (found["kendall_w"], found["alpha"]) == ("1.000", "1.000")
    assert [(each["count"], each["mean"], each["severity"]) for each in found["experts"]] == [
        (2, "81.25", "0.00"),
        (2, "81.25", "0.00"),
    ]
    assert found["orders"] == {high.number: [1, 1], low.number: [2, 2]}
    assert {
        (shift["what"], *map(tuple, (shift["enter"], shift["leave"]))) for shift in found["otherwise"]
    } == {
        ("trimmed", (), ()),
        ("median", (), ()),
        ("standardised", (), ()),
    }
    with time_machine.travel(AT, tick=False):
        client.force_login(cast.cast("body_person"))
        page = client.get(f"/body/results/analysis/?track={track.pk}").content.decode()
    assert "肯德尔和谐系数W" in page and "92.50、92.50" in page


def test_a_signature_is_for_what_was_read(closed, track):
    other = join_bodies(track)
    read = digest(output.rows_now(PreliminaryResult.standing.get()))
    results.save_reasons(track, {closed[0].pk: "应用验证不足。"}, cast.body_actor(), AT)
    verdict = refusal(results.submit_result, track, cast.body_actor(), AT, read)
    assert (verdict.code, verdict.message) == ("result_changed", "结果内容已有变化，核对后再签署")
    assert PreliminaryResult.standing.get().frozen_at is None
    now = digest(output.rows_now(PreliminaryResult.standing.get()))
    assert results.submit_result(track, cast.body_actor(), AT, now).digest == now
    assert refusal(results.submit_result, track, other, AT, read).code == "result_changed"
    assert results.submit_result(track, other, AT, now).submitted_at == AT


def test_one_person_of_two_bodies_signs_once(closed, track):
    other = join_bodies(track)
    one = cast.body_actor()
    one.user.memberships.create(organisation=other.organisation, role=Role.BODY)
    for _twice in range(2):
        assert results.submit_result(track, one, AT).submitted_at is None
    assert PreliminaryResult.standing.get().signatures.count() == 1


def test_what_the_figures_say_by_themselves_is_not_kept_as_the_bodys_words(closed, track):
    row = queries.ranked_result(track, PreliminaryResult.standing.get().plan)[0]
    own = output.default_reason(row)
    assert results.save_reasons(track, {row.nomination.pk: own}, cast.body_actor(), AT) == 0
    assert not ResultReason.objects.exists()


def test_applicants_and_units_do_not_read_that_a_result_was_sent_back(closed, track):
    from nominations.events import timeline

    first = results.submit_result(track, cast.body_actor(), AT)
    results.send_back(first, "某专家的评分异常", None, cast.office(), AT)
    for told in (True, False):
        lines = timeline(cast.reread(closed[0]), told=told)
        assert not [line for line in lines if "退回，重新评审" in line.word or "评分异常" in line.reason]
