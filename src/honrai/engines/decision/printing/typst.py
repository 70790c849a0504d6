"""A decision table as typst source, for manuals and letters on paper."""

from __future__ import annotations

from collections.abc import Mapping

from honrai.engines.decision.printing.cells import Page, Row, page
from honrai.engines.decision.program import Program


def print_typst(program: Program, name: str, *, parameters: Mapping[str, object] | None = None, level: int = 3) -> str:
    """Return the tables of a decision as typst source; the heading repeats on every page. Arguments as for HTML.

    Raises:
        DecisionError: there is no such element, or it has no table.
    """
    return "\n".join(_section(each, level) for each in page(program, name, parameters))


def _section(found: Page, level: int) -> str:
    lines = [f"#heading(level: {level}, {_text(found.title)})"]
    if found.question:
        lines.append(f"#par({_text(found.question)})")
    lines.append(_table(found))
    if found.parameters:
        items = ", ".join(f"terms.item({_text(name)}, {_text(value)})" for name, value in found.parameters)
        lines += [f"#par({_text('この表で使う額・率')})", f"#terms({items})"]
    if found.sources:
        lines.append(f"#par({_text('根拠: ' + '、'.join(found.sources))})")
    return "\n".join(lines) + "\n"


def _table(found: Page) -> str:
    width = 1 + len(found.conditions) + len(found.results) + len(found.notes)
    groups = [("条件", found.conditions), ("結果", found.results), ("備考", found.notes)]
    top = ", ".join(f"table.cell(colspan: {len(names)}, strong({_text(title)}))" for title, names in groups if names)
    names = ", ".join(f"strong({_text(name)})" for _, group in groups for name in group)
    head = f"table.header(table.cell(rowspan: 2, strong({_text('行')})), {top}, {names})"
    rows = [_row(each, len(found.notes)) for each in found.rows]
    if found.default:
        cells = [_text("他")]
        if found.conditions:
            cells.append(f"table.cell(colspan: {len(found.conditions)}, {_text('どの行にも当てはまらないとき')})")
        rows.append(", ".join([*cells, *map(_text, found.default), *['""'] * len(found.notes)]))
    body = ",\n    ".join([head, *rows])
    caption = _text(f"{found.title}の判断表。{found.policy}")
    return (
        f"#figure(kind: table, supplement: none, numbering: none, caption: figure.caption(position: top, {caption}),\n"
        f"  table(columns: {width}, align: left + horizon,\n    {body},\n  ))"
    )


def _row(row: Row, notes: int) -> str:
    filled = (*row.notes, *[""] * notes)[:notes]
    return ", ".join(map(_text, (str(row.number), *row.conditions, *row.results, *filled)))


def _text(text: str) -> str:
    """Return a typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
