"""Entries as a table for a robot and as a printed form, both in the order of the core system's screen."""

from collections.abc import Mapping, Sequence
from typing import Any

from honrai.exchange.rules.layout import Layout
from honrai.exchange.rules.writing import write_cells

FORM = """#set document(title: data.title)
#set page(paper: "a4", margin: 20mm)
#for (index, entry) in data.entries.enumerate() {
  if index > 0 { pagebreak() }
  text(size: 14pt, data.title)
  linebreak()
  text(size: 9pt, data.system + "　" + data.mark)
  v(4mm)
  table(
    columns: (50mm, 1fr),
    inset: 3mm,
    ..entry.map(cell => (cell.at(0), cell.at(1))).flatten(),
  )
}
"""
"""The form: a page an entry, label and value as the core system's screen asks for them."""


def sheet_rows(entries: Sequence[Mapping[str, str]], layout: Layout) -> tuple[list[str], list[list[str]]]:
    """Return headings (labels in order) and one row per entry, texts as the core system takes them, without padding."""
    fields = [(number, each) for number, each in enumerate(layout.fields) if each.kind != "drop"]
    rows = []
    for entry in entries:
        cells = write_cells(entry, layout)
        rows.append([str(cells[number]).strip() for number, _ in fields])
    return [each.label for _, each in fields], rows


def form_pages(entries: Sequence[Mapping[str, str]], layout: Layout, mark: str) -> dict[str, Any]:
    """Return the data `FORM` prints."""
    headings, rows = sheet_rows(entries, layout)
    pages = [[[label, text] for label, text in zip(headings, row, strict=True)] for row in rows]
    return {"title": layout.title, "system": layout.system, "mark": mark, "entries": pages}
