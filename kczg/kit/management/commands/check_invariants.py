"""manage.py check_invariants: recounts from the rows; exit 0 means that everything is sound (A1)."""

import sys

from django.core.management.base import BaseCommand

from kczg.kit import invariants


class Command(BaseCommand):
    help = "Recounts quotas, states, versions, reviews and lists from the rows. Exit 0: sound; 1: faults, a line each."

    def handle(self, *args, **options):
        found = list(invariants.faults())
        for name, line in found:
            self.stderr.write(f"{name}: {line}")
        if found:
            sys.exit(1)
        self.stdout.write(f"{len(invariants.CHECKS)} checks, sound")
