"""Every event the code records has its Japanese words near the chapter, and no words are left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from honrai.platform.events.words import event_words

SOURCE = Path(__file__).resolve().parents[2] / "src" / "honrai"
NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def _trees() -> Iterator[ast.Module]:
    for path in SOURCE.rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts and path.name != "testing.py":
            yield ast.parse(path.read_text("utf-8"))


def _events_and_subjects() -> tuple[set[str], set[str]]:
    """Return the names given to `record` and to typed events, and the kinds of subjects."""
    names: set[str] = set()
    kinds: set[str] = set()
    for node in (node for tree in _trees() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record"):
            given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            names |= {one for one in given if NAME.fullmatch(one)}
        if isinstance(node, ast.keyword) and node.arg == "subject" and isinstance(node.value, ast.Tuple):
            first = node.value.elts[0]
            kinds |= {first.value} if isinstance(first, ast.Constant) else set()
        if isinstance(node, ast.AnnAssign) and "ClassVar" in ast.unparse(node.annotation):
            named = isinstance(node.target, ast.Name) and node.target.id == "name"
            names |= {node.value.value} if named and isinstance(node.value, ast.Constant) else set()
    return names, kinds


def _words(part: str) -> dict[str, str]:
    said = [yaml.safe_load(path.read_text("utf-8")) for path in SOURCE.rglob("event_words.yaml")]
    found = [pair for one in said for pair in one.get(part, {}).items()]
    assert len(dict(found)) == len(found), f"words twice: {sorted(name for name, _ in found)}"
    return dict(found)


def test_every_event_reads_in_japanese():
    names, kinds = _events_and_subjects()
    events, subjects = _words("events"), _words("subjects")
    missing = sorted(names - events.keys()) + sorted(kinds - subjects.keys())
    assert not missing, f"add to the chapter's event_words.yaml: {missing}"
    assert not [word for word in {**events, **subjects}.values() if word.isascii()]
    assert set(event_words()) == events.keys(), "event_words.yaml belongs beside the apps.py of a chapter"
    left = sorted(events.keys() - names) + sorted(subjects.keys() - kinds)
    assert not left, f"no code records these any more; remove them from event_words.yaml: {left}"
