"""Papers: the published list as page, spreadsheet and PDF; nothing of it before it is published (P5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kczg.kit import papers
from kczg.kit.clock import local
from nominations.models import Ranking
from reviews.models import PublishedList

Entry = Mapping[str, Any]


def published_of(ranking: Ranking) -> PublishedList | None:
    """The list of a ranking that the public reads: the latest published version."""
    return ranking.published_lists.filter(published_at__isnull=False).order_by("-version").first()


def title(published: PublishedList) -> str:
    """2022年“科创中国”先导技术榜入榜名单."""
    ranking = published.ranking
    facts = {"year": ranking.season.year, "ranking": ranking.name}
    return _("%(year)d年“科创中国”%(ranking)s入榜名单") % facts


def file_name(published: PublishedList, suffix: str) -> str:
    """What a browser saves the list as."""
    version = f"第{published.version}版" if published.version > 1 else ""
    return f"{published.ranking.season.year}年科创中国{published.ranking.name}入榜名单{version}.{suffix}"


@dataclass(frozen=True)
class Group:
    """The entries of one track."""

    track: str
    entries: list[Entry]


def groups(entries: Iterable[Entry]) -> list[Group]:
    """Entries by track, in their order; one group without a name where the ranking has no tracks."""
    return [Group(track, list(rows)) for track, rows in groupby(entries, key=lambda entry: entry["track"])]


def matching(entries: Iterable[Entry], track: str, text: str) -> list[Entry]:
    """The entries of a track ("": all) whose name, organisation or unit holds the text."""
    sought = "".join(text.split()).casefold()
    return [
        entry
        for entry in entries
        if track in ("", entry["track"])
        and any(sought in "".join(entry[key].split()).casefold() for key in ("name", "organisation", "unit"))
    ]


def paper(published: PublishedList) -> bytes:
    """The list as a PDF with its check code and the QR code that verifies it."""
    assert published.published_at is not None  # only a published list has files (P5)
    day = local(published.published_at)
    address = f"{settings.SITE_URL}/verify/{published.check_code}/"
    context = {
        "title": title(published),
        "published": published,
        "day": f"{day.year}年{day.month}月{day.day}日",
        "with_tracks": any(entry["track"] for entry in published.entries),
        "is_demo": published.ranking.season.is_demo,
    }
    return papers.render_template("papers/list.html", context, {"qr.svg": papers.qr_svg(address)})
