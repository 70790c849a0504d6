"""The made-up city's people as files: Parquet, and CSV as an older core system would hand it over.

The CSV is Windows-31J (CP932) with the city's own characters in the user-defined area. What that set lacks is written
in its stated 縮退, and the losses come back to the caller; the Parquet file holds every name whole.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from honrai.kernel.degrade import CP932_GAIJI, Note, degrade
from honrai.site.demo.city import GAIJI
from honrai.site.demo.residents import DemoPeople

_NAMES = ("name", "kana", "romaji", "alias")


def write_parquet(people: DemoPeople, folder: Path) -> None:
    """Write `residents.parquet` and `households.parquet`; names keep variation selectors and city characters."""
    people.residents.write_parquet(folder / "residents.parquet")
    people.households.write_parquet(folder / "households.parquet")


def write_cp932(people: DemoPeople, folder: Path) -> list[tuple[str, Note]]:
    """Write `residents.csv` and `households.csv` in CP932 with CRLF.

    Returns:
        Each loss: the name it happened in, as registered, and the note.
    """
    losses: list[tuple[str, Note]] = []
    residents = people.residents
    for column in _NAMES:
        written: dict[str, str] = {}
        for name in residents[column].unique(maintain_order=True):
            result = degrade(name, CP932_GAIJI, GAIJI)
            losses += [(name, note) for note in result.notes]
            if result.text != name:
                written[name] = result.text
        residents = residents.with_columns(pl.col(column).replace(written))
    _write(residents, folder / "residents.csv")
    _write(people.households, folder / "households.csv")
    return losses


def _write(frame: pl.DataFrame, path: Path) -> None:
    rows: Iterable[tuple[object, ...]] = frame.iter_rows()
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(frame.columns)
        writer.writerows(rows)
