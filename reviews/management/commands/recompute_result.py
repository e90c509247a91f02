"""manage.py recompute_result --season 2022 --ranking KEY [--track KEY] [--export DIR]: the frozen result, computed anew."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reviews.models import PreliminaryResult
from reviews.outputs import recompute


class Command(BaseCommand):
    help = "Recomputes a preliminary result from the scores in the database; exit 1 where it differs from the frozen one."

    def add_arguments(self, parser):
        parser.add_argument("--season", type=int, required=True, help="the year, such as 2022")
        parser.add_argument("--ranking", required=True, help="the ranking's key, such as pioneer_technology")
        parser.add_argument("--track", help="the track's key (needed where the ranking has several)")
        parser.add_argument(
            "--export", type=Path, metavar="DIR", help="also writes the ZIP for recomputing it elsewhere"
        )

    def handle(self, *args, **options):
        result = self._result(options["season"], options["ranking"], options["track"])
        if options["export"]:
            options["export"].mkdir(parents=True, exist_ok=True)
            path = options["export"] / recompute.export_name(result)
            path.write_bytes(recompute.export(result))
            self.stdout.write(str(path))
        difference = recompute.first_difference(result)
        if difference:
            self.stderr.write(difference)
            sys.exit(1)
        self.stdout.write(f"{result.track}：{len(result.rows)}项的得分与名次重算一致（{result.digest[:16]}）")

    def _result(self, year: int, ranking: str, track: str | None) -> PreliminaryResult:
        rows = PreliminaryResult.standing.filter(
            track__ranking__season__year=year, track__ranking__key=ranking, frozen_at__isnull=False
        )
        rows = rows.select_related("track__ranking__season", "plan")
        found = list(rows.filter(track__key=track) if track is not None else rows)
        if not found:
            raise CommandError(f"{year}年{ranking}{track or ''}没有已冻结的初评结果")
        if len(found) > 1:
            keys = "、".join(sorted(result.track.key for result in found))
            raise CommandError(f"此榜单有{len(found)}个领域的结果，用--track指定：{keys}")
        return found[0]
