import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.flow_models import bpmn
from tests.shared_data import shared

from honrai.engines.flow.draw import Overlay, difference, draw, scene_of
from honrai.engines.flow.draw.text import width, wrap
from honrai.engines.flow.prove import prove
from honrai.engines.flow.read import read

SVG = "{http://www.w3.org/2000/svg}"
FLOW = "s>t1 t1>x1 x1>t2 t2>w1 w1>t1 x1>t3 t3>a1 a1>t4 a1>p1 t4>a2 p1>a2 a2>e b1>t5 t5>e1"
PARTS = {
    "on": {"b1": "t3"},
    "inside": {"p1": "s1>t8 t8>e8 h1", "h1": "s9>t9 t9>e9"},
    "events": {"w1": "message:M1", "s9": "message:M1"},
    "names": {"t1": "受付・書類の不足を確かめる", "t3": "受給資格を審査する", "e": "終了<済>"},
}


def model():
    return read(bpmn(FLOW, **PARTS))


def tree(svg):
    return etree.fromstring(svg.encode())


def words(svg):
    return "".join(tree(svg).itertext())


def test_it_is_well_formed_titled_and_without_script_or_style():
    root = tree(draw(model(), title="こども医療費助成", key="a"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "a-title a-desc"
    assert root[0].get("id") == "a-title"
    assert root[0].text == "こども医療費助成"
    assert "受給資格を審査する" in root[1].text
    names = {etree.QName(one).localname for one in root.iter()}
    assert not names & {"script", "style", "foreignObject", "a", "image", "use"}
    assert not any(key.startswith("on") or "href" in key for one in root.iter() for key in one.attrib)


def test_every_node_is_drawn_with_its_name():
    flow = model()
    root = tree(draw(flow))
    drawn = {one.get("data-id"): one for one in root.iter(f"{SVG}g") if one.get("data-id")}
    assert drawn.keys() == {node.id for node in flow.nodes()}
    assert drawn["t3"].find(f"{SVG}title").text == "受給資格を審査する"
    assert "".join("".join(one.itertext()) for one in drawn["t3"].findall(f"{SVG}text")) == "受給資格を審査する"


def test_markup_in_names_stays_text():
    assert "終了<済>" in words(draw(model()))


def test_counts_ages_paths_and_faults_are_told_in_words():
    over = Overlay(counts={"t3": 128}, ages={"t3": 21, "t1": 3}, path=("s", "f_s_t1", "t1"), faults=("a2",))
    svg = draw(model(), overlay=over)
    assert "128件" in words(svg)
    assert "21日超過" in words(svg)
    assert "3日" in words(svg)
    description = tree(svg)[1].text
    assert "受給資格を審査する、128件、最長21日" in description
    assert "道筋: s → 受付・書類の不足を確かめる。" in description
    assert "問題のある所: a2。" in description


def test_a_counter_example_can_be_drawn():
    flow = read(bpmn("s>x1 x1>t1 x1>t2 t1>a2 t2>a2 a2>e"))
    flaw = prove(flow).flaws[0]
    plain, marked = draw(flow), draw(flow, overlay=Overlay(path=flaw.path, faults=flaw.elements))
    assert marked.count("#c2410c") > plain.count("#c2410c") == 0
    assert "！" in words(marked)


def test_a_difference_names_what_came_went_and_changed():
    old, new = read(bpmn("s>t1 t1>t2 t2>e")), read(bpmn("s>t1 t1>t3 t3>e", names={"t1": "新しい名"}))
    before, after = difference(old, new)
    assert before == {"t1": "changed", "t2": "removed", "f_t1_t2": "removed", "f_t2_e": "removed"}
    assert after == {"t1": "changed", "t3": "added", "f_t1_t3": "added", "f_t3_e": "added"}
    assert "削除" in words(draw(old, overlay=Overlay(marks=before)))
    assert "追加" in words(draw(new, overlay=Overlay(marks=after)))


def overlaps(one, other):
    return (
        one.x < other.x + other.w and other.x < one.x + one.w and one.y < other.y + other.h and other.y < one.y + one.h
    )


def crosses(line, box):
    """Say whether a line of straight pieces runs through the inside of a box."""
    for (x, y), (to_x, to_y) in itertools.pairwise(line):
        low, high = sorted((x, to_x)), sorted((y, to_y))
        if low[0] < box.x + box.w - 3 and low[1] > box.x + 3 and high[0] < box.y + box.h - 3 and high[1] > box.y + 3:
            return True
    return False


def test_an_automatic_layout_keeps_boxes_apart_and_lines_off_them():
    flow = model()
    scene = scene_of(flow)
    body = flow.processes["P"].body
    boxes = {key: scene.boxes[key] for key in body.nodes if body.nodes[key].kind != "boundaryEvent"}
    for key, box in boxes.items():
        assert not any(overlaps(box, other) for name, other in boxes.items() if name != key)
    for key, line in scene.lines.items():
        if key in body.flows:
            ends = {body.flows[key].source, body.flows[key].target}
            assert not [name for name, box in boxes.items() if name not in ends and crosses(line, box)], key
    outer = scene.boxes["p1"]
    assert all(outer.x < scene.boxes[key].x and scene.boxes[key].y > outer.y for key in ("s1", "t8", "e8", "h1"))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=25, unique=True))
def test_any_graph_is_drawn(pairs):
    flow = read(bpmn(" ".join(f"{'txao'[a % 4]}{a}>{'txao'[b % 4]}{b}" for a, b in pairs)))
    scene = scene_of(flow)
    body = flow.processes["P"].body
    assert scene.boxes.keys() >= body.nodes.keys()
    assert scene.lines.keys() == body.flows.keys()
    boxes = [scene.boxes[key] for key in body.nodes]
    assert not any(overlaps(a, b) for place, a in enumerate(boxes) for b in boxes[:place])
    tree(draw(flow))


@pytest.mark.parametrize(
    ("text", "ems", "lines", "expected"),
    [
        ("審査する", 8, 3, ["審査する"]),
        ("受給資格を審査する", 8, 3, ["受給資格を", "審査する"]),
        ("確認する。", 4, 3, ["確認する。"]),
        ("Approve invoice", 6, 3, ["Approve", "invoice"]),
        ("一二三四五六七八九", 3, 2, ["一二三", "四五…"]),
        ("", 5, 2, []),
    ],
)
def test_labels_wrap(text, ems, lines, expected):
    assert wrap(text, ems, lines) == expected


@given(st.text(max_size=60), st.integers(3, 12), st.integers(1, 4))
def test_wrapped_lines_fit(text, ems, lines):
    found = wrap(text, ems, lines)
    assert len(found) <= lines
    assert all(width(one) <= ems + 3 for one in found)


@pytest.mark.shared
def test_the_reference_models_keep_their_own_diagram():
    for path in sorted(shared("data/bpmn-miwg").rglob("*.bpmn")):
        flow = read(path.read_bytes(), path.name)
        root = tree(draw(flow))
        assert float(root.get("width")) > 100
        laid_out = draw(flow, automatic=True)
        tree(laid_out)
    scene = scene_of(flow)
    assert scene.boxes


def test_a_lane_can_be_one_box():
    model = read(
        b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">
        <laneSet><lane id="in" name="In"><flowNodeRef>s</flowNodeRef><flowNodeRef>e</flowNodeRef></lane>
        <lane id="out" name="Out"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>
        <startEvent id="s"/><task id="a" name="secret one"/><task id="b" name="secret two"/><endEvent id="e"/>
        <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
        <sequenceFlow id="f3" sourceRef="b" targetRef="e"/></process></definitions>"""
    )
    picture = draw(model, overlay=Overlay(counts={"out": 7, "a": 3}, ages={"out": 20}, boxes={"out": "the firm"}))
    assert "the firm" in picture
    assert "7件" in picture
    assert "20日" in picture
    assert "secret" not in picture
    assert "3件" not in picture
