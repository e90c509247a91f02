"""manage.py load_units associations|societies --season 2022 --as account: a starting list of recommending units."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.roles import Role
from kczg.kit import clock
from kczg.kit.models import Job
from kczg.kit.record import Actor
from kczg.kit.verdicts import Refused
from nominations.actions import units_import
from nominations.models import Season, UnitsImport


class Command(BaseCommand):
    help = "Adds the units of a starting list that aren't there yet, marked 待核对, as a person of the secretariat."

    def add_arguments(self, parser):
        parser.add_argument("list", choices=[UnitsImport.Source.ASSOCIATIONS, UnitsImport.Source.SOCIETIES])
        parser.add_argument("--season", type=int, required=True, help="the season's year, such as 2022")
        parser.add_argument(
            "--as", dest="account", required=True, help="the account of the secretariat's person"
        )

    def handle(self, *args, **options):
        season = Season.objects.filter(year=options["season"]).first()
        user = User.objects.filter(username=options["account"], is_active=True).first()
        if season is None or user is None or not user.has_role(Role.OFFICE):
            raise CommandError("没有这一年度，或账号不是秘书处的")
        by, at = (
            Actor(user=user, role=Role.OFFICE, organisation=user.organisation_in(Role.OFFICE)),
            clock.now(),
        )
        row = units_import.begin(season, options["list"], None, "载入初始名单", by, at)
        units_import.check(row, Job())
        try:
            if row.importable:
                units_import.confirm(row, by, at)
                units_import.apply(row.pk, Job())
        except Refused as refused:
            raise CommandError(f"{refused.verdict.message}（{refused.verdict.hint}）") from refused
        row.refresh_from_db()
        if row.refused:
            raise CommandError("\n".join(reason for *_place, reason in row.report["refusals"]))
        self.stdout.write(
            f"已新增{row.count(units_import.ADDED)}个单位，不变{row.count(units_import.UNCHANGED)}个"
        )
