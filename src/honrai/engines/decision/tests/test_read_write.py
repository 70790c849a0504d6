"""Reading keeps every word of the model, writing keeps every word of the file."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from tests.shared_data import shared

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import NS, decision, definitions, input_data, literal, table
from honrai.engines.decision.write import write

TABLE = table(["age:number"], ["grade:string"], [">= 20 => '大人' // 第3条", "< 20 => '子' // 第4条"])
SMALL = definitions(
    input_data("age")
    + decision("grade", TABLE, "age")
    + '<extensionElements><x:note xmlns:x="urn:x">keep</x:note></extensionElements>'
)


def models() -> list[Path]:
    return sorted(shared("data/dmn-tck").rglob("*.dmn"))


def _lines(data: bytes) -> list[bytes]:
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    for each in root.iter():
        each.tail = None
        each.text = (each.text or "").strip() or None
    return etree.tostring(root, method="c14n").replace(b"><", b">\n<").splitlines()


@pytest.mark.shared
def test_reading_and_writing_the_kit_changes_nothing() -> None:
    for path in models():
        data = path.read_bytes()
        model = read(data, path.name)
        assert write(model) == data, path.name
        rebuilt = replace(model, source=None)
        assert read(write(rebuilt)) == rebuilt, path.name


@pytest.mark.shared
def test_renaming_one_decision_changes_only_that_line() -> None:
    for path in models():
        data = path.read_bytes()
        model = read(data, path.name)
        if not model.decisions:
            continue
        renamed = replace(model.decisions[0], name=model.decisions[0].name + " X")
        written = write(replace(model, decisions=(renamed, *model.decisions[1:])))
        changed = [pair for pair in zip(_lines(data), _lines(written), strict=True) if pair[0] != pair[1]]
        assert len(changed) == 1, path.name
        assert b" X" in changed[0][1]


def test_a_table_is_read_whole() -> None:
    logic = read(SMALL).decision("grade").logic
    assert isinstance(logic, m.DecisionTable)
    assert logic.annotations == ("理由",)
    assert [rule.annotations for rule in logic.rules] == [("第3条",), ("第4条",)]
    assert [rule.inputs[0].text for rule in logic.rules] == [">= 20", "< 20"]


def test_a_changed_cell_keeps_ids_extensions_and_foreign_attributes() -> None:
    data = SMALL.replace(b"<rule>", b'<rule xmlns:v="urn:v" v:colour="red">', 1)
    model = read(data)
    grade = model.decision("grade")
    logic = grade.logic
    assert isinstance(logic, m.DecisionTable)
    first = replace(logic.rules[0], inputs=(replace(logic.rules[0].inputs[0], text=">= 18"),))
    logic = replace(logic, rules=(first, *logic.rules[1:]))
    written = write(replace(model, decisions=(replace(grade, logic=logic),)))
    assert b"&gt;= 18" in written
    assert b'v:colour="red"' in written
    assert b"<x:note" in written
    assert read(written).decision("grade").logic == logic


def test_elements_can_be_added_and_removed() -> None:
    model = read(SMALL)
    more = m.Decision(id="more", name="more", logic=m.LiteralExpression(text="1"))
    grown = replace(model, decisions=(*model.decisions, more))
    assert read(write(grown)) == grown
    shrunk = replace(model, decisions=())
    assert read(write(shrunk)) == shrunk


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_each_version_is_read_and_written_in_its_namespace(version: m.Version) -> None:
    data = definitions(decision("a", literal("1")), ns=m.NS_OF[version])
    model = read(data)
    assert model.version == version
    assert m.NS_OF[version].encode() in write(replace(model, source=None))
    other: m.Version = "1.4" if version != "1.4" else "1.5"
    with pytest.raises(DecisionError, match="書くことはできません"):
        write(replace(model, version=other))


WRONG = {
    "duplicate id": (input_data("a") + input_data("b").replace("i_b", "i_a"), "重複"),
    "duplicate name": (decision("a", literal("1")) + decision("a", literal("1")).replace('id="a"', 'id="b"'), "二つ"),
    "dangling": (decision("a", literal("1"), needs="nobody"), "nobody"),
    "circle": (decision("a", literal("b"), needs="b") + decision("b", literal("a"), needs="a"), "a → b → a|b → a → b"),
    "own circle": (decision("a", literal("a"), needs="a"), "循環"),
    "unknown element": ("<decisionn/>", "decisionn"),
    "unknown hit policy": (decision("a", table(["1"], ["x"], [], "SOMETIMES")), "SOMETIMES"),
    "aggregation without collect": (decision("a", table(["1"], ["x"], [], "FIRST", aggregation="SUM")), "COLLECT"),
    "short row": (decision("a", table(["1", "2"], ["x"], ["- => 1"])), "数"),
    "no output": (decision("a", "<decisionTable/>"), "結果の列"),
    "two expressions": (decision("a", literal("1") + literal("2")), "二つ以上"),
    "no name": ('<decision id="x"/>', "名前"),
    "if without then": (decision("a", f"<conditional><if>{literal('true')}</if></conditional>"), "then"),
    "mixed versions": (f'<decision xmlns="{m.NS_OF["1.3"]}" id="z" name="z"/>', "版"),
    "function kind": (decision("a", '<functionDefinition kind="Lisp"/>'), "Lisp"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_contradicting_model_is_refused_with_file_line_element_and_remedy(case: str) -> None:
    body, words = WRONG[case]
    with pytest.raises(DecisionError, match=words) as caught:
        read(definitions("\n" + body), "悪い.dmn")
    assert caught.value.file == "悪い.dmn"
    assert caught.value.line >= 3
    assert caught.value.element
    assert caught.value.remedy.endswith("。")


def test_other_versions_are_named() -> None:
    old = b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/" namespace="x" name="x"/>'
    with pytest.raises(DecisionError, match="20180521"):
        read(old)
    with pytest.raises(DecisionError, match="DMN"):
        read(f'<decision xmlns="{NS}"/>'.encode())
