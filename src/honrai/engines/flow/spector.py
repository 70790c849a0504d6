"""Runs the BPMNspector models: is each judged valid or invalid as its authors expect, and for the reason they name?"""

import json
from dataclasses import dataclass
from pathlib import Path

from .legality import check, valid


@dataclass(frozen=True, slots=True)
class Judgement:
    """One model: what its authors expect, what we found, and whether the expected constraint was named."""

    file: str
    constraint: str
    expected: str
    found: str
    named: bool

    @property
    def result(self) -> str:
        """Return "right" or "wrong"."""
        return "right" if self.expected == self.found else "wrong"


def run(path: Path) -> list[Judgement]:
    """Judge every model of the kit once, in the order of its `expected.json`.

    Args:
        path: the folder that holds `expected.json` and `models/`. Imports are looked for beside each model.
    """
    cases = {case["file"]: case for case in json.loads((path / "expected.json").read_text(encoding="utf-8"))}
    return [_judge(path / file, file, case["constraint"], case["expect"]) for file, case in cases.items()]


def _judge(path: Path, file: str, constraint: str, expected: str) -> Judgement:
    def beside(location: str) -> bytes | None:
        found = (path.parent / location).resolve()
        inside = found.is_relative_to(path.parent.resolve()) and found.is_file()
        return found.read_bytes() if inside else None

    violations = check(path.read_bytes(), name=path.name, resolve=beside)
    named = any(violation.constraint == constraint for violation in violations)
    return Judgement(file, constraint, expected, "valid" if valid(violations) else "invalid", named)


def report(judgements: list[Judgement]) -> str:
    """Return the judgements as CSV (file, constraint, expected, found, result) with the totals in the last line."""
    lines = ["file,constraint,expected,found,result"]
    lines += [f"{j.file},{j.constraint},{j.expected},{j.found},{j.result}" for j in judgements]
    right = sum(j.result == "right" for j in judgements)
    valid_ones = [j for j in judgements if j.expected == "valid"]
    invalid_ones = [j for j in judgements if j.expected == "invalid"]
    accepted = sum(j.result == "right" for j in valid_ones)
    refused = sum(j.result == "right" for j in invalid_ones)
    lines.append(
        f"# right {right}, wrong {len(judgements) - right}, refused 0;"
        f" valid accepted {accepted}/{len(valid_ones)}, invalid refused {refused}/{len(invalid_ones)}"
    )
    return "\n".join(lines) + "\n"
