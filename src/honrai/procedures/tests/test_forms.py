"""The form says what an application lacks: answers, attachments, checks, unknown facts."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.procedures.rules.expressions import used_names
from honrai.procedures.rules.forms import evaluate_form

from .packs import CITY, pack

CASES = [(code, precedent) for code in CITY for precedent in pack(code).precedents]


def codes(code: str, precedent, **changed) -> list[str]:
    given_ = {
        "values": precedent.values,
        "facts": precedent.facts,
        "channel": precedent.channel,
        "attached": precedent.attachments,
    } | changed
    values, facts = given_.pop("values"), given_.pop("facts")
    return [one.code for one in evaluate_form(pack(code), values, facts, precedent.received, **given_)]


@pytest.mark.parametrize(("code", "precedent"), CASES, ids=[f"{code}-{one.id}" for code, one in CASES])
def test_every_precedent_has_exactly_its_deficiencies(code, precedent):
    assert sorted(set(codes(code, precedent))) == sorted(precedent.expect.deficiencies)


def standard(code: str = "kodomo-iryo"):
    return next(one for one in pack(code).precedents if not one.expect.deficiencies)


def test_an_empty_application_lacks_every_required_answer_once():
    found = evaluate_form(pack("kodomo-iryo"), {}, standard().facts, date(2026, 5, 11))
    required = [entry.id for entry in pack("kodomo-iryo").form.fields if entry.required]
    missing = [one.items[0] for one in found if one.code.startswith("F-")]
    assert missing == required
    assert all(one.message and one.fix_by for one in found)


def test_a_condition_makes_an_answer_compulsory_only_where_it_holds():
    values = dict(standard().values)
    del values["application.moved_from"]
    assert codes("kodomo-iryo", standard(), values=values) == ["F-application.moved_from"]
    values["application.reason"] = "出生"
    assert codes("kodomo-iryo", standard(), values=values) == []


def test_an_unreadable_answer_is_a_deficiency_not_an_error():
    values = {**standard().values, "child.born": "2026-13-01", "guardian.phone": "12"}
    found = evaluate_form(pack("kodomo-iryo"), values, standard().facts, date(2026, 5, 11), attached=["identity"])
    assert [one.code for one in found] == ["F-child.born", "F-guardian.phone"]
    assert "生年月日" in found[0].message


def test_an_unknown_fact_holds_the_check_that_needs_it_and_is_named():
    facts = {name: value for name, value in standard().facts.items() if name != "resident.protected"}
    found = evaluate_form(pack("kodomo-iryo"), standard().values, facts, date(2026, 5, 11), attached=["identity"])
    assert [(one.code, one.severity, one.fix_by) for one in found] == [("U-resident.protected", "hold", "city")]


def test_rows_of_a_repeated_section_are_named_by_their_number():
    one = standard("shugaku-enjo")
    rows = [dict(row) for row in one.values["members"]]
    del rows[1]["born"]
    rows[2]["born"] = "いつか"
    found = evaluate_form(pack("shugaku-enjo"), {**one.values, "members": rows}, one.facts, one.received)
    assert [item.items for item in found] == [("members[1].born",), ("members[2].born",)]


def test_too_few_rows_are_a_deficiency():
    one = standard("shugaku-enjo")
    found = codes("shugaku-enjo", one, values={**one.values, "members": one.values["members"][:1]})
    assert "F-members" in found


@given(st.dictionaries(st.sampled_from([entry.id for entry in pack("kodomo-iryo").form.fields]), st.text(max_size=12)))
@settings(max_examples=60, deadline=None)
def test_no_answer_whatever_breaks_the_form(values):
    for one in evaluate_form(pack("kodomo-iryo"), values, standard().facts, date(2026, 5, 11)):
        assert one.message
        assert one.severity in ("incomplete", "confirm", "hold", "reject-candidate", "notice")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a.b.c > 1", {"a.b.c"}),
        ("some r in rows satisfies r.paid > p.limit", {"rows", "p.limit"}),
        ("sum(for a in (for m in xs return m.born) return a + k)", {"xs", "k"}),
        ("list contains(application.changed, 口座.名)", {"application.changed", "口座.名"}),
        ("members[item.age > p.age].name", {"members", "p.age"}),
        ('if a = "x" then b else {k: c}.k', {"a", "b", "c"}),
    ],
)
def test_the_names_an_expression_reads_are_seen(text, names):
    assert used_names(text) == names
