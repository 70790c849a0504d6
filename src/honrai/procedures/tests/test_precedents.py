"""Every precedent of every pack comes out as it says: outcome, reasons, deficiencies, letters, results, route."""

from datetime import date

import pytest

from honrai.procedures.rules.gate_precedents import check_precedents, judge
from honrai.procedures.rules.nature import KINDS
from honrai.procedures.rules.proposing import propose

from .packs import CITY, pack

CASES = [(code, precedent) for code in CITY for precedent in pack(code).precedents]


@pytest.mark.parametrize("code", CITY)
def test_all_precedents_of_a_pack_pass(code):
    assert [str(problem) for problem in check_precedents(pack(code))] == []
    assert len(pack(code).precedents) >= 15


@pytest.mark.parametrize("code", CITY)
def test_every_outcome_of_a_pack_has_a_precedent(code):
    shown = {precedent.expect.outcome for precedent in pack(code).precedents}
    assert shown >= {outcome.id for outcome in pack(code).identity.outcomes if outcome.kind != "withdraw"}


@pytest.mark.parametrize("code", CITY)
def test_every_check_of_a_pack_is_seen_to_fire(code):
    fired = {name for precedent in pack(code).precedents for name in precedent.expect.deficiencies}
    assert {check.code for check in pack(code).form.checks} - fired == set()


@pytest.mark.parametrize(("code", "precedent"), CASES, ids=[f"{code}-{one.id}" for code, one in CASES])
def test_every_proposal_gives_reasons_with_their_basis(code, precedent):
    proposal = judge(pack(code), precedent).proposal
    assert proposal.reasons
    assert all(reason.text and reason.basis and reason.row for reason in proposal.reasons)
    assert proposal.kind in KINDS


def first():
    return pack("kodomo-iryo").precedents[0]


def test_an_unknown_fact_holds_the_proposal_and_is_named():
    facts = {name: value for name, value in first().facts.items() if name != "welfare.receiving"}
    proposal = propose(pack("kodomo-iryo"), first().values, facts, first().received, channel="counter")
    assert (proposal.outcome, proposal.kind) == ("", "hold")
    assert [fact.id for fact in proposal.missing] == ["welfare.receiving"]


def test_a_fact_the_tables_ask_about_themselves_does_not_hold():
    facts = {**first().facts, "resident.found": False, "resident.city": None}
    proposal = propose(pack("kodomo-iryo"), first().values, facts, first().received, attached=["identity"])
    assert proposal.outcome == "補正"


def test_parameters_are_those_of_the_basis_date_not_of_today():
    one = next(case for case in pack("kodomo-iryo-shokan").precedents if case.id == "K-01")
    proposal = propose(pack("kodomo-iryo-shokan"), one.values, one.facts, one.received, attached=one.attachments)
    assert proposal.basis == date(2026, 5, 1)
    assert proposal.results["外来の自己負担上限"] == 700


def test_an_explanation_shows_the_way_to_the_outcome():
    proposal = propose(pack("kodomo-iryo"), first().values, first().facts, first().received, attached=["identity"])
    assert proposal.explanation is not None
    assert [step.decision for step in proposal.explanation.steps][-1] == "決定案"
    assert "年齢区分" in [step.decision for step in proposal.explanation.steps]
