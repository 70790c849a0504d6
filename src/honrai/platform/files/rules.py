"""What a file is, told by its bytes, and whether it is welcome."""

import hashlib
from dataclasses import dataclass

MEGABYTE = 2**20


class UnwelcomeFileError(ValueError):
    """The file cannot be taken; the message tells the person what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is accepted: media types and the largest size in bytes."""

    types: frozenset[str]
    largest: int


#: What an applicant may attach.
ATTACHMENTS = Limits(
    frozenset({"application/pdf", "image/jpeg", "image/png", "image/heic", "image/tiff"}), 20 * MEGABYTE
)

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"GIF8", "image/gif"),
)


def media_type(content: bytes) -> str:
    """Return the media type the bytes show; names and declared types are never believed."""
    for magic, found in _MAGIC:
        if content.startswith(magic):
            return found
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return "image/heic"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain"


def welcome(content: bytes, limits: Limits) -> str:
    """Return the media type of a file that may be taken.

    Raises:
        UnwelcomeFileError: empty, too large or of a type not accepted; a polyglot PDF counts as not accepted.
    """
    if not content:
        raise UnwelcomeFileError("ファイルが空です。もう一度選んでください")
    if len(content) > limits.largest:
        raise UnwelcomeFileError(
            f"ファイルが大きすぎます（上限 {limits.largest // MEGABYTE} MB）。写真を撮り直すか、分けて送ってください"
        )
    found = media_type(content)
    if found not in limits.types:
        raise UnwelcomeFileError("この種類のファイルは受け取れません。PDFか写真（JPEG・PNG・HEIC）で送ってください")
    if found == "application/pdf" and (
        b"/JavaScript" in content or b"/Launch" in content or b"/EmbeddedFile" in content
    ):
        raise UnwelcomeFileError(
            "プログラムや別のファイルを含むPDFは受け取れません。印刷イメージのPDFにして送ってください"
        )
    return found


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of the bytes in hex."""
    return hashlib.sha256(content).hexdigest()
