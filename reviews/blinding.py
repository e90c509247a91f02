"""What an expert sees of a nomination: the one door through which its label, title, form and files go.

Where the plan says 匿名评审 nothing of it tells who applies or who recommends (P4); else it is shown as it is.
Pages, letters, packets and refusals that experts read ask here, and nowhere else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from nominations.answers import Item, Tree
from nominations.fields import files, kind_of
from nominations.fields.base import Declaration, Question
from nominations.models import Nomination, Ranking, Version
from nominations.rules import check_code
from reviews import queries
from reviews.models import Assignment, BlindFile, ReviewPlan
from reviews.rules import form_facts
from reviews.rules.blinding import Facts, Kind, Mask, nobody, word_of
from reviews.rules.form_facts import Role

LABEL_SIGNS = 6
TELLING_KINDS = frozenset({"phone", "email", "url"})
_TELLING = re.compile("学校|出生地|籍贯|身份证")
_NUMBER = re.compile("专利号")
_HOUSES = re.compile("公司|大学|学院|研究|中心|集团|医院|厂|所$|院$|局$|会$")


@dataclass(frozen=True)
class Heading:
    """A nomination in a line of a list. ``applicant`` and ``unit`` are "" where the review is blind."""

    label: str
    """What it is called by: its 申报编号; where the review is blind a code that says nothing (匿名编号)."""
    title: str
    applicant: str
    unit: str
    blind: bool = False


@dataclass(frozen=True)
class FileView:
    """A file as an expert may have it; ``name`` is neutral where the review is blind."""

    id: str
    name: str


@dataclass(frozen=True)
class ExpertView(Heading):
    """A nomination as a whole: the frozen form, and the files that this plan's experts may have."""

    tree: Tree | None = None
    files: tuple[FileView, ...] = ()


def for_expert(thing: Assignment | Nomination, plan: ReviewPlan) -> ExpertView:
    """A sheet's nomination as the experts of ``plan`` see it; raises Refused (404) where nothing was submitted."""
    nomination = thing.nomination if isinstance(thing, Assignment) else thing
    version, tree = queries.frozen(nomination)
    named = files.named_in(tree.form, version.content["answers"])
    shown = headings([nomination], plan)[nomination.pk]
    if plan.blind:
        given = given_files(nomination)
        covers = {entry["id"]: _cover(n, entry, given) for n, entry in enumerate(named, start=1)}
        tree = Covering(mask_of(nomination, version, tree.form), covers).tree(tree)
        named = [entry for entry in covers.values() if entry["state"] == files.GIVEN]
    return ExpertView(
        label=shown.label,
        title=shown.title,
        applicant=shown.applicant,
        unit=shown.unit,
        blind=shown.blind,
        tree=tree,
        files=tuple(FileView(entry["id"], entry.get("name", "")) for entry in named),
    )


def headings(nominations: Iterable[Nomination], plan: ReviewPlan | None) -> dict[int, Heading]:
    """Nomination id → its line for the experts of ``plan``, the same number of queries whatever their number."""
    rows = list(nominations)
    if plan is not None and plan.blind:
        return _blind_headings(rows)
    return {
        row.pk: Heading(
            label=row.number,
            title=row.shown_title,
            applicant=row.applicant.name,
            unit=row.unit.organisation.name if row.unit else "",
        )
        for row in rows
    }


def _blind_headings(rows: list[Nomination]) -> dict[int, Heading]:
    masks = masks_of(rows)
    return {
        row.pk: Heading(label_of(row.pk), masks[row.pk].text(row.shown_title), "", "", blind=True)
        for row in rows
    }


def label_of(nomination_id: int) -> str:
    """匿名编号: a code that is always the same for a nomination and tells nothing about it, not even its age."""
    digest = salted_hmac("reviews.blinding.label", str(nomination_id), algorithm="sha256").hexdigest()
    return _("第%(code)s号") % {"code": check_code.from_digest(digest).replace("-", "")[:LABEL_SIGNS]}


def in_order(sheets: Iterable[Assignment], plan: ReviewPlan | None) -> list[Assignment]:
    """Sheets as an expert's lists have them: as they came; where the review is blind by the code alone."""
    rows = list(sheets)
    if plan is not None and plan.blind:
        rows.sort(key=lambda sheet: label_of(sheet.nomination_id))
    return rows


# --- What is known of who applies --------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _mask(facts: Facts) -> Mask:
    return Mask(facts)


def mask_of(nomination: Nomination, version: Version, form: Declaration) -> Mask:
    """The mask of one nomination for its frozen form."""
    return _mask(facts_of(nomination, version, form, nomination.created_by))


def masks_of(nominations: Iterable[Nomination]) -> dict[int, Mask]:
    """Nomination id → its mask, in three queries whatever their number."""
    rows = list(nominations)
    versions: dict[int, Version] = {}
    for version in Version.objects.submitted().filter(nomination__in=rows).order_by("number"):
        versions[version.nomination_id] = version
    rankings = Ranking.objects.in_bulk({row.ranking_id for row in rows})
    people = User.objects.in_bulk({row.created_by_id for row in rows})
    found = {}
    for row in rows:
        known = facts_of(
            row, versions.get(row.pk), rankings[row.ranking_id].form, people.get(row.created_by_id)
        )
        found[row.pk] = _mask(known)
    return found


def facts_of(
    nomination: Nomination, version: Version | None, form: Declaration | None, person: User | None
) -> Facts:
    """All that tells who applies: from the frozen form, and from the rows of who sent it."""
    content: Mapping[str, Any] = version.content if version else {}
    answers = content.get("answers", {})
    told = form_facts.read(form, answers)
    people, houses = _apart(told.of(Role.PERSON))
    _also, others = _apart(told.of(Role.ORGANISATION))
    owners = (nomination.applicant.name, content.get("applicant", ""), *told.of(Role.OWNER))
    unit = nomination.unit.organisation.name if nomination.unit else ""
    by_kind = _by_kind(form, answers)
    return Facts(
        applicants=_known(owners),
        units=_known((unit, content.get("unit", ""))),
        others=_known((*told.of(Role.PARENT), *others, *houses)),
        persons=_known(by_kind["person"]),
        members=_known((*people, person.name if person else "")),
        phones=_known((*by_kind["phone"], *told.mobiles, person.mobile if person else "")),
        emails=_known((*by_kind["email"], *told.emails, person.email if person else "")),
        codes=_known((*told.codes, nomination.applicant.credit_code or "")),
        addresses=_known(told.of(Role.ADDRESS)),
        webs=_known(by_kind["url"]),
        numbers=_known((nomination.number, version.check_code if version else "", *by_kind["number"])),
        texts=_known(by_kind["long_text"]),
    )


def _known(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value and value.strip()))


def _apart(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """People, and organisations, of names that stand in one answer (专利权人或作者)."""
    people: list[str] = []
    houses: list[str] = []
    for name in names:
        (houses if _HOUSES.search(name) or len(name) > 20 else people).append(name)
    return people, houses


def _by_kind(form: Declaration | None, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """The answers that tell by the kind of their question, and the running text."""
    found: dict[str, list[str]] = defaultdict(list)
    for question, value in _asked(form, answers):
        if question.kind in (*TELLING_KINDS, "long_text"):
            found[question.kind].append(value)
        elif _NUMBER.search(question.label):
            found["number"].append(value)
        elif question.label == "姓名":
            found["person"].append(value)
    return found


def _asked(form: Declaration | None, answers: Mapping[str, Any]) -> Iterable[tuple[Question, str]]:
    for question in form.questions() if form else ():
        value = answers.get(question.key)
        if isinstance(value, str):
            yield question, value
        elif question.columns and isinstance(value, list):
            cells = [(c, row.get(c.key)) for row in value if isinstance(row, dict) for c in question.columns]
            yield from ((column, cell) for column, cell in cells if isinstance(cell, str))


# --- The form without it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covering:
    """Covers a tree: answers that tell who it is are left out, the others lose the places that do."""

    mask: Mask
    covers: Mapping[str, files.Entry]
    """File id → what is shown in its place."""

    def tree(self, tree: Tree) -> Tree:
        views = (replace(v, items=tuple(self.item(item) for item in v.items)) for v in tree.sections)
        return replace(tree, sections=tuple(views))

    def item(self, item: Item) -> Item:
        warnings = tuple(replace(w, message=self.mask.text(w.message)) for w in item.warnings)
        bare = replace(item, problems=(), warnings=warnings)
        if item.empty:
            return bare
        question, value = self._answer(item.question, item.value)
        return replace(bare, question=question, value=value, text=kind_of(question).text(question, value))

    def _answer(self, question: Question, value: Any, in_rows: bool = False) -> tuple[Question, Any]:
        """The question as its answer is shown now, and the answer."""
        if word := hidden(question, in_rows):
            return replace(question, kind="short_text"), word if value else ""
        if files.is_files(question):
            return question, [self.covers[e["id"]] for e in files.entries_of(value) if e["id"] in self.covers]
        if question.kind in ("short_text", "long_text"):
            return question, self.mask.text(str(value))
        if question.kind == "rows":
            return self._rows(question, value)
        return question, value

    def _rows(self, question: Question, rows: list[dict[str, Any]]) -> tuple[Question, list[dict[str, Any]]]:
        columns = tuple(self._answer(column, "", in_rows=True)[0] for column in question.columns)
        covered = [
            {c.key: self._answer(c, row.get(c.key, ""), in_rows=True)[1] for c in question.columns}
            for row in rows
        ]
        return replace(question, columns=columns), covered


def hidden(question: Question, in_rows: bool = False) -> str:
    """What stands for the answer to a question that asks who it is; "" where it asks something else."""
    if question.kind == "short_text" and _NUMBER.search(question.label):
        return _("〔%(what)s〕") % {"what": word_of(Kind.NUMBER)}
    telling = question.kind in TELLING_KINDS or _TELLING.search(question.label)
    if telling or (question.kind == "short_text" and form_facts.roles_of(question, in_rows)):
        return nobody()
    return ""


# --- Files -------------------------------------------------------------------------------------------------


def given_files(nomination: Nomination) -> dict[str, BlindFile]:
    """File id → its row, for those that the body has released to the experts."""
    rows = BlindFile.objects.filter(nomination=nomination, given=True).select_related("file")
    return {row.file.public_id: row for row in rows if row.may_be_given}


def neutral_name(number: int, media_type: str) -> str:
    """附件1.pdf: the order in the form, and nothing of what its sender called it."""
    suffix = {"application/pdf": "pdf", "image/png": "png"}.get(media_type, "jpg")
    return _("附件%(number)d") % {"number": number} + f".{suffix}"


def _cover(number: int, entry: files.Entry, given: Mapping[str, BlindFile]) -> files.Entry:
    state = files.GIVEN if entry["id"] in given else files.HELD
    name = neutral_name(number, entry.get("type", "application/pdf"))
    return {"id": entry["id"], "name": name, "state": state}
