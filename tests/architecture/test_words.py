"""Every public class and field of a chapter stands in docs/words.md with its Japanese term."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| ([A-Za-z0-9_.]+) \| ([^|]+) \| ([^|]+) \|$", re.M)


def _names(path: Path) -> Iterator[str]:
    """Yield the public classes of a file and their annotated fields as `Class` and `Class.field`."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
            for part in node.body:
                field = isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
                if field and "ClassVar" not in ast.unparse(part.annotation) and not part.target.id.startswith("_"):
                    yield f"{node.name}.{part.target.id}"


def _sections() -> dict[str, list[tuple[str, str]]]:
    """Return chapter -> rows of (name, Japanese) of its table."""
    parts = re.split(r"^## (\S+)$", (ROOT / "docs/words.md").read_text("utf-8"), flags=re.M)
    return {
        chapter: [(name, japanese) for name, japanese, _ in ROW.findall(text) if name != "Name"]
        for chapter, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _words(chapter: str) -> dict[str, str]:
    return dict(_sections()[chapter])


@pytest.mark.parametrize("chapter", ["kernel"])
def test_every_name_has_its_japanese_term(chapter):
    known = _words(chapter)
    files = (ROOT / "src/honrai" / chapter).glob("*.py")
    missing = sorted({name for path in files for name in _names(path)} - known.keys())
    assert not missing, f"docs/words.md lacks: {', '.join(missing)}"


def test_no_name_stands_twice_in_a_chapter_and_no_term_is_only_english():
    for chapter, rows in _sections().items():
        names = [name for name, _ in rows]
        assert not sorted({name for name in names if names.count(name) > 1}), chapter
        assert not [name for name, japanese in rows if japanese.isascii() and name != "Account.pin"], chapter


@pytest.mark.parametrize(
    "chapter",
    [
        "platform/cities",
        "platform/events",
        "platform/files",
        "platform/privacy",
        "platform/signin",
        "procedures",
        "intake",
        "intake/reception",
        "intake/life_events",
        "cases",
        "platform/accounts",
        "platform/authority",
        "platform/organisations",
        "approvals",
        "exchange",
        "claims",
        "registers",
        "payments",
        "parties",
        "insight",
        "contact",
        "desk",
        "documents",
        "rest",
    ],
)
def test_every_table_and_column_stands_with_the_term_people_see(chapter):
    from django.apps import apps

    known = _words(chapter)
    shown = {
        name: str(term)
        for model in apps.get_app_config(chapter.rpartition("/")[2]).get_models()
        for name, term in [
            (model.__name__, model._meta.verbose_name),
            *((f"{model.__name__}.{f.name}", f.verbose_name) for f in model._meta.local_fields),
        ]
        if not name.endswith((".id", ".city", ".password", ".last_login"))
    }
    wrong = {name: term for name, term in shown.items() if known.get(name) != term}
    assert not wrong, f"docs/words.md lacks or differs: {wrong}"
