"""The literal expressions of the DMN conformance kit, folder by folder."""

import pytest
from tests.shared_data import shared

from honrai.engines.feel.tests.kit import agrees, cases

# These need decisions with declared types, which engines.decision tests.
NEED_DMN = {"0082-feel-coercion", "0015-all-any"}


@pytest.mark.shared
@pytest.mark.parametrize("level", ["compliance-level-2", "compliance-level-3", "non-compliant"])
def test_literal_expressions_of_the_kit(level: str) -> None:
    wrong = []
    count = 0
    for folder in sorted(shared(f"data/dmn-tck/{level}").iterdir()):
        if folder.name in NEED_DMN:
            continue
        for name, value, expected in cases(folder):
            count += 1
            if not agrees(value, expected):
                wrong.append(f"{folder.name}/{name}: {value!r} instead of {expected!r}")

    assert wrong == []
    assert count >= {"compliance-level-2": 20, "compliance-level-3": 2000, "non-compliant": 30}[level]
