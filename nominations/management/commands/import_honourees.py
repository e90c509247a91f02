"""manage.py import_honourees --season 2022 file: the season's earlier honourees (exclusions), as CSV or XLSX."""

from nominations.inputs.lists import HONOUREES
from nominations.management.import_list import ImportList


class Command(ImportList):
    help = "Imports the season's earlier honourees (exclusions) from a CSV or XLSX file; with --dry-run only says what it would do."
    kind = HONOUREES
