"""Which extract answers which fact of a pack (`data/facts.yaml`), and how a value reads as the fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml


@dataclass(frozen=True)
class Answer:
    """How one fact is answered.

    Attributes:
        fact: its id in packs.
        about: match, resident, household, ledger (lines of the person), family (lines of the whole household) or others (those
            of the adults who live with the person).
        field: which field of it.
        sources: procedure -> extract; the procedure "" stands for all.
        fold: how the lines of a household become one value: sum; all or any are "true"; richest: that of the line with the
            highest `total`.
        table: value -> fact, "*" for any other, "none" for no line of a ledger; None: the value itself.
    """

    fact: str
    about: Literal["match", "resident", "household", "ledger", "family", "others"]
    field: str
    sources: Mapping[str, str]
    table: Mapping[Any, Any] | None = None
    fold: Literal["", "sum", "all", "any", "richest"] = ""

    def source(self, procedure: str) -> str | None:
        """Return the extract that answers for a procedure; None where none does."""
        return self.sources.get(procedure, self.sources.get(""))

    def read(self, value: Any) -> Any:
        """Return the fact for the value of a field; None where it tells nothing."""
        if self.table is None:
            return None if value == "" else value
        return self.table.get(str(value), self.table.get("*"))

    def read_lines(self, values: Sequence[str]) -> Any:
        """Return the fact for the lines of a ledger in force: the first of the table found, else what no line means."""
        if self.field == "active":
            return bool(values) if self.table is None else self.table[bool(values)]
        if self.table is None:
            return values[0] if len(set(values)) == 1 and values[0] else None
        found = next((fact for value, fact in self.table.items() if value in values), None)
        return found if found is not None else self.table.get("none")


def folded(answer: Answer, lines: Sequence[Mapping[str, str]], people: int) -> Any:
    """Return the one value of a household's ledger lines; None where a person has no line and that matters.

    Args:
        answer: how the fact is answered.
        lines: one per person who has one.
        people: how many there are.
    """
    if answer.field == "exists":
        return people > 0
    if answer.fold == "any":
        return any(line.get(answer.field) == "true" for line in lines)
    if len(lines) < people or not lines:
        return None
    if answer.fold == "all":
        return all(line.get(answer.field) == "true" for line in lines)
    if answer.fold == "richest":
        return max(lines, key=lambda line: int(line.get("total") or 0)).get(answer.field) or None
    return sum(int(line.get(answer.field) or 0) for line in lines)


@cache
def answers() -> Mapping[str, Answer]:
    """Return every fact the extracts can answer, by its id."""
    text = (files("honrai.parties") / "data" / "facts.yaml").read_text(encoding="utf-8")
    return {fact: _answer(fact, raw) for fact, raw in yaml.safe_load(text).items()}


def _answer(fact: str, raw: Mapping[str, Any]) -> Answer:
    source = raw["source"]
    return Answer(
        fact,
        raw["about"],
        raw["is"],
        {"": source} if isinstance(source, str) else dict(source),
        raw.get("table"),
        raw.get("fold", ""),
    )
