"""One record of 120 bytes to values and back; what is wrong in it becomes problems, never an exception."""

from __future__ import annotations

from honrai.payments.rules.banks import Adapter
from honrai.payments.rules.fields import decode, encode
from honrai.payments.rules.layout import RECORD, Field, Layout, Part, Values
from honrai.payments.rules.problems import FieldError, Problem


def problem_at(line: int, field: Field, error: FieldError) -> Problem:
    """Return the field's error with its place in the record."""
    return Problem(line, field.start + error.offset, field.label, error.code, error.reason, error.remedy)


def encode_record(
    layout: Layout, part: Part, values: Values, adapter: Adapter, line: int
) -> tuple[bytes, list[Problem]]:
    """Return the record's bytes (of use only without problems) and what is wrong with the values."""
    fields = layout.fields(part, str(values.get(layout.overlay.mark, "")) if layout.overlay else "")
    problems = _unknown(layout, part, {f.id for f in fields}, values, line)
    parts: list[bytes] = []
    for field in fields:
        try:
            parts.append(encode(field, values.get(field.id), adapter))
        except FieldError as error:
            problems.append(problem_at(line, field, error))
    return b"".join(parts), problems


def _unknown(layout: Layout, part: Part, known: set[str], values: Values, line: int) -> list[Problem]:
    """Refuse values that no field of the record takes: they would be lost without a word."""
    lost = sorted(id for id in set(values) - known if values[id] not in ("", 0))
    if not lost or part == "trailer":
        return []
    remedy = "項目名を確かめるか、その値を除いてください。"
    return [Problem(line, 0, "", "unknown-field", f"{layout.title}にない項目があります: {', '.join(lost)} 。", remedy)]


def decode_record(
    layout: Layout, part: Part, raw: bytes, adapter: Adapter, line: int
) -> tuple[dict[str, str | int], list[Problem]]:
    """Return what could be read of a record of the right length and what could not."""
    assert len(raw) == RECORD
    values: dict[str, str | int] = {}
    problems: list[Problem] = []
    for field in layout.fields(part, _mark(layout, raw)):
        if field.kind == "filler":
            continue
        try:
            values[field.id] = decode(field, raw[field.start - 1 : field.start - 1 + field.width], adapter)
        except FieldError as error:
            problems.append(problem_at(line, field, error))
    return values, problems


def _mark(layout: Layout, raw: bytes) -> str:
    """Return what stands in the field that decides between the two forms of a data record."""
    field = layout.mark_field()
    return raw[field.start - 1 : field.start - 1 + field.width].decode("ascii", "replace") if field else ""
