import pytest

from honrai.engines.flow.api import End, Incident, is_stuck
from honrai.engines.flow.tests.build import Play, border, ending, flow_of, tasks

PLAIN = '<startEvent id="s"/>' + ending("z")


def gateway(kind, name, default=""):
    return f'<{kind}Gateway id="{name}"' + (f' default="{default}"' if default else "") + "/>"


def test_a_sequence_runs_from_start_to_end():
    play = Play(flow_of(PLAIN + tasks("a", "b"), "s>a; a>b; b>z"))
    assert play.open == ["a"]
    assert play.done("a").open == ["b"]
    assert play.done("b").end == "completed"
    assert play.got(End) == [End("completed")]


CHOICE = flow_of(
    PLAIN + gateway("exclusive", "g", "g-c") + tasks("a", "b", "c"),
    "s>g; g>a: x > 1; g>b: x > 0; g>c; a>z; b>z; c>z",
)


@pytest.mark.parametrize(("x", "taken"), [(2, "a"), (1, "b"), (0, "c")])
def test_an_exclusive_gateway_takes_the_first_condition_that_holds_else_the_default(x, taken):
    assert Play(CHOICE, {"x": x}).open == [taken]


def test_without_a_default_and_a_true_condition_the_step_is_an_incident():
    flow = flow_of(PLAIN + gateway("exclusive", "g") + tasks("a"), "s>g; g>a: x > 1; a>z")
    with pytest.raises(
        Incident, match="model:1 <g>: no condition holds and there is no default flow; add one"
    ) as caught:
        Play(flow, {"x": 0})
    assert (caught.value.node, caught.value.line) == ("g", 1)


def test_a_condition_that_is_neither_true_nor_false_is_an_incident_not_a_guess():
    with pytest.raises(Incident, match="neither true nor false"):
        Play(CHOICE, {})


def test_a_parallel_gateway_opens_all_and_waits_for_all():
    flow = flow_of(
        PLAIN + gateway("parallel", "g") + gateway("parallel", "j") + tasks("a", "b", "c"),
        "s>g; g>a; g>b; a>j; b>j; j>c; c>z",
    )
    play = Play(flow)
    assert play.open == ["a", "b"]
    assert play.done("b").open == ["a"]
    assert play.done("a").open == ["c"]
    assert play.done("c").end == "completed"


def test_a_join_keeps_surplus_tokens_apart_by_flow():
    """Two tokens on one flow do not make up for a missing one on the other."""
    nodes = (
        PLAIN + gateway("parallel", "g") + gateway("exclusive", "m") + gateway("parallel", "j") + tasks("a", "b", "c")
    )
    play = Play(flow_of(nodes, "s>g; g>a; g>b; g>c; a>m; b>m; m>j; c>j; j>z"))
    play.done("a", "b")
    assert play.end == ""
    play.done("c")
    assert play.end == ""
    assert is_stuck(play.flow, play.state)


INCLUSIVE = flow_of(
    PLAIN + gateway("inclusive", "g", "g-d") + gateway("inclusive", "j") + tasks("a", "b", "c", "d", "e"),
    "s>g; g>a: x > 0; g>b: x > 1; g>c: x > 2; g>d; a>j; b>j; c>j; d>j; j>e; e>z",
)


@pytest.mark.parametrize(("x", "opened"), [(0, "d"), (1, "a"), (2, "ab"), (3, "abc")])
def test_an_inclusive_gateway_opens_what_holds_and_waits_for_just_that(x, opened):
    play = Play(INCLUSIVE, {"x": x})
    assert play.open == list(opened)
    for left in range(len(opened), 0, -1):
        assert "e" not in play.open
        assert len(play.open) == left
        play.done(play.open[0])
    assert play.open == ["e"]
    assert play.done("e").end == "completed"


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_no_longer_come():
    """b may go on to the join or leave for the end; the join waits until that is decided."""
    nodes = PLAIN + gateway("parallel", "g") + gateway("exclusive", "q", "q-z") + gateway("inclusive", "j")
    flow = flow_of(nodes + tasks("a", "b", "c"), "s>g; g>a; g>b; a>j; b>q; q>j: back = true; q>z; j>c; c>z")
    play = Play(flow, {"back": False}).done("a")
    assert play.open == ["b"]
    assert play.done("b").open == ["c"]
    again = Play(flow, {"back": True}).done("a", "b")
    assert again.open == ["c"]


def test_an_inclusive_join_waits_for_what_may_come_through_a_boundary_event():
    nodes = PLAIN + gateway("parallel", "g") + gateway("inclusive", "j") + tasks("a", "b", "c")
    flow = flow_of(nodes + border("t", "b", "PT1H"), "s>g; g>a; g>b; a>j; t>j; b>z; j>c; c>z")
    play = Play(flow).done("a")
    assert play.open == ["b"]
    assert play.fire("t").open == ["c"]
    assert Play(flow).done("a", "b").open == ["c"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_may_also_come_where_one_is_already():
    """b may arrive on q-j, which is empty, but also by way of m on m-j, which is not: BPMN 2.0.2, 13.4.3."""
    nodes = PLAIN + gateway("parallel", "g") + gateway("exclusive", "q", "q-j") + gateway("exclusive", "m")
    flow = flow_of(
        nodes + gateway("inclusive", "j") + tasks("a", "b", "c"),
        "s>g; g>a; g>b; a>m; m>j; b>q; q>m: x = 1; q>j; j>c; c>z",
    )
    assert Play(flow, {"x": 0}).done("a").open == ["b", "c"]


def test_the_default_of_an_inclusive_gateway_is_for_when_nothing_else_is_taken():
    flow = flow_of(
        PLAIN + gateway("inclusive", "g", "g-c") + tasks("a", "b", "c"), "s>g; g>a; g>b: x = 1; g>c; a>z; b>z; c>z"
    )
    assert Play(flow, {"x": 0}).open == ["a"]
    assert Play(flow, {"x": 1}).open == ["a", "b"]


def test_inclusive_gateways_in_a_loop_do_not_wait_for_themselves():
    nodes = PLAIN + gateway("inclusive", "j") + gateway("exclusive", "q", "q-z") + tasks("a")
    play = Play(flow_of(nodes, "s>j; j>a; a>q; q>j: again = true; q>z"), {"again": True})
    play.done("a").done("a")
    play.facts = {"again": False}
    assert play.done("a").end == "completed"


def test_flows_that_leave_a_task_side_by_side_all_open_and_default_means_no_condition_held():
    nodes = PLAIN + '<userTask id="t" default="t-d"/>' + tasks("a", "b", "d")
    flow = flow_of(nodes, "s>t; t>a; t>b: x = 1; t>d; a>z; b>z; d>z")
    assert Play(flow, {"x": 1}).done("t").open == ["a", "b"]
    assert Play(flow, {"x": 2}).done("t").open == ["a", "d"]


def test_tokens_that_merge_without_a_gateway_pass_one_by_one():
    flow = flow_of(PLAIN + gateway("parallel", "g") + tasks("a", "b", "c"), "s>g; g>a; g>b; a>c; b>c; c>z")
    play = Play(flow).done("a", "b")
    assert play.open == ["c", "c"]
    assert play.done("c").end == ""
    assert play.done("c").end == "completed"


def test_a_circle_without_a_wait_is_an_incident():
    flow = flow_of(PLAIN + gateway("exclusive", "a") + gateway("exclusive", "b", "b-z"), "s>a; a>b; b>a: x = 1; b>z")
    with pytest.raises(Incident, match="circle"):
        Play(flow, {"x": 1})
    assert Play(flow, {"x": 2}).end == "completed"


def test_a_scope_without_start_events_begins_at_the_nodes_nothing_leads_to():
    play = Play(flow_of(tasks("a", "b", "c"), "a>c"))
    assert play.open == ["a", "b"]
    assert play.done("b", "a", "c").end == "completed"
