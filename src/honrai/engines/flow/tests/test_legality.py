from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.shared_data import shared

from honrai.engines.flow.legality import check, valid
from honrai.engines.flow.legality.grammar import check_grammar, grammar

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test" id="d">'
GOOD = f"""{HEAD}
 <process id="p" isExecutable="true">
  <startEvent id="s"><outgoing>f1</outgoing></startEvent>
  <sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <userTask id="t" name="審査"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
  <sequenceFlow id="f2" sourceRef="t" targetRef="e"/>
  <endEvent id="e"><incoming>f2</incoming></endEvent>
 </process>
</definitions>"""


def named(text: str) -> set[str]:
    return {violation.constraint for violation in check(text.encode())}


def test_a_plain_flow_is_valid():
    assert check(GOOD.encode()) == []


@pytest.mark.parametrize(
    ("old", "new", "constraint"),
    [
        ('id="t"', 'id="s"', "XSD"),
        ('<userTask id="t"', '<userTask id="t" colour="red"', "XSD"),
        ('sourceRef="s" ', "", "XSD"),
        ("<process", "<prozess id='q'/><process", "XSD"),
        ("<incoming>f1</incoming><outgoing>f2</outgoing>", "<outgoing>f2</outgoing><incoming>f1</incoming>", "XSD"),
        ('isExecutable="true"', 'isExecutable="maybe"', "XSD"),
        ("<startEvent", "本文<startEvent", "XSD"),
        ('targetRef="e"', 'targetRef="nowhere"', "REF"),
        ('targetRef="e"', 'targetRef="f1"', "REF"),
        ("<outgoing>f2</outgoing>", "", "EXT.023"),
        ('isExecutable="true"', 'isExecutable="true" processType="Public"', "EXT.035"),
        ('name="審査"', 'startQuantity="0"', "EXT.037"),
        ('id="e"><incoming>f2</incoming>', 'id="e"><incoming>f2</incoming><errorEventDefinition/>', "EXT.010"),
        ("<outgoing>f1</outgoing>", "<outgoing>f1</outgoing><terminateEventDefinition/>", "EXT.098"),
        ("<outgoing>f1</outgoing>", "<incoming>f2</incoming><outgoing>f1</outgoing>", "EXT.023"),
    ],
)
def test_each_breach_names_its_constraint(old, new, constraint):
    assert old in GOOD
    assert constraint in named(GOOD.replace(old, new, 1))


def test_a_violation_says_where_and_how_to_mend_it():
    (found,) = check(GOOD.replace("<outgoing>f2</outgoing>", "").encode(), name="flow.bpmn")
    assert (found.element, found.id, found.line, found.file) == ("userTask", "t", 5, "flow.bpmn")
    assert "f2" in found.message
    assert "<outgoing>f2</outgoing>" in found.remedy
    assert str(found).startswith("flow.bpmn:5 [EXT.023] userTask「t」")


IMPORTING = GOOD.replace(
    "<process",
    '<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="other.bpmn" namespace="urn:other"/>'
    "<process",
    1,
)


def test_a_missing_import_is_reported_but_not_condemned():
    found = check(IMPORTING.encode(), resolve=lambda location: None)
    assert [violation.constraint for violation in found] == ["EXT.001"]
    assert valid(found)


def test_an_import_of_another_namespace_is_condemned():
    found = check(IMPORTING.encode(), resolve=lambda location: GOOD.encode())
    assert "EXT.001" in {violation.constraint for violation in found}
    assert not valid(found)


def test_references_lead_into_imports():
    other = GOOD.replace("urn:test", "urn:other").replace('id="p"', 'id="called"')
    call = '<callActivity id="t" calledElement="o:called" xmlns:o="urn:other"'
    text = IMPORTING.replace('<userTask id="t"', call).replace("</userTask>", "</callActivity>")
    assert check(text.encode(), resolve={"other.bpmn": other.encode()}.get) == []
    assert "REF" in {
        v.constraint
        for v in check(text.replace("o:called", "o:absent").encode(), resolve={"other.bpmn": other.encode()}.get)
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<definitions",
        b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>',
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
        b"<a>" * 100_000,
        b" " * (9 * 1024 * 1024),
        f"{HEAD}{'<signal/>' * 30_000}</definitions>".encode(),
        "<!DOCTYPE d><d/>".encode("utf-16"),
    ],
)
def test_hostile_files_end_in_one_plain_violation(data):
    (found,) = check(data, name="x.bpmn")
    assert found.constraint == "XML"
    assert found.remedy


def test_another_root_is_refused():
    assert named("<definitions/>") == {"XSD"}


def _schema() -> etree.XMLSchema:
    """Return the schemas of the standard as SpiffWorkflow (a development dependency) ships them."""
    found = find_spec("SpiffWorkflow")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "bpmn" / "parser" / "schema"
    return etree.XMLSchema(etree.parse(str(folder / "BPMN20.xsd")))


CHANGES = ["drop", "swap", "attribute", "unattribute", "rename", "copy"]
mutations = st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 10_000), st.integers(0, 10_000)), max_size=3)


def mutate(root: etree._Element, kind: str, where: int, what: int) -> None:
    nodes = [e for e in root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}*") if e.getparent() is not None]
    nodes = [e for e in nodes if not e.tag.endswith(("extensionElements", "documentation", "script", "text"))]
    if not nodes:
        return
    node = nodes[where % len(nodes)]
    names = sorted(name for name in grammar().elements if ":" not in name)
    attributes = ["id", "name", "isExecutable", "default", "startQuantity", "cancelActivity", "gatewayDirection"]
    if kind == "drop":
        node.getparent().remove(node)
    elif kind == "swap":
        node.getparent().insert(what % len(node.getparent()), node)
    elif kind == "attribute":
        node.set(attributes[what % len(attributes)], "true" if what % 3 else "new-value")
    elif kind == "unattribute" and node.attrib:
        del node.attrib[sorted(node.attrib)[what % len(node.attrib)]]
    elif kind == "rename":
        node.tag = "{http://www.omg.org/spec/BPMN/20100524/MODEL}" + names[what % len(names)]
    elif kind == "copy":
        node.getparent().append(etree.fromstring(etree.tostring(nodes[what % len(nodes)])))


@pytest.mark.shared
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_grammar_agrees_with_the_schemas_of_the_standard(data):
    models = sorted(shared("data/bpmn-spector/models").rglob("*.bpmn"))
    root = etree.parse(str(data.draw(st.sampled_from(models)))).getroot()
    for change in data.draw(mutations):
        mutate(root, *change)
    root = etree.fromstring(etree.tostring(root))
    schema = _SCHEMA[0] if _SCHEMA else _SCHEMA.append(_schema()) or _SCHEMA[0]
    errors = [error for error in schema_errors(schema, root) if "IDREF" not in error]
    found = list(check_grammar(root))
    assert bool(found) == bool(errors), (errors, found)


_SCHEMA: list[etree.XMLSchema] = []


def schema_errors(schema: etree.XMLSchema, root: etree._Element) -> list[str]:
    schema.validate(root)
    return [error.message for error in schema.error_log]
