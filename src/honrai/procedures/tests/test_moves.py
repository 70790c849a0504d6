"""Running cases are moved by plan: computed first, each once, going on after a stop; who cannot move stays."""

from dataclasses import replace
from datetime import date

import pytest

from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Conflict, Denied, Invalid, system_actor
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import DAY, NOW
from honrai.platform.signin.testing import signed_in
from honrai.procedures import api, moves
from honrai.procedures.models import MovedCase, MovePlan
from honrai.procedures.operations import moving
from honrai.procedures.testing import changed, wards


class Casework:
    """Casework with states in memory."""

    def __init__(self, states):
        self.states = dict(states)
        self.moved = []
        self.refuse = set()

    def running(self, procedure, version, *, after=0, limit=None):
        rows = [api.RunningCase(key, f"C-{key}", state) for key, state in sorted(self.states.items()) if key > after]
        return [row for row in rows if row.case not in self.moved][:limit]

    def move(self, case, *, plan, target, actor, now):
        if case in self.refuse:
            raise Conflict("先に進みました")
        self.states[case] = flow_engine.migrate(plan, dict(self.states[case]), {}, now).state
        self.moved.append(case)


@pytest.fixture
def town(city):
    return wards(city)


@pytest.fixture
def versions(town):
    """The version in force and one whose 照合 has another id."""
    files = changed(("flow.bpmn", "link_facts", "look_up"), version=town.version)
    files["manual.md"] = files["manual.md"].replace(b"link_facts", b"look_up")
    return town.version, api.publish(files=files, actor=system_actor(town.people.city, DAY), now=NOW)


@pytest.fixture
def casework(versions, monkeypatch):
    """Three cases: two at 受付, one at 照合."""
    flow = api.runnable(versions[0]).flow
    first, _ = flow_engine.start(flow, {}, NOW)
    (task,) = flow_engine.open_tasks(flow, first)
    second, _ = flow_engine.step(flow, first, flow_engine.Completed(task.key), {}, NOW)
    made = Casework({1: first, 2: second, 3: first})
    monkeypatch.setattr(api.ports, "casework", made)
    return made


def _june(actor):
    return replace(actor, day=date(2026, 6, 1))


def test_the_dry_run_counts_and_the_map_makes_moves_possible(town, versions, casework):
    clerk = town.people.clerk
    plan = api.plan_move(source=versions[0], target=versions[1], actor=clerk, now=NOW)
    run = moves.dry_run(MovePlan.objects.get(pk=plan))
    assert (run.total, run.same, run.moved, run.impossible) == (3, 2, 0, 1)
    assert moves.unmatched(MovePlan.objects.get(pk=plan))[0][0] == "link_facts"
    api.change_map(plan=plan, names={"link_facts": "look_up"}, actor=clerk, now=NOW)
    run = moves.dry_run(MovePlan.objects.get(pk=plan))
    assert (run.same, run.moved, run.impossible) == (2, 1, 0)
    assert run.lines[0].count == 2
    assert run.lines[0].examples == ("C-1", "C-3")
    assert casework.moved == []
    with pytest.raises(Invalid):
        api.change_map(plan=plan, names={"link_facts": "nowhere"}, actor=clerk, now=NOW)


def test_cases_move_once_in_steps_and_the_impossible_stay(town, versions, casework, monkeypatch):
    monkeypatch.setattr(moving, "STEP", 1)
    casework.refuse = {3}
    plan = api.plan_move(source=versions[0], target=versions[1], actor=town.people.clerk, now=NOW)
    api.apply_move(plan=plan, actor=_june(town.people.head), now=NOW)
    steps = 0
    while moving.take_step(plan=plan, now=NOW):
        steps += 1
    assert steps == 3
    found = {one.case: (one.result, one.reason) for one in MovedCase.objects.filter(plan=plan)}
    assert found[1] == ("moved", "")
    assert found[2][0] == "kept"
    assert "link_facts" in found[2][1]
    assert found[3] == ("kept", "先に進みました")
    assert casework.moved == [1]
    assert not moving.take_step(plan=plan, now=NOW)
    finished = LogEntry.objects.get(name="procedures.move_finished", subject_id=plan)
    assert (finished.data["moved"], finished.data["kept"]) == (1, 2)
    with pytest.raises(Conflict):
        api.apply_move(plan=plan, actor=_june(town.people.head), now=NOW)


def test_who_may_plan_and_who_may_move(town, versions, casework):
    people = town.people
    for actor in (people.personnel, people.manager, people.operator):
        with pytest.raises(Denied):
            api.plan_move(source=versions[0], target=versions[1], actor=actor, now=NOW)
    with pytest.raises(Invalid):
        api.plan_move(source=versions[0], target=versions[0], actor=people.clerk, now=NOW)
    plan = api.plan_move(source=versions[0], target=versions[1], actor=people.clerk, now=NOW)
    with pytest.raises(Denied):
        api.apply_move(plan=plan, actor=people.clerk, now=NOW)
    with pytest.raises(Conflict, match="施行"):
        api.apply_move(plan=plan, actor=people.head, now=NOW)


@pytest.mark.usefixtures("stopped_clock")
def test_the_plan_page_shows_the_dry_run_and_takes_the_map(town, versions, casework):
    clerk = signed_in(town.people.clerk)
    clerk.post(f"/procedures/version/{versions[0]}/move/", {"target": versions[1]})
    plan = MovePlan.objects.get()
    at = f"/procedures/move/{plan.pk}/"
    assert "進行中の案件" in clerk.get(at).content.decode()
    clerk.post(f"{at}do/map/", {"to-link_facts": "look_up"})
    plan.refresh_from_db()
    assert plan.names == {"link_facts": "look_up"}
    assert signed_in(town.people.manager).get(at).status_code == 404
    assert signed_in(town.people.manager).post(f"{at}do/apply/").status_code == 404
