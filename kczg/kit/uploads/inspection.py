"""The check of one file, a program of its own: ``inspection.py IN OUT TYPE '{"pixels": …}'``.

Whoever sends a file chooses what its decoder does, so the decoder gets a process that has neither settings
nor secrets, and little time and memory. It imports nothing of ours. It judges IN, writes the sanitised file
to OUT and prints one line of JSON: ``{"ok": {"pages": …, "width": …, "height": …}}`` or
``{"refused": code, "facts": {…}}`` with a code of ``words.py``.
"""

from __future__ import annotations

import json
import resource
import sys
import zlib
from collections.abc import Iterator
from typing import Any

MEGABYTE = 1024 * 1024
CPU_SECONDS = 60
MEMORY = 1536 * MEGABYTE
LARGEST_RESULT = 200 * MEGABYTE
PIECE = MEGABYTE
JPEG_QUALITY = 92


class Refused(Exception):
    """Why the file can't be taken: a code, and the figures that its words need."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


def main(source: str, target: str, media_type: str, limits: str) -> None:
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, LARGEST_RESULT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    inspect = inspect_pdf if media_type == "application/pdf" else inspect_picture
    try:
        answer: dict[str, Any] = {"ok": inspect(source, target, json.loads(limits))}
    except Refused as refused:
        answer = {"refused": refused.code, "facts": refused.facts}
    except MemoryError:
        answer = {"refused": "too_heavy", "facts": {}}
    print(json.dumps(answer))


# --- Pictures ----------------------------------------------------------------------------------------------


def inspect_picture(source: str, target: str, limits: dict[str, int]) -> dict[str, int]:
    """Reads the head, judges its size, then decodes and writes the pixels anew: nothing else is carried over."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # Ours is judged below, before anything is decoded.
    try:
        with Image.open(source, formats=("JPEG", "PNG")) as picture:
            judge_pixels(*picture.size, limits["pixels"])
            kind = "PNG" if picture.format == "PNG" else "JPEG"
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, zlib.error) as fault:
        raise Refused("damaged") from fault
    if kind == "JPEG" and upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
    upright.save(target, kind, quality=JPEG_QUALITY)
    return {"pages": 1, "width": upright.width, "height": upright.height}


def judge_pixels(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise Refused("too_many_pixels", width=width, height=height, limit=most // 10_000)


# --- PDF ---------------------------------------------------------------------------------------------------

RUNNING = {
    "/JavaScript": "script",
    "/JS": "script",
    "/Launch": "action",
    "/GoToR": "action",
    "/Thread": "action",
    "/Hide": "action",
    "/SetOCGState": "action",
    "/Trans": "action",
    "/GoToE": "embedded",
    "/SubmitForm": "form",
    "/ImportData": "form",
    "/ResetForm": "form",
    "/Sound": "media",
    "/Movie": "media",
    "/Rendition": "media",
    "/GoTo3DView": "media",
    "/RichMediaExecute": "media",
}
"""Kind of action → why it is refused. GoTo, URI and Named only lead somewhere: those are taken out instead."""
LEADING = {"/GoTo", "/URI", "/Named"}
KEYS = {
    "/JavaScript": "script",
    "/EmbeddedFiles": "embedded",
    "/Collection": "embedded",
    "/RichMediaContent": "media",
    "/RichMediaSettings": "media",
    "/Renditions": "media",
    "/XFA": "form",
}
"""A key of a dictionary → why it is refused, wherever it stands and whatever it holds."""
TYPES = {"/EmbeddedFile": "embedded", "/3D": "media", "/RichMedia": "media"}
ANNOTATIONS = {
    "/FileAttachment": "embedded",
    "/Widget": "form",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/RichMedia": "media",
    "/3D": "media",
}
FILE_KEYS = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
FLATE = {"/FlateDecode", "/Fl"}
PICTURES = {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}


def inspect_pdf(source: str, target: str, limits: dict[str, int]) -> dict[str, int]:
    """Judges the document, takes out what only leads somewhere, writes it anew and judges what was written.

    Written anew it holds only what its pages need, in the plain form: what hid in an earlier revision,
    behind the end or out of every page's reach is gone.
    """
    import pikepdf

    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            pages = len(pdf.pages)
            judge_pages(pages, limits["pages"])
            judge_all(pdf, leading_allowed=True)
            for thing in list(dictionaries(pdf)):
                take_out(thing)
            judge_size(pdf, limits)
            pdf.save(
                target,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
        with pikepdf.open(target) as written:
            judge_all(written, leading_allowed=False)
    except pikepdf.PasswordError as fault:
        raise Refused("encrypted") from fault
    except (pikepdf.PdfError, RuntimeError, ValueError) as fault:
        raise Refused("damaged") from fault
    return {"pages": pages, "width": 0, "height": 0}


def judge_pages(pages: int, most: int) -> None:
    if not pages:
        raise Refused("no_pages")
    if pages > most:
        raise Refused("too_many_pages", now=pages, limit=most)


def dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary of the document, those of streams and those inside others included."""
    import pikepdf

    kinds = pikepdf.ObjectType
    for top in pdf.objects:
        waiting = [top]
        while waiting:
            thing = waiting.pop()
            if thing._type_code == kinds.stream:
                thing = thing.stream_dict
            if thing._type_code == kinds.dictionary:
                yield thing
                inner = [value for _key, value in thing.items()]
            elif thing._type_code == kinds.array:
                inner = list(thing)
            else:
                continue
            # What is referred to comes by itself; scalars are plain Python values.
            waiting += [one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect]


def judge_all(pdf: Any, leading_allowed: bool) -> None:
    """Raises Refused for the first thing that runs, carries a file or asks to be filled in."""
    for thing in dictionaries(pdf):
        reason = fault_of(thing)
        if not reason and not leading_allowed and any(is_action(thing.get(key)) for key in ("/A", "/PA")):
            reason = "action"
        if reason:
            raise Refused(reason)


def fault_of(thing: Any) -> str:
    """Why a dictionary can't stand in a stored document; "" when it can."""
    keys = set(thing.keys())
    for key in keys & set(KEYS):
        return KEYS[key]
    if reason := TYPES.get(name(thing, "/Type"), "") or RUNNING.get(name(thing, "/S"), ""):
        return reason
    if "/JS" in keys and not is_dictionary(thing["/JS"]):
        return "script"
    if name(thing, "/Subtype") == "/PS" or name(thing, "/Subtype2") == "/PS":
        return "script"
    if "/Rect" in keys and (reason := ANNOTATIONS.get(name(thing, "/Subtype"), "")):
        return reason
    if "/EF" in keys and any(key in thing["/EF"] for key in FILE_KEYS):
        return "embedded"
    if "/Length" in keys and "/F" in keys:  # A stream whose bytes are another file's.
        return "embedded"
    if "/AcroForm" in keys and len(fields_of(thing["/AcroForm"])):
        return "form"
    if (
        "/AA" in keys
        and is_dictionary(thing["/AA"])
        and any(is_action(one) for _k, one in thing["/AA"].items())
    ):
        return "action"
    if "/OpenAction" in keys and (reason := running(thing["/OpenAction"], {"", "/GoTo", "/Named"})):
        return reason
    for action in filter(is_action, (thing.get("/A"), thing.get("/PA"))):
        if reason := running(action, LEADING):
            return reason
    return ""


def running(action: Any, allowed: set[str]) -> str:
    """Why an action can't stay, which is of no kind that only leads somewhere."""
    kind = name(action, "/S")
    return "" if kind in allowed else RUNNING.get(kind, "action")


def name(thing: Any, key: str) -> str:
    """The name that stands under a key of a dictionary, in its plain form; "" where there is none."""
    return str(thing[key]) if is_dictionary(thing) and key in thing else ""


def is_dictionary(thing: Any) -> bool:
    import pikepdf

    return isinstance(thing, pikepdf.Dictionary)


def is_action(thing: Any) -> bool:
    return is_dictionary(thing) and "/S" in thing


def fields_of(form: Any) -> Any:
    return form.get("/Fields", ()) if is_dictionary(form) else ()


def take_out(thing: Any) -> None:
    """Takes out what only leads somewhere; a link inside the document stays one, as a plain destination."""
    for key in ("/A", "/PA"):
        if is_action(thing.get(key)):
            action = thing[key]
            if name(action, "/S") == "/GoTo" and "/D" in action and "/Dest" not in thing:
                thing["/Dest"] = action["/D"]
            del thing[key]
    for key in ("/OpenAction", "/AcroForm"):
        if key in thing:
            del thing[key]


def judge_size(pdf: Any, limits: dict[str, int]) -> None:
    """Raises Refused when its streams unpack to too much, or a picture in it has too many pixels."""
    import pikepdf

    left = limits["unpacked"]
    for stream in pdf.objects:
        if not isinstance(stream, pikepdf.Stream):
            continue
        width, height = stream.get("/Width", 0), stream.get("/Height", 0)
        if isinstance(width, int) and isinstance(height, int):
            judge_pixels(width, height, limits["pixels"])
        left -= unpacked_size(stream, left)
        if left < 0:
            raise Refused("unpacks_too_big", limit=limits["unpacked"] // MEGABYTE)


def unpacked_size(stream: Any, most: int) -> int:
    """How long a stream is when it is unpacked, or a little more than ``most``; pictures stay packed."""
    import pikepdf

    filters = filters_of(stream)
    if any(one not in FLATE | PICTURES for one in filters) and not set(filters) & PICTURES:
        try:
            return len(stream.read_bytes())  # Old kinds of packing; the memory limit ends a bomb.
        except pikepdf.PdfError:
            return len(stream.read_raw_bytes())
    pieces: Iterator[bytes] = iter([stream.read_raw_bytes()])
    for one in filters:
        if one not in FLATE:
            break
        pieces = inflated(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
    return size


def filters_of(stream: Any) -> list[str]:
    import pikepdf

    given = stream.get("/Filter", [])
    return [str(one) for one in given] if isinstance(given, (pikepdf.Array, list)) else [str(given)]


def inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The unpacked bytes, a piece at a time; ends where the packed ones are broken."""
    packer = zlib.decompressobj()
    for piece in pieces:
        while piece:
            try:
                yield packer.decompress(piece, PIECE)
            except zlib.error:
                return
            piece = packer.unconsumed_tail


if __name__ == "__main__":
    main(*sys.argv[1:])
