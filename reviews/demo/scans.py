"""Stamped papers of the demo: each submitted form printed, sealed with a drawn red seal, scanned and handed in.

Made by the worker after the start, one form a job, so that nobody waits for them; what people ask of the
worker meanwhile is done in between. They are taken in, checked and read by the same code as everybody's.
"""

from __future__ import annotations

import io
import math

import pikepdf
import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from PIL import Image, ImageChops, ImageDraw

from kczg.kit import uploads
from kczg.kit.models import Job
from kczg.kit.outbox import job, owe
from kczg.kit.record import Actor
from nominations import frozen
from nominations.actions import seal
from nominations.models import Version
from nominations.outputs.marks import Box, seal_boxes
from nominations.states import HOLDS_PLACE, State
from nominations.tasks import print_version

DPI = 150
RED = (196, 24, 34)
DIAMETER = 42
"""Millimetres of an official seal."""
BELOW, ASIDE = 40, 128
"""Where in its box the seal stands: below the box's upper edge, and from the left of the page."""


def begin() -> None:
    """Owes the first of the papers; each owes the next."""
    _owe_next()


def _owe_next() -> None:
    version = waiting().first()
    if version is not None:
        owe("demo_scan", f"demo_scan:{version.pk}", version_id=version.pk)


def waiting() -> QuerySet[Version]:
    """What was submitted in a demo season and has no scan yet, this year's before the finished one's."""
    rows = Version.objects.submitted().filter(nomination__season__is_demo=True, scans=None)
    return rows.exclude(nomination__state=State.WITHDRAWN).order_by("-nomination__season__year", "pk")


@job("demo_scan")
def demo_scan(owed: Job, version_id: int) -> None:
    """Hands in the stamped paper of one form and, where its unit recommends it, the unit's page."""
    version = Version.objects.select_related(
        "nomination__ranking", "nomination__season", "nomination__applicant", "nomination__unit__organisation"
    ).get(pk=version_id)
    if not version.scans.exists():
        content = print_version(version)
        boxes, pages = places(content), pictures(content)
        nomination = version.nomination
        first = boxes[frozen.APPLICANT]
        pages[first.page - 1] = stamped(pages[first.page - 1], first)
        by = Actor(version.frozen_by, "applicant", nomination.applicant)
        hand_in(version, frozen.APPLICANT, "盖章申报表（演示）.pdf", pages, by)
        # A unit that hasn't decided yet has stamped every second one that waits for it.
        if nomination.state in HOLDS_PLACE or (nomination.state == State.SUBMITTED and nomination.pk % 2):
            second = boxes[frozen.RECOMMENDER]
            page = stamped(pages[second.page - 1], second)
            unit = nomination.named_unit.organisation
            person = unit.memberships.filter(role="unit").order_by("pk").first()
            by = Actor(person.user if person else version.frozen_by, "unit", unit)
            hand_in(version, frozen.RECOMMENDER, "推荐单位盖章页（演示）.pdf", [page], by)
    _owe_next()


def places(content: bytes) -> dict[str, Box]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return seal_boxes(pdf)


def pictures(content: bytes) -> list[Image.Image]:
    """The pages as an office scanner sees them."""
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def stamped(page: Image.Image, box: Box) -> Image.Image:
    """The page with a round red seal with its star in the box."""
    dots = DPI / 25.4
    x, y = ASIDE * dots, page.height - (box.height - BELOW) * dots
    radius = DIAMETER / 2 * dots
    layer = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(layer)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=round(1.2 * dots))
    turns = [math.tau * corner * 2 / 5 for corner in range(5)]
    star = [(x + radius * 0.36 * math.sin(turn), y - radius * 0.36 * math.cos(turn)) for turn in turns]
    draw.polygon(star, fill=RED)
    draw.ellipse([(x - radius * 0.14, y - radius * 0.14), (x + radius * 0.14, y + radius * 0.14)], fill=RED)
    # As ink on paper: what is printed below shows through.
    return ImageChops.multiply(page, layer)


def hand_in(version: Version, key: str, name: str, pages: list[Image.Image], by: Actor) -> None:
    """Takes a scan in as if it had come when the version was frozen."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=75)
    upload = SimpleUploadedFile(name, out.getvalue(), "application/pdf")
    at = version.frozen_at
    stored = uploads.receive(upload, by.user, seal.PURPOSE, at)
    seal.add_to(version, key, [stored], by, at)
