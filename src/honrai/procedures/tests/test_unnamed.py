"""What is kept of closed cases names nobody and is decided exactly as before."""

import pytest

from honrai.procedures.rules.gate_precedents import ClosedCase, judge
from honrai.procedures.rules.unnamed import unnamed

from .packs import CITY, pack


def _decided(one, case):
    """What counts of a judgement; its explanation quotes the answers."""
    found = judge(one, case)
    proposal = found.proposal
    codes = [deficiency.code for deficiency in found.deficiencies]
    return proposal.outcome, proposal.reasons, proposal.results, proposal.missing, codes, found.letters, found.route


@pytest.mark.parametrize("code", CITY)
def test_a_case_without_names_is_decided_as_the_case_with_them(code):
    one = pack(code)
    named = {
        entry.id for entry in one.form.fields if entry.type in {"person_name", "address", "phone", "account_holder"}
    }
    for case in one.precedents:
        values, facts = unnamed(one, case.values, case.facts)
        kept = ClosedCase(case.id, values, facts, case.attachments, case.received, case.channel, case.expect.outcome)
        assert _decided(one, kept) == _decided(one, case), case.id
        assert not [name for name in named & values.keys() if values[name] == case.values[name] and values[name]]


def test_equal_answers_stay_equal_and_different_ones_different():
    one = pack("kodomo-iryo")
    names = [entry.id for entry in one.form.fields if entry.type == "person_name"][:2]
    same, _ = unnamed(one, dict.fromkeys(names, "熊本 花子"), {})
    other, _ = unnamed(one, {names[0]: "熊本 花子", names[1]: "熊本 太郎"}, {})
    assert same[names[0]] == same[names[1]]
    assert other[names[0]] != other[names[1]]
