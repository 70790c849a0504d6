"""Many rows at once: COPY into a temporary table, then INSERT..SELECT under row-level security.

COPY straight into a guarded table is refused by PostgreSQL; this way is the fast one that the guards see.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_AT_ONCE = 5_000
Given = TypeVar("Given")
Made = TypeVar("Made")


def copy_text(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """COPY rows into a temporary table of this transaction.

    Args:
        table: the temporary table.
        columns: its columns, in the order of the values.
        rows: values as PostgreSQL reads them from text (dates as 2026-04-01, booleans as t and f); None is NULL.
    """
    left = iter(rows)
    copy_blocks(table, columns, map(block, iter(lambda: list(islice(left, _AT_ONCE)), [])))


def copy_blocks(table: str, columns: Sequence[str], blocks: Iterable[str]) -> None:
    """COPY rows that `block` made ready into a temporary table of this transaction."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for text in blocks:
            copy.write(text)


def block(rows: Sequence[Sequence[object]]) -> str:
    """Return rows in COPY's text format; what holds nothing that must be escaped is looked at once, as a whole."""
    lines = ["\t".join([value if isinstance(value, str) else _written(value) for value in row]) for row in rows]
    text = "\n".join(lines)
    tabs, nulls = sum(map(len, rows)) - len(rows), sum(row.count(None) for row in rows)
    found = [text.count(char) for char in "\\\r\n\t"]
    if found != [nulls, 0, len(rows) - 1, tabs]:
        text = "\n".join(map(_line, rows))
    return text and text + "\n"


def ahead(items: Iterable[Given], make: Callable[[Given], Made]) -> Iterator[Made]:
    """Yield `make(item)` for each item in order, made in a second thread while the caller works on the one before.

    So one processor prepares rows while the database takes in the last ones. `items` is drawn in the caller's thread (it may
    read from the database); `make` must not touch the database.
    """
    with ThreadPoolExecutor(1) as second:
        waiting = None
        for item in items:
            made = second.submit(make, item)
            if waiting is not None:
                yield waiting.result()
            waiting = made
        if waiting is not None:
            yield waiting.result()


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
    """Return one line of COPY's text format with everything escaped that must be."""
    return "\t".join([_escaped(value) if isinstance(value, str) else _written(value) for value in row])


def _escaped(cell: str) -> str:
    return cell.translate(_ESCAPES) if _SPECIAL.search(cell) else cell


def _written(value: object) -> str:
    if value is None:
        return "\\N"
    return ("f", "t")[value] if isinstance(value, bool) else str(value)
