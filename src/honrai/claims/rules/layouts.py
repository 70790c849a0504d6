"""Where values stand in the records of a claim file, by 点数表: read once from `data/uke_layouts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Points:
    """One place of a record that counts towards a receipt's total.

    Attributes:
        at: position of the points (or yen), from 1.
        times: position of the count to multiply by; 0 for once.
    """

    at: int
    times: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of one 点数表.

    Attributes:
        table: its digit, e.g. "1".
        name: 医科, 歯科, 調剤 or 訪問看護.
        unit_yen: yen to one unit of the total: 10 for points, 1 where totals are yen.
        sure: the sum of lines is known to equal the total; otherwise a difference only warns.
        heads: positions in the records that open a file, by record.
        records: positions in RE, HO and KO, by record.
        points: what adds up to the total, by record.
    """

    table: str
    name: str
    unit_yen: int
    sure: bool
    heads: Mapping[str, Mapping[str, int]]
    records: Mapping[str, Mapping[str, int]]
    points: Mapping[str, tuple[Points, ...]]


@cache
def layouts() -> Mapping[str, Layout]:
    """Return the layouts by the digit of their 点数表.

    Source:
        オンライン又は光ディスク等による請求に係る記録条件仕様 (医科用・歯科用・調剤用・訪問看護用).
    """
    text = resources.files("honrai.claims.rules").joinpath("data", "uke_layouts.yaml").read_text(encoding="utf-8")
    return {table: _layout(table, row) for table, row in yaml.safe_load(text)["tables"].items()}


@cache
def head_records() -> frozenset[str]:
    """Return the names of all records that name an institution."""
    return frozenset(name for layout in layouts().values() for name in layout.heads)


def _layout(table: str, row: Mapping[str, Any]) -> Layout:
    points = {
        record: tuple(place for group in groups for place in _places(group)) for record, groups in row["points"].items()
    }
    return Layout(table, row["name"], row["unit_yen"], row["totals"] == "error", row["heads"], row["records"], points)


def _places(group: Mapping[str, int]) -> list[Points]:
    """Return every place of a repeated group."""
    every = group.get("every", 0)
    return [
        Points(group["at"] + every * slot, group["times"] + every * slot if "times" in group else 0)
        for slot in range(group.get("slots", 1))
    ]
