"""Running cases move to another version by plan, or stay where they are."""

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Task
from honrai.cases.testing import PACKS, apply, work
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Conflict, Denied
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures


def _next_version(head, old: bytes, new: bytes) -> int:
    files = procedures.files_of_folder(PACKS / "kodomo-iryo")
    files["flow.bpmn"] = files["flow.bpmn"].replace(old, new)
    files["procedure.yaml"] = (
        files["procedure.yaml"].replace(b"2026-04-01", b"2026-05-01").replace(b"2026.1", b"2026.2")
    )
    procedures.publish(files=files, actor=head, now=NOW)
    return procedures.version_on("kodomo-iryo", NOW.date().replace(month=6)).id


def test_a_running_case_goes_on_on_the_new_version(town):
    _, case = apply()
    version = _next_version(
        town.head, b"\xe5\x8f\x97\xe4\xbb\x98\xe3\x83\xbb\xe5\xbd\xa2\xe5\xbc\x8f", "受付・様式".encode()
    )
    (running,) = cases.running_states("kodomo-iryo", case.version)
    assert (running.case, running.number) == (case.pk, case.number)
    plan = flow_engine.plan(procedures.runnable(case.version).flow, procedures.runnable(version).flow)
    with pytest.raises(Denied):
        cases.move_case(case=case.pk, version=version, plan=plan, actor=town.operator, now=NOW)
    cases.move_case(case=case.pk, version=version, plan=plan, actor=town.head, now=NOW)
    case.refresh_from_db()
    assert case.version == version
    entry = LogEntry.objects.get(name="cases.moved", case_id=case.pk)
    assert entry.data["before"] != entry.data["version"] == version
    work(case, town.operator, "receive_check")
    assert Task.objects.filter(case=case, node="link_facts", state="open").exists()
    assert cases.running_states("kodomo-iryo", entry.data["before"]) == []


def test_a_closed_case_stays(town):
    _, case = apply()
    case.closed_at = NOW
    case.save()
    flow = procedures.runnable(case.version).flow
    with pytest.raises(Conflict):
        cases.move_case(case=case.pk, version=case.version, plan=flow_engine.plan(flow, flow), actor=town.head, now=NOW)
