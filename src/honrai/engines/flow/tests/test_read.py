import time

import pytest
from tests.shared_data import shared

from honrai.engines.flow.api import BadModel, read, renamed, write

MODEL = """<?xml version="1.0"?>
<!-- drawn by hand -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:h="https://honrai.dev/bpmn/1"
    xmlns:x="urn:other" id="d" targetNamespace="urn:t">
  <bpmn:error id="e1" name="不備" errorCode="D-101"/>
  <bpmn:collaboration id="c"><bpmn:participant id="pool" name="市" processRef="p"/>
    <bpmn:participant id="black" name="申請者"/>
    <bpmn:messageFlow id="m" sourceRef="black" targetRef="sub"/></bpmn:collaboration>
  <bpmn:process id="p" isExecutable="true">
    <bpmn:laneSet id="ls"><bpmn:lane id="outer"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>
      <bpmn:childLaneSet id="cl"><bpmn:lane id="inner"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>
      </bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="s"/>
    <bpmn:userTask id="a" name="受付" h:act="factual" x:extra="kept"><bpmn:extensionElements><x:y>&lt;z&gt;</x:y>
      </bpmn:extensionElements></bpmn:userTask>
    <bpmn:exclusiveGateway id="g" default="f3"><bpmn:outgoing>f4</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:subProcess id="sub"><bpmn:userTask id="in"/></bpmn:subProcess>
    <bpmn:boundaryEvent id="b" attachedToRef="sub" cancelActivity="false">
      <bpmn:errorEventDefinition errorRef="e1"/></bpmn:boundaryEvent>
    <bpmn:endEvent id="z"/>
    <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
    <bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
    <bpmn:sequenceFlow id="f3" sourceRef="g" targetRef="z"/>
    <bpmn:sequenceFlow id="f4" sourceRef="g" targetRef="sub">
      <bpmn:conditionExpression> x = 1 </bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f5" sourceRef="sub" targetRef="z"/>
  </bpmn:process>
</bpmn:definitions>"""


def test_the_model_says_what_the_file_says():
    model = read(MODEL.encode())
    body = model.processes["p"].body
    task, gateway, border = body.nodes["a"], body.nodes["g"], body.nodes["b"]
    assert (task.kind, task.name, task.lane, dict(task.honrai)) == ("userTask", "受付", "inner", {"act": "factual"})
    assert gateway.outgoing == ("f4", "f3")  # the gateway's own order decides which condition is asked first
    assert gateway.default == "f3"
    assert body.flows["f4"].condition.text == "x = 1"
    assert body.boundaries == {"sub": ("b",)}
    assert (border.interrupting, border.events[0].kind, border.events[0].name) == (False, "error", "D-101")
    assert [node.id for node in body.walk()] == ["s", "a", "g", "sub", "in", "b", "z"]
    assert [(pool.id, pool.process) for pool in model.pools] == [("pool", "p"), ("black", "")]
    assert task.line == 14


def test_writing_keeps_all_that_was_read():
    model = read(MODEL.encode())
    text = write(model).decode()
    assert text.split("\n", 1)[1].strip() == MODEL.split("\n", 1)[1].strip().replace("\n    xmlns:x", " xmlns:x")
    assert read(text.encode()).document.root == read(text.encode()).document.root


def test_renaming_one_task_changes_that_node_only():
    model = read(MODEL.encode())
    before, after = write(model).decode(), write(renamed(model, "a", '点検 & "確認"')).decode()
    different = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert len(different) == 1
    assert 'name="点検 &amp; &quot;確認&quot;"' in different[0][1]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
DEFINITIONS = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
BAD = {
    "entity bomb": (BOMB.encode(), "document type"),
    "external entity": (OUTSIDE.encode(), "document type"),
    "entity bomb in UTF-16": (BOMB.encode("utf-16"), "document type"),
    "deep": (b"<a>" * 1_000_000, "nested deeper"),
    "huge": (b" " * 100 * 1024 * 1024, "larger than 8 MiB"),
    "many": (DEFINITIONS.encode() + b"<a/>" * 200_000, "more than 50000 elements"),
    "empty": (b"", "no element found"),
    "cut off": (MODEL[:900].encode(), "not well-formed"),
    "not XML": (b"\x00\x01\x02", "not well-formed"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
    "other namespace": (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20111111/MODEL"/>', "not a BPMN 2.0 model"),
    "unknown prefix": (b"<b:definitions/>", "prefix 'b' is not declared"),
    "same id twice": (MODEL.replace('id="in"', 'id="a"').encode(), "the id 'a' is used twice (first on line 14)"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_in_a_clear_error_at_once(name):
    data, words = BAD[name]
    began = time.process_time()
    with pytest.raises(BadModel) as caught:
        read(data, "flow.bpmn")
    assert time.process_time() - began < 2
    assert words in str(caught.value)
    assert str(caught.value).startswith("flow.bpmn:")
    assert caught.value.remedy


@pytest.mark.shared
def test_interchange_models_come_back_the_same():
    from lxml import etree

    def canonical(data):
        return etree.tostring(etree.fromstring(data).getroottree(), method="c14n")

    models = sorted(shared("data/bpmn-miwg").glob("*.bpmn"))
    assert len(models) == 11
    for path in models:
        data = path.read_bytes()
        assert canonical(write(read(data))) == canonical(data), path.name
