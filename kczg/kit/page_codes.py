"""Pictures of papers: the pages of a PDF or a photo, the QR codes on them, and a small copy to look at.

Knows nothing of what a code means. Everything here takes a picture's time and memory: the worker's.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
DPI = 200
LONGEST = 3508
"""Pixels of the longer side that are worth reading: an A4 sheet at 300 dpi."""
PREVIEW = (1000, 1414)
PREVIEW_QUALITY = 60
INK = 0.0004
"""A sheet with less than this share of dark dots is blank: a few specks of dust, not a line of text."""


def pictures(file: IO[bytes], media_type: str) -> Iterator[Image.Image]:
    """The pages of a file as pictures in colour, one after another, so that one at a time is held."""
    if media_type != "application/pdf":
        with Image.open(file) as photo:
            photo.draft("RGB", (LONGEST, LONGEST))
            yield _fitted(ImageOps.exif_transpose(photo).convert("RGB"))
        return
    # Imported where a PDF is read: web processes never do.
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        for page in document:
            scale = min(DPI / 72, LONGEST / max(page.get_size()))
            yield page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
            page.close()
    finally:
        document.close()


def _fitted(picture: Image.Image) -> Image.Image:
    if max(picture.size) > LONGEST:
        picture.thumbnail((LONGEST, LONGEST))
    return picture


def codes(picture: Image.Image) -> list[str]:
    """The texts of all QR codes on a picture, each once.

    What lies flat and clear is found at once. As one code of several may be missed at one size, two sizes
    are always read; where nothing is found, the picture is treated for what ails photos: shade, blur, noise.
    """
    picture = picture.convert("L")
    found = dict.fromkeys(_read(picture))
    found |= dict.fromkeys(_read(_scaled(picture, 0.6)))
    if not found:
        for treated in _treated(picture):
            found = dict.fromkeys(_read(treated))
            if found:
                break
    return list(found)


def _read(picture: Image.Image, binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage) -> list[str]:
    barcodes = zxingcpp.read_barcodes(picture, formats=QR, try_invert=False, binarizer=binarizer)
    return [barcode.text for barcode in barcodes]


def _treated(picture: Image.Image) -> Iterator[Image.Image]:
    # Sharpened before it is enlarged and before its contrast is touched: the other way about nothing is won
    # (python -m benchmarks.reading).
    yield _scaled(_sharpened(picture, 2, 400), 2)
    yield _scaled(_sharpened(_sharpened(picture, 1.5, 400), 1.5, 300), 3)
    clear = ImageOps.autocontrast(picture, cutoff=0.1)
    yield clear
    yield _scaled(_sharpened(clear, 1.5, 400), 2)
    yield clear.filter(ImageFilter.MedianFilter(3))
    yield clear.filter(ImageFilter.GaussianBlur(1.2))
    for degrees in (17, 31, 45):
        yield clear.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BILINEAR)


def _sharpened(picture: Image.Image, radius: float, percent: int) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius, percent, threshold=0))


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    width, height = (max(1, round(side * factor)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC)


def is_blank(picture: Image.Image) -> bool:
    """Whether there is nothing on a sheet, as on the back of a printed one."""
    small = picture.convert("L").resize((420, 594), Image.Resampling.BOX)
    inner = small.crop((20, 20, 400, 574))
    histogram = inner.histogram()
    paper = max(range(256), key=histogram.__getitem__)
    dark = sum(histogram[: max(0, paper - 40)])
    return dark < INK * inner.width * inner.height and paper > 100


def preview(picture: Image.Image) -> bytes:
    """A small copy as JPEG, to be looked at on a page."""
    small = picture.copy()
    small.thumbnail(PREVIEW)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=PREVIEW_QUALITY)
    return out.getvalue()
