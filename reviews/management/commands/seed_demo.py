"""manage.py seed_demo: the demo's two seasons, for the embedded run."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kczg.kit import clock
from nominations.models import Season
from reviews.demo.build import build


class Command(BaseCommand):
    help = "Makes the demo: 2022, finished, and this year's season, open; all entries invented."

    def add_arguments(self, parser):
        parser.add_argument(
            "--on-a-server",
            action="store_true",
            help="also where a server is set up; its accounts are public",
        )

    def handle(self, *args, **options):
        if settings.SERVER and not options["on_a_server"]:
            raise CommandError("演示账号的密码是公开的，不在服务器上建立。确需建立时加 --on-a-server")
        if Season.objects.exists():
            self.stdout.write("已有年度数据，未作改动")
            return
        build(clock.now())
        self.stdout.write("演示数据已建立")
