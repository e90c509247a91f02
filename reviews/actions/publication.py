"""From the marks to the public: the notice with its period, then the list, published by a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from pypinyin import lazy_pinyin

from accounts.permissions import may
from kczg.kit.clock import gate_words
from kczg.kit.outbox import owe
from kczg.kit.record import Actor, record
from kczg.kit.verdicts import ALLOWED, Refused, Verdict, refuse
from nominations import transitions
from nominations.models import Nomination, Ranking
from nominations.rules import check_code
from nominations.states import State, Window
from reviews import queries
from reviews.actions.comments import release_comments
from reviews.actions.final import judge_begun, tracks_without_result
from reviews.models import FinalMark, PublicNotice, PublishedList
from reviews.rules.working_days import end_of_period

FEWEST_DAYS = 5
"""公示期 in working days."""


def unmarked(ranking: Ranking) -> list[Nomination]:
    """What was shortlisted and has no mark yet."""
    return [
        n
        for n in queries.final_table(ranking)
        if n.state == State.SHORTLISTED and not hasattr(n, "final_mark")
    ]


def proposed_entries(ranking: Ranking) -> list[dict[str, Any]]:
    """The proposed nominations as the public sees them, by track and the pinyin of the name; nothing else leaves (P5)."""
    rows = [n for n in queries.final_table(ranking) if hasattr(n, "final_mark") and n.final_mark.proposed]
    rows.sort(key=lambda n: (n.named_track.order, lazy_pinyin(n.title), n.title))
    return [
        {
            "nomination": n.pk,
            "track": n.named_track.name,
            "name": n.title,
            "organisation": str(n.answers.get("holder_name") or n.applicant.name),
            "unit": n.unit.organisation.name if n.unit else "",
            "province": n.applicant.province_code,
        }
        for n in rows
    ]


def waits_for_notice(ranking: Ranking) -> list[str]:
    """Why the notice can't be issued yet, an item each; empty when it can."""
    waiting = [
        _("%(track)s尚未报送初评结果") % {"track": t.short_name} for t in tracks_without_result(ranking)
    ]
    left = len(unmarked(ranking))
    if left:
        waiting.append(_("还有%(count)d项初评通过的申报未标记") % {"count": left})
    if not proposed_entries(ranking):
        waiting.append(_("还没有拟入榜的申报"))
    return waiting


@override("zh-hans")
def notice_draft(ranking: Ranking, at: datetime, days: int) -> str:
    """The notice's text as drafted from the marks; the secretariat edits it before it goes out.

    Chinese in whatever language the secretariat's page is: it is an official paper.
    """
    return _(
        "经初评评审和终评综合评议，现将%(year)d年“科创中国”%(ranking)s拟入榜名单予以公示，公示期至%(end)s。"
        "公示期内，单位或个人对拟入榜名单有异议的，以真实姓名或加盖公章的书面形式向“科创中国”联合体秘书处提出，"
        "联系电话010-56057633。"
    ) % {
        "year": ranking.season.year,
        "ranking": ranking.name,
        "end": gate_words(end_of_period(at, days), with_year=True),
    }


@override("zh-hans")
def notice_title(ranking: Ranking) -> str:
    """The notice's title: 2022年“科创中国”先导技术榜拟入榜名单公示."""
    facts = {"year": ranking.season.year, "ranking": ranking.name}
    return _("%(year)d年“科创中国”%(ranking)s拟入榜名单公示") % facts


def judge_period(days: int) -> Verdict:
    """Whether a public notice may stand so many working days."""
    if days >= FEWEST_DAYS:
        return ALLOWED
    words = _("公示期至少%(fewest)d个工作日，现为%(days)d个")
    return refuse("period_too_short", words % {"fewest": FEWEST_DAYS, "days": days}, status=422)


@transaction.atomic
def issue_notice(ranking: Ranking, text: str, days: int, by: Actor, at: datetime) -> PublicNotice:
    """发布公示: freezes the proposed entries and opens the period of ``days`` working days, five at least."""
    may(by.user, "season.manage").or_raise()
    judge_begun(ranking, Window.FINAL, at)
    Ranking.objects.select_for_update().get(pk=ranking.pk)
    standing = PublicNotice.objects.filter(ranking=ranking).first()
    if standing is not None:
        return standing
    judge_period(days).or_raise()
    if not text.strip():
        raise Refused(refuse("text_missing", _("填写公示正文"), status=422))
    waiting = waits_for_notice(ranking)
    if waiting:
        raise Refused(refuse("not_ready", _("公示条件尚未具备"), status=409, items=waiting))
    entries = proposed_entries(ranking)
    notice = PublicNotice.objects.create(
        ranking=ranking,
        title=notice_title(ranking),
        text=text.strip(),
        entries=entries,
        digest=check_code.digest(entries),
        opens=at,
        closes=end_of_period(at, days),
        issued_by=by.user,
    )
    year = ranking.season.year
    record("notice_issued", notice, by, at, season_year=year, digest=notice.digest, entries=len(entries))
    for nomination in Nomination.objects.filter(pk__in=[entry["nomination"] for entry in entries]):
        record("notice_issued", nomination, by, at, season_year=year, notice=notice.pk)
    return notice


@transaction.atomic
def prepare_list(ranking: Ranking, by: Actor, at: datetime, reason: str = "") -> PublishedList:
    """Prepares the list from the notice once its period is over; a second person publishes it (S7)."""
    may(by.user, "season.manage").or_raise()
    judge_begun(ranking, Window.PUBLICATION, at)
    Ranking.objects.select_for_update().get(pk=ranking.pk)
    notice = PublicNotice.objects.filter(ranking=ranking).first()
    if notice is None:
        raise Refused(refuse("no_notice", _("公示后才能发布名单"), status=409))
    if at < notice.closes:
        words = _("公示期至%(end)s，期满后才能发布名单")
        raise Refused(refuse("notice_running", words % {"end": gate_words(notice.closes, True)}, status=409))
    latest = ranking.published_lists.first()
    if latest is not None:
        return latest
    entries = [{"seq": number, **entry} for number, entry in enumerate(notice.entries, start=1)]
    list_digest = check_code.digest(
        [*entries, {"ranking": ranking.key, "year": ranking.season.year, "version": 1}]
    )
    prepared = PublishedList.objects.create(
        ranking=ranking,
        version=1,
        entries=entries,
        digest=list_digest,
        check_code=check_code.from_digest(list_digest),
        prepared_at=at,
        prepared_by=by.user,
        reason=reason,
    )
    record("list_prepared", prepared, by, at, season_year=ranking.season.year, digest=list_digest)
    return prepared


def words_to_type(ranking: Ranking) -> str:
    """What the second person types to publish: the year and the ranking."""
    return f"{ranking.season.year}{ranking.name}"


@transaction.atomic
def publish_list(prepared: PublishedList, typed: str, by: Actor, at: datetime) -> PublishedList:
    """发布: a second person confirms by typing; every nomination of the ranking learns its outcome. Once.

    Listed entries go shortlisted → listed → published, the other shortlisted ones → not listed.
    """
    may(by.user, "season.manage").or_raise()
    locked = (
        PublishedList.objects.select_for_update(of=("self",))
        .select_related("ranking__season")
        .get(pk=prepared.pk)
    )
    if locked.published_at is not None:
        return locked
    ranking = locked.ranking
    judge_begun(ranking, Window.PUBLICATION, at)
    if locked.prepared_by_id == by.user.pk:
        raise Refused(refuse("second_person", _("名单由另一人复核发布，不能由准备名单的人发布"), status=409))
    expected = words_to_type(ranking)
    if "".join(typed.split()) != expected:
        raise Refused(refuse("typed_wrong", _("输入“%(words)s”以确认发布") % {"words": expected}, status=422))
    locked.published_at, locked.published_by = at, by.user
    locked.save(update_fields=["published_at", "published_by"])
    listed = {entry["nomination"] for entry in locked.entries}
    for nomination in queries.final_table(ranking).filter(state=State.SHORTLISTED):
        if nomination.pk in listed:
            transitions.move(nomination, "list", by, at)
            transitions.move(nomination, "publish", by, at, list=locked.check_code)
        else:
            transitions.move(nomination, "leave_out", by, at)
        owe(
            "review_mail", f"review_mail:outcome:{nomination.pk}", name="outcome", nomination_id=nomination.pk
        )
    release_comments(ranking, by, at)
    record("list_published", locked, by, at, season_year=ranking.season.year, digest=locked.digest)
    owe("list_pdf", f"list_pdf:{locked.pk}", list_id=locked.pk)
    owe("list_xlsx", f"list_xlsx:{locked.pk}", list_id=locked.pk)
    return locked


def pending_marks(ranking: Ranking) -> int:
    """How many of the ranking are marked 拟入榜."""
    return FinalMark.objects.filter(nomination__ranking=ranking, proposed=True).count()
