"""Reading the fields of a registered page: parts to text, text to a typed value, with all that a person needs to judge it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from honrai.documents.recognition.alphabets import alphabet_of
from honrai.documents.recognition.crops import Rectangle, filled_cells, lines, strip, ticked
from honrai.documents.recognition.recognisers import Line, Recogniser
from honrai.documents.recognition.registering import Registered
from honrai.kernel.errors import Invalid
from honrai.procedures.api import FIELD_TYPES, Box

_TICKS = frozenset({"yes_no", "consent", "attachment", "choice", "choices"})
_ERA_TYPES = frozenset({"date_era", "year_month"})


@dataclass(frozen=True, slots=True)
class Part:
    """One box read: its text, the certainty of its least certain character, and whether each filled cell gave one character."""

    box: Box
    text: str
    confidence: float
    filled: int
    counted: bool
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRead:
    """One field read.

    Attributes:
        field, type: as on the form.
        page: page of the form.
        place: its place in mm.
        text: what stands there, as read; empty for an empty field.
        value: the typed value, None where the text is none or the field is empty.
        confidence: of the least certain character, 0 to 1; never enough to accept a field.
        counted: every filled cell gave exactly one character.
        filled: how many cells or ticks bear ink.
        candidates: other readings, likeliest first.
        slip: what is wrong with the text as a value, empty for nothing.
    """

    field: str
    type: str
    page: int
    place: Rectangle
    text: str
    value: Any
    confidence: float
    counted: bool
    filled: int
    candidates: tuple[str, ...] = ()
    slip: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is written here."""
        return not self.filled


def read_page(page: Registered, number: int, boxes: Iterable[Box], recogniser: Recogniser) -> list[FieldRead]:
    """Return the fields of one page of a form, in the order of the form.

    Args:
        page: the registered page.
        number: which page of the form it is.
        boxes: the boxes of the form; those of other pages are left out.
        recogniser: reads each crop.
    """
    grouped: dict[str, list[Box]] = {}
    for box in boxes:
        if box.page == number:
            grouped.setdefault(box.field, []).append(box)
    return [_field(name, _parts(page, its, recogniser)) for name, its in grouped.items()]


def _parts(page: Registered, boxes: Sequence[Box], recogniser: Recogniser) -> list[Part]:
    """Return the parts of one field; the combs of a date are read in one go, which is quicker and no less sure."""
    combs = [box for box in boxes if box.kind == "comb"]
    if len(combs) < 2:
        return [_part(page, box, recogniser) for box in boxes]
    cells = [filled_cells(page, _place(box), box.cells) for box in combs]
    inked = [cell for its in cells for cell in its if cell is not None]
    line = recogniser.read(strip(inked), alphabet_of(boxes[0].type)) if inked else Line(())
    counted = len(line.letters) == len(inked)
    letters, read = iter(line.letters), []
    for box, its in zip(combs, cells, strict=True):
        filled = sum(cell is not None for cell in its)
        mine = [next(letters) for _ in range(filled)] if counted else list(line.letters if box is combs[0] else ())
        read.append(Part(box, "".join(one.text for one in mine), line.confidence, filled, counted))
    return [_part(page, box, recogniser) for box in boxes if box.kind != "comb"] + read


def _place(box: Box) -> Rectangle:
    return Rectangle(box.x, box.y, box.w, box.h)


def _part(page: Registered, box: Box, recogniser: Recogniser) -> Part:
    place = _place(box)
    if box.kind == "mark":
        said = ticked(page, place)
        return Part(box, {True: "✓", False: "", None: "?"}[said], 1.0, int(said is not False), said is not None)
    if box.kind == "comb":
        return _comb(page, box, place, recogniser)
    if box.type == "signature":
        return _signature(page, box, place)
    found = [recogniser.read(line, alphabet_of(box.type)) for line in lines(page, place)]
    text = "".join(line.text for line in found)
    confidence = min((line.confidence for line in found), default=1.0)
    return Part(box, text, confidence, len(found), True, tuple(_candidates(found)))


def _signature(page: Registered, box: Box, place: Rectangle) -> Part:
    """A signature is there or not; nobody's hand is read."""
    there = bool(lines(page, place))
    return Part(box, "✓" if there else "", 1.0, int(there), True)


def _comb(page: Registered, box: Box, place: Rectangle, recogniser: Recogniser) -> Part:
    cells = filled_cells(page, place, box.cells)
    inked = [cell for cell in cells if cell is not None]
    if not inked:
        return Part(box, "", 1.0, 0, True)
    line = recogniser.read(strip(inked), alphabet_of(box.type))
    counted = len(line.letters) == len(inked)
    text = _spaced(cells, line.text) if counted else line.text
    return Part(box, text, line.confidence, len(inked), counted, tuple(_candidates([line])))


def _spaced(cells: Sequence[object], text: str) -> str:
    """Put the letters back into their cells: an empty cell between two letters is a space."""
    letters = iter(text)
    return "".join(" " if cell is None else next(letters) for cell in cells).strip()


def _candidates(found: Sequence[Line]) -> Iterator[str]:
    """Yield other readings of a whole line: the least certain character replaced by what else it may be."""
    if len(found) != 1 or not found[0].letters:
        return
    letters = found[0].letters
    at = min(range(len(letters)), key=lambda number: letters[number].share)
    for other, share in letters[at].others:
        if share > 0.001:
            yield "".join(other if number == at else one.text for number, one in enumerate(letters))


def _field(name: str, parts: Sequence[Part]) -> FieldRead:
    kind = parts[0].box.type
    text = _text(kind, parts)
    value, slip = _value(kind, text, parts)
    return FieldRead(
        field=name,
        type=kind,
        page=parts[0].box.page,
        place=_around([part.box for part in parts]),
        text=text,
        value=value,
        confidence=min(part.confidence for part in parts),
        counted=all(part.counted for part in parts),
        filled=sum(part.filled for part in parts),
        candidates=parts[0].candidates if len(parts) == 1 else (),
        slip=slip,
    )


def _around(boxes: Sequence[Box]) -> Rectangle:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Rectangle(x, y, max(box.x + box.w for box in boxes) - x, max(box.y + box.h for box in boxes) - y)


def _text(kind: str, parts: Sequence[Part]) -> str:
    if kind in _ERA_TYPES:
        return _date_text(parts)
    if kind in _TICKS:
        return "、".join(part.box.option or "はい" for part in parts if part.filled)
    return parts[0].text


def _date_text(parts: Sequence[Part]) -> str:
    """Return 令和8年5月1日 from the ticked era and the figures, empty where nothing is filled."""
    if not any(part.filled for part in parts):
        return ""
    figures: Mapping[str, str] = {part.box.part: part.text for part in parts if part.box.part != "era"}
    eras = "・".join(part.box.option for part in parts if part.box.part == "era" and part.filled)
    day = f"{figures['day']}日" if "day" in figures else ""
    return f"{eras}{figures['year']}年{figures['month']}月{day}"


def _value(kind: str, text: str, parts: Sequence[Part]) -> tuple[Any, str]:
    if not text:
        return None, ""
    if kind in ("attachment", "consent", "signature"):
        return True, ""
    if kind in ("choice", "yes_no"):
        if sum(part.filled for part in parts) > 1:
            return None, "印が2つ以上あります。"
        return (text == "はい" if kind == "yes_no" else text), ""
    if kind == "choices":
        return tuple(text.split("、")), ""
    try:
        return FIELD_TYPES[kind].parse(text), ""
    except Invalid as error:
        return None, str(error)
