"""Which files from a scanner are opened at all: by their bytes, before any library sees them."""

import re
import zlib
from collections.abc import Iterator

from honrai.documents.recognition.pages import Unreadable
from honrai.platform.files.api import MEGABYTE, Limits, media_type

#: A bundle of 500 sheets at 300 dots per inch is some 200 MB.
SCANS = Limits(frozenset({"application/pdf", "image/tiff", "image/jpeg", "image/png"}), 300 * MEGABYTE)
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b")
#: A name may be written with hex digits to hide it: /J#61vaScript.
_HIDDEN = re.compile(rb"/[A-Za-z]*#[0-9A-Fa-f]{2}[A-Za-z#0-9]*")
_STREAM = re.compile(rb"\bstream\r?\n")
#: Objects packed into a stream are looked into up to this size.
_PACKED = 16 * MEGABYTE
#: How archives, programs and pages of the web begin, none of which a scanner writes into its files.
_FOREIGN = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"<script", b"<html", b"<?php")
_EDGE = 4096


def check_harmless(content: bytes) -> str:
    """Return the media type of a file that may be opened.

    Raises:
        Unreadable: empty, too large, no scan, two kinds of file in one, or a PDF that does something.
    """
    if not content:
        raise Unreadable("scan-empty", "ファイルが空です。もう一度スキャンしてください。")
    if len(content) > SCANS.largest:
        most = SCANS.largest // MEGABYTE
        raise Unreadable("scan-large", f"ファイルが大きすぎます（上限 {most} MB）。束を分けてスキャンしてください。")
    kind = media_type(content)
    if kind == "application/zip":
        raise Unreadable("scan-zip", "圧縮したファイルは取り込めません。スキャンしたままのファイルを送ってください。")
    if kind not in SCANS.types:
        raise Unreadable("scan-kind", "PDF・TIFF・JPEG・PNGのいずれかで取り込んでください。")
    if any(sign in content[-_EDGE:] or sign in content[:_EDGE] for sign in _FOREIGN):
        raise Unreadable("scan-two", "別の種類のファイルが混ざっています。スキャンし直してください。")
    if kind == "application/pdf" and any(_ACTIVE.search(one) or _HIDDEN.search(one) for one in _told(content)):
        raise Unreadable("scan-active", "プログラムや別のファイルを含むPDFは取り込めません。スキャンし直してください。")
    return kind


def _told(content: bytes) -> Iterator[bytes]:
    """Yield what a PDF says outside its pictures: the bytes between streams, and objects packed into streams."""
    start = 0
    for found in _STREAM.finditer(content):
        if found.start() < start:
            continue
        said = content[start : found.start()]
        yield said
        end = content.find(b"endstream", found.end())
        end = len(content) if end < 0 else end
        if b"/ObjStm" in said[-_EDGE:]:
            try:
                yield zlib.decompressobj().decompress(content[found.end() : end], _PACKED)
            except zlib.error:
                yield b"/JavaScript"  # packed in a way no scanner packs: not opened
        start = end
    yield content[start:]
