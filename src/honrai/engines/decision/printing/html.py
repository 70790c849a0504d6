"""A decision table as accessible HTML: caption, column groups, row headers, no colour needed to read it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from honrai.engines.decision.printing.cells import ANY, ANY_MEANING, Page, Row, page
from honrai.engines.decision.program import Program


def print_html(program: Program, name: str, *, parameters: Mapping[str, object] | None = None, level: int = 3) -> str:
    """Return the tables of a decision as an HTML fragment.

    Args:
        program: the prepared model.
        name: name or id of the decision or knowledge model.
        parameters: the dated parameters of the day to print for; their values stand in the cells.
        level: heading level of the title, 1 to 6.

    Raises:
        DecisionError: there is no such element, or it has no table.
    """
    return "\n".join(_section(each, level) for each in page(program, name, parameters))


def _section(found: Page, level: int) -> str:
    parts = [f"<h{level}>{escape(found.title)}</h{level}>"]
    if found.question:
        parts.append(f"<p>{escape(found.question)}</p>")
    parts.append(_table(found))
    if found.parameters:
        items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in found.parameters)
        parts.append(f"<p>この表で使う額・率</p><dl>{items}</dl>")
    if found.sources:
        parts.append("<p>根拠: " + "、".join(map(escape, found.sources)) + "</p>")
    return '<section class="decision-table">' + "".join(parts) + "</section>"


def _table(found: Page) -> str:
    caption = f"<caption>{escape(found.title)}の判断表。{escape(found.policy)}</caption>"
    groups = [("条件", found.conditions), ("結果", found.results), ("備考", found.notes)]
    top = "".join(f'<th scope="colgroup" colspan="{len(names)}">{title}</th>' for title, names in groups if names)
    names = "".join(f'<th scope="col">{escape(name)}</th>' for _, group in groups for name in group)
    head = f'<thead><tr><th scope="col" rowspan="2">行</th>{top}</tr><tr>{names}</tr></thead>'
    rows = "".join(_row(each, len(found.notes)) for each in found.rows)
    if found.default:
        rest = "".join(f"<td>{escape(each)}</td>" for each in found.default) + "<td></td>" * len(found.notes)
        span = f'<td colspan="{len(found.conditions)}">どの行にも当てはまらないとき</td>' if found.conditions else ""
        rows += f'<tr><th scope="row">他</th>{span}{rest}</tr>'
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"


def _row(row: Row, notes: int) -> str:
    cells = "".join(_condition(each) for each in row.conditions)
    cells += "".join(f"<td>{escape(each)}</td>" for each in row.results)
    filled = (*row.notes, *[""] * notes)[:notes]
    cells += "".join(f"<td>{escape(each)}</td>" for each in filled)
    return f'<tr><th scope="row">{row.number}</th>{cells}</tr>'


def _condition(text: str) -> str:
    if text != ANY:
        return f"<td>{escape(text)}</td>"
    return f'<td><span aria-hidden="true">{ANY}</span><span class="visually-hidden">{ANY_MEANING}</span></td>'
