import pytest
from tests.shared_data import shared

from honrai.engines.flow.conformance import betsy, miwg

pytestmark = pytest.mark.shared


def test_betsy_runs_no_trace_wrong_and_most_models_exactly():
    verdicts = betsy.run(shared("data/bpmn-betsy"))
    models = {one.name for one in verdicts}
    assert len(models) == 62
    assert [one for one in verdicts if one.result == "wrong"] == []
    refused = {one.name for one in verdicts if one.result == "refused"}
    assert all("line" in one.detail for one in verdicts if one.result == "refused")
    assert len(models) - len(refused) >= 41


def test_betsy_reports_what_is_refused_and_the_totals():
    text = betsy.report(betsy.run(shared("data/bpmn-betsy")))
    assert "adHocSubProcess 'SubProcess': is not run" in text
    assert text.splitlines()[-1].startswith("# models: right 41, wrong 0, refused 21")


def test_miwg_comes_back_the_same_and_renaming_changes_one_node():
    verdicts = miwg.run(shared("data/bpmn-miwg"))
    assert len(verdicts) == 11
    assert [one for one in verdicts if one.result != "right"] == []
