"""こども医療費 資格認定 from the web form to the issued letter, with one deficiency, a second check and an approval."""

from datetime import timedelta

import pytest
from conftest import CITY_A
from tests.shared_data import ROOT

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.cases.models import Case, Deficiency, Task
from honrai.cases.ports import ports
from honrai.cases.tasks import run_service, send_request
from honrai.intake import api as intake
from honrai.intake.models import Application
from honrai.kernel.personal_number import has_personal_number_check
from honrai.platform.authority.api import Denied, Invalid, Rank, set_level, system_actor
from honrai.platform.events.api import Announced, Who
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import DAY, NOW, small_city
from honrai.procedures import api as procedures

APPLICANT = Who("applicant", place="203.0.113.5")
VALUES = {
    "application.kind": "新規",
    "application.reason": "出生",
    "application.event_date": "2026-04-10",
    "child.name": "本来 花子",
    "child.kana": "ホンライ ハナコ",
    "child.born": "2026-04-10",
    "guardian.name": "本来 太郎",
    "guardian.kana": "ホンライ タロウ",
    "guardian.relation": "父",
    "guardian.postcode": "860-0001",
    "guardian.address": "本来市中央区本町1-1",
    "guardian.phone": "096-000-0000",
    "insurer.number": "01130012",
    "insurer.name": "全国健康保険協会",
    "insurer.symbol": "12345678・1・00",
    "insurer.holder": "本来 太郎",
    "insurer.since": "2026-04-10",
    "insurer.fringe": "ない",
    "account.bank": "0001",
    "account.branch": "001",
    "account.kind": "普通",
    "account.number": "1234567",
    "account.holder": "ホンライ タロウ",
    "consent.lookup": True,
    "consent.return_card": True,
    "consent.signed": True,
    "consent.signed_on": "2026-04-15",
}
FACTS = {
    "resident.found": True,
    "resident.city": True,
    "resident.registered_on": "2026-04-10",
    "resident.protected": False,
    "insurance.status": "確認できない",
    "welfare.receiving": False,
    "public_fund.full": False,
    "overlap.scheme": "なし",
    "recipient.active": False,
}
PDF = b"%PDF-1.7\n" + b"x" * 100


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    monkeypatch.setattr(ports, "facts", [lambda question: FACTS])
    people = small_city(city)
    setup = system_actor(city, DAY)
    set_level(
        actor=setup, now=NOW, procedure="", act=None, rank=Rank.SECTION_HEAD, up_to=None, since=DAY, source="専決規程"
    )
    procedures.publish(files=procedures.files_of_folder(ROOT / "packs" / "kodomo-iryo"), actor=people.head, now=NOW)
    cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=DAY)
    return people


def _jobs(case: Case) -> None:
    """Do what the job worker does: services of open steps."""
    for entry in LogEntry.objects.filter(name="cases.task_opened", case_id=case.pk).order_by("pk"):
        run_service(Announced(entry.pk, entry.name, entry.data, entry.at, APPLICANT, ("task", None), case.pk), now=NOW)


def _work(people, actor, node: str, result: str = "", **more) -> None:
    task = Task.objects.get(node=node, state="open")
    cases.claim(task=task.pk, actor=actor, now=NOW)
    cases.complete(task=task.pk, result=result, actor=actor, now=NOW, **more)


def _apply() -> tuple[intake.Receipt, Case]:
    application = intake.start(procedure="kodomo-iryo", channel="web", token="t1", who=APPLICANT, now=NOW)
    intake.save(application=application, values=VALUES, now=NOW)
    receipt = intake.submit(application=application, who=APPLICANT, now=NOW)
    return receipt, Case.objects.get(number=receipt.number)


def test_from_the_web_form_to_the_letter(town):
    receipt, case = _apply()
    assert receipt.number == "08-000001"
    assert intake.submit(application=receipt.application, who=APPLICANT, now=NOW).number == receipt.number
    assert Case.objects.count() == 1

    _work(town, town.operator, "receive_check")
    _jobs(case)
    case.refresh_from_db()
    assert list(Deficiency.objects.values_list("code", "state")) != []
    assert case.paused_for == "補正"

    intake.attach(
        application=receipt.application, kind="insurance", content=PDF, name="shikaku.pdf", who=APPLICANT, now=NOW
    )
    later = NOW + timedelta(days=6)
    intake.answer(application=receipt.application, case=case.pk, values={}, who=APPLICANT, now=later)
    due = case.due_on
    case.refresh_from_db()
    assert case.due_on > due
    assert case.paused_since is None

    _work(town, town.operator, "receive_check")
    _jobs(case)
    with pytest.raises(Denied, match="本人"):
        cases.claim(task=Task.objects.get(node="second_check", state="open").pk, actor=town.operator, now=NOW)
    _work(town, town.operator2, "second_check", "一致")
    case.refresh_from_db()
    assert case.proposal["outcome"] == "認定", case.proposal

    _work(town, town.clerk, "draft")
    document = Task.objects.get(node="approve", state="open").document
    with pytest.raises(Denied):
        approvals.approve(document=document, actor=town.operator, now=NOW)
    with pytest.raises(Denied):
        approvals.approve(document=document, actor=town.clerk, now=NOW)
    approvals.approve(document=document, actor=town.head, now=NOW)
    case.refresh_from_db()
    assert case.outcome == "認定"

    issue = Task.objects.get(node="issue", state="open")
    with pytest.raises(Denied):
        cases.claim(task=issue.pk, actor=town.operator, now=NOW)
    cases.claim(task=issue.pk, actor=town.clerk, now=NOW)
    letters = cases.issue(task=issue.pk, actor=town.clerk, now=NOW)
    assert len(letters) == 2
    assert case.letters.get(pk=letters[0]).number.endswith("号")
    _work(town, town.operator, "dispatch")
    _work(town, town.clerk, "core_entry")
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("完結", "認定")
    assert case.closed_at == NOW
    assert not Task.objects.filter(state="open").exists()


def test_nobody_gets_the_same_task_twice(town):
    _apply()
    first = cases.claim_next(actor=town.operator, now=NOW)
    assert first is not None
    assert cases.claim_next(actor=town.operator2, now=NOW) is None
    assert cases.claim_next(actor=town.operator2, now=NOW + timedelta(minutes=31)) == first


def test_the_request_letter_is_made(town):
    _, case = _apply()
    _work(town, town.operator, "receive_check")
    _jobs(case)
    entry = LogEntry.objects.get(name="cases.deficiencies_asked")
    send_request(Announced(entry.pk, entry.name, entry.data, entry.at, APPLICANT, ("case", case.pk), case.pk))
    assert case.letters.get().letter == "hosei"
    assert case.city_id == CITY_A


def test_a_personal_number_is_neither_taken_from_an_applicant_nor_from_staff(town):
    likely = next(n for n in (f"{i:012}" for i in range(900000000000, 900000000100)) if has_personal_number_check(n))
    application = intake.start(procedure="kodomo-iryo", channel="web", token="t2", who=APPLICANT, now=NOW)
    with pytest.raises(Invalid, match="個人番号"):
        intake.save(application=application, values={"guardian.address": f"本町 {likely}"}, now=NOW)
    assert Application.objects.get(pk=application).values == {}
    receipt, case = _apply()
    with pytest.raises(Invalid, match="個人番号"):
        intake.answer(
            application=receipt.application, case=case.pk, values={"child.name": likely}, who=APPLICANT, now=NOW
        )
    with pytest.raises(Invalid, match="個人番号"):
        _work(town, town.operator, "receive_check", values={"guardian.address": f"番号 {likely}"})
    assert Task.objects.get(node="receive_check").state == "open"
    assert likely not in str([Case.objects.values_list("values", flat=True), LogEntry.objects.values_list("data")])
