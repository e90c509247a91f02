"""manage.py verify_receipt: whether a receipt (JSON) is this site's and unchanged. Exit 0: genuine; 1: not."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nominations.outputs import receipt


class Command(BaseCommand):
    help = "Verifies a receipt: the signature, the key, and that its line stands in the closing list. Exit 1: it isn't genuine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the receipt, JSON; - reads standard input")
        parser.add_argument(
            "--key",
            action="append",
            help="the public key to trust, base64; needs no database (may be repeated)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = _document(options["file"])
        found = receipt.verify(given, set(options["key"]) if options["key"] else None)
        if found.is_genuine:
            for label, words in receipt.facts_of(given):
                self.stdout.write(f"{label}：{words}")
        self.stdout.write(found.words)
        if not found.is_genuine:
            sys.exit(1)


def _document(file: str) -> Any:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, ValueError, RecursionError) as fault:
        raise CommandError(f"{file}: 不是JSON文件 / not a JSON file") from fault
