"""Sub-processes, boundary events and event sub-processes: what is proved sound runs to its end in the machine."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from tests.flow_models import bpmn

from honrai.engines.flow import api
from honrai.engines.flow.migrate import classes_of, migrate, plan
from honrai.engines.flow.prove import prove
from honrai.engines.flow.read import read

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
ENDS = ["", "", "error:E1", "error:E2", "escalation:C1", "terminate"]
BORDERS = {"b1": "error:E1", "b2": "error", "n1": "escalation:C1", "b3": "timer", "n2": "timer", "b4": "escalation"}
TRIGGERS = ["error:E1", "message:M1", "escalation:C1", "timer"]

# Once called dead though the machine came to t2 and e2: the end event's escalation is taken up beside it.
TAKEN_UP = bpmn(
    "s>p1 p1>x9 x9>t9 t9>e",
    inside={"p1": "s1>x1 x1>t2 t2>e2 x1>t3 t3>e3 h1", "h1": "sn7>t7 t7>e7"},
    events={"e2": "escalation:C1", "sn7": "escalation:C1"},
)

# Once called dead though the machine came to t9: what is started beside p1 goes on until p1 fails.
BESIDE = bpmn(
    "s>p1 p1>x9 x9>t9 t9>e n1>x9",
    inside={"p1": "s1>x1 x1>t2 t2>e2 x1>t3 t3>e3"},
    on={"n1": "p1"},
    events={"e2": "error:E1", "e3": "error:E1", "n1": "escalation:C1"},
)


@st.composite
def nested(draw):
    """Return a flow with a sub-process that can end in several ways, and events around and inside it."""
    shape = draw(st.sampled_from(["row", "parallel", "parallel ends"]))
    flows = {
        "row": "s>p1 p1>x9 x9>t9 t9>e",
        "parallel": "s>a1 a1>p1 a1>t5 p1>a2 t5>a2 a2>e",
        "parallel ends": "s>a1 a1>p1 a1>t5 p1>e5 t5>e",
    }[shape]
    join = {"row": "x9", "parallel": "a2", "parallel ends": "e5"}[shape]
    split = draw(st.sampled_from(["x1", "a3", "t1"]))
    inside = {"p1": f"s1>{split} {split}>t2 t2>e2" + (f" {split}>t3 t3>e3" if split != "t1" else "")}
    events = {"e2": draw(st.sampled_from(ENDS)), "e3": draw(st.sampled_from(ENDS))}
    on = dict.fromkeys(draw(st.sets(st.sampled_from(sorted(BORDERS)), max_size=3)), "p1")
    events.update({border: BORDERS[border] for border in on})
    for border in on:
        flows += f" {border}>{draw(st.sampled_from([join, f'e_{border}']))}"
    if draw(st.booleans()):
        trigger = draw(st.sampled_from(TRIGGERS))
        start = "s7" if trigger.startswith("error") else draw(st.sampled_from(["s7", "sn7"]))
        inside["p1"] += " h1"
        inside["h1"] = f"{start}>t7 t7>e7"
        events |= {start: trigger, "e7": draw(st.sampled_from(["", "error:E2"]))}
    return bpmn(flows, inside=inside, on=on, events={key: kind for key, kind in events.items() if kind})


def happenings(flow, state):
    """Return everything that may happen to a case next."""
    tasks = [one.key for one in api.open_tasks(flow, state)]
    found = [api.Completed(key) for key in tasks] * 3
    found += [api.Failed(key, code) for key in tasks for code in ("E1", "E2")]
    found += [api.Escalated(key, "C1") for key in tasks]
    found += [api.Fired(one.key) for one in api.open_timers(flow, state)]
    return found + [api.Message(name) for name in api.awaited(flow, state, "message")]


def stuck(flow, dice):
    """Run a case at random; return whether it got stuck."""
    now = NOW
    facts = {one.id: dice.random() < 0.5 for one in flow.process.body.all_flows()}
    state, _ = api.start(flow, facts, now)
    for _ in range(60):
        if api.is_over(state):
            return False
        if api.is_stuck(flow, state):
            return True
        now += timedelta(days=2)
        facts = {one.id: dice.random() < 0.5 for one in flow.process.body.all_flows()}
        state, _ = api.step(flow, state, dice.choice(happenings(flow, state)), facts, now)
    return False


ESCALATED = {"events": {"sn7": "escalation:C1", "e2": "escalation:C1"}, "inside": {"h1": "sn7>t7 t7>e7"}}


def test_an_end_whose_escalation_is_taken_up_beside_it_is_alive():
    assert prove(read(TAKEN_UP)).sound
    assert prove(read(bpmn("s>a1 a1>t1 a1>t2 t1>e2 t2>e2 h1", **ESCALATED))).sound
    flow = api.executable(read(TAKEN_UP))
    state, _ = api.start(flow, {"f_x1_t2": True}, NOW)
    (task,) = api.open_tasks(flow, state)
    assert task.node == "t2"
    state, effects = api.step(flow, state, api.Completed(task.key), {}, NOW)
    assert api.Reached("e2") in effects
    assert [one.node for one in api.open_tasks(flow, state)] == ["t7"]


def test_what_starts_beside_an_activity_that_fails_is_alive():
    assert prove(read(BESIDE)).sound
    flow = api.executable(read(BESIDE))
    state, _ = api.start(flow, {"f_x1_t2": True}, NOW)
    (task,) = api.open_tasks(flow, state)
    state, _ = api.step(flow, state, api.Escalated(task.key, "C1"), {}, NOW)
    assert {one.node for one in api.open_tasks(flow, state)} == {"t2", "t9"}


def test_work_done_twice_beside_an_activity_that_fails_is_found():
    inside = {"p1": "s1>e1"}
    events = {"e1": "error:E1", "n1": "timer"}
    (flaw,) = prove(
        read(bpmn("s>p1 n1>a1 a1>x1 a1>x1 x1>t1 t1>e", inside=inside, on={"n1": "p1"}, events=events))
    ).flaws
    assert (flaw.kind, flaw.elements) == ("twice", ("x1",))


@pytest.mark.parametrize("order", [("C1", "C2"), ("C2", "C1")])
def test_escalations_are_judged_in_any_order(order):
    data = bpmn(
        "s>p1 p1>e b1>a2 n1>a2 a2>e3",
        inside={"p1": "s1>i1 i1>i2 i2>e1"},
        on={"b1": "p1", "n1": "p1"},
        events={"b1": "escalation:C2", "n1": "escalation:C1"}
        | dict(zip(("i1", "i2"), map("escalation:{}".format, order), strict=True)),
    )
    assert ("stuck", ("a2",)) in {(flaw.kind, flaw.elements) for flaw in prove(read(data)).flaws}


def test_no_join_may_count_on_an_escalation_that_can_be_raised_twice():
    data = bpmn(
        "s>p1 p1>a2 n1>a2 a2>e",
        inside={"p1": "s1>t2 t2>e2"},
        on={"n1": "p1"},
        events={"n1": "escalation:C1", "e2": "escalation:C1"},
    )
    (flaw,) = prove(read(data)).flaws
    assert (flaw.kind, flaw.elements) == ("stuck", ("a2",))
    flow = api.executable(read(data))
    state, _ = api.start(flow, {}, NOW)
    (task,) = api.open_tasks(flow, state)
    state, _ = api.step(flow, state, api.Escalated(task.key, "C1"), {}, NOW)
    state, _ = api.step(flow, state, api.Completed(task.key), {}, NOW)
    assert api.is_stuck(flow, state)


def test_work_done_twice_before_such_an_end_is_found():
    (flaw,) = prove(read(bpmn("s>x1 x1>a1 a1>t2 t2>e2 a1>x3 x3>x1 x3>e3 h1", **ESCALATED))).flaws
    assert (flaw.kind, flaw.elements) == ("twice", ("t2",))


@settings(max_examples=60, deadline=None)
@given(nested(), st.integers(0, 2**32))
def test_scopes_proved_sound_never_get_stuck(data, seed):
    flow = api.executable(read(data))
    proof = prove(flow.model)
    event("sound" if proof.sound else proof.flaws[0].kind)
    dice = random.Random(seed)
    got_stuck = any(stuck(flow, dice) for _ in range(12))
    if all(flaw.kind == "dead" for flaw in proof.flaws):
        assert not got_stuck


@settings(max_examples=60, deadline=None)
@example(TAKEN_UP, 0)
@example(BESIDE, 0)
@given(nested(), st.integers(0, 2**32))
def test_what_is_called_dead_never_happens(data, seed):
    flow = api.executable(read(data))
    proof = prove(flow.model)
    dead = {one for flaw in proof.flaws if flaw.kind == "dead" for one in flaw.elements}
    if {flaw.kind for flaw in proof.flaws} != {"dead"}:
        return
    dice, now = random.Random(seed), NOW
    for _ in range(8):
        state, _ = api.start(flow, dict.fromkeys((one.id for one in flow.process.body.all_flows()), True), now)
        for _ in range(30):
            if api.is_over(state) or api.is_stuck(flow, state):
                break
            assert not dead & {one.node for one in api.open_items(flow, state) if one.kind != "boundaryEvent"}
            now += timedelta(days=2)
            facts = {one.id: dice.random() < 0.5 for one in flow.process.body.all_flows()}
            state, _ = api.step(flow, state, dice.choice(happenings(flow, state)), facts, now)


@settings(max_examples=60, deadline=None)
@given(nested(), st.integers(0, 2**32))
def test_every_state_of_every_scope_is_in_a_listed_class_and_stays_as_it_is(data, seed):
    flow = api.executable(read(data))
    if not prove(flow.model).sound:
        return
    found = plan(flow, flow)
    assert {one.verdict for one in found.classes} == {"same"}
    listed = {(one.scope, one.places) for one in found.classes}
    dice, now = random.Random(seed), NOW
    facts = dict.fromkeys((one.id for one in flow.process.body.all_flows()), True)
    state, _ = api.start(flow, facts, now)
    for _ in range(12):
        if api.is_over(state):
            return
        for here in classes_of(found, state):
            besides = tuple(one for one in here.places if one != "h1")
            assert (here.scope, here.places) in listed or (here.scope, besides) in listed
        moved = migrate(found, state, facts, now)
        assert (moved.state, moved.effects, moved.renamed) == (state, (), ())
        now += timedelta(days=2)
        state, _ = api.step(flow, state, dice.choice(happenings(flow, state)), facts, now)
