"""Builds the demo's two seasons by the actions: 2022, finished and published; this year's, in the middle."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import cycle

from django.db import transaction

from accounts import letters
from accounts.models import Notice
from kczg.kit.clock import SHANGHAI, local
from kczg.kit.models import Job
from kczg.kit.record import SYSTEM, Actor
from nominations.actions import applicant, correction, preparing, secretariat, twins, unit
from nominations.actions.beginning import begin
from nominations.actions.season import load_season, organisation_named
from nominations.models import Nomination, Ranking, RecommendingUnit, Season, Stage, Track
from nominations.notices import LETTERS
from nominations.states import State, Window
from reviews import queries
from reviews.actions import experts, final, preliminary, publication, results, scores
from reviews.demo import scans
from reviews.demo.people import BODY_OF_TRACK, EXPERTS, PASSWORD, actors
from reviews.demo.texts import TECHNOLOGIES, Technology, answers
from reviews.models import Expert
from reviews.notices import MAILS

RANKING = "pioneer_technology"
CRITERIA = [
    {
        "key": "c1",
        "name": "创新性",
        "weight": 40,
        "meaning": "原理、方法或工艺上的突破，与国内外同类技术的比较",
    },
    {"key": "c2", "name": "成熟度", "weight": 30, "meaning": "验证的充分程度，离批量应用的距离"},
    {"key": "c3", "name": "应用前景", "weight": 30, "meaning": "市场规模、可转化可转移可交易的条件"},
]
NOT_PROPOSED = "可回收热固性复合材料"
"""The one that 2022's final review leaves out."""
TO_CHECK = ("东湖信息技术学会（演示）", "南岭材料学会（演示）")
"""Units that no person has checked yet."""
WRITERS = {"notice_mail": LETTERS, "review_mail": MAILS}


class Demo:
    """The people, and one verb for each step of a nomination's way."""

    def __init__(self, now: datetime):
        self.now = now
        self.people = actors()
        self.applicants = cycle(["applicant", "applicant2", "applicant3"])

    def midnight(self, days: int) -> datetime:
        """00:00 in Beijing, so many days from today: 24时 of the day before."""
        return datetime.combine(local(self.now).date() + timedelta(days=days), time(), SHANGHAI)

    def units(self, season: Season, at: datetime) -> dict[str, RecommendingUnit]:
        """The two units with people, and two of a starting list that wait to be checked and have no account."""
        office = self.people["office"]
        for name in TO_CHECK:
            unit = secretariat.set_unit(season, organisation_named(name), ["society"], office, at, "演示数据")
            RecommendingUnit.objects.filter(pk=unit.pk).update(to_check=True)
        channels = {"unit": ["society", "consortium"], "unit2": ["pilot_city"]}
        return {
            account: secretariat.set_unit(
                season, self.people[account].organisation, keys, office, at, "演示数据"
            )
            for account, keys in channels.items()
        }

    def draft(
        self, ranking: Ranking, technology: Technology, to: RecommendingUnit, at: datetime, who: str = ""
    ) -> tuple[Nomination, Actor]:
        """A form filled in whole, not yet submitted."""
        by = self.people[who or next(self.applicants)]
        track = ranking.tracks.get(name=technology.track)
        promises = [c.key for c in ranking.online_form.conditions if c.kind == "declared"]
        nomination = begin(
            ranking, by, at, applicant=by.organisation, track=track, unit=to, promises=promises
        )
        filled = answers(technology, by.organisation.name, by.user.name)
        for section in ranking.online_form.sections:
            updates = {q.key: filled[q.key] for q in section.questions if q.key in filled}
            if updates:
                version = nomination.section_version(section.key)
                nomination = applicant.save_draft(nomination, section.key, updates, version, by, at)
        return nomination, by

    def submitted(self, ranking, technology, to, at, who="") -> Nomination:
        nomination, by = self.draft(ranking, technology, to, at, who)
        applicant.submit(nomination, by, at, promised=True)
        return nomination

    def recommended(self, ranking, technology, to: RecommendingUnit, at, who="") -> Nomination:
        nomination = self.submitted(ranking, technology, to, at, who)
        opinion = "经本单位组织遴选，该技术创新性强、应用前景好，同意推荐（演示）。"
        unit.recommend(nomination, opinion, 1, self.by_unit(to), at + timedelta(hours=20))
        return nomination

    def by_unit(self, to: RecommendingUnit) -> Actor:
        return next(
            actor
            for account, actor in self.people.items()
            if account.startswith("unit") and actor.organisation.pk == to.organisation_id
        )

    def plan(self, track: Track, at: datetime) -> None:
        """The body files its plan, and the secretariat records it."""
        by = self.people[BODY_OF_TRACK[track.key]]
        body = queries.body_for(by.user, track)
        fields = {
            "work_plan": "成立评审工作组，按照形式审查、专家评审、汇总三个步骤开展，全过程留痕（演示）。",
            "expert_plan": "每项申报由两名以上专家评审，专家来自高校、院所和企业，与申报单位、推荐单位无利害关系（演示）。",
            "criteria": CRITERIA,
            "experts_each": 2,
            "shortlist": 2,
        }
        plan = preliminary.save_plan(track, body, fields, by, at)
        preliminary.file_plan(plan, by, at)
        preliminary.decide_plan(plan, True, "同意备案", self.people["office"], at + timedelta(hours=6))

    def take_experts_in(self, track: Track, at: datetime) -> None:
        by = self.people[BODY_OF_TRACK[track.key]]
        body = queries.body_for(by.user, track)
        for person in EXPERTS:
            facts = {
                "name": person.name,
                "email": person.email,
                "employer": person.organisation,
                "position": "教授",
            }
            expert = experts.take_in(track, body, {**facts, "expertise": track.short_name}, by, at)
            scores.commit_to_rules(expert, self.people[person.account], at)

    def score(self, track: Track, at: datetime, sheets: int | None = None) -> None:
        """Experts fill in and submit their sheets; the first ``sheets`` of all only, when given."""
        rows = list(queries.standing_assignments(track))[:sheets]
        for number, row in enumerate(rows):
            by = self.people[row.expert.user.username]
            base = 78 + (row.nomination_id * 7 + row.expert_id * 3) % 17
            typed = {str(c["key"]): str(base + (number + place) % 5) for place, c in enumerate(CRITERIA)}
            scores.save_scores(row, typed, "技术路线清楚，验证充分，建议加强推广（演示）。", by, at)
        if sheets is None:
            for expert in queries.experts_of(track):
                scores.submit_scores(expert, track, self.people[expert.user.username], at)

    def check_and_assign(self, track: Track, at: datetime) -> None:
        by = self.people[BODY_OF_TRACK[track.key]]
        for nomination in list(queries.to_check(track)):
            preliminary.check_form(nomination, True, [], by, at)
        plan = preliminary.required_plan(track)
        experts.assign(track, experts.suggest(track, plan), by, at)

    def review(self, track: Track, at: datetime) -> None:
        """A track's whole preliminary review, from the form check to the submitted result."""
        by = self.people[BODY_OF_TRACK[track.key]]
        self.take_experts_in(track, at)
        self.check_and_assign(track, at)
        self.score(track, at + timedelta(days=5))
        results.close_scores(track, by, at + timedelta(days=6))
        results.submit_result(track, by, at + timedelta(days=7))
        if track.key == "green":
            results.submit_result(track, self.people["body-energy"], at + timedelta(days=7, hours=2))


@transaction.atomic
def build(now: datetime) -> None:
    """Makes both seasons. ``now`` is the moment that this year's season is arranged around."""
    demo = Demo(now)
    finished, _fresh = load_season(2022, 2022, SYSTEM, now)
    current, _fresh = load_season(2022, local(now).year, SYSTEM, now)
    for season in (finished, current):
        # The stamped papers come afterwards, from the worker: printing them would take a minute.
        season.is_demo, season.asks_scans = True, False
        season.save(update_fields=["is_demo", "asks_scans"])
    build_finished(demo, finished)
    build_current(demo, current)
    Season.objects.filter(pk__in=[finished.pk, current.pk]).update(asks_scans=True)
    scans.begin()
    for person in EXPERTS:
        expert = Expert.objects.get(user__username=person.account)
        expert.user.set_password(PASSWORD)
        expert.user.save(update_fields=["password"])
    # All at once: with few entries that are written alike, the demo's phrases would seem to be copied.
    Job.objects.filter(kind="compare_twins", state=Job.State.QUEUED).delete()
    twins.compare_season(current, now)
    tell()


def tell() -> None:
    """People are told in the product of what the demo pretends to have happened; nobody by mail."""
    owed = Job.objects.filter(kind__in=WRITERS, state=Job.State.QUEUED)
    for job in owed.order_by("pk"):
        write = WRITERS[job.kind][job.args.pop("name")]
        letters.keep(job.key, write(**job.args), job.owed_at)
    Notice.objects.update(mail=Notice.Post.NONE)
    owed.delete()


def build_finished(demo: Demo, season: Season) -> None:
    """The season of 2022 as printed, up to the published list."""
    ranking = season.rankings.get(key=RANKING)
    units = demo.units(season, datetime(2022, 9, 1, 9, tzinfo=SHANGHAI))
    for day, technology in enumerate(TECHNOLOGIES):
        at = datetime(2022, 10, 1 + day, 10, 30, tzinfo=SHANGHAI)
        demo.recommended(ranking, technology, units["unit" if day % 2 else "unit2"], at)
    for track in ranking.tracks.all():
        demo.plan(track, datetime(2022, 10, 20, 9, tzinfo=SHANGHAI))
        demo.review(track, datetime(2022, 11, 3, 9, tzinfo=SHANGHAI))
    office, second = demo.people["office"], demo.people["office2"]
    for nomination in queries.final_table(ranking):
        proposed = nomination.title != NOT_PROPOSED
        final.mark(nomination, proposed, "", office, datetime(2022, 12, 12, 15, tzinfo=SHANGHAI))
    at = datetime(2022, 12, 20, 9, tzinfo=SHANGHAI)
    text = publication.notice_draft(ranking, at, 5)
    publication.issue_notice(ranking, text, 5, office, at)
    prepared = publication.prepare_list(ranking, office, datetime(2023, 1, 10, 9, tzinfo=SHANGHAI))
    words = publication.words_to_type(ranking)
    publication.publish_list(prepared, words, second, datetime(2023, 1, 11, 9, 30, tzinfo=SHANGHAI))


def build_current(demo: Demo, season: Season) -> None:
    """This year's season: the gate lies ahead; two tracks are further, so that every page has something."""
    ranking = season.rankings.get(key=RANKING)
    arrange(demo, season)
    units = demo.units(season, demo.midnight(-62))
    by_track: dict[str, list[Technology]] = {}
    for technology in TECHNOLOGIES:
        by_track.setdefault(technology.track, []).append(technology)
    build_call(demo, ranking, units, by_track)
    for key, begun in (("foundation", -34), ("equipment", -9)):
        track = ranking.tracks.get(key=key)
        for number, technology in enumerate(by_track[track.name]):
            to = units["unit" if number % 2 else "unit2"]
            demo.recommended(
                ranking, technology, to, demo.midnight(begun - 6 + number % 3) + timedelta(hours=9)
            )
        demo.plan(track, demo.midnight(begun - 3))
    demo.review(ranking.tracks.get(key="foundation"), demo.midnight(-30) + timedelta(hours=10))
    build_reviewing(demo, ranking.tracks.get(key="equipment"))
    build_filed_plan(demo, ranking.tracks.get(key="information"))


def arrange(demo: Demo, season: Season) -> None:
    """Moves the season's dates around today; windows of a track stand beside the season's."""
    ranking = season.rankings.get(key=RANKING)
    around = {
        Window.CALL: (-60, 20),
        Window.PRELIMINARY: (20, 50),
        Window.FINAL: (50, 80),
        Window.PUBLICATION: (80, None),
    }
    for key, (opens, closes) in around.items():
        Stage.objects.filter(season=season, key=key, track=None).update(
            opens=demo.midnight(opens), closes=None if closes is None else demo.midnight(closes)
        )
    earlier = {
        "foundation": {Window.CALL: (-60, -34), Window.PRELIMINARY: (-34, -4), Window.FINAL: (-4, 26)},
        "equipment": {Window.CALL: (-60, -9), Window.PRELIMINARY: (-9, 21)},
    }
    for track_key, windows in earlier.items():
        track = ranking.tracks.get(key=track_key)
        for key, (opens, closes) in windows.items():
            Stage.objects.create(
                season=season, track=track, key=key, opens=demo.midnight(opens), closes=demo.midnight(closes)
            )


def build_call(demo: Demo, ranking: Ranking, units, by_track: dict[str, list[Technology]]) -> None:
    """What the call looks like in its middle: every state that a nomination may have before the gate."""
    morning = demo.midnight(-8) + timedelta(hours=9)
    first = by_track["电子信息"]
    by = demo.by_unit(units["unit2"])
    demo.draft(ranking, first[0], units["unit"], morning, "applicant")
    started, author = demo.draft(ranking, by_track["先进材料"][0], units["unit"], morning, "applicant")
    updates = {"introduction_text": "", "scenarios_text": "正在整理。"}
    for section, key in (("introduction", "introduction_text"), ("scenarios", "scenarios_text")):
        version = started.section_version(section)
        started = applicant.save_draft(started, section, {key: updates[key]}, version, author, morning)
    waiting = demo.submitted(ranking, first[1], units["unit"], morning, "applicant")
    opinion = "技术指标经核对与验证材料一致，拟同意推荐（演示）。"
    preparing.prepare(waiting, opinion, 1, demo.people["unit-handler"], morning + timedelta(hours=5))
    demo.submitted(
        ranking, by_track["生物医药"][0], units["unit"], morning + timedelta(hours=3), "applicant2"
    )
    demo.submitted(ranking, by_track["绿色低碳"][0], units["unit"], morning + timedelta(days=1), "applicant3")
    returned = demo.submitted(ranking, first[2], units["unit2"], morning, "applicant")
    notes = [{"section": "introduction", "reason": "补充与国内外同类技术的对比数据"}]
    unit.return_for_changes(returned, notes, by, morning + timedelta(days=2))
    declined = demo.submitted(ranking, by_track["绿色低碳"][1], units["unit2"], morning, "applicant3")
    unit.decline(declined, "与本单位推荐方向不一致，建议通过其他渠道申报", by, morning + timedelta(days=2))
    for number in range(3):
        technology = (first[3], by_track["电子信息"][1], by_track["电子信息"][2])[number]
        demo.recommended(ranking, technology, units["unit2"], morning + timedelta(hours=number), "applicant2")
    demo.recommended(ranking, by_track["生物医药"][1], units["unit"], morning, "applicant3")
    withdrawn = demo.submitted(ranking, by_track["先进材料"][1], units["unit"], morning, "applicant2")
    applicant.withdraw(withdrawn, "技术资料需要补充", demo.people["applicant2"], morning + timedelta(days=1))


def build_reviewing(demo: Demo, track: Track) -> None:
    """装备制造 in the middle of its review: one checked and rejected, one to be corrected, one still to check, sheets half done."""
    by = demo.people["body"]
    at = demo.midnight(-6) + timedelta(hours=9)
    demo.take_experts_in(track, at)
    waiting = list(queries.to_check(track).order_by("number"))
    finding = [{"condition": "early_proof", "reason": "缺少通过早期验证的证明材料"}]
    preliminary.check_form(waiting[0], False, finding, by, at)
    correction.set_days(track.ranking, 10, "给予一次补正机会（演示）", demo.people["office"], at)
    track.ranking.refresh_from_db(fields=["correction_days"])
    asked = [{"section": "introduction", "field": "", "reason": "补充说明应用场景（演示）"}]
    correction.ask(waiting.pop(), [], asked, by, at)
    for nomination in waiting[1:-1]:
        preliminary.check_form(nomination, True, [], by, at)
    plan = preliminary.required_plan(track)
    experts.assign(track, experts.suggest(track, plan), by, at + timedelta(hours=2))
    demo.score(track, at + timedelta(days=2), sheets=1)
    assert track.nominations.filter(state=State.IN_REVIEW).count() == len(waiting) - 2


def build_filed_plan(demo: Demo, track: Track) -> None:
    """A plan that waits for the secretariat (待备案)."""
    by = demo.people[BODY_OF_TRACK[track.key]]
    body = queries.body_for(by.user, track)
    fields = {
        "work_plan": "按照通知要求组织初评，公开透明、全程可追溯（演示）。",
        "expert_plan": "遴选领域专家不少于九名（演示）。",
        "criteria": CRITERIA,
        "experts_each": 3,
        "shortlist": 10,
        "recipe": "trimmed",
    }
    preliminary.file_plan(preliminary.save_plan(track, body, fields, by, demo.now), by, demo.now)
