"""Every public class and field of a chapter stands in docs/words.md with its Japanese term."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| ([A-Za-z_.]+) \| ([^|]+) \| ([^|]+) \|$", re.M)


def _names(path: Path) -> Iterator[str]:
    """Yield the public classes of a file and their annotated fields as `Class` and `Class.field`."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
            for part in node.body:
                field = isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
                if field and "ClassVar" not in ast.unparse(part.annotation) and not part.target.id.startswith("_"):
                    yield f"{node.name}.{part.target.id}"


def _words() -> dict[str, str]:
    return {name: japanese for name, japanese, _ in ROW.findall((ROOT / "docs/words.md").read_text("utf-8"))}


@pytest.mark.parametrize("chapter", ["kernel"])
def test_every_name_has_its_japanese_term(chapter):
    known = _words()
    files = (ROOT / "src/honrai" / chapter).glob("*.py")
    missing = sorted({name for path in files for name in _names(path)} - known.keys())
    assert not missing, f"docs/words.md lacks: {', '.join(missing)}"


def test_no_name_stands_twice_and_no_term_is_only_english():
    rows = ROW.findall((ROOT / "docs/words.md").read_text("utf-8"))
    names = [name for name, _, _ in rows]
    assert not sorted({name for name in names if names.count(name) > 1})
    assert not [name for name, japanese, _ in rows if japanese.isascii() and name != "Name"]
