"""manage.py seed_load --yes: a made-up season of 400 units and 20,000 nominations, to try a machine out."""

import time

from django.core.management.base import BaseCommand, CommandError

from kczg.kit import clock
from nominations.models import Season
from reviews.load.build import build, freshen, next_year


class Command(BaseCommand):
    help = "Makes up a large season; never in a database that holds a real one."

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="really fill this database")
        parser.add_argument("--units", type=int, default=400)
        parser.add_argument("--nominations", type=int, default=20_000)
        parser.add_argument("--year", type=int, help="of the season; the next free one unless given")
        parser.add_argument("--seed", type=int, default=2022, help="the same seed makes the same season")
        parser.add_argument("--password", default="", help="of all accounts; without it nobody can log in")

    def handle(self, *args, **options):
        if not options["yes"]:
            raise CommandError("将写入大量虚构数据。确认在测试数据库中运行时加 --yes")
        if Season.objects.filter(is_demo=False).exists():
            raise CommandError("此数据库有正式年度数据，不写入虚构数据。换一个空的数据库")
        if options["units"] < 1 or options["nominations"] < 1:
            raise CommandError("--units和--nominations填正整数")
        now = clock.now()
        year = options["year"] or next_year(now)
        if Season.objects.filter(year=year).exists():
            raise CommandError(f"{year}年已有年度数据。用--year指定其他年度，或不指定")
        began = time.monotonic()
        build(
            options["units"],
            options["nominations"],
            year,
            options["seed"],
            options["password"],
            now,
            lambda done, total: self.stdout.write(f"{done}/{total}"),
        )
        freshen()
        self.stdout.write(f"{year}年已建立，用时{time.monotonic() - began:.0f}秒")
        self.stdout.write("推荐单位load-unit-1…，第1个最多；申报人load-applicant-1…；秘书处load-office")
