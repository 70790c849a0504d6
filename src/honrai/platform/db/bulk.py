"""Many rows at once: COPY into a temporary table, then INSERT..SELECT under row-level security.

COPY straight into a guarded table is refused by PostgreSQL; this way is the fast one that the guards see.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_AT_ONCE = 5_000


def copy_text(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """COPY rows into a temporary table of this transaction.

    Args:
        table: the temporary table.
        columns: its columns, in the order of the values.
        rows: values as PostgreSQL reads them from text (dates as 2026-04-01, booleans as t and f); None is NULL.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        lines: list[str] = []
        for row in rows:
            lines.append(_line(row))
            if len(lines) >= _AT_ONCE:
                copy.write("\n".join(lines) + "\n")
                lines = []
        if lines:
            copy.write("\n".join(lines) + "\n")


def make_temporary(table: str, columns: Sequence[tuple[str, str]]) -> None:
    """Make an empty temporary table that ends with the transaction (`columns`: name, SQL type)."""
    body = ", ".join(f'"{name}" {kind}' for name, kind in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{table}"')
        cursor.execute(f'CREATE TEMPORARY TABLE "{table}" ({body}) ON COMMIT DROP')


def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _line(row: Sequence[object]) -> str:
    """Return one line of COPY's text format; most hold nothing that must be escaped and are looked at once, as a whole."""
    cells = [value if isinstance(value, str) else _written(value) for value in row]
    line = "\t".join(cells)
    if "\\" not in line and "\n" not in line and "\r" not in line and line.count("\t") == len(cells) - 1:
        return line
    return "\t".join([cell if raw is None else _escaped(cell) for raw, cell in zip(row, cells, strict=True)])


def _escaped(cell: str) -> str:
    return cell.translate(_ESCAPES) if _SPECIAL.search(cell) else cell


def _written(value: object) -> str:
    if value is None:
        return "\\N"
    return ("f", "t")[value] if isinstance(value, bool) else str(value)
