"""Makes the answers of a closed case unnameable before they are kept for the replay of later drafts.

Names, addresses, numbers and free text are replaced by made-up ones of the same type; equal answers stay equal, so that rules
which compare two of them decide as before. What rules look at (dates, choices, amounts) stays as it was.
"""

from collections.abc import Mapping
from typing import Any

from honrai.kernel.errors import Invalid
from honrai.procedures.rules.field_parsers import account_holder
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Pack

_LETTERS = "甲乙丙丁戊己庚辛壬癸"
_KANA = ("コウ", "オツ", "ヘイ", "テイ", "ボ", "キ", "コウカ", "シン", "ジン", "キカ")
#: Types whose answers name or reach a person -> which made-up words stand for them; equal groups compare with one another.
_GROUPS: Mapping[str, str] = {
    "person_name": "name",
    "kana": "kana",
    "account_holder": "kana",
    "address": "text",
    "text": "text",
    "long_text": "text",
    "insured_symbol": "text",
    "certificate_number": "text",
    "phone": "phone",
    "email": "email",
    "account_number": "account",
    "yucho_number": "account",
}


def unnamed(pack: Pack, values: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers and facts of a case with everything that names a person replaced by something made up.

    Args:
        pack: the version they were given on.
        values: raw answers by field id; a section that repeats holds a list of rows. Unknown ones are left out.
        facts: raw facts by id.
    """
    seen: dict[tuple[str, str], int] = {}
    kept: dict[str, Any] = {}
    for section in pack.form.sections:
        types = {entry.id: entry.type for entry in section.fields}
        if not section.repeat:
            kept |= {name: _answer(types[name], values[name], seen) for name in types if name in values}
        elif section.id in values:
            prefix = section.id + "."
            kept[section.id] = [
                {
                    name: _answer(types[prefix + name], value, seen)
                    for name, value in row.items()
                    if prefix + name in types
                }
                for row in values[section.id] or ()
            ]
    known = {fact.id: fact.type for fact in pack.facts}
    return kept, {name: _answer(known[name], value, seen) for name, value in facts.items() if name in known}


def _answer(kind: str, value: Any, seen: dict[tuple[str, str], int]) -> Any:
    group = _GROUPS.get(kind)
    if group is None or value in ("", None):
        return value
    try:
        said = account_holder(str(value)) if group == "kana" else str(TYPES[kind].parse(value))
    except Invalid:
        return "＊"  # an answer that could not be read stays one
    place = seen.setdefault((group, said), sum(1 for known, _ in seen if known == group))
    return _made_up(group, place)


def _made_up(group: str, place: int) -> str:
    letter, kana = _LETTERS[place % 10], _KANA[place % 10]
    return {
        "name": f"{letter} {letter}",
        "kana": f"{kana} {kana}",
        "text": f"（略{place + 1}）",
        "phone": f"000-0000-{place:04}",
        "email": f"person{place}@example.jp",
        "account": f"{place:07}",
    }[group]
