"""What procedures get from casework: closed cases for the replay, running cases to move."""

import pytest

from honrai.cases.testing import apply, town
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import system_actor
from honrai.platform.events.api import SYSTEM, Announced
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures
from honrai.procedures.models import ClosedExample
from honrai.site.wiring import forget_closed, learn_closed


@pytest.fixture
def case(city, tmp_path, monkeypatch):
    town(city, tmp_path, monkeypatch)
    return apply()[1]


def _closed(case, name="cases.closed"):
    return Announced(1, name, {"case": case.pk}, NOW, SYSTEM, ("case", case.pk), case.pk)


def test_a_closed_case_is_kept_without_names_until_it_is_disposed_of(case):
    learn_closed(_closed(case))
    assert not ClosedExample.objects.exists()  # it is open: there is nothing to learn
    case.outcome, case.closed_at = "認定", NOW
    case.save()
    learn_closed(_closed(case))
    learn_closed(_closed(case))
    kept = ClosedExample.objects.get()
    assert (kept.case, kept.code, kept.outcome) == (case.pk, "kodomo-iryo", "認定")
    assert kept.values["child.born"] == case.values["child.born"]
    assert kept.values["child.name"] != case.values["child.name"]
    assert "本来市" not in str(kept.values)
    forget_closed(_closed(case, "cases.disposed"))
    assert not ClosedExample.objects.exists()


def test_a_withdrawn_case_teaches_nothing(case):
    case.outcome, case.closed_at = "取下げ", NOW
    case.save()
    learn_closed(_closed(case))
    assert not ClosedExample.objects.exists()


def test_running_cases_are_found_and_moved_through_the_port(case, city):
    port = procedures.ports.casework
    assert port is not None
    (running,) = port.running("kodomo-iryo", case.version)
    assert (running.case, running.number) == (case.pk, case.number)
    assert port.running("kodomo-iryo", case.version, after=case.pk) == []
    flow = procedures.runnable(case.version).flow
    plan = flow_engine.plan(flow, flow)
    port.move(case.pk, plan=plan, target=case.version, actor=system_actor(city, NOW.date()), now=NOW)
    case.refresh_from_db()
    assert case.state == running.state
