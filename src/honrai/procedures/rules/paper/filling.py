"""What is printed into the boxes of a filled form: ticks, characters one by one, or a line of text."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import Wareki
from honrai.procedures.rules.contexts import fill
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Form
from honrai.procedures.rules.paper.model import Box, Words
from honrai.procedures.rules.paper.parts import RIGHT, lines_of, width_of

TICKED = "✓"


def typed_values(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed answers by the ids used on paper (`members[0].name`); what cannot be read is kept as written."""
    filled = fill(form, values)
    rows = {section.id for section in form.sections if section.repeat}
    out = {name: value for name, value in filled.values.items() if name not in rows}
    for section in rows:
        for index, row in enumerate(filled.values.get(section, ())):
            out |= {f"{section}[{index}].{name}": value for name, value in row.items()}
    for slip in filled.slips:
        section, _, name = slip.field.partition(".")
        if slip.row is None:
            out[slip.field] = str(values[slip.field])
        else:
            out[f"{section}[{slip.row}].{name}"] = str(values[section][slip.row][name])
    return out


def written(box: Box, value: Any) -> Iterator[Words]:
    """Yield what stands in one box for an answer; signatures stay empty, they are written by hand."""
    if value is None or box.type == "signature":
        return
    if box.type in ("date_era", "year_month"):
        yield from _date_part(box, value)
    elif box.kind == "mark":
        yield from _ticked(box, _chosen(box, value))
    elif box.kind == "comb":
        yield from _in_cells(box, _letters(box, value))
    else:
        yield _line(box, value if isinstance(value, str) else TYPES[box.type].show(value))


def _chosen(box: Box, value: Any) -> bool:
    if isinstance(value, bool):
        return value if not box.option else box.option == ("はい" if value else "いいえ")
    return box.option in value if isinstance(value, tuple) else bool(box.option == value)


def _ticked(box: Box, chosen: bool) -> Iterator[Words]:
    if chosen:
        yield Words(box.page, box.x, box.y, box.w, box.h, TICKED, 11, "center", typed=True)


def _date_part(box: Box, value: Any) -> Iterator[Words]:
    try:
        era = Wareki.of(value) if isinstance(value, date) else None
    except Invalid:
        era = None
    if era is None:
        return
    if box.part == "era":
        yield from _ticked(box, box.option == era.era.name)
        return
    yield from _in_cells(box, f"{getattr(era, box.part):02}")


def _letters(box: Box, value: Any) -> str:
    text = str(value)
    if box.type in ("kana", "account_holder"):
        return text
    text = "".join(letter for letter in text if letter not in "-, ()")
    return text.rjust(box.cells) if box.type in RIGHT else text


def _in_cells(box: Box, text: str) -> Iterator[Words]:
    """One letter a cell; a text longer than the comb is set small across it, nothing is cut off."""
    if len(text) > box.cells:
        yield _line(box, text)
        return
    pitch = box.w / box.cells
    for number, letter in enumerate(text):
        if not letter.isspace():
            yield Words(box.page, box.x + number * pitch, box.y, pitch, box.h, letter, 11, "center", typed=True)


def _line(box: Box, text: str) -> Words:
    size = next((size for size in (11.0, 9.0, 8.0, 7.0) if _fits(box, text, size)), 6.0)
    return Words(box.page, box.x + 1, box.y, box.w - 2, box.h, text, size, typed=True)


def _fits(box: Box, text: str, size: float) -> bool:
    if width_of(text, size) <= box.w - 2 and "\n" not in text:
        return True
    lines = sum(lines_of(line, size, box.w - 2) for line in text.split("\n"))
    return lines * size * 0.3528 * 1.5 <= box.h
