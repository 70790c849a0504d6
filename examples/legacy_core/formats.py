"""The files of the made-up system: fixed width, Windows-31J, dates by era (5080401 is 令和8年4月1日)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

ENTRY = (
    ("kubun", 1), ("jukyu_no", 7), ("atena_no", 10), ("shimei", 60), ("seinen", 7), ("kaishi", 7), ("shuryo", 7), ("hokensha", 8),
)  # fmt: skip
"""One line of the batch import (KJ900)."""
LEDGER = (
    ("jukyu_no", 7), ("atena_no", 10), ("shimei", 60), ("seinen", 7), ("kaishi", 7), ("shuryo", 7), ("hokensha", 8), ("jotai", 1),
)  # fmt: skip
"""One line of the nightly extract (KJ950)."""
_ERAS = {"3": 1925, "4": 1988, "5": 2018}


class BadFile(ValueError):
    """The file is not one of this system's."""


def read_lines(content: bytes, layout: Sequence[tuple[str, int]]) -> Iterator[dict[str, str]]:
    """Read the lines of a file; the message of an error is as short as such systems' are."""
    width = sum(size for _, size in layout)
    for number, line in enumerate(content.split(b"\r\n"), start=1):
        if not line:
            continue
        if len(line) != width:
            raise BadFile(f"E901 レコード長不正 {number}")
        found, at = {}, 0
        for name, size in layout:
            found[name] = line[at : at + size].decode("cp932").strip()
            at += size
        yield found


def write_line(values: Mapping[str, str], layout: Sequence[tuple[str, int]]) -> bytes:
    """Write one line; what is too long is cut off, as such systems do."""
    cells = (values[name].encode("cp932")[:size].ljust(size) for name, size in layout)
    return b"".join(cells) + b"\r\n"


def is_date(text: str) -> bool:
    """Say whether seven digits are a date by era."""
    if len(text) != 7 or not text.isdigit() or text[0] not in _ERAS:
        return False
    try:
        date(_ERAS[text[0]] + int(text[1:3]), int(text[3:5]), int(text[5:7]))
    except ValueError:
        return False
    return True
