from datetime import datetime, timedelta

import pytest

from honrai.engines.flow.api import (
    Broadcast,
    CancelTask,
    CancelTimer,
    Changed,
    Completed,
    End,
    Escalate,
    Reached,
    Send,
    StepRefused,
    awaited,
)
from honrai.engines.flow.tests.build import NOW, Play, border, catch, ending, event, flow_of, sub, tasks, throw, watch

PLAIN = '<startEvent id="s"/>' + ending("z")
FORK = '<parallelGateway id="g"/>'
LATER = ' cancelActivity="false"'


def hour(number):
    return (NOW + timedelta(hours=number)).isoformat()


# --- messages, signals and choices


def test_a_message_goes_to_the_longest_waiting_or_to_the_one_named():
    flow = flow_of(
        PLAIN + FORK + catch("c1", "m1") + catch("c2", "m1") + tasks("a", "b"), "s>g; g>c1; g>c2; c1>a; c2>b"
    )
    assert Play(flow).message("M1").open == ["a"]
    play = Play(flow)
    assert awaited(flow, play.state, "message") == ["M1", "M1"][:1]
    assert play.message("M1", play.key("c2")).open == ["b"]
    with pytest.raises(StepRefused, match="M2"):
        play.message("M2")


def test_a_signal_reaches_all_who_listen_and_leaves_the_case():
    nodes = PLAIN + FORK + catch("c1", "s1") + catch("c2", "s1") + tasks("w", "a", "b") + throw("t", "s1")
    play = Play(flow_of(nodes, "s>g; g>c1; g>c2; g>w; c1>a; c2>b; w>t; t>z; a>z; b>z"))
    assert Play(play.flow).signal("S1").open == ["a", "b", "w"]
    assert play.done("w").open == ["a", "b"]
    assert play.got(Broadcast) == [Broadcast("t", "S1")]
    assert play.signal("S1").last == [], "nobody listens, and that is no error"


CHOICE = flow_of(
    PLAIN + '<eventBasedGateway id="g"/>' + catch("m", "m1") + catch("t", "P14D") + catch("q", "? x = 1")
    + '<receiveTask id="r" messageRef="m2"/>' + tasks("a", "b", "c", "e"),
    "s>g; g>m; g>t; g>q; g>r; m>a; t>b; q>c; r>e; a>z; b>z; c>z; e>z",
)  # fmt: skip


def test_an_event_based_gateway_follows_the_first_event_only():
    play = Play(CHOICE, {"x": 0}).message("M1")
    assert play.open == ["a"]
    assert [one.node for one in play.got(CancelTimer)] == ["t"]
    assert Play(CHOICE, {"x": 0}).fire("t").open == ["b"]
    assert Play(CHOICE, {"x": 0}).changed(x=1).open == ["c"]
    assert Play(CHOICE, {"x": 0}).message("M2").open == ["e"]
    assert Play(CHOICE, {"x": 1}).open == ["c"]


def test_a_throwing_message_event_sends_and_a_milestone_is_reported():
    mile = '<intermediateThrowEvent id="mile"/>'
    play = Play(flow_of(PLAIN + throw("t", "m1") + mile + tasks("a") + ending("f", "m2"), "s>t; t>mile; mile>a; a>f"))
    assert [effect for effect in play.last if isinstance(effect, Send | Reached)] == [
        Send("1", "t", "M1"),
        Reached("mile"),
    ]
    assert play.done("a").got(Send) == [Send("3", "f", "M2")]


def test_a_link_jumps_to_its_catch():
    nodes = PLAIN + throw("l1", "link A") + catch("l2", "link A") + tasks("a")
    assert Play(flow_of(nodes, "s>l1; l2>a; a>z")).open == ["a"]


# --- conditional events


def test_a_conditional_event_waits_until_its_condition_is_true_and_a_missing_fact_is_not_yet():
    play = Play(flow_of(PLAIN + catch("c", "? x > 1") + tasks("a"), "s>c; c>a; a>z"))
    assert play.open == []
    assert play.changed(x=1).open == []
    assert play.changed(x=2).open == ["a"]


def test_a_conditional_boundary_that_does_not_interrupt_happens_once_each_time_it_becomes_true():
    nodes = PLAIN + tasks("a", "b") + border("c", "a", "? x > 1", LATER)
    play = Play(flow_of(nodes, "s>a; a>z; c>b; b>z"), {"x": 0})
    for x, opened in [(2, 1), (3, 1), (1, 1), (2, 2), (2, 2)]:
        assert play.changed(x=x).open.count("b") == opened
    assert Play(play.flow, {"x": 5}).open == ["a", "b"]


def test_conditions_are_looked_at_after_any_event():
    nodes = PLAIN + FORK + tasks("a", "b", "c") + border("c1", "a", "? x = 1")
    play = Play(flow_of(nodes, "s>g; g>a; g>b; a>z; b>z; c1>c; c>z"), {"x": 0})
    play.facts = {"x": 1}
    assert play.done("b").open == ["c"]


# --- errors and escalations


def inner(kind):
    """A sub-process: task a, then an end event that throws."""
    return sub("q", '<startEvent id="is"/>' + tasks("a") + ending("ie", kind), "is>a; a>ie")


@pytest.mark.parametrize(("code", "caught"), [("e1", "b"), ("e2", "c")])
def test_an_error_finds_its_own_code_before_any(code, caught):
    borders = border("any", "q", "e") + border("own", "q", "e1")
    flow = flow_of(PLAIN + inner(code) + tasks("b", "c") + borders, "s>q; q>z; own>b; any>c; b>z; c>z")
    assert Play(flow).done("a").open == [caught]


def test_an_error_goes_outwards_to_the_nearest_catcher_and_stops_all_on_its_way():
    outer = sub(
        "o", '<startEvent id="os"/>' + FORK + inner("e1") + tasks("side") + ending("oe"), "os>g; g>q; g>side; q>oe"
    )
    flow = flow_of(PLAIN + outer + tasks("b") + border("e", "o", "e1"), "s>o; o>z; e>b; b>z")
    play = Play(flow).done("a")
    assert play.open == ["b"]
    assert [one.node for one in play.got(CancelTask)] == ["side"]


def test_an_uncaught_error_ends_the_case():
    play = Play(flow_of(PLAIN + FORK + inner("e1") + tasks("b"), "s>g; g>q; g>b; q>z; b>z")).done("a")
    assert play.end == "error"
    assert play.last[-1] == End("error", "E1")
    assert [one.node for one in play.got(CancelTask)] == ["b"]


def test_a_task_may_fail():
    flow = flow_of(PLAIN + tasks("a", "b") + border("e", "a", "e1"), "s>a; a>z; e>b; b>z")
    play = Play(flow).failed("a", "E1")
    assert play.open == ["b"]
    assert play.got(CancelTask) == []
    assert Play(flow).failed("a", "E2").end == "error"


@pytest.mark.parametrize(("more", "opened"), [("", ["b"]), (LATER, ["b", "c"])])
def test_an_escalation_may_or_may_not_interrupt(more, opened):
    body = sub("q", '<startEvent id="is"/>' + tasks("a", "c") + throw("t", "x1") + ending("ie"), "is>a; a>t; t>c; c>ie")
    flow = flow_of(PLAIN + body + tasks("b") + border("x", "q", "x1", more), "s>q; q>z; x>b; b>z")
    assert Play(flow).done("a").open == opened


def test_an_uncaught_escalation_is_reported_and_the_case_goes_on():
    play = Play(flow_of(PLAIN + throw("t", "x1") + tasks("a"), "s>t; t>a; a>z"))
    assert play.got(Escalate) == [Escalate("t", "X1")]
    assert play.open == ["a"]


# --- ends


def test_terminate_ends_its_scope_only():
    body = sub(
        "q", '<startEvent id="is"/>' + FORK + tasks("a", "b") + ending("ie", "terminate"), "is>g; g>a; g>b; a>ie"
    )
    play = Play(flow_of(PLAIN + body + tasks("c"), "s>q; q>c; c>z")).done("a")
    assert play.open == ["c"]
    assert [one.node for one in play.got(CancelTask)] == ["b"]
    top = Play(flow_of(PLAIN + FORK + tasks("a", "b") + ending("x", "terminate"), "s>g; g>a; g>b; a>x; b>z")).done("a")
    assert top.last[-1] == End("terminated")
    assert top.state["open"] == {}


def test_every_end_event_is_reported():
    play = Play(flow_of(PLAIN + FORK + tasks("a", "b") + ending("y"), "s>g; g>a; g>b; a>y; b>z")).done("a")
    assert play.got(Reached) == [Reached("y")]
    assert play.end == ""
    assert play.done("b").last == [Reached("z"), End("completed")]


# --- event sub-processes


@pytest.mark.parametrize("kind", ["m1", "s1", "PT1H", "? x = 1"])
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_sub_process_of_each_kind_takes_over_or_runs_beside(kind, interrupting):
    play = Play(flow_of(PLAIN + tasks("a") + watch("w", kind, "h", interrupting), "s>a; a>z"), {"x": 0})
    if kind == "m1":
        play.message("M1")
    elif kind == "s1":
        play.signal("S1")
    elif kind == "PT1H":
        play.fire("w_s")
    else:
        play.changed(x=1)
    assert play.open == (["h"] if interrupting else ["a", "h"])
    assert play.done(*play.open).end == "completed"
    assert play.last[-1] == End("completed")


def test_after_an_interruption_the_scope_hears_no_more():
    nodes = PLAIN + tasks("a") + watch("w", "m1", "h") + watch("v", "s1", "i", interrupting=False)
    play = Play(flow_of(nodes, "s>a; a>z")).message("M1")
    assert play.signal("S1").open == ["h"]
    with pytest.raises(StepRefused):
        play.message("M1")


def test_one_that_does_not_interrupt_may_run_several_times_and_the_scope_waits_for_all():
    play = Play(flow_of(PLAIN + tasks("a") + watch("w", "m1", "h", interrupting=False), "s>a; a>z"))
    play.message("M1").message("M1").done("a")
    assert play.open == ["h", "h"]
    assert play.end == ""
    assert play.done("h", "h").end == "completed"


def test_an_error_is_caught_inside_the_scope_before_its_boundary():
    body = sub("q", '<startEvent id="is"/>' + tasks("a") + ending("ie", "e1") + watch("w", "e1", "h"), "is>a; a>ie")
    play = Play(flow_of(PLAIN + body + tasks("b", "c") + border("e", "q", "e1"), "s>q; q>c; e>b; b>z; c>z")).done("a")
    assert play.open == ["h"]
    assert play.done("h").open == ["c"], "the sub-process is completed by its handler"


def test_an_error_in_a_handler_goes_to_the_boundary_not_to_the_handler_itself():
    handler = sub(
        "w",
        f'<startEvent id="ws">{event("e1")}</startEvent>' + tasks("h") + ending("we", "e1"),
        "ws>h; h>we",
        ' triggeredByEvent="true"',
    )
    body = sub("q", '<startEvent id="is"/>' + tasks("a") + ending("ie", "e1") + handler, "is>a; a>ie")
    play = Play(flow_of(PLAIN + body + tasks("b") + border("e", "q", "e1"), "s>q; q>z; e>b; b>z")).done("a", "h")
    assert play.open == ["b"]


def test_a_handler_does_not_catch_what_another_threw_after_taking_over():
    body = sub("q", '<startEvent id="is"/>' + tasks("a") + watch("w", "m1", "h") + watch("v", "e1", "i"), "is>a")
    play = Play(flow_of(PLAIN + body + tasks("b") + border("e", "q", "e1"), "s>q; q>z; e>b; b>z")).message("M1")
    assert play.failed("h", "E1").open == ["b"]


def test_timers_of_a_scope_stop_with_it():
    body = sub(
        "q", '<startEvent id="is"/>' + tasks("a") + ending("ie") + watch("w", "R/PT1H", "h", False), "is>a; a>ie"
    )
    play = Play(flow_of(PLAIN + body + tasks("b"), "s>q; q>b; b>z")).fire("w_s")
    assert play.open == ["a", "h"]
    assert play.done("a", "h").open == ["b"]
    assert play.timers == {}


def test_an_interruption_inside_leaves_the_boundary_timer_running():
    body = sub("q", '<startEvent id="is"/>' + tasks("a") + ending("ie") + watch("w", "m1", "h"), "is>a; a>ie")
    nodes = PLAIN + body + tasks("b") + border("t", "q", "PT1H")
    play = Play(flow_of(nodes, "s>q; q>z; t>b; b>z")).message("M1")
    assert play.timers == {"t": hour(1)}
    assert play.fire("t").open == ["b"]
    assert play.timers == {}


def test_what_a_handler_throws_goes_outwards_and_not_to_itself():
    start = f'<startEvent id="ws" isInterrupting="false">{event("x1")}</startEvent>'
    handler = sub("w", start + throw("t2", "x1") + ending("we"), "ws>t2; t2>we", ' triggeredByEvent="true"')
    body = sub(
        "q", '<startEvent id="is"/>' + throw("t1", "x1") + tasks("a") + ending("ie") + handler, "is>t1; t1>a; a>ie"
    )
    flow = flow_of(PLAIN + body + tasks("b") + border("x", "q", "x1", LATER), "s>q; q>z; x>b; b>z")
    assert Play(flow).open == ["a", "b"]


def test_a_case_may_start_by_one_of_several_events():
    starts = f'<startEvent id="web"/><startEvent id="post">{event("m1")}</startEvent>' + ending("z") + tasks("a", "b")
    flow = flow_of(starts, "web>a; post>b; a>z; b>z")
    assert Play(flow).open == ["a"]
    assert Play(flow, at="post").open == ["b"]
    with pytest.raises(StepRefused, match="choose one of"):
        Play(flow, at="fax")


def test_a_state_survives_a_database_that_orders_keys_its_own_way():
    play = Play(
        flow_of(PLAIN + FORK + catch("c1", "m1") + catch("c2", "m1") + tasks("a", "b"), "s>g; g>c1; g>c2; c1>a; c2>b")
    )
    play.state = {"open": dict(reversed(play.state["open"].items())), "next": play.state["next"]}
    assert play.message("M1").open == ["a"]


def test_events_of_the_wrong_kind_are_refused():
    play = Play(flow_of(PLAIN + '<receiveTask id="r" messageRef="m1"/>', "s>r; r>z"))
    with pytest.raises(StepRefused):
        play.happen(Completed(play.key("r")))
    play.now = datetime(2026, 4, 1)  # noqa: DTZ001 - a time without zone is what is tested
    with pytest.raises(ValueError, match="zone"):
        play.happen(Changed())
