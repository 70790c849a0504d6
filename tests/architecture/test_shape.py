"""The shape of the code: files and functions one can hold in the head, names that stand in the list of words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2] / "src" / "honrai"
LONGEST_FILE = 400
LONGEST_FUNCTION = 30


def _files() -> list[Path]:
    return [path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts]


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_file_is_longer_than_one_can_read():
    long = {
        str(p.relative_to(HOUSE)): n for p in _files() if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{path.relative_to(HOUSE)}:{function.lineno} {function.name} {_body_lines(function)}"
        for path in _files()
        if "tests" not in path.parts
        for function in _functions(ast.parse(path.read_text("utf-8")))
        if _body_lines(function) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("folder", ["kernel", "engines"])
def test_pure_floors_have_no_clock_and_no_eval(folder):
    forbidden = {"eval", "exec", "__import__"}
    found = [
        f"{path.relative_to(HOUSE)}:{node.lineno} {node.func.id}"
        for path in sorted((HOUSE / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in forbidden
    ]
    assert not found
