"""Files as people send them, made on the spot: sound ones, and ones that must be refused."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def upload(content: bytes, name: str = "附件.pdf", media_type: str = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, media_type)


def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 80), **saved: Any) -> bytes:
    """A picture with a red left half, so that a turn shows."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **saved)
    return out.getvalue()


def located_picture() -> bytes:
    """A JPEG lying on its side that tells where it was taken, by whose camera, and holds a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn by 90 degrees to see it upright.
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 26.0)
    return picture(exif=exif, comment=b"SecretComment")


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **saved: Any) -> bytes:
    """A PDF of blank pages, as ``change`` leaves it."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **saved)
    return out.getvalue()


def parsed(text: str) -> pikepdf.Object:
    return pikepdf.Object.parse(text.encode())


def in_root(key: str, text: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.Root[key] = parsed(text)

    return change


def annotated(text: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(parsed(text))])

    return change


def with_stream(content: bytes, **entries: Any) -> Callable[[pikepdf.Pdf], None]:
    """A stream, packed as it is, that a page reaches."""

    def change(document: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(document, b"")
        stream.write(content, filter=entries.pop("filter", None))
        for key, value in entries.items():
            stream[f"/{key}"] = value
        document.pages[0].Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(X=document.make_indirect(stream))
        )

    return change


def deflate_bomb(megabytes: int) -> bytes:
    """So many MB of zeros, packed to a thousandth."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)) + packer.flush()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = deflate_bomb(4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def embedding(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="a.exe")


SCRIPT = "<< /S /JavaScript /JS (app.alert(1)) >>"
SQUARE = "/Rect [0 0 10 10]"
HARMFUL: dict[str, tuple[str, bytes]] = {
    "script on opening": ("script", pdf(change=in_root("/OpenAction", SCRIPT))),
    "escaped names": ("script", pdf(change=in_root("/OpenAction", "<< /#53 /J#61vaScript /#4aS (x) >>"))),
    "script in the names": (
        "script",
        pdf(change=in_root("/Names", f"<< /JavaScript << /Names [(a) {SCRIPT}] >> >>")),
    ),
    "script in an object stream": (
        "script",
        pdf(
            change=annotated(f"<< /Subtype /Link {SQUARE} /A {SCRIPT} >>"),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
    ),
    "script behind a link": (
        "script",
        pdf(
            change=annotated(f"<< /Subtype /Link {SQUARE} /A << /S /URI /URI (http://a) /Next {SCRIPT} >> >>")
        ),
    ),
    "page action": ("action", pdf(change=in_root("/AA", "<< /WC << /S /URI /URI (http://a) >> >>"))),
    "launch": (
        "action",
        pdf(change=annotated(f"<< /Subtype /Link {SQUARE} /A << /S /Launch /F (a.exe) >> >>")),
    ),
    "unheard-of action": (
        "action",
        pdf(change=annotated(f"<< /Subtype /Link {SQUARE} /A << /S /Whatever >> >>")),
    ),
    "address on opening": ("action", pdf(change=in_root("/OpenAction", "<< /S /URI /URI (http://a) >>"))),
    "embedded file": ("embedded", pdf(change=embedding)),
    "attachment mark": (
        "embedded",
        pdf(change=annotated(f"<< /Subtype /FileAttachment {SQUARE} /FS (a) >>")),
    ),
    "foreign stream": ("embedded", pdf(change=with_stream(b"", F="http://a/"))),
    "rich media": ("media", pdf(change=annotated(f"<< /Subtype /RichMedia {SQUARE} >>"))),
    "film": ("media", pdf(change=annotated(f"<< /Subtype /Screen {SQUARE} /A << /S /Rendition >> >>"))),
    "form": ("form", pdf(change=in_root("/AcroForm", "<< /Fields [<< /FT /Tx /T (a) >>] >>"))),
    "XFA form": ("form", pdf(change=in_root("/AcroForm", "<< /Fields [] /XFA (a) >>"))),
    "password": ("encrypted", pdf(encryption=pikepdf.Encryption(owner="a", user="b"))),
    "owner's password": ("encrypted", pdf(encryption=pikepdf.Encryption(owner="a", user=""))),
    "too many pages": ("too_many_pages", pdf(pages=301)),
    "no page": ("no_pages", pdf(pages=0)),
    "cut off": ("damaged", b"%PDF-1.7\n" + b"1 0 obj\n" * 20),
    "deflate bomb": (
        "unpacks_too_big",
        pdf(change=with_stream(deflate_bomb(600), filter=pikepdf.Name.FlateDecode)),
    ),
    "bomb in a bomb": (
        "unpacks_too_big",
        pdf(
            change=with_stream(
                zlib.compress(deflate_bomb(600), 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2)
            )
        ),
    ),
    "giant picture inside": (
        "too_many_pixels",
        pdf(change=with_stream(b"\xff\xd8", Subtype=pikepdf.Name.Image, Width=50_000, Height=50_000)),
    ),
}
"""What it is → the code of its refusal, and the PDF."""
