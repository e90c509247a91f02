"""The people and things of the tests: everybody has a name, and everything goes through the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts import letters, people
from accounts.models import Invitation, Membership, Notice, Organisation, User
from accounts.roles import Duty, Role
from kczg.kit.record import SYSTEM, Actor
from nominations import notices, queries
from nominations.actions import applicant as applicant_actions
from nominations.actions import closing as closing_actions
from nominations.actions import twins as twin_actions
from nominations.actions import unit as unit_actions
from nominations.actions.beginning import begin
from nominations.actions.extensions import Wish, propose_extension
from nominations.actions.quota_changes import change_limit
from nominations.actions.season import load_season, organisation_named
from nominations.actions.secretariat import set_unit
from nominations.models import (
    Closing,
    Extension,
    ListImport,
    Nomination,
    QuotaChange,
    Ranking,
    RecommendingUnit,
    Season,
    Selection,
    Track,
    Twin,
    UnitImport,
    UnitsImport,
)
from nominations.states import State
from reviews.actions import experts as expert_actions
from reviews.actions import final, preliminary, publication, results, scores
from reviews.models import Expert, PublishedList, ReviewPlan
from tests.cast_facts import (
    ADDRESS,
    BEFORE_CALL,
    DURING_CALL,
    DUTIES,
    EXPERTS,
    GATE,
    IN_FINAL,
    IN_PRELIMINARY,
    IN_PUBLICATION,
    LAST_INSTANT,
    PASSWORD,
    PEOPLE,
)
from tests.cast_form import TRACK_NAMES, chinese, full_answers
from tests.nominations.rankings.samples import full

# --- People ------------------------------------------------------------------------------------------------


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def person(username: str, name: str, role: str = "", organisation: str = "") -> User:
    """A person with an account, a confirmed e-mail and, with ``role``, a membership; the same one if asked twice."""
    user, fresh = User.objects.get_or_create(
        username=username, defaults={"name": name, "email": f"{username}@example.org", "password": _hashed()}
    )
    if fresh:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role:
        Membership.objects.get_or_create(user=user, organisation=organisation_named(organisation), role=role)
    # A fresh object: roles are read once per request, and so once per object.
    return User.objects.get(pk=user.pk)


def cast(key: str) -> User:
    """The person of this name in PEOPLE; the administrator may open the admin site."""
    user = User.objects.filter(username=PEOPLE[key][0]).first()
    if user is None:
        user = person(*PEOPLE[key])
        if key in DUTIES:
            user.memberships.update(duty=DUTIES[key])
    if key == "admin" and not user.is_staff:
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    return user


def acting(user: User, role: str = "") -> Actor:
    """The person as one who acts, in the role of their first membership unless told."""
    fresh = User.objects.get(pk=user.pk)
    role = role or next(iter(fresh.roles), "")
    return Actor(user=fresh, role=role, organisation=fresh.organisation_in(role), ip=ADDRESS)


# --- The season, its units ---------------------------------------------------------------------------------


def season_2022() -> Season:
    """The season as printed, loaded through the command's action; the same one if asked twice.

    Except that it asks for no scans: ``sealing`` does, for the tests of them.
    """
    standing = Season.objects.filter(year=2022).first()
    if standing is not None:
        return standing
    season, _fresh = load_season(2022, 2022, SYSTEM, BEFORE_CALL)
    season.asks_scans = False
    season.save(update_fields=["asks_scans"])
    return season


def sealing() -> Season:
    """From now on the season asks for stamped scans, as the printed one does."""
    season = season_2022()
    season.asks_scans = True
    season.save(update_fields=["asks_scans"])
    return season


def unit(organisation: str = "中国电子学会", channels: Sequence[str] = ("society",)) -> RecommendingUnit:
    """A recommending unit with these channels: three places a track for each of them."""
    reason = "通知二（一）所列推荐渠道"
    named = organisation_named(organisation)
    standing = RecommendingUnit.objects.filter(season=season_2022(), organisation=named).first()
    if standing is not None and set(channels) == set(standing.channels.values_list("key", flat=True)):
        return standing
    return set_unit(season_2022(), named, channels, acting(cast("office_a")), BEFORE_CALL, reason)


def unit_of_two_channels() -> RecommendingUnit:
    """广东省科学技术协会: a provincial association that is a pilot city's unit, too; six places a track."""
    return unit("广东省科学技术协会", ("province", "pilot_city"))


def ranking(key: str = "pioneer_technology") -> Ranking:
    return Ranking.objects.select_related("season").get(season=season_2022(), key=key)


def track(key: str = "information") -> Track:
    return Track.objects.select_related("ranking__season").get(ranking=ranking(), key=key)


# --- A nomination's way ------------------------------------------------------------------------------------

OPINION = "技术先进，具备转化条件，同意推荐。"


def draft(
    by: User | None = None,
    track: str = "information",
    title: str = "低噪声微机电传感芯片",
    answers: dict[str, Any] | None = None,
    at: datetime = DURING_CALL,
    unit: RecommendingUnit | None = None,
) -> Nomination:
    """A draft filled in section by section, with complete answers unless others are given."""
    who = acting(by or cast("applicant"), Role.APPLICANT)
    form_of = ranking()
    nomination = begin(
        form_of,
        who,
        at,
        applicant=who.organisation,
        track=globals()["track"](track),
        unit=unit or globals()["unit"](),
        promises=[condition.key for condition in form_of.form.conditions],
    )
    given = full_answers(track, title) if answers is None else answers
    for section in form_of.form.sections:
        updates = {q.key: given[q.key] for q in section.questions if q.key in given}
        if updates:
            base = nomination.section_version(section.key)
            nomination = applicant_actions.save_draft(nomination, section.key, updates, base, who, at)
    return reread(nomination)


def submitted(at: datetime = DURING_CALL, by: User | None = None, **given: Any) -> Nomination:
    nomination = draft(by=by, at=at, **given)
    resubmit(nomination, by=by, at=at)
    return reread(nomination)


def resubmit(nomination: Nomination, by: User | None = None, at: datetime = DURING_CALL) -> None:
    who = acting(by or cast("applicant"), Role.APPLICANT)
    applicant_actions.submit(nomination, who, at, promised=True)


def unit_actor(nomination: Nomination) -> Actor:
    """Whoever of the cast acts for the nomination's unit."""
    name = nomination.unit.organisation.name
    key = next(key for key, row in PEOPLE.items() if row[2] == Role.UNIT and row[3] == name)
    return acting(cast(key), Role.UNIT)


def recommend(nomination: Nomination, at: datetime = DURING_CALL) -> None:
    seen = nomination.versions.last().number
    unit_actions.recommend(nomination, OPINION, seen, unit_actor(nomination), at)


def recommended(at: datetime = DURING_CALL, **given: Any) -> Nomination:
    nomination = submitted(at=at, **given)
    recommend(nomination, at)
    return reread(nomination)


def returned(
    at: datetime = DURING_CALL, parts: Sequence[str] = ("introduction",), **given: Any
) -> Nomination:
    """Sent back for these parts: "" the whole form, "introduction" a section, "team.phone" a question."""
    return send_back(submitted(at=at, **given), *parts, at=at)


def send_back(nomination: Nomination, *parts: str, at: datetime = DURING_CALL) -> Nomination:
    reason = "技术介绍未写明与同类产品的比较"
    named = [part.partition(".") for part in parts]
    notes = [{"section": section, "field": field, "reason": reason} for section, _dot, field in named]
    unit_actions.return_for_changes(nomination, notes, unit_actor(nomination), at)
    return reread(nomination)


def declined(at: datetime = DURING_CALL, **given: Any) -> Nomination:
    nomination = submitted(at=at, **given)
    unit_actions.decline(nomination, "成熟度不足，建议来年申报", unit_actor(nomination), at)
    return reread(nomination)


def submitted_directly(key: str = "open_source", category: str = "开源产品") -> Nomination:
    """An entry of a separately organised ranking, submitted to its review body."""
    who = acting(cast("applicant"), Role.APPLICANT)
    form_of = ranking(key)
    promised = [condition.key for condition in form_of.form.conditions]
    row = begin(form_of, who, DURING_CALL, applicant=who.organisation, promises=promised, category=category)
    given = full(key, category)
    for section in form_of.form.sections:
        updates = {q.key: given[q.key] for q in section.questions if q.key in given}
        if updates:
            row = applicant_actions.save_draft(row, section.key, updates, 0, who, DURING_CALL)
    applicant_actions.submit(row, who, DURING_CALL, promised=True)
    return reread(row)


def withdrawn(at: datetime = DURING_CALL, by: User | None = None, **given: Any) -> Nomination:
    nomination = submitted(at=at, by=by, **given)
    who = acting(by or cast("applicant"), Role.APPLICANT)
    applicant_actions.withdraw(nomination, "内部评估后暂不申报", who, at)
    return reread(nomination)


def twin(at: datetime = DURING_CALL, title: str = "低噪声微机电传感芯片") -> Twin:
    """One work at two units: 云脉 to 中国电子学会, 拓维 to 广东省科学技术协会; the worker has found it."""
    one = submitted(at=at, title=title)
    other = submitted(at=at, title=title, by=cast("stranger"), unit=unit_of_two_channels())
    for nomination in (one, other):
        twin_actions.compare(nomination.latest_version.pk, at)
    return Twin.objects.get(one=one, other=other)


def twin_of(nomination: Nomination) -> Twin:
    """A pair of this nomination and one like it at its own unit, as if the worker had found it."""
    other = Nomination.objects.exclude(pk=nomination.pk).order_by("pk").last() or submitted(title="另一技术")
    one, other = sorted((nomination, other), key=lambda row: row.pk)
    facts = {"degree": Twin.Degree.NEAR, "reasons": ["title"], "found_at": DURING_CALL}
    return Twin.objects.create(
        one=one, other=other, one_version=one.latest_version, other_version=other.latest_version, **facts
    )


# --- The preliminary review --------------------------------------------------------------------------------

CRITERIA = [
    {"key": "c1", "name": "技术先进性", "weight": 40, "meaning": "与国内外同类技术相比的水平"},
    {"key": "c2", "name": "产业带动性", "weight": 35, "meaning": "对产业链的带动作用"},
    {"key": "c3", "name": "转化可行性", "weight": 25, "meaning": "转化、转移、交易的条件"},
]


def body_actor() -> Actor:
    return acting(cast("body_person"), Role.BODY)


def drafted_plan(
    track_key: str = "information", at: datetime = IN_PRELIMINARY, shortlist: int = 10
) -> ReviewPlan:
    """The body's plan with three criteria and two experts each, kept and not yet filed."""
    where, by = track(track_key), body_actor()
    fields = {
        "work_plan": "11月10日至25日开展初评，分形式审查、专家评审、结果汇总三步。",
        "expert_plan": "邀请本领域专家2名以上，产学研各方均有代表。",
        "criteria": CRITERIA,
        "scale": 100,
        "recipe": "mean",
        "experts_each": 2,
        "shortlist": shortlist,
    }
    body = where.bodies.get(organisation=by.organisation)
    return preliminary.save_plan(where, body, fields, by, at)


def filed_plan(
    track_key: str = "information", at: datetime = IN_PRELIMINARY, shortlist: int = 10
) -> ReviewPlan:
    """The body's plan, filed and waiting to be put on record."""
    plan = drafted_plan(track_key, at, shortlist)
    preliminary.file_plan(plan, body_actor(), at)
    return plan


def recorded_plan(
    track_key: str = "information", at: datetime = IN_PRELIMINARY, shortlist: int = 10
) -> ReviewPlan:
    """The plan in force, put on record by the secretariat; the same one if asked twice."""
    from reviews.queries import plan_in_force

    standing = plan_in_force(track(track_key))
    if standing is not None:
        return standing
    plan = filed_plan(track_key, at, shortlist)
    preliminary.decide_plan(plan, True, "", acting(cast("office_a"), Role.OFFICE), at)
    return plan


def expert(key: str, at: datetime = IN_PRELIMINARY) -> Expert:
    """An expert taken in by the body, who has given the commitment; the same one if asked twice."""
    recorded_plan(at=at)
    where, by = track(), body_actor()
    body = where.bodies.get(organisation=by.organisation)
    taken = expert_actions.take_in(where, body, EXPERTS[key], by, at)
    scores.commit_to_rules(taken, acting(taken.user, Role.EXPERT), at)
    return taken


def accepted(at: datetime = IN_PRELIMINARY, **given: Any) -> Nomination:
    nomination = recommended(**given)
    preliminary.check_form(nomination, True, [], body_actor(), at)
    return reread(nomination)


def rejected(at: datetime = IN_PRELIMINARY, **given: Any) -> Nomination:
    nomination = recommended(**given)
    findings = [{"condition": "early_proof", "reason": "未提供早期验证的证明材料"}]
    preliminary.check_form(nomination, False, findings, body_actor(), at)
    return reread(nomination)


def assign_all(at: datetime = IN_PRELIMINARY) -> None:
    """Assigns all that passed the form check to both experts."""
    people = [expert(key, at) for key in EXPERTS]
    from reviews.queries import under_review

    pairs = [(person.pk, nomination.pk) for person in people for nomination in under_review(track())]
    expert_actions.assign(track(), pairs, body_actor(), at)


def in_review(at: datetime = IN_PRELIMINARY, **given: Any) -> Nomination:
    nomination = accepted(at=at, **given)
    assign_all(at)
    return reread(nomination)


def score_all(at: datetime = IN_PRELIMINARY, marks: dict[str, Decimal] | None = None) -> None:
    """Both experts score all that is assigned to them and submit; ``marks``: number → score of each criterion."""
    from reviews.queries import assignments_of

    for key in EXPERTS:
        taken = expert(key, at)
        by = acting(taken.user, Role.EXPERT)
        for task in assignments_of(taken.user).filter(submitted_at=None):
            value = str((marks or {}).get(task.nomination.number, Decimal("88.5")))
            typed = {criterion["key"]: value for criterion in CRITERIA}
            scores.save_scores(task, typed, "路线清晰，验证充分。", by, at)
        scores.submit_scores(taken, track(), by, at)


def close_and_submit(at: datetime = IN_PRELIMINARY) -> None:
    results.close_scores(track(), body_actor(), at)
    results.submit_result(track(), body_actor(), at)


def shortlisted(at: datetime = IN_PRELIMINARY, **given: Any) -> Nomination:
    nomination = in_review(at=at, **given)
    score_all(at)
    close_and_submit(at)
    return reread(nomination)


def not_shortlisted(at: datetime = IN_PRELIMINARY, **given: Any) -> Nomination:
    """One of two that had the lower score; the plan passes one."""
    recorded_plan(at=at, shortlist=1)
    nomination, better = accepted(at=at, **given), accepted(at=at, title="高可靠工业总线控制器")
    assign_all(at)
    score_all(at, {nomination.number: Decimal("70"), better.number: Decimal("92.5")})
    close_and_submit(at)
    return reread(nomination)


# --- The final review and the list -------------------------------------------------------------------------


def office(key: str = "office_a") -> Actor:
    return acting(cast(key), Role.OFFICE)


def unit_import(nomination: Nomination) -> UnitImport:
    """A workbook that the nomination's unit has uploaded."""
    return UnitImport.objects.create(
        unit=nomination.unit,
        ranking=nomination.ranking,
        name="申报.xlsx",
        uploaded_by=cast("unit_person"),
        uploaded_at=DURING_CALL,
    )


def invitation(at: datetime = DURING_CALL) -> Invitation:
    """Somebody whom the unit's administrator has invited as one who approves."""
    by, invited = (
        acting(cast("unit_person"), Role.UNIT),
        people.Invited("郭宁", "guoning@unit.example", Duty.APPROVE),
    )
    return people.invite(unit().organisation, invited, by, at)


def units_import() -> UnitsImport:
    """A starting list of units that the secretariat has asked for and not confirmed."""
    made = {"reason": "本年度名单", "uploaded_by": cast("office_a"), "uploaded_at": DURING_CALL}
    return UnitsImport.objects.create(season=season_2022(), source=UnitsImport.Source.ASSOCIATIONS, **made)


def selection(nomination: Nomination) -> Selection:
    """A selection of the nomination's unit in its track, in which it stands; still open, with no ballot."""
    row = Selection.objects.create(
        unit=nomination.unit,
        track=nomination.track,
        manner="ranking",
        places=1,
        opened_at=DURING_CALL,
        opened_by=cast("unit_person"),
    )
    row.candidates.create(nomination=nomination, version=nomination.latest_version)
    return row


def list_import() -> ListImport:
    """A list that the secretariat has uploaded and not confirmed."""
    made = {"rows": [], "made_by": cast("office_a"), "made_at": DURING_CALL}
    return ListImport.objects.create(season=season_2022(), kind="pilot_places", **made)


def extension(at: datetime = DURING_CALL) -> Extension:
    """An extension of the whole call by a day, proposed and not approved yet."""
    wish = Wish("season", GATE + timedelta(days=1), "征集末日系统故障两小时")
    return propose_extension(season_2022(), wish, office(), at)


def told(nomination: Nomination, key: str = "applicant") -> Notice:
    """What this person was told when the nomination was submitted: the first notice of theirs."""
    letters.keep("cast:submitted", notices.submitted(nomination.pk), DURING_CALL)
    return Notice.objects.filter(person=cast(key)).earliest("pk")


def quota_change(at: datetime = DURING_CALL) -> QuotaChange:
    """One place more for everybody in 电子信息, proposed and not approved yet."""
    changed = change_limit(track(), 4, "本年度申报数量增加", office(), at)
    assert isinstance(changed, QuotaChange)
    return changed


def closing() -> Closing:
    """The closing list of the call's gate."""
    at = GATE + closing_actions.GRACE
    return closing_actions.close_gate(season_2022(), GATE, at) or Closing.objects.get(gate=GATE)


def issue_notice(proposed: Sequence[Nomination], at: datetime = IN_FINAL) -> None:
    """Marks these as 拟入榜, all others that were shortlisted as not, and gives the public notice."""
    from reviews.queries import final_table

    for row in final_table(ranking()):
        final.mark(row, row in proposed, "综合评议通过" if row in proposed else "名额所限", office(), at)
    text = publication.notice_draft(ranking(), at, 5)
    publication.issue_notice(ranking(), text, 5, office(), at)


def publish(at: datetime = IN_PUBLICATION) -> PublishedList:
    """Prepared by one person of the secretariat, published by the other."""
    prepared = publication.prepare_list(ranking(), office("office_a"), at)
    return publication.publish_list(prepared, publication.words_to_type(ranking()), office("office_b"), at)


def noticed(**given: Any) -> Nomination:
    """Shortlisted, proposed and under public notice."""
    nomination = shortlisted(**given)
    issue_notice([nomination])
    return reread(nomination)


def published(**given: Any) -> Nomination:
    nomination = noticed(**given)
    publish()
    return reread(nomination)


def not_listed(**given: Any) -> Nomination:
    """Shortlisted, but another one was proposed and published."""
    nomination, other = accepted(**given), accepted(title="高可靠工业总线控制器")
    assign_all()
    score_all()
    close_and_submit()
    issue_notice([other])
    publish()
    return reread(nomination)


__all__ = ["GATE", "LAST_INSTANT", "PASSWORD", "TRACK_NAMES", "chinese", "full_answers"]
"""Names of the two siblings that tests read from here, too."""

BUILDERS = {
    State.DRAFT: draft,
    State.SUBMITTED: submitted,
    State.RETURNED: returned,
    State.RECOMMENDED: recommended,
    State.DECLINED: declined,
    State.WITHDRAWN: withdrawn,
    State.ACCEPTED: accepted,
    State.REJECTED: rejected,
    State.IN_REVIEW: in_review,
    State.SHORTLISTED: shortlisted,
    State.NOT_SHORTLISTED: not_shortlisted,
    State.NOT_LISTED: not_listed,
    State.PUBLISHED: published,
}
"""State → what brings a nomination there. LISTED is passed through on the way to PUBLISHED."""


def reread(nomination: Nomination) -> Nomination:
    """The nomination as the database has it now, with its relations."""
    return Nomination.objects.select_related(*queries.NOMINATION_RELATIONS).get(pk=nomination.pk)


def later(at: datetime, **delta: float) -> datetime:
    return at + timedelta(**delta)


def organisation(name: str) -> Organisation:
    return organisation_named(name)
