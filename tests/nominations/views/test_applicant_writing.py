"""Stories of writing: from the catalogue to a submitted form, autosave, two writers, the gate."""

from __future__ import annotations

import pytest
import time_machine
from django.core import mail

from accounts.roles import Role
from kczg.kit import outbox
from kczg.kit.models import Event, Job
from nominations.actions import applicant as actions
from nominations.models import Honouree, Nomination
from tests import cast

pytestmark = pytest.mark.django_db
DURING = time_machine.travel(cast.DURING_CALL, tick=False)
START = "/rankings/pioneer_technology/start/"
YES = {"condition-early_proof": "yes", "condition-transferable": "yes"}


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def at_desk(client, applicant):
    client.force_login(applicant)
    return client


def section_data(answers: dict, nomination: Nomination, section: str, **more) -> dict:
    """A section as a browser without script posts it."""
    data: dict = {"version": str(nomination.section_version(section)), **more}
    for question in nomination.ranking.form.section(section).questions:
        value = answers.get(question.key)
        if question.kind == "rows":
            for n, row in enumerate(value or []):
                data |= {f"{question.key}-{n}-{column}": cell for column, cell in row.items()}
        elif value is not None:
            data[question.key] = value
    return data


def write_all(client, nomination: Nomination, answers: dict) -> Nomination:
    """Posts every section with 保存并继续, in the order in which the pages lead on."""
    for section in nomination.ranking.form.sections:
        url = f"/nominations/{nomination.number}/{section.key}/"
        answer = client.post(url, section_data(answers, nomination, section.key, save="1"))
        assert answer.status_code == 302, (section.key, answer.context["form"].errors)
        nomination = cast.reread(nomination)
    return nomination


@DURING
def test_from_the_catalogue_to_a_submitted_form(at_desk, season, unit, django_capture_on_commit_callbacks):
    assert "先导技术榜" in words(at_desk.get("/rankings/"))
    assert "具有创新性、战略性、引领性、突破性" in words(at_desk.get("/rankings/pioneer_technology/"))
    assert "选择领域" in words(at_desk.get(START))
    form = at_desk.get(START, {"track": "information"})
    assert "中国电子学会" in words(form)
    typed = {"track": "information", "title": "低噪声微机电传感芯片", "unit": str(unit.pk), **YES}
    begun = at_desk.post(START, typed | {"begin": "1"})
    assert begun.url == "/nominations/2022XD00001/"
    nomination = Nomination.objects.get()
    assert (nomination.title, nomination.track.key, nomination.unit) == (
        "低噪声微机电传感芯片",
        "information",
        unit,
    )
    assert nomination.promises == ["early_proof", "transferable"]
    tasks = words(at_desk.get(begun.url))
    assert "填写“技术基本情况”" in tasks
    assert "已完成1/10" in tasks
    nomination = write_all(at_desk, nomination, cast.full_answers())
    assert "检查并提交" in words(at_desk.get(begun.url))
    check = f"{begun.url}check/"
    page = words(at_desk.get(check))
    assert "蔬菜" not in page
    assert "中国电子学会" in page
    refused = at_desk.post(check, {})
    assert refused.status_code == 422
    assert "勾选承诺后再提交" in words(refused)
    with django_capture_on_commit_callbacks():
        sent = at_desk.post(check, {"promised": "1"})
    assert sent.url == f"{begun.url}submitted/"
    version = nomination.versions.get()
    receipt = words(at_desk.get(sent.url))
    assert version.check_code in receipt
    assert "2022-10-20 10:00:00" in receipt
    again = at_desk.post(check, {"promised": "1"})
    assert again.url == sent.url
    assert nomination.versions.count() == 1
    assert Event.objects.filter(name="submitted").count() == 1
    assert "待推荐" in words(at_desk.get(f"{begun.url}progress/"))
    assert at_desk.get(check).url == f"{begun.url}progress/"


@DURING
def test_mails_of_a_submission_go_to_both_sides_once(submitted, unit_person):
    job = Job.objects.get(kind="notice_mail")
    outbox.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["lijing@example.org"], "“科创中国”系列榜单：2022XD00001已提交"),
        (["wangmin@example.org"], "“科创中国”系列榜单：待推荐，低噪声微机电传感芯片"),
    ]
    assert "推荐截止：2022年10月31日24时（北京时间）" in mail.outbox[1].body
    assert "/unit/nominations/2022XD00001/" in mail.outbox[1].body
    Job.objects.update(state="queued")
    outbox.run(job.pk)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("build", "subject", "said"),
    [
        ("returned", "退回修改", "技术介绍未写明与同类产品的比较"),
        ("declined", "不予推荐", "成熟度不足，建议来年申报"),
        ("recommended", "已推荐", "中国电子学会已推荐"),
    ],
)
def test_the_applicant_is_told_what_the_unit_decides(request, build, subject, said):
    request.getfixturevalue(build)
    job = Job.objects.get(kind="notice_mail", args__name=build)
    outbox.run(job.pk)
    told = mail.outbox[-1]
    assert told.to == ["lijing@example.org"]
    assert told.subject == f"“科创中国”系列榜单：2022XD00001{subject}"
    assert said in told.body


@DURING
def test_not_eligible_is_a_page_that_names_the_condition(at_desk, season, unit):
    answer = at_desk.post(START, {"track": "information", "begin": "1", **YES, "condition-early_proof": "no"})
    page = words(answer)
    assert "不符合申报条件" in page
    assert "达到一定成熟度且通过早期验证" in page
    assert "新锐企业榜" in page
    assert "技术可转化、可转移、可交易" not in page
    assert not Nomination.objects.exists()


@DURING
def test_last_years_honouree_is_named_with_its_source(at_desk, season, unit):
    Honouree.objects.create(
        season=season, ranking_name="先导技术榜", name="低噪声 微机电传感芯片", source="2021年榜单第3页"
    )
    typed = {"track": "information", "title": "低噪声微机电传感芯片", "begin": "1", **YES}
    page = words(at_desk.post(START, typed))
    assert "入选2021年“科创中国”先导技术榜的项目不再纳入候选。" in page
    assert "2021年榜单第3页" in page
    assert not Nomination.objects.exists()


@DURING
def test_the_search_for_a_unit_keeps_what_was_typed(at_desk, season, unit):
    cast.unit_of_two_channels()
    typed = {"track": "information", "title": "一种芯片", "unit_name": "广东", "find": "1", **YES}
    page = words(at_desk.post(START, typed))
    assert "广东省科学技术协会" in page
    assert "中国电子学会" not in page
    assert 'value="一种芯片"' in page
    assert page.count("checked") == 2
    missing = at_desk.post(START, {"track": "information", "begin": "1"})
    assert missing.status_code == 422
    assert "是否符合" in words(missing)


@DURING
@pytest.mark.parametrize(
    ("length", "message"),
    [(399, "技术介绍现有399字，还差1字（要求400—600字）"), (601, "技术介绍现有601字，需删减1字")],
)
def test_one_character_too_few_or_many_is_kept_but_not_submitted(at_desk, draft, length, message):
    text = cast.chinese(length)
    url = f"/nominations/{draft.number}/introduction/"
    version = draft.section_version("introduction")
    answer = at_desk.post(url, {"version": version, "introduction_text": text, "save": "1"})
    assert answer.status_code == 422
    assert words(answer).count(message) == 2
    assert text in words(answer)
    assert cast.reread(draft).answers["introduction_text"] == text
    refused = at_desk.post(f"/nominations/{draft.number}/check/", {"promised": "1"})
    assert refused.status_code == 422
    assert message in words(refused)
    assert f"{url}#id_introduction_text" in words(refused)
    kept = cast.reread(draft)
    assert (kept.state, kept.answers["introduction_text"]) == ("draft", text)
    assert kept.versions.count() == 0


@DURING
def test_save_draft_never_validates(at_desk, draft):
    url = f"/nominations/{draft.number}/introduction/"
    data = {"version": draft.section_version("introduction"), "introduction_text": "短", "save_draft": "1"}
    answer = at_desk.post(url, data)
    assert answer.url == url
    assert cast.reread(draft).answers["introduction_text"] == "短"


@DURING
def test_rows_grow_and_shrink_without_script(at_desk, draft):
    url = f"/nominations/{draft.number}/awards/"
    data = section_data(draft.answers, draft, "awards")
    longer = at_desk.post(url, data | {"add_row": "awards_rows"})
    assert longer.status_code == 200
    assert 'name="awards_rows-1-name"' in words(longer)
    assert "中国电子学会科学技术奖二等奖" in words(longer)
    data["version"] = str(cast.reread(draft).section_version("awards"))
    shorter = at_desk.post(url, data | {"remove_row": "awards_rows-0"})
    assert "中国电子学会科学技术奖二等奖" not in words(shorter)
    assert cast.reread(draft).answers["awards_rows"] == []


def autosave(client, nomination, section, version, **given):
    url = f"/nominations/{nomination.number}/{section}/autosave/"
    return client.post(
        url,
        {"version": str(version), "changed": list(given), **given},
        headers={"accept": "application/json"},
    )


@DURING
def test_autosave_answers_with_the_version_and_the_time(at_desk, draft):
    version = draft.section_version("introduction")
    answer = autosave(at_desk, draft, "introduction", version, introduction_text="写到一半")
    assert answer.json() == {"version": version + 1, "saved_at": "10:00:00"}
    assert cast.reread(draft).answers["introduction_text"] == "写到一半"
    unticked = at_desk.post(
        f"/nominations/{draft.number}/technology/autosave/",
        {"version": str(draft.section_version("technology")), "changed": ["transfer_forms"]},
    )
    assert unticked.status_code == 200
    assert cast.reread(draft).answers["transfer_forms"] == []


@DURING
def test_autosave_takes_only_questions_of_its_section(at_desk, draft):
    autosave(
        at_desk,
        draft,
        "introduction",
        draft.section_version("introduction"),
        society_text="别处",
        state="published",
    )
    kept = cast.reread(draft)
    assert kept.answers["society_text"] == draft.answers["society_text"]
    assert kept.state == "draft"


@DURING
def test_two_writers_lose_nothing(client, applicant, colleague, draft):
    base = draft.section_version("introduction")
    client.force_login(colleague)
    assert autosave(client, draft, "introduction", base, introduction_text="周岩写的").status_code == 200
    client.force_login(applicant)
    answer = autosave(client, draft, "introduction", base, introduction_text="李静写的")
    assert answer.status_code == 409
    assert answer.json()["message"] == "此页10:00已由周岩修改。下面标出两份的不同，选择保留哪一份"
    assert answer.json()["details"] == {
        "version": base + 1,
        "by": "周岩",
        "at": "10:00",
        "theirs": {"introduction_text": "周岩写的"},
    }
    url = f"/nominations/{draft.number}/introduction/"
    typed = {"version": str(base), "introduction_text": "李静写的", "save_draft": "1"}
    page = client.post(url, typed)
    assert page.status_code == 409
    assert "周岩写的" in words(page)
    assert "李静写的" in words(page)
    assert cast.reread(draft).answers["introduction_text"] == "周岩写的"
    typed["version"] = str(base + 1)
    theirs = client.post(url, typed | {"take_theirs": "introduction_text"})
    assert theirs.status_code == 302
    assert cast.reread(draft).answers["introduction_text"] == "周岩写的"
    mine = client.post(url, typed)
    assert mine.status_code == 302
    assert cast.reread(draft).answers["introduction_text"] == "李静写的"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "technology/",
        "unit/",
        "preview/",
        "preview.pdf",
        "paper/",
        "check/",
        "submitted/",
        "progress/",
        "withdraw/",
        "nowhere/",
    ],
)
@DURING
def test_a_stranger_meets_a_page_that_does_not_exist(client, stranger, submitted, page):
    client.force_login(stranger)
    other = client.get(f"/nominations/{submitted.number}/{page}")
    none = client.get(f"/nominations/2022XD99999/{page}")
    assert (other.status_code, none.status_code) == (404, 404)
    assert without_token(words(other), submitted.number) == without_token(words(none), "2022XD99999")


def without_token(page: str, number: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page).replace(number, "")


@DURING
def test_a_stranger_saves_and_submits_nothing(client, stranger, draft):
    client.force_login(stranger)
    version = draft.section_version("introduction")
    assert autosave(client, draft, "introduction", version, introduction_text="他人").status_code == 404
    for page in ("introduction/", "check/", "unit/", "preview/", "withdraw/"):
        data = {"promised": "1", "reason": "他人", "unit": str(draft.unit_id), "version": "0", "save": "1"}
        assert client.post(f"/nominations/{draft.number}/{page}", data).status_code == 404
    kept = cast.reread(draft)
    assert (kept.state, kept.edit_version) == ("draft", draft.edit_version)


@pytest.mark.parametrize(("moment", "status"), [(cast.LAST_INSTANT, 302), (cast.GATE, 409)])
def test_the_gate_for_the_page(at_desk, draft, moment, status):
    with time_machine.travel(moment, tick=False):
        url = f"/nominations/{draft.number}/economy/"
        data = {"version": str(draft.section_version("economy")), "economy_text": "最后一句", "save": "1"}
        answer = at_desk.post(url, data)
    assert answer.status_code == status
    kept = cast.reread(draft)
    if status == 302:
        assert kept.answers["economy_text"] == "最后一句"
    else:
        assert "未能提交：服务器收到时间2022-11-01 00:00:00，征集已于10月31日24时截止" in words(answer)
        assert "草稿已保留，可下载" in words(answer)
        assert "最后一句" in words(answer)
        assert kept.answers["economy_text"] == draft.answers["economy_text"]


@pytest.mark.parametrize(("moment", "status"), [(cast.LAST_INSTANT, 200), (cast.GATE, 422)])
def test_the_gate_for_autosave(at_desk, draft, moment, status):
    with time_machine.travel(moment, tick=False):
        answer = autosave(
            at_desk, draft, "economy", draft.section_version("economy"), economy_text="最后一句"
        )
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "too_late"
        assert cast.reread(draft).edit_version == draft.edit_version


@pytest.mark.parametrize(("moment", "state"), [(cast.LAST_INSTANT, "submitted"), (cast.GATE, "draft")])
def test_the_gate_for_submission(at_desk, draft, moment, state):
    with time_machine.travel(moment, tick=False):
        answer = at_desk.post(f"/nominations/{draft.number}/check/", {"promised": "1"})
    assert cast.reread(draft).state == state
    assert answer.status_code == (302 if state == "submitted" else 409)


@time_machine.travel(cast.GATE, tick=False)
def test_after_the_gate_all_is_readable_and_nothing_writable(at_desk, draft):
    for page in ("", "technology/", "rights/", "unit/", "preview/", "check/", "progress/", "withdraw/"):
        answer = at_desk.get(f"/nominations/{draft.number}/{page}")
        assert answer.status_code == 200
        assert "征集已于10月31日24时截止" in words(answer)
        assert "保存并继续" not in words(answer)
        assert "确认提交" not in words(answer)
    assert at_desk.get(START, {"track": "information"}).url == "/rankings/pioneer_technology/"
    assert "现在还可以做的" in words(at_desk.get("/rankings/pioneer_technology/"))
    typed = {"track": "information", "begin": "1", **YES}
    assert at_desk.post(START, typed).status_code == 409
    assert at_desk.post(f"/nominations/{draft.number}/unit/", {"unit": draft.unit_id}).status_code == 409
    assert at_desk.post(f"/nominations/{draft.number}/withdraw/", {"reason": "不报了"}).status_code == 409
    assert at_desk.post(f"/nominations/{draft.number}/preview/").status_code == 302
    assert Job.objects.get(kind="draft_pdf").args["nomination_id"] == draft.pk


@DURING
def test_bad_posts_are_answered_in_words(at_desk, draft):
    base = f"/nominations/{draft.number}/"
    assert at_desk.post(f"{base}unit/", {"unit": "²"}).status_code == 422
    assert at_desk.post(f"{base}unit/", {"unit": "999999"}).status_code == 422
    assert at_desk.post(f"{base}withdraw/", {"reason": " "}).status_code == 422
    assert (
        at_desk.post(f"{base}introduction/", {"version": "x" * 50, "introduction_text": "甲"}).status_code
        == 409
    )
    odd = at_desk.post(f"{base}introduction/", {"version": "1", "introduction_text": "甲\x00", "save": "1"})
    assert odd.status_code == 422
    assert at_desk.get(START, {"track": "nowhere"}).status_code == 200
    assert at_desk.get("/rankings/nowhere/").status_code == 404
    assert at_desk.get("/catalogues/nowhere/?q=1").status_code == 404
    found = at_desk.get("/catalogues/industries/", {"q": "131", "levels": "中类 小类"}).json()
    assert found[0]["code"] == "131"


def test_actions_refuse_what_pages_would_not_offer(applicant, submitted):
    by = cast.acting(applicant, Role.APPLICANT)
    with pytest.raises(Exception, match="不能修改"):
        actions.save_draft(submitted, "economy", {"economy_text": "改"}, 0, by, cast.DURING_CALL)
