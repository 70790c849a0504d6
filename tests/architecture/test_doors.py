"""Other chapters come in by their door: `api`, for pages also `forms`; tests may use `testing`. Nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2] / "src" / "honrai"
CHAPTERS = {
    "exchange",
    "registers",
    "approvals",
    "procedures",
    "parties",
    "documents",
    "intake",
    "cases",
    "claims",
    "contact",
    "payments",
    "insight",
    "desk",
    "rest",
}
DOORS = {"api", "forms"}


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("honrai."):
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names if name.name.startswith("honrai."))


def test_other_chapters_are_entered_by_their_door():
    wrong = []
    for path in sorted(HOUSE.rglob("*.py")):
        inside = path.relative_to(HOUSE).parts
        if inside[0] not in CHAPTERS or "tests" in inside or path.stem == "testing":
            continue
        for line, name in _imports(path):
            chapter, door = [*name.split(".")[1:3], ""][:2]
            if chapter in CHAPTERS and chapter != inside[0] and door not in DOORS:
                wrong.append(f"{path.relative_to(HOUSE)}:{line} {name}")
    assert not wrong, "\n".join(wrong)
