"""The shipped life events and packs, and a person who answers every question of a combined form."""

from datetime import date
from functools import cache

from tests.shared_data import ROOT

from honrai.intake.life_events.rules.combining import Combined
from honrai.intake.life_events.rules.definition import LifeEvent
from honrai.intake.life_events.rules.reading import read_event
from honrai.procedures.api import Field, Pack
from honrai.procedures.rules.reading import read_folder

FOLDER = ROOT / "packs" / "life-events"
FILES = sorted(FOLDER.glob("*.yaml"))

#: An answer for each type of field, as the JSON of the form keeps it.
SAID = {
    "text": "本来小学校",
    "long_text": "勤め先が閉じました",
    "person_name": "本来　花子",
    "kana": "ホンライ　ハナコ",
    "date_era": "2019-05-01",
    "yes_no": True,
    "consent": True,
    "signature": True,
    "whole": 2,
    "yen": 0,
    "address": "本来市中央区本町1-1",
    "postcode": "860-0001",
    "phone": "096-000-0000",
    "email": "hanako@example.jp",
    "insurer_number": "01130012",
    "insured_symbol": "12345678・1・00",
    "bank_code": "0001",
    "branch_code": "001",
    "account_number": "1234567",
    "account_holder": "ホンライ ハナコ",
    "yucho_symbol": "17000",
    "yucho_number": "12345671",
    "notice_number": "1234567890",
    "certificate_number": "12345",
    "beneficiary_number": "1234567",
}


@cache
def packs() -> dict[str, Pack]:
    """Return the packs of the city by code; read once for all tests."""
    return {path.parent.name: read_folder(path.parent).unwrap() for path in ROOT.glob("packs/*/procedure.yaml")}


@cache
def event(code: str) -> LifeEvent:
    """Return a shipped life event."""
    found, problems = read_event(f"{code}.yaml", (FOLDER / f"{code}.yaml").read_bytes())
    assert not problems
    return found


def say(field: Field, pick: int = 0):
    """Return an answer to a question; `pick` chooses among options."""
    if field.type == "choice":
        return field.options[pick % len(field.options)]
    if field.type == "choices":
        return [field.options[pick % len(field.options)]]
    return SAID[field.type]


def form(code: str, answers: dict, values: dict, *, chosen=None, on: date = date(2026, 5, 1)) -> Combined:
    """Return the combined form of a shipped event."""
    from honrai.intake.life_events.rules.planning import advise

    called = tuple(one.step.id for one in advise(event(code), answers, on) if one.step.pack)
    return Combined(event(code), packs(), called if chosen is None else chosen, answers, values, on)


def filled(code: str, answers: dict, *, chosen=None, rows: int = 1, pick: int = 0, optional: bool = True) -> Combined:
    """Answer every page as somebody would who goes through it until nothing new is asked."""
    values: dict = {}
    for _ in range(12):
        before = dict(values)
        now = form(code, answers, values, chosen=chosen)
        for sheet in now.sheets:
            _answer(now, sheet, values, rows, pick, optional)
        if values == before:
            return form(code, answers, values, chosen=chosen)
    raise AssertionError("the form never comes to rest")


def _answer(now: Combined, sheet, values: dict, rows: int, pick: int, optional: bool) -> None:
    if not sheet.repeat:
        for field in sheet.fields:
            if field.required or optional:
                values[field.id] = say(field, pick)
        return
    kept = []
    for index in range(max(sheet.least, rows if sheet.least else rows - 1)):
        row = dict((values.get(sheet.id) or [{}] * 9)[index]) if len(values.get(sheet.id) or []) > index else {}
        for field in now.fields_of(sheet, row):
            if field.required or optional:
                row[sheet.column(field)] = say(field, pick + index)
        kept.append(row)
    values[sheet.id] = kept
