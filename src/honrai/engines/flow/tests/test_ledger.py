"""Whoever performs the effects must know what is open without looking into the state: both accounts must agree."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.engines.flow.api import (
    Call,
    CancelTask,
    CancelTimer,
    Changed,
    Completed,
    Decide,
    End,
    Escalated,
    Failed,
    Fired,
    FlowError,
    Message,
    OpenTask,
    Signal,
    StartTimer,
    executable,
    is_over,
    open_tasks,
    open_timers,
    read,
    start,
    step,
)
from honrai.engines.flow.conformance import fuzz
from honrai.engines.flow.conformance.blocks import example
from honrai.engines.flow.tests.build import NOW


class Ledger:
    """What a host believes to be open, from events and effects alone."""

    def __init__(self):
        self.tasks, self.timers, self.used, self.ended = {}, {}, set(), False

    def event(self, event):
        if isinstance(event, Completed | Failed):
            self.tasks.pop(event.key, None)
        if isinstance(event, Fired):
            self.timers.pop(event.key, None)

    def effects(self, effects):
        for effect in effects:
            assert not self.ended, "nothing may follow the end"
            if isinstance(effect, OpenTask | Decide | Call | StartTimer):
                assert effect.key not in self.used, "a key is used once"
                self.used.add(effect.key)
                (self.timers if isinstance(effect, StartTimer) else self.tasks)[effect.key] = effect.node
            elif isinstance(effect, CancelTask):
                assert self.tasks.pop(effect.key) == effect.node, "only what is open is cancelled"
            elif isinstance(effect, CancelTimer):
                assert self.timers.pop(effect.key) == effect.node
            elif isinstance(effect, End):
                self.ended = True

    def agrees(self, flow, state):
        assert self.tasks == {one.key: one.node for one in open_tasks(flow, state)}
        assert self.timers == {one.key: one.node for one in open_timers(flow, state)}
        assert self.ended == is_over(state)
        assert not is_over(state) or state["open"] == {}


@pytest.mark.parametrize("kind", ["blocks", "sample"])
@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_effects_tell_all_that_opens_and_closes(kind, seed):
    random = Random(seed)
    model = example(seed, size=9) if kind == "blocks" else None
    flow = executable(read(model.data if model else fuzz._SAMPLE.encode()))
    facts = {**(model.facts if model else {}), **{f"n_{key}": 0 for key in flow.steps}, "x": random.randrange(3)}
    ledger, now = Ledger(), NOW
    state, effects = start(flow, facts, now)
    ledger.effects(effects)
    ledger.agrees(flow, state)
    for _ in range(40):
        if is_over(state):
            break
        now += timedelta(hours=random.randrange(3))
        event = _event(flow, state, random, model)
        if isinstance(event, Fired):
            now = max(
                now, *(datetime.fromisoformat(one.due) for one in open_timers(flow, state) if one.key == event.key)
            )
        facts = {**facts, "x": random.randrange(3)}
        for name in [name for name in facts if name.startswith("n_")]:
            facts[name] += random.random() < 0.3
        try:
            state, effects = step(flow, state, event, facts, now)
        except FlowError:
            continue
        ledger.event(event)
        ledger.effects(effects)
        ledger.agrees(flow, state)


def _event(flow, state, random, model):
    tasks, timers = open_tasks(flow, state), open_timers(flow, state)
    choices = [Changed(), Message("m"), Signal(random.choice(model.once) if model and model.once else "g")]
    choices += [Completed(one.key) for one in tasks] * 3
    choices += [Failed(one.key, "e") for one in tasks if model is None]
    choices += [Escalated(one.key, "c") for one in tasks]
    choices += [Fired(one.key) for one in timers]
    return random.choice(choices)
