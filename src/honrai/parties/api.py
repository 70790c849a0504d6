"""The door to parties: the targets of loads, the search for a person, and the facts about the subject of a case."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from honrai.parties.operations.answering import numbers_of_cases
from honrai.parties.operations.forgetting import forget_case
from honrai.parties.operations.looking import HIDDEN, Found, Hit, Member, PersonView, read_person, search
from honrai.parties.operations.matching import Asked, facts_about, wanted_from
from honrai.parties.operations.protecting import end_protection, register_protection, touches
from honrai.parties.operations.rolling import INCOME, People, roll
from honrai.parties.operations.taking import TARGETS
from honrai.parties.permissions import PROTECTION, can_search
from honrai.parties.ports import ports
from honrai.parties.queries import Criteria, HeldLine, held_line, person_of, resident_key, searches
from honrai.parties.rules.facts import answers
from honrai.parties.rules.keys import END, grams, kana_key, name_key, place_key
from honrai.parties.rules.protecting import TOUCHES
from honrai.parties.rules.searching import ALERTS, PURPOSES
from honrai.platform.errors import NotFound
from honrai.procedures import api as procedures

__all__ = [
    "ALERTS",
    "END",
    "HIDDEN",
    "INCOME",
    "PROTECTION",
    "PURPOSES",
    "TARGETS",
    "TOUCHES",
    "Asked",
    "Criteria",
    "Found",
    "HeldLine",
    "Hit",
    "Member",
    "People",
    "PersonView",
    "answers",
    "can_search",
    "case_facts",
    "end_protection",
    "facts_about",
    "forget_case",
    "grams",
    "held_line",
    "kana_key",
    "name_key",
    "numbers_of_cases",
    "person_of",
    "place_key",
    "ports",
    "read_person",
    "register_protection",
    "resident_key",
    "roll",
    "search",
    "searches",
    "touches",
]


def case_facts(
    *,
    case: int,
    procedure: str,
    facts: tuple[str, ...],
    values: Mapping[str, Any],
    on: date,
    number: str = "",
    now: datetime,
) -> dict[str, Any]:
    """Return what the extracts know about the subject of a case, as casework's `FactSource` wants it.

    Args:
        case: key of the case.
        procedure: code of its procedure; the pack in force on `on` says who the subject is and how fresh facts must be.
        facts: ids of the facts wanted.
        values: the answers of the application by field id.
        on: the day the facts are asked as of.
        number: 宛名番号 of the subject where it is known.
        now: the moment of asking.
    """
    try:
        pack = procedures.runnable(procedures.version_on(procedure, on).id).pack
    except NotFound:
        return {}
    subject = wanted_from(values, pack.identity.subject, pack.identity.applicant)
    fresh = {fact.id: fact.fresh_days for fact in pack.facts if fact.fresh_days is not None}
    return facts_about(Asked(case, procedure, facts, subject, number, on, fresh), now=now)
