"""manage.py reconcile_files: deletes bytes that no row names and owes again checks that were given up (R3)."""

from typing import Any

from django.core.management.base import BaseCommand

from kczg.kit import clock
from kczg.kit.uploads import upkeep


class Command(BaseCommand):
    help = "Repairs rows without files and files without rows; says what it can't repair. Safe at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        gone, lost = upkeep.repair(clock.now())
        self.stdout.write(f"{gone} files without a row deleted, {lost} checks owed again")
        for line in upkeep.faults():
            self.stderr.write(line)
