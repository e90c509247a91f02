"""manage.py cast: the accounts of the demo, one for each role, as script/run prints them."""

from django.core.management.base import BaseCommand

from reviews.demo.people import CAST, PASSWORD


class Command(BaseCommand):
    help = "Prints the demo's accounts."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        self.stdout.write(f"演示账号（密码都是 {PASSWORD}）：")
        for person in CAST:
            if person.shown:
                self.stdout.write(f"  {person.account:<18}{person.shown} · {person.organisation}")
