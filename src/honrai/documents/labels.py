"""What stands on labels, and how it is read back: HR-B26-000012 a box, HR-T26-000013-0004 the fourth sheet of a bundle."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

KINDS: Mapping[str, str] = {"box": "箱", "envelope": "封筒", "bundle": "束"}
#: What is counted: containers in a box, sheets elsewhere.
COUNTED: Mapping[str, str] = {"box": "中の封筒・束", "envelope": "紙", "bundle": "紙"}
LETTERS: Mapping[str, str] = {"box": "B", "envelope": "F", "bundle": "T"}
#: The QR code of a sheet put between two papers of a bundle.
SEPARATOR = "HR-SEPARATOR"
_CODE = re.compile(r"(HR-[BFT]\d{2}-\d{6,})(?:-(\d{4}))?")


@dataclass(frozen=True, slots=True)
class Label:
    """A label: the container, and the sheet in it (0 for the container itself)."""

    container: str
    sheet: int = 0


def container_code(kind: str, key: int, on: date) -> str:
    """Return the label of a container registered on a day."""
    return f"HR-{LETTERS[kind]}{on.year % 100:02}-{key:06}"


def sheet_code(container: str, number: int) -> str:
    """Return the label of a sheet of a bundle."""
    return f"{container}-{number:04}"


def read_label(text: str) -> Label | None:
    """Return what a label names, None where it is none of ours; small letters and blanks do not matter."""
    found = _CODE.fullmatch(text.strip().upper())
    return found and Label(found[1], int(found[2] or 0))
