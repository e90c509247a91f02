"""What a unit returns by section and by question is open again, and no way in reaches anything else."""

from __future__ import annotations

import json

import pytest
import time_machine

from accounts.roles import Role
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations.actions import applicant as actions
from nominations.actions import reconsider, seal, sending
from nominations.actions import unit as unit_actions
from nominations.models import Honouree, Nomination, SealedScan
from nominations.reopened import parts_of
from tests import cast, files
from tests.nominations import attaching

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
AT = cast.DURING_CALL
TEAM = ("team.phone", "introduction")


@pytest.fixture(autouse=True)
def _in_the_call():
    with time_machine.travel(AT, tick=False):
        yield


def who():
    return cast.acting(cast.cast("applicant"), Role.APPLICANT)


def write(nomination, section, **updates):
    row = cast.reread(nomination)
    return actions.save_draft(row, section, updates, row.section_version(section), who(), AT)


def refusal(deed, *given, **named):
    with pytest.raises(Refused) as caught:
        deed(*given, **named)
    return caught.value.verdict


def words(answer):
    return answer.content.decode()


def test_no_page_no_import_and_no_program_changes_what_was_not_returned(client, season):
    nomination = cast.returned(parts=TEAM)
    client.force_login(cast.cast("applicant"))
    base, before = f"/nominations/{nomination.number}/", cast.reread(nomination).answers
    shut = "“邮箱”未退回，不能修改"

    both = {"phone": "010-62559999", "email": "other@example.org"}
    page = client.post(f"{base}team/", {"version": nomination.section_version("team"), **both, "save": "1"})
    assert page.status_code == 409
    assert shut in words(page) and "联系推荐单位" in words(page)
    assert 'value="010-62559999"' in words(page)
    assert "“邮箱”未退回，以下内容没有保存" in words(page) and "other@example.org" in words(page)

    typed = {"version": nomination.section_version("team"), **both, "changed": ["phone", "email"]}
    answer = client.post(f"{base}team/autosave/", typed)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_returned")

    sent = {"version": nomination.edit_version, "answers": both}
    api = f"/api/nominations/{nomination.number}/"
    answer = client.patch(api, json.dumps(sent), content_type="application/json")
    assert answer.status_code == 409
    assert answer.json()["message"] == shut
    assert answer.json()["details"]["questions"] == [{"key": "email", "name": "邮箱"}]
    assert client.put(api, json.dumps(sent), content_type="application/json").status_code == 409

    confirmed = {"confirmed": "1", "version": nomination.edit_version, "answers": json.dumps(both)}
    assert client.post(f"{base}data/import/", confirmed).status_code == 409
    preview = client.post(
        f"{base}data/import/", {"file": files.upload(json.dumps({"answers": both}).encode(), name="a.json")}
    )
    assert [change.label for change in preview.context["changes"]] == ["电话"]
    assert ("邮箱", "此项未退回，不能修改") in [
        (r.column, r.reason) for r in preview.context["taken"].refusals
    ]

    assert client.post(f"{base}unit/", {"unit": cast.unit("中国化学会").pk}).status_code == 409
    assert client.post(f"{base}technology/", {"version": "1", "track": "生物医药"}).status_code == 409
    row = cast.reread(nomination)
    assert (row.answers, row.unit, row.track, row.edit_version) == (
        before, nomination.unit, nomination.track, nomination.edit_version,
    )  # fmt: skip

    assert client.post(f"{base}team/", {**typed, "save": "1", "email": before["email"]}).status_code == 302
    row = cast.reread(nomination)
    assert row.answers == {**before, "phone": "010-62559999"}


def test_the_pages_ask_what_was_returned_and_show_the_rest(client, season):
    nomination = cast.returned(parts=TEAM)
    client.force_login(cast.cast("applicant"))
    base = f"/nominations/{nomination.number}/"
    tasks = words(client.get(base))
    assert f'<a href="{base}team/#id_phone">电话</a>' in tasks
    assert tasks.index("#id_phone") < tasks.index("填写内容")
    assert f'href="{base}team/#id_phone">修改“电话”' in tasks
    assert "其余未退回，不能修改" in tasks
    team = words(client.get(f"{base}team/"))
    assert 'name="phone"' in team and 'name="email"' not in team
    assert "lijing@example.org" in team
    assert team.count('<p class="hint">此项未退回，不能修改</p>') == 4
    assert '<a href="#id_phone">电话</a>' in team
    whole = words(client.get(f"{base}introduction/"))
    assert 'name="introduction_text"' in whole and "此项未退回" not in whole
    shut = words(client.get(f"{base}rights/"))
    assert "此部分未退回，不能修改" in shut and "data-autosave-url" not in shut
    check = words(client.get(f"{base}check/"))
    assert (
        f'href="{base}team/"' in check
        and f'href="{base}rights/"' not in check
        and f'href="{base}unit/"' not in check
    )
    assert "此项未退回" in words(client.get(f"{base}unit/"))


def test_A5_from_the_flagged_field_to_the_submission_in_five_clicks(client, season):
    """The link to the field, 保存并继续, 检查并重新提交, the tick, 确认提交; without a script between."""
    nomination = cast.returned(at=cast.later(AT, hours=-1), parts=["team.phone", "introduction"])
    client.force_login(cast.cast("applicant"))
    base = f"/nominations/{nomination.number}/"
    version = nomination.section_version("team")
    saved = client.post(f"{base}team/", {"version": version, "phone": "010-62559999", "save": "1"})
    assert saved.url == f"{base}introduction/"  # The other part that was returned, before any that is shut.
    version = nomination.section_version("introduction")
    text = nomination.answers["introduction_text"][:-1] + "！"
    saved = client.post(f"{base}introduction/", {"version": version, "introduction_text": text, "save": "1"})
    assert saved.url == base
    assert f'<a class="btn btn-primary" href="{base}check/">检查并重新提交</a>' in words(client.get(base))
    assert client.post(f"{base}check/", {"promised": "1"}).url == f"{base}submitted/"
    assert "补正说明" in words(client.get(f"{base}preview/"))


def test_a_return_of_the_whole_form_opens_all_of_it(season):
    nomination = cast.returned(parts=["", "team.phone"])
    write(nomination, "technology", track="生物医药")
    actions.choose_unit(cast.reread(nomination), cast.unit("中国化学会"), who(), AT)
    row = cast.reread(nomination)
    assert (row.track.name, str(row.unit)) == ("生物医药", "中国化学会")


def test_files_and_the_category_stay_as_they_were_submitted(client, season):
    nomination, _stored = attaching.with_annex()
    nomination = cast.send_back(attaching.submit(nomination), "person")
    verdict = refusal(sending.add, nomination, attaching.ANNEXES, files.upload(files.pdf()), who(), AT)
    assert (verdict.status, verdict.code) == (409, "not_returned")
    section = nomination.ranking.online_form.section_of(attaching.ANNEXES)
    assert refusal(write, nomination, section.key, **{attaching.ANNEXES: []}).code == "not_returned"
    verdict = refusal(reconsider.choose_category, nomination, "就业先锋", who(), AT)
    assert verdict.message == "“类别”未退回，不能修改"
    client.force_login(cast.cast("applicant"))
    base = f"/nominations/{nomination.number}/"
    control = {"control": attaching.ANNEXES, "file": files.upload(files.pdf())}
    assert client.post(f"{base}files/", control).status_code == 409
    posted = {
        "version": nomination.section_version(section.key),
        f"{attaching.ANNEXES}-file": files.upload(files.pdf()),
    }
    page = client.post(f"{base}{section.key}/", posted)
    assert page.status_code == 409
    assert nomination.attachments.count() == 1
    assert cast.reread(nomination).answers == nomination.answers
    assert "此项未退回" in words(client.get(f"{base}category/"))


def test_another_track_opens_what_it_asks_and_its_promises(season):
    nomination = cast.submitted()
    form = nomination.ranking.form
    others = [c.key for c in form.conditions if "产业基础" not in c.tracks]
    Nomination.objects.filter(pk=nomination.pk).update(promises=others)
    nomination = cast.send_back(cast.reread(nomination), "technology.track")
    assert refusal(write, nomination, "eligibility", foundation_kind="基础材料").code == "not_returned"
    write(nomination, "technology", track="产业基础")
    write(nomination, "eligibility", foundation_kind="基础材料")
    row = cast.reread(nomination)
    reconsider.promise(row, ["breakthrough", "imported", "applicable"], who(), AT)
    assert {"breakthrough", "imported", "applicable"} <= set(cast.reread(nomination).promises)
    assert refusal(write, nomination, "team", phone="010-62559999").code == "not_returned"
    assert actions.problems_of_form(cast.reread(nomination)) == []


def test_a_question_with_a_problem_is_open_and_stays_so_while_it_is_mended(season):
    nomination = cast.returned(parts=["team.phone"])
    assert not parts_of(nomination).is_open("technology", "technology_name")
    Honouree.objects.create(
        season=nomination.season, name=nomination.title, ranking_name="先导技术榜", track_name="电子信息",
        organisation_name="某单位", source="上年名单",
    )  # fmt: skip
    assert parts_of(nomination).is_open("technology", "technology_name")
    write(nomination, "technology", technology_name="低噪声")
    write(nomination, "technology", technology_name="低噪声微机电传感芯片（二代）")
    assert not parts_of(cast.reread(nomination)).is_open("technology", "holder_name")
    write(nomination, "technology", technology_name=nomination.title)


def test_going_back_to_a_stamped_version_changes_nothing_that_is_shut(season):
    cast.sealing()
    draft = cast.draft()
    first = seal.freeze_to_stamp(draft, who(), AT)
    write(draft, "team", phone="010-62559999", email="other@example.org")
    second = seal.freeze_to_stamp(cast.reread(draft), who(), AT)
    seal.restore(cast.reread(draft), first.number, who(), AT)
    SealedScan.objects.create(
        version=first, seal="applicant", state="complete", uploaded_at=AT, uploaded_by=cast.cast("applicant")
    )
    actions.submit(cast.reread(draft), who(), AT, promised=True)
    nomination = cast.send_back(cast.reread(draft), "team.phone")
    verdict = refusal(seal.restore, nomination, second.number, who(), AT)
    assert verdict.message == "“邮箱”未退回，不能修改"
    write(nomination, "team", phone="010-62551111")
    seal.restore(cast.reread(nomination), first.number, who(), AT)
    assert cast.reread(nomination).answers == first.content["answers"]


def test_the_unit_names_sections_and_questions_with_reasons(client, season):
    nomination = cast.submitted()
    client.force_login(cast.cast("unit_person"))
    address = f"/unit/nominations/{nomination.number}/return/"
    page = words(client.get(address))
    assert page.count("整个部分：") == 9 and '<details class="fold" open' not in page
    for label in ("整个部分：技术团队基本情况", "电话", "技术团队简介", "退回整份申报表"):
        assert label in page
    wrong = client.post(
        address, {"part": ["field-phone"], "field-email": "核对", "section-team": cast.chinese(540)}
    )
    assert wrong.status_code == 422
    assert "写明退回“电话”的原因" in words(wrong) and "技术团队基本情况现有540字，需删减40字" in words(wrong)
    assert 'href="#id_field-phone"' in words(wrong)
    assert words(wrong).count('<details class="fold" open') == 1 and "已选3项" in words(wrong)
    asked = {
        "part": ["field-phone"],
        "field-phone": "打不通",
        "section-team": "人员不全",
        "field-nothing": "x",
    }
    assert client.post(address, asked).status_code == 302
    row = cast.reread(nomination)
    assert row.returned_notes == [
        {"section": "team", "field": "", "reason": "人员不全"},
        {"section": "team", "field": "phone", "reason": "打不通"},
    ]
    event = events_of(row).get(name="returned")
    assert (event.reason, event.version_code) == ("人员不全；电话：打不通", row.versions.get().check_code)
    assert event.data["parts"] == [["team", ""], ["team", "phone"]]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ({"section": "team", "field": "phone", "reason": " "}, "写明退回“电话”的原因"),
        ({"section": "team", "field": "rights_text", "reason": "核对"}, "此申报表没有“rights_text”这一项"),
        ({"section": "", "field": "phone", "reason": "核对"}, "此申报表没有“phone”这一项"),
        (
            {"section": "eligibility", "field": "green_direction", "reason": "核对"},
            "此申报表没有“green_direction”这一项",
        ),
    ],
)
def test_a_return_names_what_the_version_asks_and_says_why(submitted, note, words):
    notes = [note, {"section": "team", "field": "", "reason": "核对"}]
    verdict = refusal(unit_actions.return_for_changes, submitted, notes, cast.unit_actor(submitted), AT)
    assert (verdict.message, verdict.status) == (words, 422)
    assert cast.reread(submitted).state == "submitted"
