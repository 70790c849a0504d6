"""A contractor tries to decide by screen, address, bulk and import: every try is refused, the city reads each in its log."""

import pytest
from tests.journeys.test_casework import _do, _town
from tests.journeys.test_first_case import _accessible, _tab

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PDF = b"%PDF-1.7\n" + b"x" * 100


def _waiting(town):
    """Walk a case to its decider; return the keys of the case, the deciding step and the document."""
    from honrai.cases import testing

    _, case = testing.apply(papers=[("insurance", PDF)])
    testing.work(case, town.operator, "receive_check")
    testing.jobs(case)
    testing.work(case, town.operator2, "second_check", "一致")
    testing.work(case, town.clerk, "draft")
    task = testing.open_task(case, "approve")
    return case.pk, task.pk, task.document


def _posts(case, task, document):
    """Every address that would decide, end or move: what is sent to it."""
    return {
        f"/desk/task/{task}/claim/": {},
        f"/desk/task/{task}/": {"result": "承認"},
        f"/approvals/document/{document}/approve/": {},
        f"/approvals/document/{document}/change/": {"outcome": "却下", "reason": "x"},
        f"/approvals/document/{document}/return/": {"reason": "x"},
        "/approvals/stack/": {"group": "x"},
        f"/desk/case/{case}/act/withdraw/": {"evidence": "x"},
        f"/desk/case/{case}/act/transfer/": {"unit": "1", "reason": "x"},
        f"/desk/case/{case}/act/reopen/": {"reason": "x"},
        f"/desk/case/{case}/act/correct/": {"cause": "訂正", "reason": "x"},
    }


def _send(page, site, path, **more):
    token = page.locator("meta[name=csrf]").get_attribute("content")
    return page.request.post(site + path, headers={"X-CSRFToken": token, "Referer": site}, max_redirects=0, **more)


def test_a_contractor_tries_to_decide(chromium, site, stopped_clock, tmp_path, monkeypatch):
    from honrai.cases.models import Case, CaseDecision, Task
    from honrai.platform.events.models import LogEntry

    town = _town(tmp_path, monkeypatch, "kodomo-iryo", None)
    case, task, document = _do(lambda: _waiting(town))
    tries = 0
    for who in ("operator", "manager"):
        tab = _tab(chromium, site, getattr(town, who))
        _by_screen(tab, site, case, who)
        for path in ("/approvals/", f"/approvals/document/{document}/", "/approvals/outside/", f"/desk/task/{task}/"):
            assert tab.request.get(site + path).status in {403, 404}, path
        for path, form in _posts(case, task, document).items():
            answer = _send(tab, site, path, form=form)
            assert answer.status in {403, 404}, (path, answer.status)
            tries += 1
        tries += _by_import(tab, site, document)
        tries += _by_bulk(tab, site, town, who, task)
    assert tries >= 2 * len(_posts(0, 0, 0))

    def untouched():
        row, step = Case.objects.get(pk=case), Task.objects.get(pk=task)
        assert (row.closed_at, row.outcome, step.state, step.claimed_by) == (None, "", "open", None)
        assert not CaseDecision.objects.exists()
        refused = LogEntry.objects.filter(name="signin.refused")
        pages = {entry.data["page"] for entry in refused}
        assert {"approvals:act", "approvals:import", "desk:case_act"} <= pages, pages
        assert {entry.who_person for entry in refused} == {town.operator.person, town.manager.person}
        return refused.count()

    assert _do(untouched) >= tries // 2
    auditor = _tab(chromium, site, town.personnel)
    auditor.goto(f"{site}/desk/log/")
    auditor.get_by_text("権限のない操作を断りました").first.wait_for()
    _accessible(auditor, "contractor-tries-log")


def _by_screen(tab, site, case, who):
    """No button, no entry of the menu, no key leads to the decision."""
    tab.goto(f"{site}/desk/case/{case}/")
    assert not tab.get_by_role("link", name="決裁").count()
    assert not tab.get_by_role("button", name="決裁する").count()
    _accessible(tab, f"contractor-tries-{who}")
    tab.goto(f"{site}/desk/")
    tab.keyboard.press("n")
    tab.locator(".notice").first.wait_for()
    assert "/task/" not in tab.url


def _by_import(tab, site, document):
    """A file of decisions, and a paper said to be signed."""
    back = f"起案番号,文書番号,決裁日\n{document},1,R8.4.15\n".encode()
    file = {"name": "back.csv", "mimeType": "text/csv", "buffer": back}
    answer = _send(tab, site, "/approvals/outside/import/", multipart={"file": file})
    assert answer.status == 403, answer.status
    signed = {"accepted": "1", "decided_on": "R080415"}
    answer = _send(tab, site, f"/approvals/outside/paper/{document}/", form=signed)
    assert answer.status in {403, 404}, answer.status
    return 2


def _by_bulk(tab, site, town, who, task):
    """Its own list does not hold the step; a forged one is refused item by item and the page says so."""
    from honrai.cases import api as cases
    from honrai.cases.tasks import run_bulk
    from honrai.platform.events.api import Announced
    from honrai.platform.events.models import LogEntry
    from honrai.platform.organisations.testing import NOW

    answer = _send(tab, site, "/desk/bulk/start/", form={"query": "", "shown": "1", "action": "complete"})
    assert answer.status == 422, answer.status
    actor = getattr(town, who)
    forged = {"action": "complete", "parameters": {"result": "承認"}, "tasks": [task]}
    bulk = _do(lambda: cases.start_bulk(**forged, actor=actor, now=NOW))

    def job():
        entry = LogEntry.objects.filter(name="cases.bulk_asked").latest("pk")
        run_bulk(Announced(entry.pk, entry.name, entry.data, entry.at, actor.who, ("bulk", None), None))

    _do(job)
    tab.goto(f"{site}/desk/bulk/{bulk}/")
    tab.get_by_text("0件").first.wait_for()
    _accessible(tab, f"contractor-tries-bulk-{who}")
    return 1
