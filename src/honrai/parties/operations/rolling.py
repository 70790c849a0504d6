"""The roll of a ledger: everybody it holds, each with resident, household and the new incomes beside, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from honrai.exchange.api import resolve
from honrai.platform.cities.tenancy import current_city

INCOME = ("declared", "total", "salary", "deductions", "dependants", "elderly", "specific")
"""What a line of incomes holds besides 宛名番号."""
_PERSON = (
    ("name", "r.name"), ("kana", "r.kana"), ("born", "r.born_on"), ("relation", "r.relation"), ("insurance", "r.insurance"),
    ("household_no", "r.household_number"), ("resident_since", "r.resident_since"), ("name_key", "r.name_key"),
    ("ward", "h.ward"), ("postcode", "h.postcode"), ("address", "h.address"), ("annex", "h.annex"),
    ("protected", "h.protected"), ("welfare", "h.welfare"), ("adults", "s.adults"), ("incomes_known", "s.known"),
    ("undeclared", "s.undeclared"),
)  # fmt: skip
_STATEMENT = """
SELECT l.key, l.number, l.since, l.until, r.id IS NOT NULL, {columns}
FROM parties_ledgerentry l
LEFT JOIN parties_resident r ON r.city_id = l.city_id AND r.number = l.number
LEFT JOIN parties_household h ON h.city_id = l.city_id AND h.number = r.household_number
LEFT JOIN parties_ledgerentry i ON i.city_id = l.city_id AND i.ledger = %(income)s AND i.number = l.number
LEFT JOIN LATERAL (
  SELECT count(*) AS adults, count(j.id) AS known, bool_or(j.values->>'declared' = 'false') AS undeclared,
         (array_agg(j.values ORDER BY (j.values->>'total')::bigint DESC NULLS LAST))[1] AS top
  FROM parties_resident o
  LEFT JOIN parties_ledgerentry j ON j.city_id = o.city_id AND j.ledger = %(income)s AND j.number = o.number
  WHERE o.city_id = r.city_id AND o.household_number = r.household_number AND o.number <> r.number
    AND o.born_on <= %(adult)s AND o.relation <> ALL(%(apart)s)
) s ON true
WHERE l.city_id = %(city)s AND l.ledger = %(ledger)s
ORDER BY l.key"""
_APART = ["同居人", "縁故者"]


@dataclass(frozen=True, slots=True)
class People:
    """A roll: the names of its columns and one row a line of the ledger, ordered by key.

    Columns: `key`, `number` (宛名番号 as the ledger has it), `since`, `until`, `found` (registered here), the person's own
    (`name`, `kana`, `born`, `relation`, `insurance`, `household_no`, `resident_since`, `name_key`), the home's (`ward`,
    `postcode`, `address`, `annex`, `protected`, `welfare`), `ledger.<field>` as asked, `own.<income>`, `supporter.<income>` of
    whoever of the household's other adults has most, `adults` (how many those are), `incomes_known` (of how many an income is
    there), `undeclared` (one of them made no return) and `merged_into` (the number is another today, else "").
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def roll(*, ledger: str, fields: Sequence[str], incomes: str, adults_born_until: date) -> People:
    """Return everybody a ledger holds, in one pass whatever their number.

    Args:
        ledger: source of the ledger's extract.
        fields: fields of the ledger wanted, as text.
        incomes: source of the incomes; "" for none.
        adults_born_until: who is born later is no 扶養義務者 here.
    """
    own = [(f"own.{name}", f"i.values->>'{name}'") for name in INCOME]
    top = [(f"supporter.{name}", f"s.top->>'{name}'") for name in INCOME]
    line = [(f"ledger.{name}", f"l.values->>%(f{number})s") for number, name in enumerate(fields)]
    columns = [*_PERSON, *own, *top, *line]
    given: dict[str, Any] = {f"f{number}": name for number, name in enumerate(fields)}
    given |= {
        "city": current_city(), "ledger": ledger, "income": incomes, "adult": adults_born_until, "apart": _APART,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(columns=", ".join(each for _, each in columns)), given)
        rows = cursor.fetchall()
    today = resolve([row[1] for row in rows if not row[4]])
    names = ("key", "number", "since", "until", "found", *(name for name, _ in columns), "merged_into")
    return People(names, [(*row, _merged(row[1], today)) for row in rows])


def _merged(number: str, today: dict[str, str]) -> str:
    now = today.get(number, number)
    return now if now != number else ""
