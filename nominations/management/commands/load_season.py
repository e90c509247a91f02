"""manage.py load_season 2022 [--year 2026]: a season as its notice printed it."""

from django.core.management.base import BaseCommand, CommandError

from kczg.kit import clock
from kczg.kit.record import SYSTEM
from kczg.kit.verdicts import Refused
from nominations.actions.season import load_season


class Command(BaseCommand):
    help = "Loads the season of a notice; with --year, the same season with its dates moved to that year."

    def add_arguments(self, parser):
        parser.add_argument("source", type=int, help="the notice's year, such as 2022")
        parser.add_argument("--year", type=int, help="the year to load it as (default: the notice's own)")

    def handle(self, *args, **options):
        year = options["year"] or options["source"]
        try:
            season, fresh = load_season(options["source"], year, SYSTEM, clock.now())
        except Refused as refused:
            raise CommandError(f"{refused.verdict.message}（{refused.verdict.hint}）") from refused
        self.stdout.write(f"{season.name}：{'已建立' if fresh else '已存在，未作改动'}")
