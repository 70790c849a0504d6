import time

import pytest

from honrai.engines.flow.api import Call, CancelTask, Decide, End, Escalate, Incident, OpenTask, Send, StepRefused
from honrai.engines.flow.api import Completed as Done
from honrai.engines.flow.tests.build import Play, border, ending, flow_of, sub, tasks, xml

PLAIN = '<startEvent id="s"/>' + ending("z")
MULTI = "<multiInstanceLoopCharacteristics{}>{}</multiInstanceLoopCharacteristics>"


def one(tag, name, inner="", more=""):
    return f'<{tag} id="{name}"{more}>{inner}</{tag}>'


def test_each_kind_of_task_asks_for_its_own_effect():
    nodes = (
        PLAIN
        + one("userTask", "u")
        + one("manualTask", "m")
        + one("serviceTask", "v")
        + one("businessRuleTask", "d", more=' h:proposes="eligibility"')
        + one("sendTask", "n", more=' messageRef="m1"')
        + one("receiveTask", "r", more=' messageRef="m2"')
        + one("callActivity", "c", more=' calledElement="other"')
    )
    play = Play(flow_of(nodes, "s>u; u>m; m>v; v>d; d>n; n>r; r>c; c>z"))
    assert play.last == [OpenTask("1", "u", "userTask")]
    assert play.done("u").last == [OpenTask("2", "m", "manualTask")]
    assert play.done("m").last == [OpenTask("3", "v", "serviceTask")]
    assert play.done("v").last == [Decide("4", "d", "eligibility")]
    assert play.done("d").last == [Send("5", "n", "M1")]
    assert play.items == ["r"]
    assert play.message("M2").last == [Call("7", "c", "other")]
    assert play.done("c").end == "completed"


@pytest.mark.parametrize("event", [Done("1"), Done("99"), Done("0")])
def test_an_answer_nobody_waits_for_is_refused_and_changes_nothing(event):
    play = Play(flow_of(PLAIN + tasks("a", "b"), "s>a; a>b; b>z")).done("a")
    before = play.state
    with pytest.raises(StepRefused):
        play.happen(event)
    assert play.state == before


def test_nothing_happens_to_a_case_that_is_over():
    play = Play(flow_of(PLAIN + tasks("a"), "s>a; a>z")).done("a")
    with pytest.raises(StepRefused, match="over"):
        play.happen(Done("1"))


def test_a_sub_process_is_done_when_all_its_tokens_are():
    inner = '<startEvent id="is"/>' + tasks("a", "b") + ending("ie")
    play = Play(flow_of(PLAIN + sub("q", inner, "is>a; is>b; a>ie; b>ie") + tasks("c"), "s>q; q>c; c>z"))
    assert play.done("a").open == ["b"]
    assert play.done("b").open == ["c"]


def test_an_empty_sub_process_is_done_at_once():
    inner = '<startEvent id="is"/>' + ending("ie")
    assert Play(flow_of(PLAIN + sub("q", inner, "is>ie"), "s>q; q>z")).end == "completed"


def looped(attributes, inner, tag="userTask"):
    return flow_of(PLAIN + one(tag, "a", MULTI.format(attributes, inner)) + tasks("b"), "s>a; a>b; b>z")


def test_parallel_rounds_open_together_and_all_must_be_done():
    play = Play(looped("", "<loopCardinality>n</loopCardinality>"), {"n": 3})
    assert [effect.round for effect in play.got(OpenTask)] == [1, 2, 3]
    play.done("a", "a")
    assert play.open == ["a"]
    assert play.done("a").open == ["b"]


def test_sequential_rounds_open_one_after_the_other_as_often_as_was_fixed_at_the_start():
    play = Play(looped(' isSequential="true"', "<loopCardinality>n</loopCardinality>"), {"n": 2})
    play.facts = {"n": 5}
    assert play.open == ["a"]
    assert [effect.round for effect in play.done("a").got(OpenTask)] == [2]
    assert play.done("a").open == ["b"]


@pytest.mark.parametrize("how", ["", ' isSequential="true"'])
def test_no_rounds_at_all_go_straight_on(how):
    assert Play(looped(how, "<loopCardinality>0</loopCardinality>")).open == ["b"]


@pytest.mark.parametrize("bad", ["-1", "1.5", "1001", '"3"', "null"])
def test_a_number_of_rounds_that_is_none_is_an_incident(bad):
    with pytest.raises(Incident, match="whole number"):
        Play(looped("", f"<loopCardinality>{bad}</loopCardinality>"))


def test_a_completion_condition_cancels_the_rounds_that_are_left():
    condition = "<completionCondition>numberOfCompletedInstances - numberOfActiveInstances = 1</completionCondition>"
    play = Play(looped("", f"<loopCardinality>3</loopCardinality>{condition}"))
    play.done("a")
    assert play.open == ["a", "a"]
    assert play.done("a").open == ["b"]
    assert [effect.node for effect in play.got(CancelTask)] == ["a"]


def test_rounds_over_a_list_see_their_item():
    inner = (
        '<startEvent id="is"/><exclusiveGateway id="g" default="g-y"/>'
        + tasks("x", "y")
        + ending("ie")
        + MULTI.format(' h:collection="children" h:item="child"', "")
    )
    body = sub("q", inner, "is>g; g>x: if loopCounter < 3 then child.age < 6 else false; g>y; x>ie; y>ie")
    children = [{"age": 3}, {"age": 8}, {"age": 4}]
    play = Play(flow_of(PLAIN + body, "s>q; q>z"), {"children": children})
    assert play.open == ["x", "y", "y"]
    play.done("x", "y", "y")
    assert play.end == "completed"


def test_a_boundary_event_of_a_repeated_activity_stops_all_rounds():
    nodes = PLAIN + one("userTask", "a", MULTI.format("", "<loopCardinality>3</loopCardinality>")) + tasks("b")
    play = Play(flow_of(nodes + border("t", "a", "PT1H"), "s>a; a>z; t>b; b>z")).done("a")
    assert [item["at"] for item in play.state["open"].values() if "due" in item] == ["t"], "one timer for all rounds"
    play.fire("t")
    assert play.open == ["b"]
    assert len(play.got(CancelTask)) == 2
    failing = Play(flow_of(nodes + border("t", "a", "e1"), "s>a; a>z; t>b; b>z")).failed("a", "E1")
    assert failing.open == ["b"]
    assert len(failing.got(CancelTask)) == 2, "the one that failed need not be cancelled"


def test_a_boundary_event_hears_once_for_all_rounds():
    nodes = PLAIN + one("userTask", "a", MULTI.format("", "<loopCardinality>3</loopCardinality>")) + tasks("b")
    play = Play(flow_of(nodes + border("t", "a", "s1", ' cancelActivity="false"'), "s>a; a>z; t>b; b>z")).signal("S1")
    assert play.open == ["a", "a", "a", "b"]


def standard(attributes, inner=""):
    loop = f"<standardLoopCharacteristics{attributes}>{inner}</standardLoopCharacteristics>"
    return flow_of(PLAIN + one("userTask", "a", loop) + tasks("b"), "s>a; a>b; b>z")


AGAIN = "<loopCondition>again = true</loopCondition>"


def test_a_standard_loop_asks_after_each_round():
    play = Play(standard("", AGAIN), {"again": True}).done("a").done("a")
    play.facts = {"again": False}
    assert play.done("a").open == ["b"]
    assert play.trace == ["a", "a", "a", "b"]


def test_a_standard_loop_that_tests_first_may_not_run_at_all():
    assert Play(standard(' testBefore="true"', AGAIN), {"again": False}).open == ["b"]


def test_a_standard_loop_stops_at_its_maximum():
    play = Play(standard(' loopMaximum="2"', AGAIN), {"again": True}).done("a", "a")
    assert play.open == ["b"]
    assert Play(standard(' loopMaximum="1"')).done("a").open == ["b"]


CALL = PLAIN + one("callActivity", "c", more=' calledElement="other"') + tasks("b", "x")


def test_a_called_process_may_fail_escalate_and_be_cancelled():
    flow = flow_of(
        CALL + border("e", "c", "e1") + border("x1b", "c", "x1", ' cancelActivity="false"') + border("t", "c", "PT1H"),
        "s>c; c>z; e>b; x1b>x; t>b; b>z; x>z",
    )
    assert Play(flow).failed("c", "E1").open == ["b"]
    play = Play(flow).escalated("c", "X1")
    assert play.open == ["c", "x"]
    assert play.fire("t").open == ["b", "x"]
    assert play.got(CancelTask)[0].node == "c"


def test_what_nobody_catches_ends_the_case_or_is_reported():
    play = Play(flow_of(CALL, "s>c; c>z")).escalated("c", "X9")
    assert play.last == [Escalate("c", "X9")]
    play.failed("c", "E9")
    assert play.end == "error"
    assert play.got(End) == [End("error", "E9")]


def test_the_size_of_the_state_does_not_grow_with_the_age_of_the_case():
    nodes = PLAIN + '<exclusiveGateway id="g" default="g-z"/>' + tasks("a")
    play = Play(flow_of(nodes + border("t", "a", "PT1H"), "s>a; a>g; g>a: again = true; g>z; t>z"), {"again": True})
    sizes = []
    for _ in range(1200):
        play.done("a")
        sizes.append(len(str(play.state)))
    assert sizes[-1] - sizes[10] <= 3 * 3, "only the counter may gain digits"


def test_several_plain_starts_must_be_chosen_between():
    flow = flow_of('<startEvent id="s1e"/><startEvent id="s2e"/>' + tasks("a", "b"), "s1e>a; s2e>b")
    with pytest.raises(StepRefused, match="choose one of"):
        Play(flow)
    assert Play(flow, at="s2e").open == ["b"]
    assert "s1e" in xml("", "s1e>a")


def test_many_rounds_of_something_done_at_once_do_not_exhaust_the_stack():
    loop = MULTI.format(' isSequential="true"', "<loopCardinality>1000</loopCardinality>")
    flow = flow_of(PLAIN + one("sendTask", "a", loop, ' messageRef="m1"'), "s>a; a>z")
    play = Play(flow)
    assert len(play.got(Send)) == 1000
    assert play.end == "completed"


def test_rounds_inside_rounds_are_bounded():
    loop = MULTI.format("", "<loopCardinality>1000</loopCardinality>")
    inner = '<startEvent id="is"/>' + one("userTask", "a", loop) + ending("ie")
    with pytest.raises(Incident, match="circle"):
        Play(flow_of(PLAIN + sub("q", inner + loop, "is>a; a>ie"), "s>q; q>z"))


def test_a_thousand_parallel_tasks_open_and_cancel_quickly():
    flow = flow_of(PLAIN + one("userTask", "a", MULTI.format("", "<loopCardinality>1000</loopCardinality>"))
                   + border("t", "a", "PT1H"), "s>a; a>z; t>z")  # fmt: skip
    began = time.process_time()
    play = Play(flow).done("a").fire("t")
    assert time.process_time() - began < 1
    assert len(play.got(CancelTask)) == 999


def test_deeply_nested_sub_processes_run():
    nodes, flows = tasks("a"), ""
    for level in range(90):
        nodes, flows = sub(f"q{level}", nodes, flows), ""
    flow = flow_of(nodes, flows)
    assert Play(flow).done("a").end == "completed"
