"""manage.py import_pilot_places --season 2022 file: the season's 试点城市（园区）, as CSV or XLSX."""

from nominations.management.import_list import ImportList
from nominations.models import PILOT_PLACES


class Command(ImportList):
    help = "Imports the season's 试点城市（园区） from a CSV or XLSX file; with --dry-run only says what it would do."
    kind = PILOT_PLACES
