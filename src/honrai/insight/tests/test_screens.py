"""The screens of both sides: an order from its form to the 検収書, a report to the city's word, the self-audit to its PDF."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Task
from honrai.cases.rules import results_of
from honrai.cases.testing import open_one
from honrai.insight import auditing, effect, inspecting, rules
from honrai.insight.models import AuditSheet, Report
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.events.api import record
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.api import DealingKind
from honrai.platform.organisations.models import ContractMessage, Dealing
from honrai.platform.organisations.testing import DAY, NOW
from honrai.platform.signin.testing import signed_in
from honrai.procedures.api import runnable

ORDER = {
    "title": "4月分の受付", "activity": "kodomo-iryo", "since": "R080401", "until": "R080430", "quantity": "10",
    "quality": "相違 1万欄に5欄まで", "due": "R080501", "body": "",
}  # fmt: skip


@pytest.fixture
def people(town, stopped_clock):
    return town


def _page(answer, status=200):
    text = answer.content.decode()
    assert answer.status_code == status, text
    return text


def _work(people, number=20):
    open_one(number)
    task = Task.objects.filter(contract=people.contract, state="open", robot="").order_by("-pk").first()
    cases.claim(task=task.pk, actor=people.operator, now=NOW)
    wanted = results_of(runnable(task.case.version).flow, task.node)
    later = NOW + timedelta(minutes=6)
    cases.complete(task=task.pk, result=wanted[0] if wanted else "", actor=people.operator, now=later)
    return task.case_id


def _order(people, browser):
    at = f"/contracts/{people.contract}/"
    assert browser.post(f"{at}begin/order/", ORDER).status_code == 302
    return Dealing.objects.get(kind="order")


def test_an_order_from_its_form_to_the_certificate(people):
    city, firm = signed_in(people.personnel), signed_in(people.manager)
    at = f"/contracts/{people.contract}/"
    assert "在席まで保留" in _page(city.get(f"{at}begin/order/"))
    order = _order(people, city)
    assert "発注 R8-001" not in _page(firm.get(at)), "waits for a manager on duty"
    organisations.start_duty(actor=people.manager, now=NOW, until=NOW + timedelta(hours=8))
    page = f"{at}dealing/{order.pk}/"
    assert "受注する" in _page(firm.get(page))
    assert firm.post(page, {"step": "accept"}).status_code == 302
    case = _work(people)
    assert f"wrong-{case}" in _page(city.get(f"{page}inspect/"))
    assert "再履行の期限" in _page(city.post(f"{page}inspect/", {f"wrong-{case}": "始期が違う"}), 422)
    answer = city.post(f"{page}inspect/", {f"wrong-{case}": "始期が違う", "due": "R080420", "words": ""})
    failed = Dealing.objects.get(kind="inspection")
    assert answer.headers["Location"] == f"{at}dealing/{failed.pk}/"
    redo = Dealing.objects.get(kind="redo")
    assert (failed.state, redo.facts["cases"], redo.facts["cost"]) == ("failed", [case], "受託者の負担")
    assert _page(city.post(page, {"step": "close"}), 422)
    assert firm.post(f"{at}dealing/{redo.pk}/", {"step": "redone", "words": "直しました"}).status_code == 302
    assert city.post(f"{at}dealing/{redo.pk}/", {"step": "close"}).status_code == 302
    city.post(f"{page}inspect/", {f"wrong-{case}": "", "due": "", "words": "よい"})
    passed = Dealing.objects.get(kind="inspection", state="passed")
    assert passed.facts["counted"]["done"] == 1
    certificate = city.get(f"{at}dealing/{passed.pk}/certificate.pdf")
    assert certificate.content.startswith(b"%PDF")
    assert firm.get(f"{at}dealing/{passed.pk}/certificate.pdf").status_code == 200
    assert city.post(page, {"step": "close"}).status_code == 302
    assert "終了" in _page(firm.get(page))


def test_the_sample_cannot_be_chosen(people):
    organisations.start_duty(actor=people.manager, now=NOW, until=NOW + timedelta(hours=8))
    order = _order(people, signed_in(people.personnel))
    with pytest.raises(Invalid, match="納められた"):
        inspecting.inspect(order=order.pk, verdict=inspecting.Verdict({}), actor=people.personnel, now=NOW)
    _work(people)
    with pytest.raises(Invalid, match="抜き取った案件"):
        inspecting.inspect(order=order.pk, verdict=inspecting.Verdict({}), actor=people.personnel, now=NOW)
    with pytest.raises(Denied):
        inspecting.inspect(order=order.pk, verdict=inspecting.Verdict({}), actor=people.clerk, now=NOW)
    cases_ = list(range(1, 301))
    assert rules.sample(cases_, 7) == rules.sample(list(reversed(cases_)), 7)
    assert [rules.sample_size(n) for n in (0, 1, 10, 11, 300, 5000)] == [0, 1, 10, 10, 15, 50]


def test_a_stop_reaches_the_hand_that_works(people):
    open_one(20)
    task = Task.objects.filter(contract=people.contract, state="open", robot="").first()
    cases.claim(task=task.pk, actor=people.operator, now=NOW)
    city = signed_in(people.clerk)
    stop = {"title": "封入に誤り", "activity": "kodomo-iryo", "body": "", "due": ""}
    assert city.post(f"/contracts/{people.contract}/begin/stop/", stop).status_code == 302
    assert ContractMessage.objects.get(channel="stop").delivered_at is not None, "nobody is on duty and it arrives"
    for act in (
        lambda: cases.claim(task=task.pk, actor=people.operator, now=NOW),
        lambda: cases.complete(task=task.pk, result="", actor=people.operator, now=NOW),
    ):
        with pytest.raises(Conflict, match="作業停止"):
            act()


def test_a_report_from_draft_to_the_citys_word(people):
    _work(people)
    city, firm = signed_in(people.personnel), signed_in(people.manager)
    at = f"/contracts/{people.contract}/reports/"
    assert "案" in _page(city.get(at))
    page = f"{at}daily/2026-04-15/"
    assert "この数字で確認する" not in _page(city.get(page))
    assert city.post(page, {"what": "confirm"}).status_code == 422
    assert "期首の待ち" in _page(firm.get(page))
    assert firm.post(page, {"what": "confirm", "words": "混雑なし"}).status_code == 302
    assert _page(city.post(page, {"what": "return", "words": ""}), 422)
    assert city.post(page, {"what": "return", "words": "所見が足りない"}).status_code == 302
    assert "この数字で確認する" in _page(firm.get(page))
    assert firm.post(page, {"what": "confirm", "words": "補いました"}).status_code == 302
    assert city.post(page, {"what": "accept"}).status_code == 302
    assert Report.objects.count() == 2
    for browser in (city, firm):
        assert browser.get(f"{page}report.pdf").content.startswith(b"%PDF")
    assert "受託 operator" not in _page(firm.get(page))


def test_the_self_audit_counts_asks_and_follows_up(people):
    open_one(20)
    task = Task.objects.filter(contract=people.contract).first()
    record("cases.task_claimed", who=people.clerk.who, now=NOW - timedelta(hours=1), subject=("task", task.pk))
    found = auditing.checks(contract=people.contract, month=DAY, actor=people.personnel, now=NOW)
    assert [one.rule for one in found] == list(range(1, 11))
    assert {one.rule: one.found for one in found if one.found} == {4: 1}
    with pytest.raises(Denied):
        auditing.checks(contract=people.contract, month=DAY, actor=people.clerk, now=NOW)
    city, at = signed_in(people.personnel), f"/contracts/{people.contract}/self-audit/2026-04/"
    assert "証拠" in _page(city.post(at, {"rule-7": "kept"}), 422)
    said = {"rule-7": "kept", "rule-7-evidence": "手順書 第3版", "rule-9": "broken", "rule-9-evidence": "席が混在"}
    assert city.post(at, said).status_code == 302
    sheet = AuditSheet.objects.get()
    incidents = Dealing.objects.filter(kind=DealingKind.INCIDENT).order_by("pk")
    assert [one.pk for one in incidents] == sheet.incidents
    assert [one.facts["rule"] for one in incidents] == [4, 9]
    assert {one.due for one in incidents} == {DAY + timedelta(days=14)}
    assert city.get(f"{at}sheet.pdf").content.startswith(b"%PDF")
    assert "署名済み" in _page(city.get(at))
    assert city.post(at, said).status_code == 422
    assert LogEntry.objects.filter(name="insight.audit_signed").count() == 1


def test_machine_checks_can_fail(people):
    """Each planted breach is found by its rule."""
    organisations.start_duty(actor=people.manager, now=NOW, until=NOW + timedelta(hours=1))
    _order(people, signed_in(people.personnel))
    message = ContractMessage.objects.get(channel="order")
    record("organisations.message_assigned", who=people.clerk.who, now=NOW, subject=("message", message.pk))
    ContractMessage.objects.filter(pk=message.pk).update(delivered_at=NOW + timedelta(hours=3))
    common = {"contract_id": people.contract, "title": "x", "sent_at": NOW, "delivered_at": NOW}
    ContractMessage.objects.create(channel="query", sent_by_id=people.operator.person, **common)
    ContractMessage.objects.create(channel="equipment", sent_by_id=people.clerk.person, **common)
    record("organisations.placed_in_team", who=people.clerk.who, now=NOW, subject=("person", people.operator.person))
    for minute, place in enumerate(("端末1", "端末2")):
        who = replace(people.operator.who, place=place)
        record("cases.read", who=who, now=NOW + timedelta(minutes=minute), subject=("case", 1))
    organisations.open_dealing(
        actor=people.manager, now=NOW,
        terms=organisations.Terms(contract=people.contract, kind=DealingKind.QUERY, title="q", due=DAY),
    )  # fmt: skip
    found = auditing.checks(contract=people.contract, month=DAY, actor=people.personnel, now=NOW + timedelta(days=2))
    assert {one.rule for one in found if one.found} == {1, 2, 3, 5, 6, 8, 10}


MATRIX = {
    "": {"head": 200, "clerk": 200, "personnel": 200, "manager": 302, "operator": 302},
    "{c}/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 200, "operator": 403},
    "{c}/begin/order/": {"head": 404, "clerk": 404, "personnel": 200, "manager": 404, "operator": 403},
    "{c}/begin/query/": {"head": 404, "clerk": 404, "personnel": 404, "manager": 200, "operator": 403},
    "{c}/begin/stop/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 404, "operator": 403},
    "{c}/reports/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 200, "operator": 403},
    "{c}/reports/daily/2026-04-15/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 200, "operator": 403},
    "{c}/reports/monthly/2026-04/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 200, "operator": 403},
    "{c}/reports/weekly/2026-04-15/": {"head": 404, "clerk": 404, "personnel": 404, "manager": 404, "operator": 403},
    "{c}/reports/daily/x/": {"head": 404, "clerk": 404, "personnel": 404, "manager": 404, "operator": 403},
    "{c}/self-audit/2026-04/": {"head": 403, "clerk": 403, "personnel": 200, "manager": 403, "operator": 403},
    "effect/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 403, "operator": 403},
    "candidates/": {"head": 200, "clerk": 200, "personnel": 200, "manager": 200, "operator": 403},
}


@pytest.mark.parametrize("screen", MATRIX)
def test_who_opens_which_screen(people, screen):
    got = {
        who: signed_in(getattr(people, who)).get("/contracts/" + screen.format(c=people.contract)).status_code
        for who in MATRIX[screen]
    }
    assert got == MATRIX[screen]


def test_an_answer_becomes_a_candidate(people):
    organisations.open_dealing(
        actor=people.manager, now=NOW,
        terms=organisations.Terms(
            contract=people.contract, kind=DealingKind.QUERY, title="1日生まれ", due=date(2026, 4, 20), activity="kodomo-iryo"
        ),
    )  # fmt: skip
    query = Dealing.objects.get()
    city = signed_in(people.clerk)
    page = f"/contracts/{people.contract}/dealing/{query.pk}/"
    assert city.post(page, {"step": "answer", "words": "出生日から", "candidate": "1"}).status_code == 302
    for who in (people.clerk, people.manager):
        assert "出生日から" in _page(signed_in(who).get("/contracts/candidates/"))


def test_the_effect_recovers_a_known_saving(people):
    before = effect.effect_of(_version(), NOW)
    assert before.now == before.before, "nothing measured, nothing claimed"
    assert "0件" in before.notes[0]
    _work(people)
    one = effect.effect_of(_version(), NOW + timedelta(days=1))
    assert one.cases == 1
    assert one.contracted > 0
    assert one.before - one.now == pytest.approx(one.contracted), "only what the contractor did went away"
    assert one.net == pytest.approx(one.contracted * one.yearly / 60, abs=0.06)


def _version():
    from honrai.procedures.api import in_force

    return next(one for one in in_force(DAY) if one.code == "kodomo-iryo")
