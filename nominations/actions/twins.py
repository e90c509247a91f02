"""One entry, two units: the worker compares what was submitted; units add a note, the secretariat decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import may
from kczg.kit.outbox import owe
from kczg.kit.record import SYSTEM, Actor, events_of, record
from kczg.kit.verdicts import Refused, refuse
from nominations import twins as reads
from nominations.fields import characters
from nominations.models import Fingerprint, Nomination, Season, Twin, Version
from nominations.rules import twins as rules
from nominations.rules.twins import Found

CHUNK = 2_000
_FEATURES = ("title", "core", "holders", "credit_code", "signs", "signature")


def owe_comparison(version: Version, at: datetime) -> None:
    """Owes the comparison of what was just submitted, in the transaction that submits it."""
    owe("compare_twins", f"compare_twins:{version.pk}:{at.isoformat()}", version_id=version.pk)


def compare(version_id: int, at: datetime) -> None:
    """Compares a submitted version with all that stands in its ranking, and keeps the pairs that are found.

    Its own fingerprint is kept first, so that of two that are compared at once at least one finds the other.
    What was near and is no more is closed. Nothing happens where a newer version was submitted since.
    """
    own = _keep_fingerprint(version_id)
    if own is None:
        return
    found = rules.nearest(_features(own), _others(own.nomination))
    known = Twin.objects.filter(Q(one=own.nomination_id) | Q(other=own.nomination_id))
    before = {pk for pair in known.values_list("one_id", "other_id") for pk in pair} - {own.nomination_id}
    for other_id in sorted(before | set(found)):
        _keep_pair(own, other_id, found.get(other_id), at)


def compare_season(season: Season, at: datetime) -> None:
    """Compares all that stands in a season anew: all fingerprints first, so that each is held against all others.

    What only few had written and many have by now is known as a set phrase then, and its pairs are closed.
    """
    rows = Version.objects.submitted().filter(reads.standing("nomination__"), nomination__season=season)
    latest = dict(rows.order_by("number").values_list("nomination_id", "pk"))
    for version_id in latest.values():
        _keep_fingerprint(version_id)
    for version_id in latest.values():
        compare(version_id, at)


@transaction.atomic
def _keep_fingerprint(version_id: int) -> Fingerprint | None:
    version = Version.objects.select_related("nomination__ranking", "nomination__applicant").get(
        pk=version_id
    )
    nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=version.nomination_id)
    entry = rules.ENTRIES.get(version.nomination.ranking.key)
    latest = nomination.versions.submitted().last()
    if entry is None or not reads.stands(nomination) or latest is None or latest.pk != version.pk:
        return None
    content = version.content
    code = version.nomination.applicant.credit_code or ""
    found = rules.features(entry, content["title"], content["applicant"], code, content["answers"])
    values = {name: getattr(found, name) for name in _FEATURES} | {"holders": sorted(found.holders)}
    values |= {"signs": dict(found.signs), "version": version}
    row, _fresh = Fingerprint.objects.update_or_create(nomination=nomination, defaults=values)
    row.nomination = version.nomination
    return row


def _features(row: Fingerprint) -> rules.Features:
    kind = rules.ENTRIES[row.nomination.ranking.key].kind
    return _read(kind, [getattr(row, name) for name in _FEATURES])


def _read(kind: rules.Kind, values: Iterable) -> rules.Features:
    title, core, holders, code, signs, signature = values
    return rules.Features(kind, title, core, frozenset(holders), code, signs, bytes(signature))


def _others(nomination: Nomination) -> Iterator[tuple[int, rules.Features]]:
    """The fingerprints of all else that stands in the ranking; rankings belong to a season."""
    kind = rules.ENTRIES[nomination.ranking.key].kind
    rows = Fingerprint.objects.filter(
        reads.standing("nomination__"), nomination__ranking=nomination.ranking_id
    )
    rows = rows.exclude(nomination=nomination.pk).order_by()
    for number, *values in rows.values_list("nomination_id", *_FEATURES).iterator(CHUNK):
        yield number, _read(kind, values)


@transaction.atomic
def _keep_pair(own: Fingerprint, other_id: int, found: Found | None, at: datetime) -> None:
    """Keeps what was found of one pair, under the lock of both; a decision stands unless the degree changed."""
    one_id, partner_id = sorted((own.nomination_id, other_id))
    locked = _lock((one_id, partner_id))
    twin = Twin.objects.filter(one=one_id, other=partner_id).first()
    if found is None or not all(reads.stands(row) for row in locked.values()):
        if twin is not None and twin.state == Twin.State.OPEN:
            _close(twin, SYSTEM, at)
        return
    other_version = Fingerprint.objects.values_list("version_id", flat=True).get(nomination=other_id)
    versions = {own.nomination_id: own.version_id, other_id: other_version}
    is_news = twin is None or twin.state == Twin.State.CLOSED or _decided_otherwise(twin, found)
    values = {
        "degree": found.degree,
        "reasons": list(found.reasons),
        "percent": found.percent,
        "one_version_id": versions[one_id],
        "other_version_id": versions[partner_id],
    }
    if is_news:
        nobody = {"kept": None, "reason": "", "resolved_at": None, "resolved_by": None}
        values |= {"state": Twin.State.OPEN, "found_at": at, **nobody}
    twin, _fresh = Twin.objects.update_or_create(one_id=one_id, other_id=partner_id, defaults=values)
    if is_news:
        _record("twin_found", twin, SYSTEM, at)
        owe(
            "notice_mail", f"notice:twin_found:{twin.pk}:{at.isoformat()}", name="twin_found", twin_id=twin.pk
        )


def _decided_otherwise(twin: Twin, found: Found) -> bool:
    return twin.is_resolved and twin.degree != found.degree


def _lock(ids: Iterable[int]) -> dict[int, Nomination]:
    """Both rows in the order of their ids: whoever moves either of them waits, and reads the pair afterwards."""
    rows = Nomination.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")
    return {row.pk: row for row in rows.defer("answers")}


def close_of(nomination: Nomination, by: Actor, at: datetime) -> None:
    """Closes the open pairs of a nomination that goes no further; its row is locked by the caller."""
    rows = Twin.objects.select_for_update(of=("self",)).filter(Q(one=nomination) | Q(other=nomination))
    for twin in rows.filter(state=Twin.State.OPEN).select_related("one__season", "other").order_by("pk"):
        _close(twin, by, at)


def _close(twin: Twin, by: Actor, at: datetime) -> None:
    Twin.objects.filter(pk=twin.pk).update(state=Twin.State.CLOSED)
    _record("twin_closed", twin, by, at)


def _record(name: str, twin: Twin, by: Actor, at: datetime, reason: str = "", **data: str) -> None:
    facts = {**reads.facts_of(twin), **data}
    record(name, twin, by, at, season_year=twin.one.season.year, reason=reason, **facts)


def _judge_words(reason: str, empty: str) -> str:
    """The words as kept; raises Refused where they are empty or can't be read."""
    kept = reason.strip()
    if not kept:
        raise Refused(refuse("reason_missing", empty, status=422))
    if hindered := characters.refused(kept, _("说明")):
        raise Refused(refuse("reason_unreadable", hindered, status=422))
    return kept


@transaction.atomic
def note(twin: Twin, words: str, by: Actor, at: datetime) -> None:
    """A unit says what it found out; the secretariat reads it. Said twice in the same words it is said once (Q2)."""
    may(by.user, "twin.note", twin).or_raise()
    kept = _judge_words(words, _("填写核实情况，秘书处将看到"))
    locked = Twin.objects.select_for_update(of=("self",)).get(pk=twin.pk)
    last = events_of(locked).filter(name="twin_noted", actor=by.user).last()
    if last is None or last.reason != kept:
        _record("twin_noted", locked, by, at, kept)


@transaction.atomic
def resolve(twin: Twin, keep: str, reason: str, seen: str, by: Actor, at: datetime) -> None:
    """The secretariat decides: ``keep`` is "" (two entries), or the number of the one that stays.

    The other one isn't declined by this: its unit returns or declines it (S5), and can't recommend it
    meanwhile. A decision may be made anew. ``seen`` is the state that the page showed. Refused (409) where
    it changed meanwhile or the pair is closed, and where what is to be kept goes no further.
    """
    may(by.user, "twin.resolve", twin).or_raise()
    locked = _lock(reads.ids_of(twin))
    row = Twin.objects.select_for_update(of=("self",)).get(pk=twin.pk)
    kept = next((one for one in locked.values() if keep and one.number == keep), None)
    state = Twin.State.KEPT if kept else Twin.State.DISTINCT
    words = _judge_words(reason, _("填写认定的理由，两家推荐单位将看到"))
    decided = (state, kept.pk if kept else None, words, by.user.pk)
    if (row.state, row.kept_id, row.reason, row.resolved_by_id) == decided:
        return
    _judge_resolution(row, keep, kept, seen)
    decision = {"state": state, "kept": kept, "reason": words, "resolved_at": at, "resolved_by": by.user}
    Twin.objects.filter(pk=row.pk).update(**decision)
    _record("twin_resolved", row, by, at, words, state=str(state), kept=keep if kept else "")
    owe(
        "notice_mail",
        f"notice:twin_resolved:{row.pk}:{at.isoformat()}",
        name="twin_resolved",
        twin_id=row.pk,
    )
    twin.refresh_from_db()


def _judge_resolution(row: Twin, keep: str, kept: Nomination | None, seen: str) -> None:
    if row.state == Twin.State.CLOSED:
        words = _("其中一项已不在申报中，或两项已不再相近，无需认定")
        raise Refused(refuse("twin_closed", words, _("返回列表，处理其他各项"), 409))
    if seen != row.state:
        raise Refused(
            refuse("changed_meanwhile", _("此项刚刚由他人办理"), _("刷新本页，查看最新状态"), status=409)
        )
    if keep and kept is None:
        raise Refused(refuse("kept_unknown", _("选择保留两项中的一项"), status=422))
    if kept is not None and not reads.stands(kept):
        words = _("%(number)s已不在申报中，不能保留") % {"number": kept.number}
        raise Refused(refuse("kept_ended", words, _("保留另一项，或认定为不是同一申报"), 409))
