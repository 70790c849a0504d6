"""The four public suites, run through the engines' own command lines and counted from what they print."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from tests.shared_data import shared

from honrai.engines.decision import __main__ as decision
from honrai.engines.flow import __main__ as flow
from honrai.engines.flow import spector

pytestmark = pytest.mark.shared

# They import a file that is not in the suite, as one valid model does: nobody can tell them apart.
UNDECIDABLE = {"models/001/Fail.bpmn", "models/001/Fail2.bpmn"}


def suite(name: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, str]], str]:
    """Run a suite of the flow engine: its exit status, its lines, and its totals."""
    status = flow.main([name, str(shared(f"data/bpmn-{name}"))])
    *lines, totals = capsys.readouterr().out.splitlines()
    return status, list(csv.DictReader(lines)), totals


def test_dmn_tck_by_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "tck.csv"
    status = decision.main(["tck", str(shared("data/dmn-tck")), "--csv", str(target)])
    results: dict[str, set[str]] = defaultdict(set)
    with target.open(encoding="utf-8", newline="") as lines:
        for folder, _, _, result, _ in csv.reader(lines):
            results[folder].add(result)
    levels: dict[str, list[bool]] = defaultdict(list)
    for folder, found in results.items():
        levels[folder.split("/")[0]].append(found == {"SUCCESS"})
    count = {level: (sum(clean), len(clean)) for level, clean in levels.items()}
    assert count == {"compliance-level-2": (9, 9), "compliance-level-3": (66, 66), "non-compliant": (3, 3)}
    assert status == 0
    assert "compliance-level-3: 66 of 66 folders without a failure" in capsys.readouterr().out


def test_betsy_runs_no_trace_wrong_and_most_models_exactly(capsys: pytest.CaptureFixture[str]):
    status, cases, totals = suite("betsy", capsys)
    models: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        models[case["model"]].add(case["result"])
    assert status == 0
    assert len(models) == 62
    assert [case for case in cases if case["result"] == "wrong"] == []
    right = [name for name, found in models.items() if found == {"right"}]
    assert len(right) >= 0.6 * len(models)
    refused = [case for case in cases if case["result"] == "refused"]
    assert all("line" in case["detail"] for case in refused)
    assert any("adHocSubProcess 'SubProcess': is not run" in case["detail"] for case in refused)
    assert totals.startswith("# models: right 41, wrong 0, refused 21")


def test_spector_accepts_what_is_valid_and_names_what_is_not():
    judged = spector.run(shared("data/bpmn-spector"))
    valid = [one for one in judged if one.expected == "valid"]
    invalid = [one for one in judged if one.expected == "invalid"]
    refused = [one for one in invalid if one.result == "right"]
    assert [one.file for one in valid if one.result == "wrong"] == []
    assert len(refused) >= 0.95 * len(invalid)
    assert all(one.named for one in refused), "each is refused for the constraint that its authors name"
    assert {one.file for one in invalid if one.result == "wrong"} == UNDECIDABLE
    assert spector.report(judged).splitlines()[-1].endswith("valid accepted 81/81, invalid refused 84/86")


def test_miwg_comes_back_the_same_also_rebuilt_and_with_one_task_renamed(capsys: pytest.CaptureFixture[str]):
    status, files, totals = suite("miwg", capsys)
    assert status == 0
    assert {one["result"] for one in files} == {"right"}
    assert len(files) == 11
    assert totals == "# right 11, wrong 0, refused 0"
