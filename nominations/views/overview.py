"""How far a nomination is, as the applicant's pages tell it: tasks, next step, stages, timeline.

What the reviews find stays hidden until the list of the ranking is published; until then a nomination that
was accepted reads 初评中.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from nominations import eligibility, events, frozen, queries, scans
from nominations.actions import papers
from nominations.answers import SectionView, Tree, walk
from nominations.events import Line
from nominations.fields.base import Condition
from nominations.models import Nomination
from nominations.openings import Openings, opening_of
from nominations.outputs.page import status_words
from nominations.rules.calendar import gate_words
from nominations.states import EDITABLE, State, Window
from nominations.views.returned import Returned

HIDDEN = queries.RESULTS
"""What the applicant doesn't read before the list is published."""

OUTCOMES = frozenset({State.NOT_SHORTLISTED, State.NOT_LISTED, State.PUBLISHED})


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    key: str
    title: str
    code: str
    word: str
    url: str
    noted: bool = False
    """Whether the unit sent it back, or a part of it."""


@dataclass(frozen=True)
class Step:
    word: str
    url: str = ""


def url(name: str, nomination: Nomination, *args: str) -> str:
    """The address of one of the nomination's pages for its applicant."""
    return reverse(f"nominations:{name}", args=[nomination.number, *args])


def tree_of(nomination: Nomination) -> Tree:
    """The nomination's form with its answers, as its track asks it."""
    form = nomination.ranking.form
    assert form is not None  # only a ranking with a form has nominations
    track = nomination.track.name if nomination.track else ""
    return walk(form, nomination.answers, track, nomination.category, nomination.season.year)


class Overview(Returned):
    """One nomination at one moment. ``told`` says that the ranking's list is published."""

    one_of_many = False

    def __init__(self, nomination: Nomination, openings: Openings, at: datetime, told: bool):
        self.nomination, self.at, self.told = nomination, at, told
        self.opening = openings.to_write(nomination)
        self.unit_opening = openings.of(nomination, Window.RECOMMENDATION)

    @cached_property
    def tree(self) -> Tree:
        return tree_of(self.nomination)

    @property
    def writable(self) -> bool:
        """Whether the applicant may write now; the action asks again."""
        return self.nomination.is_editable and self.opening is not None and self.opening.holds(self.at)

    @property
    def withdrawable(self) -> bool:
        sources = {State.DRAFT, State.SUBMITTED, State.RETURNED, State.RECOMMENDED}
        return self.nomination.state in sources and self.opening is not None and self.opening.holds(self.at)

    @property
    def correcting(self) -> bool:
        """Whether its body waits for a correction, or did until its time was over."""
        return self.nomination.state == State.CORRECTING

    @property
    def closed(self) -> bool:
        return self.opening is not None and self.opening.is_over(self.at)

    @property
    def inner_deadline(self) -> datetime | None:
        """Until when the named unit wishes it (内部截止); None where it has no wish, or the call is over."""
        asks = self.needs_unit and not self.closed and not self.correcting
        unit = self.nomination.unit if asks else None
        return unit.inner_deadline if unit else None

    @property
    def past_inner_deadline(self) -> bool:
        """Whether a submission now would come after the unit's inner deadline; it arrives all the same."""
        return self.inner_deadline is not None and self.inner_deadline <= self.at

    @property
    def state(self) -> str:
        """The state as the applicant may know it."""
        hidden = self.nomination.state in HIDDEN and not self.told
        return State.IN_REVIEW if hidden else self.nomination.state

    @property
    def state_word(self) -> str:
        return (
            self.nomination.state_label
            if self.state == self.nomination.state
            else str(State(self.state).label)
        )

    @property
    def needs_unit(self) -> bool:
        return not self.nomination.ranking.separately_organised

    @property
    def total(self) -> int:
        return len(self.tree.sections) + self.needs_unit

    @property
    def done(self) -> int:
        """Finished parts; of what was submitted, all: parts that ask for nothing may stay untouched."""
        if not self.nomination.is_editable:
            return self.total
        return self.tree.done_sections + (self.needs_unit and self.nomination.unit_id is not None)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @cached_property
    def section_tasks(self) -> list[Task]:
        return [self._task(view) for view in self.tree.sections]

    def _task(self, view: SectionView) -> Task:
        link = url("section", self.nomination, view.key)
        noted = bool(self.notes_on(view.key))
        return Task(view.key, view.title, str(view.status), status_words(view), link, noted)

    @property
    def last_tasks(self) -> list[Task]:
        """The second group: whom it goes to, how it looks on paper, and the submission itself."""
        nomination, tasks = self.nomination, []
        if self.needs_unit:
            chosen = nomination.unit is not None
            code, word = ("done", _("已完成")) if chosen else ("not_started", _("未开始"))
            tasks.append(Task("unit", _("选择推荐单位"), code, word, url("unit", nomination)))
        tasks.append(self._conditions_task())
        tasks += self._seal_tasks if self.asks_seal else [self._preview_task]
        begins = self.ready and not self.seal_problems
        code, word = ("not_started", _("未开始")) if begins else ("blocked", _("暂不能开始"))
        tasks.append(Task("check", _("检查并提交"), code, word, url("check", nomination)))
        return tasks

    @cached_property
    def missing_promises(self) -> list[Condition]:
        """What is still to be promised, as after a change of track or category."""
        if not self.nomination.is_editable:
            return []
        return eligibility.missing_promises(eligibility.of_draft(self.nomination))

    def _conditions_task(self) -> Task:
        missing = len(self.missing_promises)
        word = _("有%(n)d处需修改") % {"n": missing} if missing else _("已完成")
        code = "has_errors" if missing else "done"
        return Task("conditions", _("申报条件"), code, word, url("conditions", self.nomination))

    @property
    def _preview_task(self) -> Task:
        return Task("preview", _("预览和打印申报表"), "", "", url("preview", self.nomination))

    @property
    def _seal_tasks(self) -> list[Task]:
        """Print the frozen form, stamp it, bring it back: the second can't begin before the first is done."""
        nomination, version = self.nomination, papers.paper_version(self.nomination)
        done, fresh, blocked = (
            ("done", _("已完成")),
            ("not_started", _("未开始")),
            ("blocked", _("暂不能开始")),
        )
        printed = done if version else fresh if self.ready else blocked
        stamped = fresh if version else blocked
        scan = scans.scan_of(version, frozen.APPLICANT) if version else None
        if scan is not None:
            code = {"complete": "done", "incomplete": "has_errors"}.get(scan.state, "in_progress")
            stamped = code, str(scan.get_state_display())
        elif version is None and scans.lifted_version(nomination) is not None:
            stamped = "has_errors", _("申报表之后改过")
        return [
            Task("preview", _("生成并打印盖章版"), *printed, url("preview", nomination)),
            Task("seal", _("上传盖章扫描件"), *stamped, url("seal", nomination)),
        ]

    @property
    def asks_seal(self) -> bool:
        """Whether the form goes along with the applicant's seal."""
        return frozen.asks_seal(self.nomination, frozen.APPLICANT)

    @cached_property
    def seal_problems(self) -> list[dict[str, str]]:
        """What the stamped paper lacks; asks the database, for pages of one nomination."""
        return scans.seal_problems(self.nomination) if self.nomination.is_editable else []

    @property
    def ready(self) -> bool:
        """Whether nothing hinders the submission."""
        unnamed = self.needs_unit and self.nomination.unit_id is None
        return not (self.tree.problems or self.missing_promises or unnamed)

    @property
    def next_step(self) -> Step:
        """What the applicant does next, or who acts, in words, with the page for it."""
        nomination = self.nomination
        if nomination.state in EDITABLE:
            return self._writing_step() if self.writable else self._shut_step()
        words = {
            State.SUBMITTED: _("等待%(unit)s推荐") % {"unit": nomination.unit}
            if nomination.unit
            else _("等待形式审查"),
            State.RECOMMENDED: _("等待形式审查"),
            State.ACCEPTED: _("等待初评"),
            State.IN_REVIEW: _("等待评审结果"),
            State.DECLINED: _("查看不予推荐的原因"),
            State.REJECTED: _("查看形式审查不通过的原因"),
            State.WITHDRAWN: _("查看申报进度"),
        }
        return Step(words.get(State(self.state), _("查看结果")), url("progress", nomination))

    def _writing_step(self) -> Step:
        nomination = self.nomination
        noted = next(iter(self.unmended), None)
        left = next((view for view in self.tree.sections if view.problems), None)
        if noted:
            return Step(_("修改“%(section)s”") % {"section": noted.title}, noted.url)
        if left:
            return Step(
                _("填写“%(section)s”") % {"section": left.title}, url("section", nomination, left.key)
            )
        if self.missing_promises:
            return Step(_("确认申报条件"), url("conditions", nomination))
        if self.needs_unit and nomination.unit is None:
            return Step(_("选择推荐单位"), url("unit", nomination))
        if self.asks_seal and (self.one_of_many or self.seal_problems):
            # Lists don't look at each one's papers; the page that they lead to does.
            return Step(_("打印盖章，上传扫描件"), url("seal", nomination))
        if self.correcting:
            return Step(_("检查并提交补正"), url("check", nomination))
        again = nomination.state == State.RETURNED
        return Step(_("检查并重新提交") if again else _("检查并提交"), url("check", nomination))

    def _shut_step(self) -> Step:
        if self.correcting:
            return Step(_("补正期限已过，等待形式审查"), url("progress", self.nomination))
        words = (
            _("征集尚未开始")
            if self.opening and self.at < self.opening.opens
            else _("征集已截止，可查看和打印")
        )
        return Step(words, url("preview", self.nomination))


class OneOfMany(Overview):
    """One row of a list: asks the database for nothing of its own."""

    one_of_many = True


def overview(nomination: Nomination, at: datetime) -> Overview:
    """The overview of one nomination, asked for by itself."""
    told = bool(queries.told_rankings([nomination.ranking_id]))
    return Overview(nomination, Openings([nomination.season_id]), at, told)


def overviews(nominations: Iterable[Nomination], at: datetime) -> list[Overview]:
    """The overviews of many, with a fixed number of queries; rankings and their forms are read once."""
    rows = list(nominations)
    rankings = {row.ranking_id: row.ranking for row in rows}
    told = queries.told_rankings(rankings)
    openings = Openings({row.season_id for row in rows})
    for row in rows:
        row.ranking = rankings[row.ranking_id]
    return [OneOfMany(row, openings, at, row.ranking_id in told) for row in rows]


def timeline(shown: Overview) -> list[Line]:
    """What happened, newest first, as far as the applicant may know it."""
    return events.timeline(shown.nomination, shown.told)


@dataclass(frozen=True)
class Stage:
    word: str
    state: str


def stages(shown: Overview, lines: list[Line]) -> list[Stage]:
    """提交-推荐-形式审查-初评-终评-公示-发布, with where the nomination stands."""
    words = [_("提交"), _("推荐"), _("形式审查"), _("初评"), _("终评"), _("公示"), _("发布")]
    at = _stage_number(shown, noticed=any(line.name == "notice_issued" for line in lines))
    over = shown.state in OUTCOMES
    ended = shown.state in (State.DECLINED, State.REJECTED, State.WITHDRAWN)
    marked = [
        Stage(word, "done" if n < at or over else "current" if n == at and not ended else "todo")
        for n, word in enumerate(words)
    ]
    return [stage for n, stage in enumerate(marked) if n != 1 or shown.needs_unit]


def _stage_number(shown: Overview, noticed: bool) -> int:
    reached = {
        State.DRAFT: 0,
        State.RETURNED: 0,
        State.SUBMITTED: 1 if shown.needs_unit else 2,
        State.DECLINED: 1,
        State.RECOMMENDED: 2,
        State.CORRECTING: 2,
        State.REJECTED: 2,
        State.ACCEPTED: 3,
        State.WITHDRAWN: 0 if shown.nomination.submitted_at is None else 1,
    }
    if shown.state in reached:
        return reached[State(shown.state)]
    if noticed:
        return 5
    final = opening_of(shown.nomination, Window.FINAL)
    return 4 if final is not None and shown.at >= final.opens else 3


def gate_notice(shown: Overview) -> str:
    """What the page says once the call is over and the form was not submitted."""
    if not (shown.nomination.is_editable and shown.closed and shown.opening):
        return ""
    if shown.correcting:
        return _("补正已于%(gate)s截止。已填写的内容保留到审查时，初评机构按原版本审查") % {
            "gate": gate_words(shown.opening.closes)
        }
    return _("征集已于%(gate)s截止。草稿已保留，可查看和打印，不能再修改或提交") % {
        "gate": gate_words(shown.opening.closes)
    }
