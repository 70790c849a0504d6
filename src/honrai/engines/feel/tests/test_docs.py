"""What the documents show is what happens."""

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[5]


@pytest.mark.parametrize("page", ["src/honrai/engines/feel/README.md", "docs/explanation/feel.md"])
def test_the_examples_of_a_page_hold(page: str) -> None:
    result = doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8")

    assert result.attempted > 2
    assert result.failed == 0
