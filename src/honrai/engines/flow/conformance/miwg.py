"""Runs the MIWG interchange models: does a model come back the same, rebuilt from the model and with a task renamed?

Compared are the canonical forms (C14N 2.0) of both files: every element, attribute, namespace, comment and space.
"""

from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import canonicalize

from honrai.engines.flow.names import ACTIVITIES
from honrai.engines.flow.read import read
from honrai.engines.flow.write import renamed, write

_NAME = '改名した手順 <&"'


@dataclass(frozen=True, slots=True)
class Verdict:
    """One model: `result` is right or wrong, `detail` says what differs."""

    file: str
    result: str
    detail: str


def run(path: Path) -> list[Verdict]:
    """Run every `.bpmn` file of a folder."""
    return [_verdict(file) for file in sorted(path.glob("*.bpmn"))]


def report(verdicts: list[Verdict]) -> str:
    """Return the verdicts as CSV with totals last."""
    lines = ["file,result,detail", *(f'{one.file},{one.result},"{one.detail}"' for one in verdicts)]
    right = sum(one.result == "right" for one in verdicts)
    return "\n".join([*lines, f"# right {right}, wrong {len(verdicts) - right}, refused 0"]) + "\n"


def _verdict(file: Path) -> Verdict:
    data = file.read_bytes()
    model = read(data, file.name)
    before = canonicalize(data.decode(_encoding(data)), with_comments=True)
    rebuilt = canonicalize(write(model).decode(), with_comments=True)
    if rebuilt != before:
        return Verdict(file.name, "wrong", "differs after writing")
    for node in model.nodes():
        if node.kind in ACTIVITIES:
            written = canonicalize(write(renamed(model, node.id, _NAME)).decode(), with_comments=True)
            if (problem := _difference(before, written, node.id)) != "":
                return Verdict(file.name, "wrong", problem)
    return Verdict(file.name, "right", "")


def _encoding(data: bytes) -> str:
    """Return the encoding the XML declaration names."""
    head = data[:100].decode("latin-1")
    return head.partition('encoding="')[2].partition('"')[0] or "utf-8"


def _difference(before: str, after: str, node: str) -> str:
    """Return what differs besides the start tag of the renamed node, "" when nothing does."""
    start = next(place for place in range(min(len(before), len(after))) if before[place] != after[place])
    tag = before.rfind("<", 0, start)
    old, new = before[tag : before.index(">", start)], after[tag : after.index(">", start)]
    if f'id="{node}"' not in old and f'id="{node}"' not in new:
        return f"renaming {node} changed another element: {old[:60]}"
    return "" if before.replace(old, new, 1) == after else f"renaming {node} changed more than its start tag"
