"""The runner of the kit: what it reads, compares and writes."""

from decimal import Decimal
from pathlib import Path

import pytest

from honrai.engines.decision.__main__ import main
from honrai.engines.decision.tck.cases import read_tests
from honrai.engines.decision.tck.runner import ERROR, IGNORED, SUCCESS, Line, same, summary, to_csv


def test_the_csv_is_the_kits_own() -> None:
    lines = [Line("level/0001-x", "0001-x-test-01", "001", SUCCESS), Line("level/0001-x", "f", "2", ERROR, 'a "b"')]
    assert to_csv(lines).splitlines() == [
        '"level/0001-x","0001-x-test-01","001","SUCCESS",""',
        '"level/0001-x","f","2","ERROR","a ""b"""',
    ]
    counted = summary([*lines, Line("level/0002-y", "f", "1", IGNORED)])
    assert "level: 0 of 2 folders without a failure, 1 of 3 tests passed" in counted


def test_values_of_the_kit_are_read_by_type() -> None:
    head = '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
    body = """<modelName>m.dmn</modelName><testCase id="1"><inputNode name="x"><list>
      <item><value i:type="xsd:decimal">1.50</value></item><item><value i:nil="true"/></item>
      <item><component name="a"><value i:type="xsd:string"> b </value></component></item>
      <item><value i:type="xsd:boolean">true</value></item></list></inputNode>
      <resultNode name="y"><expected><value i:type="xsd:duration">P1Y</value></expected></resultNode></testCase></testCases>"""
    case = read_tests((head + body).encode(), "t.xml").cases[0]
    assert case.inputs == {"x": [Decimal("1.50"), None, {"a": " b "}, True]}
    assert str(case.expected[0].value) == "P1Y"


def test_numbers_are_compared_to_eight_places_and_structures_deeply() -> None:
    assert same(Decimal("0.123456789"), Decimal("0.12345679"))
    assert not same(Decimal("0.1234567"), Decimal("0.1234569"))
    assert same([{"a": Decimal(1)}], [{"a": Decimal("1.0")}])
    assert not same([{"a": Decimal(1)}], [{"a": Decimal(1), "b": None}])
    assert not same(None, Decimal(0))


def test_the_command_writes_the_csv_and_tells_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "level" / "0001-missing"
    folder.mkdir(parents=True)
    head = '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"><modelName>no.dmn</modelName>'
    (folder / "t.xml").write_text(head + '<testCase id="1"><resultNode name="y"/></testCase></testCases>', "utf-8")
    target = tmp_path / "out.csv"
    assert main(["tck", str(tmp_path), "--csv", str(target)]) == 1
    assert target.read_text("utf-8").startswith('"level/0001-missing","t","1","ERROR"')
    assert "0 of 1 folders" in capsys.readouterr().out
    assert main(["tck", str(tmp_path / "nowhere")]) == 2
