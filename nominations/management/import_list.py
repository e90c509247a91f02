"""What the commands that import a list of the season share."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kczg.kit import clock
from kczg.kit.record import SYSTEM
from nominations.actions import lists
from nominations.inputs.lists import read_list
from nominations.models import Season


class ImportList(BaseCommand):
    """Reads a file into the list of ``kind``; every row or none."""

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--season", type=int, required=True, help="the season's year, such as 2022")
        parser.add_argument("--dry-run", action="store_true", help="judge the file and write nothing")

    def handle(self, *args, **options):
        season = Season.objects.filter(year=options["season"]).first()
        if season is None:
            raise CommandError(f"没有{options['season']}年的年度数据，先载入年度")
        try:
            with options["file"].open("rb") as file:
                found = read_list(self.kind, file, season)
        except OSError as fault:
            raise CommandError(f"无法读取文件：{fault.strerror}") from fault
        if found.problems:
            told = [f"第{p.row}行 {p.column}：{p.reason}" if p.row else p.reason for p in found.problems]
            raise CommandError("\n".join(["没有导入，先改正以下各处：", *told]))
        if options["dry_run"]:
            counts = lists.preview(season, self.kind, found.rows)
        else:
            counts = lists.import_rows(season, self.kind, found.rows, SYSTEM, clock.now())
        words = "将" if options["dry_run"] else "已"
        self.stdout.write(f"{words}新增{counts.new}行，修改{counts.changed}行，不变{counts.unchanged}行")
