"""Whole files by a layout, for chapters that keep their own outgoing records (payments): write one, read one back."""

from collections.abc import Iterable, Mapping
from datetime import date

from honrai.exchange.queries import layout_of
from honrai.exchange.rules.reading import read_file, values_of
from honrai.exchange.rules.writing import Written, write_file
from honrai.platform.errors import Invalid


def write_layout(records: Iterable[Mapping[str, str]], code: str, on: date) -> Written:
    """Write records as a file of the layout that holds on a day; what cannot be written is left out and named."""
    return write_file(records, layout_of(code, on))


def read_layout(content: bytes, code: str, on: date) -> list[dict[str, str]]:
    """Read a file back by its layout.

    Raises:
        Invalid: a line cannot be read.
    """
    layout = layout_of(code, on)
    names = [each.id for each in layout.kept]
    found: list[dict[str, str]] = []
    for chunk in read_file(content, layout):
        if chunk.refused:
            bad = chunk.refused[0]
            raise Invalid(f"{bad.line}行目の「{bad.label}」を読み返せません。{bad.reason}")
        found += [values_of(row.content, names) for row in chunk.rows]
    return found
