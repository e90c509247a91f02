"""A file for a blind review: its text page by page for the machine's look, and a copy of the pages alone."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2

from reviews.rules.blinding import Mask

PDF = "application/pdf"
FEWEST_SIGNS = 10
"""A page with less text than this is a picture, or nearly: a person looks at it."""
_TOLD_APART = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/Annots",
    "/AF",
    "/Alt",
    "/ActualText",
    "/Thumb",
    "/OC",
)
"""Keys that carry words beside what a page shows: its history, notes, titles, layers."""


@dataclass(frozen=True)
class Pages:
    """What a file says: the text of each page, and of its properties (author, title, program)."""

    texts: tuple[str, ...]
    properties: tuple[str, ...] = ()

    @property
    def unread(self) -> list[int]:
        """The numbers of the pages in which no text was found."""
        return [n for n, text in enumerate(self.texts, start=1) if len("".join(text.split())) < FEWEST_SIGNS]


@dataclass(frozen=True)
class Look:
    """What the machine saw of a file: see ``BlindFile`` for the columns; ``copy`` None where none can be made."""

    findings: list[dict[str, Any]]
    unread: list[int]
    copy: bytes | None


def look(content: bytes, media_type: str, mask: Mask) -> Look:
    """Looks through a checked file with the mask of its nomination, and makes the copy that experts may get."""
    try:
        pages, copy = read(content, media_type), plain_copy(content, media_type)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, zlib.error):
        return Look([], [1], None)
    # Properties aren't of the copy; they are told as page 0, for they tell what to look for on the pages.
    texts = [(0, text) for text in pages.properties] + list(enumerate(pages.texts, start=1))
    found = [
        {"page": page, "kind": str(mark.kind), "text": " ".join(text[mark.start : mark.end].split())}
        for page, text in texts
        for mark in mask.marks(text)
    ]
    return Look(found, pages.unread, copy)


def read(content: bytes, media_type: str) -> Pages:
    """The words of a checked file; a picture is one page without any."""
    if media_type != PDF:
        return Pages(("",))
    document = pypdfium2.PdfDocument(content)
    try:
        texts = tuple(page.get_textpage().get_text_range() for page in document)
        properties = tuple(value for value in document.get_metadata_dict().values() if value)
    finally:
        document.close()
    return Pages(texts, properties)


def plain_copy(content: bytes, media_type: str) -> bytes:
    """The pages in a document of their own: no properties, XMP, notes, bookmarks or layers; pictures as checked.

    A picture's own metadata was dropped when it was taken in; that of pictures inside a PDF is dropped here.
    """
    if media_type != PDF:
        return content
    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as copy:
        copy.pages.extend(source.pages)
        for thing in list(copy.objects):
            _strip(thing)
        written = io.BytesIO()
        copy.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _strip(thing: Any) -> None:
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for key in _TOLD_APART:
        if key in thing:
            del thing[key]
    if isinstance(thing, pikepdf.Stream):
        _strip_picture(thing)


def _strip_picture(stream: Any) -> None:
    """Takes the words out of a packed picture, which carries its own metadata along."""
    given = stream.get("/Filter", [])
    packings = [str(one) for one in given] if isinstance(given, pikepdf.Array) else [str(given)]
    plain = {"/DCTDecode": plain_jpeg, "/JPXDecode": plain_jpeg2000}.get(packings[-1]) if packings else None
    if plain is None or any(one not in ("/FlateDecode", "/Fl") for one in packings[:-1]):
        return
    content = stream.read_raw_bytes()
    for _packing in packings[:-1]:
        content = zlib.decompress(content)
    parameters: Any = stream.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[-1]
    stream.write(plain(content), filter=pikepdf.Name(packings[-1]), decode_parms=parameters)


def plain_jpeg(content: bytes) -> bytes:
    """A JPEG without its application segments and comments, but for JFIF's and Adobe's, which its colours need."""
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:
            break
        if marker not in _SEGMENTS_WITH_WORDS:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return b"".join((*kept, content[at:]))


_SEGMENTS_WITH_WORDS = frozenset({0xFE, *range(0xE1, 0xF0)} - {0xEE})


def plain_jpeg2000(content: bytes) -> bytes:
    """A JPEG 2000 file without the boxes that hold words (XML and UUID); a bare codestream as it is."""
    if not content.startswith(b"\x00\x00\x00\x0cjP"):
        return content
    kept, at = [], 0
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        end = at + length if length >= 8 else len(content)
        if kind not in (b"xml ", b"uuid"):
            kept.append(content[at:end])
        at = end
    return b"".join(kept)
