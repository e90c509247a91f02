"""What scanners and phones make of a printed page, drawn with a seed: turned, askew, blurred, dark, in a crowd."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageEnhance, ImageFilter

Treatment = Callable[[Image.Image, random.Random], Image.Image]
DESK = (112, 98, 84)
WHITE = (255, 255, 255)


def clean(page: Image.Image, _chance: random.Random) -> Image.Image:
    return page


def rotated(page: Image.Image, chance: random.Random) -> Image.Image:
    """At any angle, as a photo from above."""
    return page.rotate(chance.uniform(0, 360), expand=True, fillcolor=DESK, resample=Image.Resampling.BICUBIC)


def upside_down(page: Image.Image, chance: random.Random) -> Image.Image:
    return page.rotate(chance.choice((90, 180, 270)), expand=True)


def skewed(page: Image.Image, chance: random.Random) -> Image.Image:
    """A sheet that a feeder drew in askew."""
    degrees = chance.uniform(-7, 7)
    return page.rotate(degrees, expand=True, fillcolor=WHITE, resample=Image.Resampling.BICUBIC)


def at_an_angle(page: Image.Image, chance: random.Random) -> Image.Image:
    """Photographed from the side: the far edge is shorter."""
    w, h = page.size
    near, far = chance.uniform(0, 0.04), chance.uniform(0.08, 0.2)
    left, right = (near, far) if chance.random() < 0.5 else (far, near)
    corners = ((0, left * h), (0, h - left * h), (w, h - right * h), (w, right * h))
    return page.transform(
        page.size,
        Image.Transform.PERSPECTIVE,
        _coefficients(corners, ((0, 0), (0, h), (w, h), (w, 0))),
        Image.Resampling.BICUBIC,
        fillcolor=DESK,
    )


def _coefficients(seen: Sequence[tuple[float, float]], flat: Sequence[tuple[float, float]]) -> list[float]:
    """The eight figures that lead from where a point is seen to where it was, by elimination."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        best = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(8):
            if row != column:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[8] for row in rows]


def blurred(page: Image.Image, chance: random.Random) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 1.5)))


def noisy(page: Image.Image, chance: random.Random) -> Image.Image:
    """The grain of a cheap sensor."""
    chance.random()
    grain = Image.effect_noise(page.size, 70).convert("RGB")
    return Image.blend(page, grain, 0.25)


def coarse(page: Image.Image, _chance: random.Random) -> Image.Image:
    """A scan at 110 dpi."""
    small = page.resize(
        (round(page.width * 110 / 150), round(page.height * 110 / 150)), Image.Resampling.BILINEAR
    )
    return small


def dark(page: Image.Image, chance: random.Random) -> Image.Image:
    """Little light, and a shadow over one half."""
    dim = ImageEnhance.Brightness(page).enhance(chance.uniform(0.35, 0.5))
    shadow = Image.linear_gradient("L").resize(page.size)
    return Image.composite(dim, ImageEnhance.Brightness(dim).enhance(0.45), shadow)


def pale(page: Image.Image, _chance: random.Random) -> Image.Image:
    """A printer that runs out of ink."""
    return Image.blend(page, Image.new("RGB", page.size, WHITE), 0.7)


def squeezed(page: Image.Image, _chance: random.Random) -> Image.Image:
    """A JPEG of quality 40, as a messenger sends it."""
    out = io.BytesIO()
    page.save(out, "JPEG", quality=40)
    return Image.open(out).convert("RGB")


def in_the_hand(page: Image.Image, chance: random.Random) -> Image.Image:
    """A phone's photo: at an angle, turned a little, unsharp, in bad light, squeezed."""
    shown = at_an_angle(page, chance)
    shown = shown.rotate(
        chance.uniform(-12, 12), expand=True, fillcolor=DESK, resample=Image.Resampling.BICUBIC
    )
    shown = shown.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 0.8)))
    return squeezed(ImageEnhance.Brightness(shown).enhance(chance.uniform(0.6, 0.9)), chance)


TREATMENTS: dict[str, Treatment] = {
    "clean": clean,
    "rotated": rotated,
    "upside down": upside_down,
    "skewed": skewed,
    "at an angle": at_an_angle,
    "blurred": blurred,
    "noisy": noisy,
    "coarse": coarse,
    "dark": dark,
    "pale": pale,
    "squeezed": squeezed,
    "in the hand": in_the_hand,
}


def too_blurred(page: Image.Image, chance: random.Random) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(chance.uniform(2, 3)))


def too_coarse(page: Image.Image, _chance: random.Random) -> Image.Image:
    """A fax of a fax: 60 dpi."""
    return page.resize((round(page.width * 0.4), round(page.height * 0.4)), Image.Resampling.BILINEAR)


BEYOND: dict[str, Treatment] = {"blurred beyond reading": too_blurred, "60 dpi": too_coarse}
"""What nobody promises to read: it must not be read wrongly, and is confirmed by a person."""


def side_by_side(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two sheets in one picture."""
    out = Image.new("RGB", (left.width + right.width + 60, max(left.height, right.height) + 40), DESK)
    out.paste(left, (20, 20))
    out.paste(right, (left.width + 40, 20))
    return out
