"""A printed form as values: boxes to write in, marks to find the page by, what is drawn. In mm from the top left corner."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: A4 upright.
WIDTH, HEIGHT = 210.0, 297.0
#: Registration marks: ArUco, dictionary 4x4_50, ids 0 to 3 clockwise from the top left, black squares of this size.
DICTIONARY = "4x4_50"
MARK_SIZE = 8.0
#: Source: OpenCV's predefined dictionary DICT_4X4_50, ids 0-3; 1 is white. One black module surrounds the pattern.
PATTERNS = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
)
MARK_PLACES = ((7.0, 7.0), (195.0, 7.0), (195.0, 282.0), (7.0, 282.0))
#: The QR code of each page, quiet zone included.
QR_PLACE, QR_SIZE = (170.0, 6.0), 22.0
_QR = re.compile(r"honrai-form:(?P<code>[a-z0-9-]+):(?P<address>[0-9a-f]{16}):(?P<page>\d+)/(?P<pages>\d+)")


@dataclass(frozen=True, slots=True)
class Box:
    """One place on the paper that holds an answer or a part of one.

    Attributes:
        field: id of the field, `members[0].name` in a repeated section, `attached.<id>` for an enclosed paper.
        type: key of the field type; `attachment` for an enclosed paper.
        page: from 1.
        x, y, w, h: place and size in mm.
        kind: `comb` one character a cell, `mark` a box to tick, `open` free writing.
        cells: equal cells of a comb from the left; 1 for marks and open boxes.
        part: era, year, month or day of a date; empty for a whole answer.
        option: what a mark stands for: an option, an era, はい or いいえ; empty for a single mark.
    """

    field: str
    type: str
    page: int
    x: float
    y: float
    w: float
    h: float
    kind: str
    cells: int = 1
    part: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Text drawn inside a rectangle, upright in the middle; `size` in points."""

    page: int
    x: float
    y: float
    w: float
    h: float
    text: str
    size: float = 9.0
    align: str = "left"
    bold: bool = False
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle: `stroke` in points (0 for none), `grey` the fill (255 for none)."""

    page: int
    x: float
    y: float
    w: float
    h: float
    stroke: float = 0.4
    grey: int = 255


@dataclass(frozen=True, slots=True)
class Mark:
    """One registration mark: its ArUco id and the upper left corner of its black square."""

    id: int
    x: float
    y: float
    size: float = MARK_SIZE


MARKS = tuple(Mark(number, x, y) for number, (x, y) in enumerate(MARK_PLACES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A printed form: its machine-readable map and what is drawn.

    Attributes:
        code, address: the procedure and the sha256 of the pack's content.
        title: heading of the form.
        pages: number of pages.
        boxes: every place that holds an answer, in the order of the form.
        marks: registration marks, the same on each page.
        frames, words: what is drawn.
    """

    code: str
    address: str
    title: str
    pages: int
    boxes: tuple[Box, ...]
    frames: tuple[Frame, ...]
    words: tuple[Words, ...]
    marks: tuple[Mark, ...] = MARKS
    dictionary: str = DICTIONARY
    size: tuple[float, float] = (WIDTH, HEIGHT)

    def qr(self, page: int) -> str:
        """Return what the QR code of a page says: procedure, version (first half of its address) and page."""
        return f"honrai-form:{self.code}:{self.address[:16]}:{page}/{self.pages}"

    @property
    def by_field(self) -> Mapping[str, tuple[Box, ...]]:
        """The boxes of each field."""
        found: dict[str, list[Box]] = {}
        for box in self.boxes:
            found.setdefault(box.field, []).append(box)
        return MappingProxyType({name: tuple(boxes) for name, boxes in found.items()})


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What the QR code of a scanned page says; `address` is the first 16 digits of the version's content address."""

    code: str
    address: str
    page: int
    pages: int


def read_qr(text: str) -> PrintedPage | None:
    """Return which page of which form a QR code names, None where it is none of our forms."""
    found = _QR.fullmatch(text)
    return found and PrintedPage(found["code"], found["address"], int(found["page"]), int(found["pages"]))
