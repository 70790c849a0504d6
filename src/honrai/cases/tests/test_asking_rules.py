"""Who may mend or accept what, how an applicant is asked, when to call again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.cases import asking_rules as rules
from honrai.kernel.business_calendar import BusinessCalendar
from honrai.procedures.api import FIELD_TYPES, Field

CALENDAR = BusinessCalendar()


@pytest.mark.parametrize(
    ("kind", "fix_by", "before", "channel", "contractor", "heard", "may"),
    [
        ("person_name", "centre", "本来 花子", "web", True, (), True),
        ("person_name", "applicant", "本来 花子", "web", True, (), False),
        ("person_name", "applicant", "本来 花子", "web", True, ("a",), True),
        ("person_name", "city", "本来 花子", "web", True, ("a",), False),
        ("account_number", "centre", "1234567", "post", True, ("a",), False),
        ("account_number", "centre", "1234567", "post", False, (), True),
        ("yen", "centre", 1000, "post", True, ("a",), False),
        ("choice", "applicant", "ある", "post", True, ("a",), False),
        ("consent", "applicant", False, "post", False, ("a",), False),
        ("consent", "applicant", None, "post", True, (), True),
        ("consent", "applicant", None, "web", True, (), False),
        ("account_number", "applicant", None, "counter", True, (), True),
        ("account_number", "applicant", None, "web", True, (), False),
    ],
)
def test_who_mends_what(kind, fix_by, before, channel, contractor, heard, may):
    field = Field("a", "欄", kind, fix_by=fix_by)
    why = rules.why_not_repair(field, before, channel=channel, contractor=contractor, heard=heard)
    assert (why is None) is may, why


@given(
    kind=st.sampled_from(sorted(FIELD_TYPES)),
    fix_by=st.sampled_from(["centre", "applicant", "city"]),
    heard=st.booleans(),
    channel=st.sampled_from(["web", "post", "counter", "phone"]),
)
def test_no_account_amount_consent_signature_or_fact_is_ever_mended_by_the_centre(kind, fix_by, heard, channel):
    field = Field("a", "欄", kind, fix_by=fix_by)
    why = rules.why_not_repair(field, "x", channel=channel, contractor=True, heard={"a"} if heard else set())
    if not FIELD_TYPES[kind].centre_may_fix:
        assert why is not None


@pytest.mark.parametrize(
    ("channel", "ask", "way"),
    [
        ("web", (), "web"),
        ("web", ("counter", "phone"), "post"),
        ("phone", (), "phone"),
        ("counter", (), "post"),
        ("school", (), "post"),
        ("web", ("phone",), "phone"),
    ],
)
def test_the_way_an_applicant_is_asked(channel, ask, way):
    assert rules.channel_for(channel, ask) == way


@pytest.mark.parametrize(
    ("result", "again"),
    [("again", date(2026, 5, 1)), ("no-answer", date(2026, 5, 7)), ("later", date(2026, 5, 7)), ("sends", None)],
)
def test_the_next_call(result, again):
    assert rules.next_call(result, date(2026, 5, 1), CALENDAR) == again


def test_calls_that_reach_nobody_turn_into_a_letter():
    assert not rules.turns_to_letter("no-answer", 2, 3)
    assert rules.turns_to_letter("no-answer", 3, 3)
    assert rules.turns_to_letter("letter", 0, 3)
    assert not rules.turns_to_letter("sends", 5, 3)


def test_a_result_goes_with_how_far_the_call_got():
    assert rules.why_not_result("absent", "message") is None
    assert rules.why_not_result("absent", "heard") is not None
    assert rules.why_not_result("", "heard") is not None


@pytest.mark.parametrize(
    ("fix_by", "severity", "state", "may"),
    [
        ("applicant", "incomplete", "answered", True),
        ("applicant", "incomplete", "asked", False),
        ("applicant", "confirm", "found", True),
        ("centre", "confirm", "found", True),
        ("city", "confirm", "found", False),
        ("applicant", "reject-candidate", "answered", False),
        ("city", "hold", "found", False),
    ],
)
def test_who_accepts_what(fix_by, severity, state, may):
    assert (rules.why_not_accept(fix_by, severity, state, contractor=True) is None) is may
    assert rules.why_not_accept(fix_by, severity, state, contractor=False) is None


def test_silence_is_a_ground_for_applications_only():
    assert [nature for nature in ("申請", "請求", "届出", "契約・登録", "職権") if rules.may_refuse(nature)] == [
        "申請",
        "請求",
    ]
