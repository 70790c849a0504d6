import copy
import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow_models import bpmn

from honrai.engines.flow import api
from honrai.engines.flow.migrate import MigrationRefused, classes_of, migrate, plan
from honrai.engines.flow.prove import prove
from honrai.engines.flow.read import read

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def ready(flows, **parts):
    return api.executable(read(bpmn(flows, **parts)))


def case(flow, *done, facts=None):
    """Return the state of a case in which these tasks were completed in turn."""
    state, _ = api.start(flow, facts or {}, NOW)
    for node in done:
        key = next(one.key for one in api.open_tasks(flow, state) if one.node == node)
        state, _ = api.step(flow, state, api.Completed(key), facts or {}, NOW)
    return state


def open_nodes(flow, state):
    return sorted(one.node for one in api.open_items(flow, state))


def finish(flow, state, dice, now=NOW):
    """Run a case to its end at random; return whether it got there."""
    for _ in range(300):
        if api.is_over(state):
            return True
        events = [api.Completed(one.key) for one in api.open_tasks(flow, state)]
        events += [api.Fired(one.key) for one in api.open_timers(flow, state)]
        if not events:
            return False
        now += timedelta(days=3)
        facts = {one.id: dice.random() < 0.5 for one in flow.process.body.all_flows()}
        for node in flow.process.body.walk():
            if node.kind == "inclusiveGateway" and node.outgoing:
                facts[dice.choice(node.outgoing)] = True
        state, _ = api.step(flow, state, dice.choice(events), facts, now)
    return True


def verdicts(found):
    return {one.places: one.verdict for one in found.classes}


def test_a_task_added_later_changes_nothing_for_those_before():
    old, new = ready("s>t1 t1>t2 t2>e"), ready("s>t1 t1>t2 t2>t3 t3>e")
    found = plan(old, new)
    assert verdicts(found) == {("t1",): "same", ("t2",): "same"}
    moved = migrate(found, case(old, "t1"), {}, NOW)
    assert open_nodes(new, moved.state) == ["t2"]
    assert moved.effects == ()
    assert finish(new, moved.state, random.Random(1))


def test_a_renamed_task_moves_by_the_map_and_keeps_its_key():
    old, new = ready("s>t1 t1>e"), ready("s>t9 t9>e")
    assert verdicts(plan(old, new)) == {("t1",): "impossible"}
    found = plan(old, new, {"t1": "t9"})
    assert verdicts(found) == {("t1",): "moved"}
    state = case(old)
    moved = migrate(found, state, {}, NOW)
    assert moved.renamed == (("1", "t1", "t9"),)
    assert [one.key for one in api.open_tasks(new, moved.state)] == ["1"]


def test_what_is_gone_is_impossible_and_says_why():
    old, new = ready("s>t1 t1>t2 t2>e"), ready("s>t1 t1>e")
    found = plan(old, new)
    (gone,) = [one for one in found.classes if one.verdict == "impossible"]
    assert gone.places == ("t2",)
    assert "「t2」" in gone.reasons[0]
    state = case(old, "t1")
    before = copy.deepcopy(state)
    with pytest.raises(MigrationRefused, match="t2"):
        migrate(found, state, {}, NOW)
    assert state == before


def test_a_branch_added_to_a_parallel_is_impossible_inside_it():
    old = ready("s>t0 t0>a1 a1>t1 a1>t2 t1>a2 t2>a2 a2>e")
    new = ready("s>t0 t0>a1 a1>t1 a1>t2 a1>t3 t1>a2 t2>a2 t3>a2 a2>e")
    found = verdicts(plan(old, new))
    assert found[("t0",)] == "same"
    assert found[("t1", "t2")] == "impossible"
    assert found[("f_t1_a2", "t2")] == "impossible"


def test_a_branch_taken_out_lets_the_waiting_token_go():
    old = ready("s>a1 a1>t1 a1>t2 t1>a2 t2>a2 a2>t3 t3>e")
    new = ready("s>t1 t1>a2 a2>t3 t3>e")
    found = plan(old, new)
    assert verdicts(found)[("f_t1_a2", "t2")] == "impossible"
    assert verdicts(found)[("t3",)] == "same"


def test_parallel_made_exclusive_is_impossible_with_both_open():
    old = ready("s>a1 a1>t1 a1>t2 t1>a2 t2>a2 a2>e")
    new = ready("s>x1 x1>t1 x1>t2 t1>x2 t2>x2 x2>e")
    found = plan(old, new, {"a1": "x1", "a2": "x2"})
    (both,) = [one for one in found.classes if one.places == ("t1", "t2")]
    assert both.verdict == "impossible"
    assert "二重" in both.reasons[0]


def test_timers_that_stay_keep_their_time_new_ones_are_set_old_ones_cancelled():
    old = ready("s>t1 t1>e b1>e1 b2>e1", on={"b1": "t1", "b2": "t1"})
    new = ready("s>t1 t1>e b1>e1 b3>e1", on={"b1": "t1", "b3": "t1"})
    state = case(old)
    later = NOW + timedelta(hours=5)
    moved = migrate(plan(old, new), state, {}, later)
    timers = {one.node: one.due for one in api.open_timers(new, moved.state)}
    assert timers == {"b1": (NOW + timedelta(days=1)).isoformat(), "b3": (later + timedelta(days=1)).isoformat()}
    assert [(type(one).__name__, one.node) for one in moved.effects] == [("CancelTimer", "b2"), ("StartTimer", "b3")]


def test_scopes_are_judged_one_by_one():
    old = ready("s>p1 p1>e", inside={"p1": "s1>t1 t1>t2 t2>e1"})
    new = ready("s>p1 p1>t3 t3>e", inside={"p1": "s1>t1 t1>e1"})
    found = plan(old, new)
    assert verdicts(found) == {("p1",): "same", ("t1",): "same", ("t2",): "impossible"}
    assert {one.scope for one in found.classes} == {"P", "p1"}


def test_a_finished_case_stays_as_it_is():
    old, new = ready("s>t1 t1>e"), ready("s>t1 t1>t2 t2>e")
    state = case(old, "t1")
    assert migrate(plan(old, new), state, {}, NOW).state == state


def test_too_many_classes_are_undecided_but_single_cases_are_judged():
    wide = " ".join(f"a1>t{n}1 t{n}1>t{n}2 t{n}2>a2" for n in range(8))
    old = ready(f"s>a1 {wide} a2>e")
    found = plan(old, old, limit=100)
    assert found.undecided == ("P",)
    assert [one.verdict for one in classes_of(found, case(old))] == ["same"]


@st.composite
def versions(draw):
    """Return two versions of a nested flow: some tasks of the second renamed, left out, or with one put behind them."""
    names = iter(range(10_000))
    changes = []

    def task(first, last):
        n = next(names)
        change = draw(st.sampled_from(["keep"] * 6 + ["rename", "drop", "add"]))
        changes.append((f"t{n}", change))
        yes = f"{first}>t{n} t{n}>{last}"
        other = {
            "keep": yes,
            "rename": f"{first}>t{n}r t{n}r>{last}",
            "drop": f"{first}>{last}",
            "add": f"{first}>t{n} t{n}>t{n}n t{n}n>{last}",
        }
        return yes, other[change]

    def block(first, last, level):
        kind = draw(st.sampled_from("ttxaol")) if level else "t"
        if kind == "t":
            return task(first, last)
        n = next(names)
        if kind == "l":
            one, two = block(f"x{n}", f"x{n}z", level - 1)
            again = f"x{n}z>t{n}w t{n}w>x{n} x{n}z>{last}"
            return tuple(f"{first}>x{n} {way} {again}" for way in (one, two))
        inner = [block(f"{kind}{n}", f"{kind}{n}z", level - 1) for _ in range(2)]
        return tuple(f"{first}>{kind}{n} {' '.join(pair[side] for pair in inner)} {kind}{n}z>{last}" for side in (0, 1))

    first, second = block("s", "tm", 2), block("tm", "e", 2)
    texts = [f"{first[side]} {second[side]}" for side in (0, 1)]
    return texts[0], texts[1], {name: f"{name}r" for name, change in changes if change == "rename"}


@settings(max_examples=100, deadline=None)
@given(versions(), st.integers(0, 2**32))
def test_every_case_of_a_listed_class_can_be_moved_and_finished(texts, seed):
    old, new = ready(texts[0]), ready(texts[1])
    if not (prove(old.model).sound and prove(new.model).sound):
        return
    found, dice = plan(old, new, texts[2]), random.Random(seed)
    listed = {(one.scope, one.places) for one in found.classes}
    state, now = api.start(old, {one.id: True for one in old.process.body.all_flows()}, NOW)[0], NOW
    for _ in range(12):
        if api.is_over(state):
            return
        (here,) = classes_of(found, state)
        assert (here.scope, here.places) in listed
        if here.verdict == "impossible":
            with pytest.raises(MigrationRefused):
                migrate(found, state, {}, NOW)
        else:
            before = json.dumps(state)
            facts = {one.id: True for one in new.process.body.all_flows()}
            moved = migrate(found, state, facts, NOW)
            assert json.dumps(state) == before
            assert finish(new, moved.state, dice)
        facts = {one.id: dice.random() < 0.5 for one in old.process.body.all_flows()}
        for node in old.process.body.walk():
            if node.kind == "inclusiveGateway" and node.outgoing:
                facts[dice.choice(node.outgoing)] = True
        now += timedelta(days=1)
        task = dice.choice(api.open_tasks(old, state))
        state, _ = api.step(old, state, api.Completed(task.key), facts, now)
