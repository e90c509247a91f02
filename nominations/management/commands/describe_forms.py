"""manage.py describe_forms --season 2022 [--ranking KEY] [--schema | --blank [--out DIR]]: the forms as data."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kczg.kit.verdicts import Refused
from nominations.actions.season import Asked, forms_of, shipped_forms
from nominations.outputs.blank import blank_pdf
from nominations.outputs.describe import describe
from nominations.outputs.json import schema, schemas


class Command(BaseCommand):
    help = "Prints the forms of a season as JSON or JSON Schema, or renders them blank as PDF."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--season", type=int, required=True, help="the year, such as 2022")
        parser.add_argument("--ranking", help="one ranking's key, such as pioneer_technology (default: all)")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--schema", action="store_true", help="JSON Schema (2020-12) of the answers")
        form.add_argument("--blank", action="store_true", help="the blank forms as PDF files")
        parser.add_argument(
            "--out", type=Path, default=Path("."), help="folder of the PDF files (default: .)"
        )

    def handle(self, *args, **options):
        year, wanted = options["season"], options["ranking"]
        asked = [each for each in self._forms(year) if wanted in (None, each.form.key)]
        if not asked:
            raise CommandError(f"{year}年没有榜单{wanted}")
        if options["blank"]:
            self._render(asked, options["out"])
        elif options["schema"]:
            forms = [each.form for each in asked]
            self._print(schema(forms[0]) if wanted else schemas(forms, f"{year}年“科创中国”系列榜单申报数据"))
        else:
            described = [describe(each.form, each.name, each.tracks) for each in asked]
            self._print({"season": year, "forms": described})

    def _forms(self, year: int) -> list[Asked]:
        try:
            try:
                return forms_of(year)
            except DatabaseError:  # No database yet: what it would be filled with.
                return shipped_forms(year)
        except Refused as refused:
            raise CommandError(f"{refused.verdict.message}（{refused.verdict.hint}）") from refused

    def _print(self, data) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))

    def _render(self, asked: list[Asked], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for each in asked:
            path = folder / f"{each.form.key}.pdf"
            path.write_bytes(blank_pdf(each.form))
            self.stdout.write(str(path))
