"""A short search on every run, and what longer ones found."""

import pytest

from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.explain import explain
from honrai.engines.decision.fuzz import fuzz
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import decision, definitions, literal

SERVICE = '<decisionService id="s" name="s"><outputDecision href="{}"/></decisionService>'


def test_damaged_models_end_in_results_or_plain_errors() -> None:
    report = fuzz(seconds=3, seed=2026)
    assert report.findings == []
    assert report.readable > 0


def test_found_a_service_whose_output_lies_in_no_model() -> None:
    body = decision("g", literal("1")) + SERVICE.format("##g")
    with pytest.raises(DecisionError, match="##g"):
        prepare(read(definitions(body)))


def test_found_an_explanation_asked_of_a_service() -> None:
    program = prepare(read(definitions(decision("g", literal("1")) + SERVICE.format("#g"))))
    with pytest.raises(DecisionError, match="判断ではない"):
        explain(program, "s", {})
