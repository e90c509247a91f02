"""One entry, two units: noticed after the submission, shown to both units, decided by the secretariat."""

from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kczg.kit.models import Event, Job
from kczg.kit.record import events_of
from kczg.kit.verdicts import Refused
from nominations import twins as reads
from nominations.actions import applicant as applicant_actions
from nominations.actions import twins
from nominations.actions import unit as unit_actions
from nominations.models import Fingerprint, Nomination, Twin
from nominations.states import State
from tests import cast, stamping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
AT = cast.DURING_CALL
WHY = "经核实为同一技术"


@pytest.fixture(autouse=True)
def _in_the_call():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def pair(season, unit_person, other_unit_person):
    return cast.twin()


def decide(pair, keep="", seen="open", reason=WHY):
    twins.resolve(pair, keep, reason, seen, cast.office(), AT)


def names(pair):
    return list(events_of(pair).values_list("name", flat=True))


def test_the_worker_finds_it_once_and_tells_both_units(season, unit_person, other_unit_person):
    one = cast.submitted()
    other = cast.submitted(by=cast.cast("stranger"), unit=cast.unit_of_two_channels())
    assert Twin.objects.count() == 0
    stamping.work(["compare_twins"])
    pair = Twin.objects.get()
    assert (pair.one, pair.other, pair.state, pair.degree) == (one, other, "open", "same")
    assert pair.reason_words == ["名称相同", "所属单位相同", "文字相近100%"]
    assert (names(pair), Fingerprint.objects.count()) == (["twin_found"], 2)
    twins.compare(one.latest_version.pk, AT)
    assert (Twin.objects.count(), names(pair)) == (1, ["twin_found"])
    stamping.work(["notice_mail"])
    told = [(m.to[0], m.body) for m in mail.outbox if "相近申报" in m.subject]
    assert [to for to, _body in told] == ["wangmin@example.org", "chengang@example.org"]
    assert "另一项的推荐单位：广东省科学技术协会" in told[0][1]
    assert f"/unit/nominations/{one.number}/twins/{pair.pk}/" in told[0][1]
    assert f"/unit/nominations/{other.number}/twins/{pair.pk}/" in told[1][1]


def test_another_ranking_season_or_what_was_withdrawn_is_no_twin(season):
    gone = cast.withdrawn()
    direct = cast.submitted_directly()
    stays = cast.submitted()
    for nomination in (gone, direct, stays):
        twins.compare(nomination.versions.last().pk, AT)
    assert Twin.objects.count() == 0
    assert set(Fingerprint.objects.values_list("nomination", flat=True)) == {direct.pk, stays.pk}


def test_a_new_version_judges_anew_and_a_decision_stands(pair):
    """Open pairs that are no longer alike close; what was decided stays, unless it became surer or less so."""
    one = pair.one
    by = cast.acting(cast.cast("applicant"))

    def again(title, introduction, at):
        fresh = cast.reread(one)
        unit_actions.return_for_changes(fresh, [{"section": "", "reason": "改"}], cast.unit_actor(fresh), at)
        typed = ({"technology_name": title}, {"introduction_text": introduction})
        for updates in typed:
            fresh = cast.reread(fresh)
            section = fresh.ranking.form.section_of(next(iter(updates))).key
            base = fresh.section_version(section)
            applicant_actions.save_draft(fresh, section, updates, base, by, at)
        cast.resubmit(cast.reread(fresh), at=at)
        twins.compare(cast.reread(fresh).latest_version.pk, at)
        pair.refresh_from_db()

    times = [cast.later(AT, minutes=n) for n in range(1, 9)]
    again("低噪声微机电传感芯片二代", cast.chinese(500, 0), times[0])
    assert (pair.state, pair.degree, pair.reason_words[0]) == ("open", "near", "名称相近")
    decide(pair)
    again("低噪声微机电传感芯片三代", cast.chinese(500, 1), times[1])
    assert (pair.state, pair.degree) == ("distinct", "near")
    again("低噪声微机电传感芯片", cast.chinese(500, 0), times[2])
    assert (pair.state, pair.degree, pair.resolved_by) == ("open", "same", None)
    Fingerprint.objects.filter(nomination=pair.other).update(signature=bytes(512))
    again("水下声学探测平台", cast.chinese(500, 0), times[3])
    assert pair.state == "closed"
    again("低噪声微机电传感芯片", cast.chinese(500, 0), times[4])
    assert pair.state == "open"
    assert names(pair) == ["twin_found", "twin_resolved", "twin_found", "twin_closed", "twin_found"]
    assert pair.one_version == one.latest_version


def test_what_goes_no_further_closes_its_open_pairs(pair):
    unit_actions.decline(pair.other, "建议来年申报", cast.unit_actor(pair.other), AT)
    pair.refresh_from_db()
    assert (pair.state, names(pair)) == ("closed", ["twin_found", "twin_closed"])
    with pytest.raises(Refused) as refused:
        decide(pair, seen="closed")
    assert (refused.value.verdict.code, refused.value.verdict.status) == ("twin_closed", 409)
    third = cast.submitted(by=cast.cast("stranger"), unit=cast.unit_of_two_channels())
    twins.compare(third.latest_version.pk, AT)
    last = Twin.objects.get(other=third)
    notes = [{"section": "", "reason": "改"}]
    unit_actions.return_for_changes(third, notes, cast.unit_actor(third), AT)
    assert Twin.objects.get(pk=last.pk).state == "open"
    by = cast.acting(cast.cast("stranger"))
    applicant_actions.choose_unit(cast.reread(third), cast.unit("中国化学会"), by, AT)
    assert Twin.objects.get(pk=last.pk).state == "closed"
    assert twins.compare(third.latest_version.pk, AT) is None
    assert Twin.objects.get(pk=last.pk).state == "closed"


def test_while_it_is_open_both_may_be_recommended_and_the_secretariat_is_told(client, pair):
    cast.recommend(pair.one)
    cast.recommend(pair.other)
    client.force_login(cast.cast("office_a"))
    assert "两项均已推荐" in client.get("/office/twins/").content.decode()
    assert "两项均已推荐" in client.get(f"/office/twins/{pair.pk}/").content.decode()


def test_what_is_not_kept_cannot_be_recommended_as_long_as_the_other_stands(pair):
    decide(pair, keep=pair.one.number)
    assert (pair.state, pair.kept, pair.reason, pair.resolved_at) == ("kept", pair.one, WHY, AT)
    decide(pair, keep=pair.one.number, seen="open")
    assert names(pair) == ["twin_found", "twin_resolved"]
    with pytest.raises(Refused) as refused:
        cast.recommend(pair.other)
    verdict = refused.value.verdict
    assert (verdict.code, verdict.status) == ("twin_dropped", 409)
    assert verdict.message == f"秘书处认定此项与{pair.one.number}为同一申报，保留{pair.one.number}"
    cast.recommend(pair.one)
    applicant_actions.withdraw(cast.reread(pair.one), "不再申报", cast.acting(cast.cast("applicant")), AT)
    cast.recommend(pair.other)
    assert cast.reread(pair.other).state == State.RECOMMENDED


def test_the_decision_is_told_and_the_applicant_never_hears_of_anothers_entry(pair):
    decide(pair, keep=pair.one.number)
    Job.objects.exclude(key__startswith="notice:twin_resolved").delete()
    stamping.work(["notice_mail"])
    told = {m.to[0]: m.subject + m.body for m in mail.outbox}
    assert set(told) == {"wangmin@example.org", "chengang@example.org", "hexiaobo@example.org"}
    assert f"{pair.other.number}不能再推荐" in told["chengang@example.org"]
    assert f"保留{pair.one.number}" in told["wangmin@example.org"]
    to_applicant = told["hexiaobo@example.org"]
    assert "与此榜单的另一申报为同一申报" in to_applicant
    assert not any(hidden in to_applicant for hidden in (pair.one.number, "云脉", "电子学会", WHY))


def test_a_decision_needs_the_office_a_reason_and_what_the_page_showed(pair):
    for who in ("unit_person", "applicant", "body_person", "admin"):
        with pytest.raises(Refused) as refused:
            twins.resolve(pair, "", WHY, "open", cast.acting(cast.cast(who)), AT)
        assert refused.value.verdict.status == 404
    for given, code in (
        ({"reason": " "}, "reason_missing"),
        ({"reason": "甲\u202e"}, "reason_unreadable"),
        ({"seen": "kept"}, "changed_meanwhile"),
        ({"keep": "2022XD99999"}, "kept_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            decide(pair, **given)
        assert refused.value.verdict.code == code
    for who in ("office_a", "stranger", "body_person"):
        with pytest.raises(Refused) as refused:
            twins.note(pair, "已核实", cast.acting(cast.cast(who)), AT)
        assert refused.value.verdict.status == 404
    assert names(pair) == ["twin_found"]


def test_the_unit_reads_of_it_without_the_others_answers_and_says_what_it_found(client, pair):
    client.force_login(cast.cast("unit_person"))
    page = client.get(reverse("nominations:unit_nomination", args=[pair.one.number])).content.decode()
    for words in ("此项与另一推荐单位收到的申报相近", pair.other.number, "广东省科学技术协会", "名称相同"):
        assert words in page
    for listing in ("/unit/", "/unit/nominations/", f"/unit/recommend/?no={pair.one.number}"):
        assert client.get(listing).content.decode().count("有相近申报") == 1
    confirm = reverse("nominations:unit_recommend", args=[pair.one.number])
    asked = client.post(confirm, {"opinion": cast.OPINION, "seen": "1"}).content.decode()
    assert "此项与另一推荐单位收到的申报相近" in asked
    here = reverse("nominations:unit_twin", args=[pair.one.number, pair.pk])
    own = client.get(here).content.decode()
    assert pair.other.number in own
    assert not any(hidden in page + own for hidden in ("苏州拓维", "何晓波"))
    assert "010-62550001" not in own
    assert client.get(reverse("nominations:unit_nomination", args=[pair.other.number])).status_code == 404
    assert client.get(reverse("nominations:unit_twin", args=[pair.other.number, pair.pk])).status_code == 404
    empty = client.post(here, {"words": " "})
    assert (empty.status_code, "填写核实情况" in empty.content.decode()) == (422, True)
    for _twice in range(2):
        assert client.post(here, {"words": "已与申报人核实，不是同一申报"}).status_code == 302
    assert names(pair) == ["twin_found", "twin_noted"]
    assert "已与申报人核实，不是同一申报" in client.get(here).content.decode()
    client.force_login(cast.cast("other_unit_person"))
    theirs = client.get(reverse("nominations:unit_twin", args=[pair.other.number, pair.pk])).content.decode()
    assert "已与申报人核实，不是同一申报" not in theirs
    client.force_login(cast.cast("office_a"))
    assert "已与申报人核实，不是同一申报" in client.get(f"/office/twins/{pair.pk}/").content.decode()


def test_the_office_decides_on_the_page_with_both_side_by_side(client, pair):
    client.force_login(cast.cast("office_a"))
    assert "1对相近申报待核实" in client.get("/office/").content.decode()
    here = f"/office/twins/{pair.pk}/"
    page = client.get(here).content.decode()
    for words in (
        pair.one.number,
        pair.other.number,
        "苏州拓维材料有限公司",
        "两份内容相同",
        "同一申报，保留",
    ):
        assert words in page
    assert pair.other.number in client.get(f"/office/nominations/{pair.one.number}/").content.decode()
    wrong = client.post(here, {"decision": "nonsense", "reason": "", "seen": "open"})
    assert wrong.status_code == 422
    stale = client.post(here, {"decision": "distinct", "reason": WHY, "seen": "kept"})
    assert (stale.status_code, WHY in stale.content.decode()) == (409, True)
    typed = {"decision": pair.other.number, "reason": WHY, "seen": "open"}
    assert client.post(here, typed).status_code == 302
    pair.refresh_from_db()
    assert (pair.kept, pair.resolved_by) == (pair.other, cast.cast("office_a"))
    event = Event.objects.get(name="twin_resolved")
    assert (event.reason, event.data["kept"], event.data["one"]) == (WHY, pair.other.number, pair.one.number)
    again = {"decision": "distinct", "reason": "复核后为两项技术", "seen": "kept"}
    assert client.post(here, again).status_code == 302
    pair.refresh_from_db()
    assert (pair.state, pair.kept) == ("distinct", None)
    client.force_login(cast.cast("unit_person"))
    page = client.get(reverse("nominations:unit_nomination", args=[pair.one.number])).content.decode()
    assert f"秘书处认定与{pair.other.number}不是同一申报" in page


def test_the_page_of_what_is_not_kept_says_how_to_go_on(client, pair):
    decide(pair, keep=pair.one.number)
    client.force_login(cast.unit_actor(pair.other).user)
    typed = {"opinion": "同意推荐", "seen": "1"}
    answer = client.post(reverse("nominations:unit_recommend", args=[pair.other.number]), typed)
    assert answer.status_code == 409
    assert "退回修改或不予推荐；有不同意见时联系秘书处" in answer.content.decode()


def test_what_was_submitted_before_there_were_fingerprints_is_compared_after_the_migration(
    season, unit_person, other_unit_person
):
    cast.submitted()
    cast.submitted(by=cast.cast("stranger"), unit=cast.unit_of_two_channels())
    Job.objects.filter(kind="compare_twins").delete()
    migration = import_module("nominations.migrations.0012_compare_what_was_submitted_before")
    migration.owe_comparisons(apps, None)
    assert Job.objects.filter(kind="compare_twins", state="queued", sent_at=None).count() == 2
    stamping.work(["compare_twins"])
    assert (Twin.objects.count(), Fingerprint.objects.count()) == (1, 2)


def test_S4_a_unit_that_a_draft_names_now_is_not_told_of_its_pair(season, unit_person, other_unit_person):
    one = cast.submitted()
    cast.submitted(by=cast.cast("stranger"), unit=cast.unit("中国光学工程学会"))
    stamping.work(["compare_twins"])
    pair = Twin.objects.get()
    decide(pair, keep=pair.other.number)
    cast.send_back(one, "")
    applicant_actions.choose_unit(one, cast.unit_of_two_channels(), cast.acting(cast.cast("applicant")), AT)
    stamping.work(["notice_mail"])
    told = {m.to[0] for m in mail.outbox if "相近申报已认定" in m.subject}
    assert "chengang@example.org" not in told


def test_the_lists_ask_a_fixed_number_of_queries(client, pair):
    nominations = {row.pk: row for row in (pair.one, pair.other)}
    counts = {}
    pages = {
        "office_a": ["/office/twins/", "/office/twins/?state=open&degree=same&ranking=pioneer_technology"],
        "unit_person": ["/unit/", "/unit/nominations/"],
    }
    for many in (False, True):
        if many:
            others = _copies(pair, 30)
            nominations |= {row.pk: row for row in others}
        for who, paths in pages.items():
            client.force_login(cast.cast(who))
            for path in paths:
                with CaptureQueriesContext(connection) as asked:
                    answer = client.get(path)
                counts.setdefault(path, []).append(len(asked))
                assert answer.status_code == 200
    assert all(one == thirty for one, thirty in counts.values()), counts
    client.force_login(cast.cast("office_a"))
    html = client.get("/office/twins/").content.decode()
    assert html.count("/office/twins/") > 30
    assert "没有符合条件的相近申报" in client.get("/office/twins/?state=kept").content.decode()
    assert client.get(f"/office/twins/?q={pair.other.number}").context["page_obj"].paginator.count == 31
    Twin.objects.filter(pk__gt=pair.pk).delete()
    Nomination.objects.filter(number__startswith="2022XD9").delete()


def _copies(pair, count):
    made = []
    for n in range(count):
        row = Nomination.objects.get(pk=pair.one.pk)
        row.pk, row._state.adding, row.number = None, True, f"2022XD9{n:04d}"
        row.save()
        made.append(row)
        facts = {"degree": "same", "reasons": ["title"], "found_at": AT}
        Twin.objects.create(
            one=pair.other, other=row, one_version=pair.other_version, other_version=pair.one_version, **facts
        )
    return made


def test_the_applicant_is_told_before_submitting_of_its_own_same_entry_alone(client, season, applicant):
    draft = cast.draft()
    theirs = cast.submitted(by=cast.cast("stranger"), unit=cast.unit_of_two_channels())
    client.force_login(applicant)
    here = reverse("nominations:check", args=[draft.number])
    assert "此榜单已有本单位的相同申报" not in client.get(here).content.decode()
    own = cast.submitted(title="低噪声 微机电传感芯片")
    for nomination in (theirs, own):
        twins.compare(nomination.latest_version.pk, AT)
    page = client.get(here).content.decode()
    assert "此榜单已有本单位的相同申报" in page
    assert own.number in page
    assert theirs.number not in page
    assert reads.same_of_own(draft) == [own]
    assert client.post(here, {"promised": "1"}).status_code == 302
