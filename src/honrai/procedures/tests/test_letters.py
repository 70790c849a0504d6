"""Every letter of every pack prints from a real case: names, amounts, dates by era, reasons, 教示."""

import re
from datetime import date

import pypdfium2
import pytest

from honrai.kernel.units import Unit
from honrai.platform.typeset import api as typeset
from honrai.procedures.rules.flowview import model_of, tasks_of
from honrai.procedures.rules.gate_precedents import Judged, judge
from honrai.procedures.rules.letters import Address, Contact, LetterFacts, Office, letter_data, with_unit
from honrai.procedures.rules.model import Letter, Outcome, Precedent
from honrai.procedures.rules.nature import NEEDS_APPEAL

from .packs import CITY, LIBRARY, pack

APPEAL = {
    "reviewer": "見本市長",
    "defendant": "見本市",
    "representative": "見本市長",
    "review_months": 3,
    "review_limit_years": 1,
    "suit_months": 6,
    "suit_limit_years": 1,
}


def printed(code: str, letter: Letter, precedent: Precedent, judged: Judged, appeal: bool) -> str:
    """Return the text of the printed letter."""
    data = letter_data(
        pack(code),
        LetterFacts(
            values=precedent.values,
            facts=precedent.facts,
            results={
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in judged.proposal.results.items()
            },
            outcome=judged.proposal.outcome,
            reasons=[(reason.text, reason.basis) for reason in judged.proposal.reasons],
            deficiencies=[(one.code, one.message, one.items) for one in judged.deficiencies],
            number="R8-000123",
            received=precedent.received,
            fix_by=date(2026, 6, 24),
            certificate="1234567",
            document="R8こ支第123号",
            issued=date(2026, 6, 15),
            on=judged.proposal.basis,
            to=Address("見本　太郎", "860-8601", ("熊本市中央区手取本町1番1号",)),
            sender=Office("見本市", "見本市長", "見本　一郎", "place"),
            contact=Contact("見本課", "096-000-0000"),
            appeal=APPEAL if appeal else None,
        ),
    )
    pdf = pypdfium2.PdfDocument(typeset.pdf(letter.source, data, library=LIBRARY))
    return "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r\n", "").replace("\n", "")


def cases(code: str) -> list[tuple[Outcome, str, Precedent]]:
    """Return each letter of a pack with the outcome and a precedent that needs it."""
    found = []
    for outcome in pack(code).identity.outcomes:
        precedents = [one for one in pack(code).precedents if one.expect.outcome == outcome.id]
        found += [(outcome, name, precedents[0]) for name in outcome.letters]
    return found


LETTERS = [(code, *case) for code in CITY for case in cases(code)]


@pytest.mark.parametrize(
    ("code", "outcome", "name", "precedent"), LETTERS, ids=[f"{row[0]}-{row[1].id}-{row[2]}" for row in LETTERS]
)
def test_a_letter_prints_what_was_decided(code, outcome, name, precedent):
    letter = next(one for one in pack(code).letters if one.id == name)
    judged = judge(pack(code), precedent)
    text = printed(code, letter, precedent, judged, outcome.kind in NEEDS_APPEAL)
    flat = re.sub(r"\s", "", text)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", text), "a date is not by era"
    assert "None" not in text
    assert not re.search(r"[0-9]{4}円", text), "an amount has no comma"
    if "#reasons()" in letter.source:
        assert all(re.sub(r"\s", "", reason.text) in flat for reason in judged.proposal.reasons)
    assert ("審査請求" in flat) == (outcome.kind in NEEDS_APPEAL)


@pytest.mark.parametrize("code", CITY)
def test_the_request_for_completion_names_every_deficiency(code):
    letter = next(one for one in pack(code).letters if one.id == "hosei")
    precedent = next(one for one in pack(code).precedents if one.expect.deficiencies)
    judged = judge(pack(code), precedent)
    flat = re.sub(r"\s", "", printed(code, letter, precedent, judged, False))
    assert all(re.sub(r"\s", "", one.message) in flat for one in judged.deficiencies)
    assert "令和8年6月24日" in flat


def test_letters_sent_by_a_task_print_too():
    sent = {task.attributes.get("letter") for task in tasks_of(model_of(pack("shizei-kouza").flow))}
    letter = next(one for one in pack("shizei-kouza").letters if one.id == "shokai")
    assert "shokai" in sent
    precedent = next(one for one in pack("shizei-kouza").precedents if one.id == "F-01")
    assert "1234567" in printed("shizei-kouza", letter, precedent, judge(pack("shizei-kouza"), precedent), False)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1200, Unit.YEN, "1,200円"),
        (30, Unit.DAYS, "30日"),
        (0, Unit.YEN, "0円"),
        (True, Unit.FLAG, "True"),
        ("x", Unit.TEXT, "x"),
    ],
)
def test_a_parameter_is_shown_with_its_unit(value, unit, shown):
    assert with_unit(value, unit) == shown
