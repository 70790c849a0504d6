"""The registers and number series that come with the system, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from honrai.kernel.check_digits import mod10_weights_2_1


@dataclass(frozen=True, slots=True)
class Register:
    """One register.

    Attributes:
        code: short name.
        title: Japanese name.
        source: source of the layouts that fill it.
        name: field that names a line.
        kana: field with the reading; empty: none.
        place: field with the address; empty: none.
        columns: further fields a list shows.
    """

    code: str
    title: str
    source: str
    name: str
    kana: str = ""
    place: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How a register answers one fact of a pack: where to look, by which fields of the form, and what is told."""

    fact: str
    register: str
    tells: str
    code: tuple[str, ...] = ()
    place: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers: digits of the whole, the first body, and the extract whose numbers are passed over."""

    code: str
    title: str
    digits: int
    first: int
    taken: str

    def number(self, body: int) -> str:
        """Return the number of a body: body and check digit.

        Raises:
            ValueError: the series is used up.

        Source: 昭和51年8月7日 保発第45号・庁保発第34号 (保険者番号等の設定), the arithmetic in `kernel.check_digits`.
        """
        text = str(body).zfill(self.digits - 1)
        if len(text) >= self.digits:
            raise ValueError(f"{self.title}を使い切りました。市の番号の決まりを見直してください。")
        return f"{text}{mod10_weights_2_1(text)}"


def _data(name: str) -> dict[str, dict[str, Any]]:
    text = (files("honrai.registers") / "data" / name).read_text(encoding="utf-8")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return loaded


@cache
def registers() -> Mapping[str, Register]:
    """Return every register by its code."""
    return {
        code: Register(code=code, **{**raw, "columns": tuple(raw["columns"])})
        for code, raw in _data("registers.yaml").items()
    }


@cache
def answers() -> Mapping[str, Answer]:
    """Return what registers answer, by the id of the fact."""
    return {
        fact: Answer(
            fact, raw["register"], raw["is"], tuple(raw.get("code", ())), raw.get("place", ""), raw.get("name", "")
        )
        for fact, raw in _data("facts.yaml").items()
    }


@cache
def series() -> Mapping[str, Series]:
    """Return every series of numbers by its code."""
    return {code: Series(code=code, **raw) for code, raw in _data("series.yaml").items()}


def register_of(source: str) -> Register:
    """Return the register an extract fills.

    Raises:
        LookupError: none.
    """
    for found in registers().values():
        if found.source == source:
            return found
    raise LookupError(f"台帳のないデータです: {source}")
