import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.engines.flow.api import executable, read, write
from honrai.engines.flow.conformance import differential
from honrai.engines.flow.conformance.blocks import example
from honrai.engines.flow.tests.build import Play


@pytest.mark.slow
def test_two_hundred_random_models_keep_the_same_tasks_open_as_spiffworkflow():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's own
        assert differential.run(200, seed=0) == []


def test_a_difference_is_found_when_there_is_one(monkeypatch):
    """The comparison can fail: an engine that forgets a task is caught."""
    monkeypatch.setattr(differential.Ours, "open", _without_first)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert differential.play(1) is not None


def _without_first(engine):
    opened = sorted(one.node for one in differential.open_tasks(engine.flow, engine.state))
    return differential.Counter(opened[1:])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), picks=st.lists(st.integers(0, 1000), max_size=60))
def test_a_replay_gives_the_same_states_and_effects(seed, picks):
    model = example(seed, size=8)
    flow = executable(read(model.data))
    first = _walk(flow, model, picks)
    again = _walk(executable(read(write(read(model.data)))), model, picks)
    assert first == again


def _walk(flow, model, picks):
    """Play a case by a list of choices and return every state and effect on the way."""
    facts = {**model.facts, **{f"n_{step}": 0 for step in flow.steps}}
    play = Play(flow, facts)
    seen = [(play.state, play.last)]
    for pick in picks:
        choices = play.open
        if play.end or not choices:
            break
        node = choices[pick % len(choices)]
        play.facts = {**play.facts, f"n_{node}": play.facts[f"n_{node}"] + 1}
        play.done(node)
        seen.append((play.state, play.last))
    return seen
