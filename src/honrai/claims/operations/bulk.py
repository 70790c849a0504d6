"""Frames into tables and out of them: COPY both ways, under row-level security."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection

from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import make_temporary, run


def put(table: str, frame: pl.DataFrame, kinds: Mapping[str, str]) -> None:
    """Insert the rows of a frame, COPYed first into a temporary table.

    Args:
        table: the table.
        frame: columns named as in the table; the city is added.
        kinds: SQL type by column.
    """
    if frame.is_empty():
        return
    names = ", ".join(f'"{name}"' for name in kinds)
    make_temporary("claims_put", list(kinds.items()))
    content = frame.select(list(kinds)).write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY claims_put ({names}) FROM STDIN (FORMAT csv, NULL '\\N')") as copy:
            copy.write(content)
        cursor.execute(f'INSERT INTO "{table}" (city_id, {names}) SELECT %s, {names} FROM claims_put', [current_city()])  # noqa: S608
    run("DROP TABLE claims_put")


def take(query: str, schema: Mapping[str, Any], given: Sequence[int | str] = ()) -> pl.DataFrame:
    """Return what a query gives as a frame; text that is NULL comes as empty.

    Args:
        query: SQL with %s for numbers and names of our own.
        schema: polars types by column, in the order of the query.
        given: their values.
    """
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query, list(given)) if given else query
        out = io.BytesIO()
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, NULL '\\N')") as copy:
            for block in copy:
                out.write(block)
    if not out.tell():
        return pl.DataFrame(schema=dict(schema))
    out.seek(0)
    found = pl.read_csv(out, has_header=False, schema=_flags_as_text(schema), null_values="\\N")
    return found.with_columns(
        pl.col(name).fill_null("") if kind == pl.String else pl.col(name) == "t"
        for name, kind in schema.items()
        if kind in (pl.String, pl.Boolean)
    )


def _flags_as_text(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pl.String if kind == pl.Boolean else kind for name, kind in schema.items()}
