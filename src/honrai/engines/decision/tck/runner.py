"""Runs folders of the kit and reports: a line per test in the kit's own CSV, a summary by folder."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path

from honrai.engines.decision import model as m
from honrai.engines.decision.case import evaluate
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.program import Program
from honrai.engines.decision.read import read
from honrai.engines.decision.tck.cases import Expected, TestCase, read_tests
from honrai.engines.feel.comparing import equal
from honrai.engines.feel.external import JAVA_LANG

SUCCESS, ERROR, IGNORED = "SUCCESS", "ERROR", "IGNORED"
TOLERANCE = Decimal("1e-8")
"""Numbers of the kit are given to about eight places."""


@dataclass(frozen=True, slots=True)
class Line:
    """One test: its folder, file and id, what became of it and why."""

    folder: str
    file: str
    test: str
    result: str
    detail: str = ""


def run_kit(root: Path, now: dt.datetime) -> Iterator[Line]:
    """Run every test file below `root`, in order of path.

    Args:
        root: the kit, a level of it, or one test folder.
        now: the moment given to `now()` and `today()`.
    """
    for path in sorted(root.rglob("*.xml")):
        if b"testCases" in path.read_bytes()[:4000]:
            yield from _run_file(root, path, now)


def _run_file(root: Path, path: Path, now: dt.datetime) -> Iterator[Line]:
    folder = path.parent.relative_to(root.parent if root == path.parent else root).as_posix()
    tests = read_tests(path.read_bytes(), path.name)
    try:
        program = load(path.parent, tests.model)
    except DecisionError as error:
        yield from (Line(folder, path.stem, each.id, ERROR, str(error)) for each in tests.cases)
        return
    for case in tests.cases:
        wrong = _run_case(program, case, now)
        yield Line(folder, path.stem, case.id, ERROR if wrong else SUCCESS, wrong)


def load(folder: Path, name: str) -> Program:
    """Prepare the model `name` of a test folder, together with the models it imports from the same folder.

    Raises:
        DecisionError: a file is missing or cannot be read.
    """
    path = folder / name
    if not path.is_file():
        raise DecisionError("モデルのファイルがありません。", "modelName を確かめてください。", file=name)
    main = read(path.read_bytes(), name)
    others: list[m.Model] = []
    if main.imports:
        others = [found for each in sorted(folder.glob("*.dmn")) if each != path for found in _readable(each)]
    return prepare(main, others)


def _readable(path: Path) -> Iterator[m.Model]:
    """Yield the model of a file; nothing where it cannot be read: a folder may hold models of other tests."""
    try:
        yield read(path.read_bytes(), path.name)
    except DecisionError:
        return


def _run_case(program: Program, case: TestCase, now: dt.datetime) -> str:
    """Return what is wrong, nothing where the test holds."""
    wrong = [_compare(program, case, each, now) for each in case.expected]
    return "; ".join(each for each in wrong if each)


def _compare(program: Program, case: TestCase, expected: Expected, now: dt.datetime) -> str:
    try:
        outcome = evaluate(program, case.invocable or expected.name, case.inputs, now=now, externals=JAVA_LANG)
    except DecisionError as error:
        return f"{expected.name}: {error}"
    value = outcome.value
    if case.invocable and isinstance(value, dict) and expected.name in value and len(case.expected) > 1:
        value = value[expected.name]
    if same(value, expected.value):
        return ""
    notes = " / ".join(map(str, outcome.notices[:3]))
    return f"{expected.name}: expected {expected.value!s}, found {value!s} {notes}".strip()


def same(found: object, expected: object) -> bool:
    """Tell whether a result is the expected one; numbers may differ by the kit's rounding."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= TOLERANCE
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[name], each) for name, each in expected.items())
    return equal(found, expected) is True


def to_csv(lines: Iterable[Line]) -> str:
    """Return the kit's CSV: folder, file, test, result, detail, all quoted, without a header."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for each in lines:
        writer.writerow((each.folder, each.file, each.test, each.result, each.detail))
    return out.getvalue()


def summary(lines: Iterable[Line]) -> str:
    """Return counts by folder, then by level: folders without a failure, tests passed."""
    folders: dict[str, Counter[str]] = {}
    for each in lines:
        folders.setdefault(each.folder, Counter())[each.result] += 1
    rows = [f"{'folder':60} success failure skipped"]
    for folder, counts in sorted(folders.items()):
        rows.append(f"{folder:60} {counts[SUCCESS]:7} {counts[ERROR]:7} {counts[IGNORED]:7}")
    levels: dict[str, list[Counter[str]]] = {}
    for folder, counts in folders.items():
        levels.setdefault(folder.rpartition("/")[0] or ".", []).append(counts)
    for level, found in sorted(levels.items()):
        clean = sum(1 for counts in found if not counts[ERROR] and not counts[IGNORED])
        passed, total = sum(counts[SUCCESS] for counts in found), sum(counts.total() for counts in found)
        rows.append(f"{level}: {clean} of {len(found)} folders without a failure, {passed} of {total} tests passed")
    return "\n".join(rows)
