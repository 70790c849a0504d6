"""こども医療費 from submission to the closed case through the doors, on registers and ledgers that came in by extracts.

The core systems are told, their next extract proves it, and only then the case is over.
"""

from datetime import timedelta

import pytest

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.cases.models import Case, Task
from honrai.cases.testing import APPLICANT, PDF, jobs, open_task, town, work
from honrai.cases.testing import VALUES as FORM
from honrai.exchange import api as exchange
from honrai.exchange.models import Entry
from honrai.exchange.testing import load_records
from honrai.intake import api as intake
from honrai.platform.cities.models import City
from honrai.platform.organisations.testing import DAY, NOW
from honrai.site import wiring

ADDRESS = "東京都千代田区永田町1-7-1"
PERSON, OTHER = "1000000001", "1000000002"
HELD = {"recipient_no": "9999999", "person_no": OTHER, "since": "2024-04-01", "state": "有効"}
APPEAL = {
    "office": "本来市", "name": "", "seal": "omitted",
    "appeal": {
        "reviewer": "本来市長", "defendant": "本来市", "representative": "本来市長", "review_months": 3,
        "review_limit_years": 1, "suit_months": 6, "suit_limit_years": 1,
    },
}  # fmt: skip


@pytest.fixture
def start(city, tmp_path, monkeypatch):
    """Return a function that opens the town of a pack with its extracts taken in and the real sources of facts bound."""

    def begin(pack: str, name: str, kana: str, born: str, **loads):
        people = town(city, tmp_path, monkeypatch, pack=pack)
        monkeypatch.setattr(cases.ports, "facts", [wiring._facts_from_extracts, wiring._facts_from_registers])
        City.objects.filter(pk=city).update(
            settings={"authorities": dict.fromkeys(("市長", "教育委員会", "消防署長"), APPEAL)}
        )
        resident = {
            "person_no": PERSON, "household_no": "2000000001", "name": name, "kana": kana, "birth": born,
            "relation": "世帯主", "insurance": "国民健康保険", "resident_since": born, "income": "0",
        }  # fmt: skip
        home = {
            "household_no": "2000000001",
            "head_no": PERSON,
            "address": ADDRESS,
            "protected": "false",
            "welfare": "false",
        }
        loads = {"residents-full": [resident], "households-full": [home], **loads}
        for layout, records in loads.items():
            load_records(layout.replace("_", "-"), records, as_of=DAY, actor=people.personnel, now=NOW)
        return people

    return begin


def submit(pack, values, papers=(), channel="web"):
    application = intake.start(procedure=pack, channel=channel, token=pack, who=APPLICANT, now=NOW)
    intake.save(application=application, values=values, now=NOW)
    for kind in papers:
        intake.attach(application=application, kind=kind, content=PDF, name="page", who=APPLICANT, now=NOW)
    receipt = intake.submit(application=application, who=APPLICANT, now=NOW)
    return Case.objects.get(number=receipt.number)


def to_decision(people, case):
    work(case, people.operator, "receive_check")
    jobs(case)
    assert Task.objects.filter(case=case, node="second_check", state="open").exists(), (
        case.stage, list(case.deficiencies.values_list("code", "message")), case.facts,
    )  # fmt: skip
    work(case, people.operator2, "second_check", "一致")
    assert open_task(case, "draft"), case.proposal
    work(case, people.clerk, "draft")
    approvals.approve(document=open_task(case, "approve").document, actor=people.head, now=NOW)
    case.refresh_from_db()


def to_core(people, case):
    task = open_task(case, "issue")
    cases.claim(task=task.pk, actor=people.clerk, now=NOW)
    cases.issue(task=task.pk, actor=people.clerk, now=NOW)
    work(case, people.operator, "dispatch")
    jobs(case)


def prove(people, case, layout, ledger, others=(), **more):
    """Hand the entries over, bring the next extract with what was told, and see the case close."""
    entries = list(Entry.objects.filter(case=case.pk))
    assert entries, list(case.tasks.filter(state="open").values_list("node", "held_for"))
    assert case.closed_at is None
    exchange.hand_over(layout=layout, way="bulk", entries=[one.pk for one in entries], actor=people.personnel, now=NOW)
    held = [{k: v for k, v in one.values.items() if k != "change"} | more for one in entries]
    load_records(ledger, [*held, *others], as_of=DAY + timedelta(1), actor=people.personnel, now=NOW + timedelta(1))
    case.refresh_from_db()
    assert (case.stage, {one.state for one in exchange.entries_of_case(case.pk)}) == ("完結", {"landed"})


def child(start, **loads):
    return start(
        "kodomo-iryo", "本来　花子", "ホンライ　ハナコ", "2026-04-10",
        **{"child-medical-ledger": [HELD], "other-benefits": [], **loads},
    )  # fmt: skip


VALUES = {**FORM, "guardian.address": ADDRESS}


def test_child_medical_from_the_form_to_the_card_and_the_ledger(start):
    people = child(start)
    case = submit("kodomo-iryo", VALUES)
    to_decision(people, case)
    assert case.outcome == "認定"
    to_core(people, case)
    entry = Entry.objects.get(case=case.pk)
    assert (entry.values["person_no"], entry.values["insurer_no"]) == (PERSON, VALUES["insurer.number"])
    prove(people, case, "child-medical-entry", "child-medical-ledger", others=[HELD], state="有効")


def test_what_did_not_land_is_told_again_and_at_last_proved_by_an_official(start):
    people = child(start)
    case = submit("kodomo-iryo", VALUES)
    to_decision(people, case)
    to_core(people, case)
    entry = Entry.objects.get(case=case.pk)
    exchange.hand_over(layout=entry.layout, way="bulk", entries=[entry.pk], actor=people.personnel, now=NOW)
    load_records(
        "child-medical-ledger", [HELD], as_of=DAY + timedelta(1), actor=people.personnel, now=NOW + timedelta(1)
    )
    case.refresh_from_db()
    assert (case.closed_at, exchange.entries_of_case(case.pk)[0].state) == (None, "missing")
    exchange.hand_over(layout=entry.layout, way="sheet", entries=[entry.pk], actor=people.personnel, now=NOW)
    with pytest.raises(Exception, match="データ連携"):
        exchange.prove_by_hand(entry.pk, reason="画面", actor=people.operator, now=NOW)
    with pytest.raises(Exception, match="入力してください"):
        exchange.prove_by_hand(entry.pk, reason=" ", actor=people.personnel, now=NOW)
    exchange.prove_by_hand(entry.pk, reason="KJ020で確かめた", actor=people.personnel, now=NOW)
    case.refresh_from_db()
    assert case.stage == "完結"


def test_a_refused_child_is_told_to_nobody(start):
    people = child(start)
    home = {
        "household_no": "2000000001",
        "head_no": PERSON,
        "address": ADDRESS,
        "protected": "false",
        "welfare": "true",
    }
    load_records("households-full", [home], as_of=DAY, actor=people.personnel, now=NOW)
    case = submit("kodomo-iryo", VALUES, papers=["insurance"])
    to_decision(people, case)
    assert case.outcome == "却下"
    to_core(people, case)
    assert case.stage == "完結"
    assert not Entry.objects.exists()
