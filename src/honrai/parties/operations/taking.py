"""Targets of loads: residents, households and ledgers, brought in by COPY and one statement per batch."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from honrai.exchange.api import Change, Delivery
from honrai.parties.rules.keys import grams, kana_key, name_key, place_key
from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import ahead, block, copy_blocks, make_temporary, run

RESIDENT = (
    "number", "household_number", "relation", "name", "kana", "romaji", "alias", "name_key", "kana_key", "sex", "born_on",
    "born_as_recorded", "nationality", "resident_since", "insurance", "income", "disability", "disability_grade",
)  # fmt: skip
HOUSEHOLD = (
    "number", "head_number", "kind", "size", "ward", "postcode", "address", "annex", "place_key", "welfare", "protected",
    "single_parent",
)  # fmt: skip
LEDGER = ("ledger", "key", "number", "since", "until", "values")
_TYPES = {
    "born_on": "date",
    "resident_since": "date",
    "since": "date",
    "until": "date",
    "income": "bigint",
    "size": "int",
    "welfare": "bool",
    "protected": "bool",
    "single_parent": "bool",
    "values": "jsonb",
}

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def take_residents(batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
    """Bring residents to where an extract says they are; names are found by their grams at once."""
    columns = [(name, _TYPES.get(name, "text")) for name in RESIDENT]
    make_temporary("parties_incoming", [*columns, ("grams", "text")])
    for gone, text in _ready(batches, lambda changes: (resident_row(change.values) for change in changes)):
        _drop("parties_resident", gone, _FORGET)
        _fill((*RESIDENT, "grams"), text)
        if not delivery.first:
            run(_FORGET_CHANGED, [current_city()])
        _upsert("parties_resident", RESIDENT, ("number",))
        run(_INDEX, [current_city(), current_city()])


_FORGET = (
    "DELETE FROM parties_gram g USING parties_resident r WHERE r.city_id = %s AND r.number = ANY(%s)"
    " AND g.city_id = r.city_id AND g.resident_id = r.id"
)
_FORGET_CHANGED = """DELETE FROM parties_gram g USING parties_resident r, parties_incoming i
    WHERE r.city_id = %s AND r.number = i.number AND g.city_id = r.city_id AND g.resident_id = r.id"""
_INDEX = """INSERT INTO parties_gram (city_id, gram, resident_id)
    SELECT %s, g, r.id FROM parties_incoming i JOIN parties_resident r ON r.city_id = %s AND r.number = i.number,
    unnest(string_to_array(i.grams, '|')) g WHERE i.grams <> ''"""


def resident_row(values: Mapping[str, str]) -> list[object]:
    """Return the columns `RESIDENT` of one record of an extract, and its grams parted by bars."""
    key = name_key(values["name"], values.get("alias", ""), values.get("romaji", ""))
    return [
        values["person_no"],
        values["household_no"],
        values.get("relation", ""),
        values["name"],
        values.get("kana", ""),
        values.get("romaji", ""),
        values.get("alias", ""),
        key[:320],
        kana_key(values.get("kana", ""))[:120],
        values.get("sex", ""),
        values["birth"],
        values.get("birth_as_recorded", ""),
        values.get("nationality", ""),
        values.get("resident_since") or None,
        values.get("insurance", ""),
        values.get("income") or None,
        values.get("disability", ""),
        values.get("disability_grade", ""),
        "|".join(grams(key)),
    ]


def take_households(batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
    """Bring households to where an extract says they are."""
    make_temporary("parties_incoming", [(name, _TYPES.get(name, "text")) for name in HOUSEHOLD])
    for gone, text in _ready(batches, lambda changes: (household_row(change.values) for change in changes)):
        _drop("parties_household", gone)
        _fill(HOUSEHOLD, text)
        _upsert("parties_household", HOUSEHOLD, ("number",))


def household_row(values: Mapping[str, str]) -> list[object]:
    """Return the columns `HOUSEHOLD` of one record of an extract."""
    return [
        values["household_no"],
        values["head_no"],
        values.get("kind", ""),
        values.get("size") or None,
        values.get("ward", ""),
        values.get("postcode", ""),
        values["address"],
        values.get("annex", ""),
        place_key(values["address"])[:200],
        values.get("welfare") == "true",
        values.get("protected") == "true",
        values.get("single_parent") == "true",
    ]


def take_ledger(batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
    """Bring a ledger of another system to where its extract says it is."""
    make_temporary("parties_incoming", [(name, _TYPES.get(name, "text")) for name in LEDGER])

    def row(change: Change) -> list[object]:
        v = change.values
        key, since, until = change.key, v.get("since") or None, v.get("until") or None
        return [delivery.source, key, v["person_no"], since, until, _as_json(v)]

    for gone, text in _ready(batches, lambda changes: map(row, changes)):
        run(
            "DELETE FROM parties_ledgerentry WHERE city_id = %s AND ledger = %s AND key = ANY(%s)",
            [current_city(), delivery.source, gone],
        )
        _fill(LEDGER, text)
        _upsert("parties_ledgerentry", LEDGER, ("ledger", "key"))


def _ready(
    batches: Iterator[Sequence[Change]], rows: Callable[[Iterable[Change]], Iterable[Sequence[object]]]
) -> Iterator[tuple[list[str], str]]:
    """Yield per batch the keys that are gone and the rows to put, ready for COPY, while the database takes in the last."""

    def make(batch: Sequence[Change]) -> tuple[list[str], str]:
        gone = [change.key for change in batch if change.kind == "gone"]
        return gone, block(list(rows(change for change in batch if change.kind == "put")))

    return ahead(batches, make)


def _drop(table: str, numbers: Sequence[str], *before: str) -> None:
    if numbers:
        for statement in before:
            run(statement, [current_city(), list(numbers)])
        run(f'DELETE FROM "{table}" WHERE city_id = %s AND number = ANY(%s)', [current_city(), list(numbers)])  # noqa: S608


def _fill(columns: Sequence[str], text: str) -> None:
    run("TRUNCATE parties_incoming")
    copy_blocks("parties_incoming", columns, [text])


def _upsert(table: str, columns: Sequence[str], key: Sequence[str]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    run(
        f'INSERT INTO "{table}" (city_id, {names}) SELECT %s, {names} FROM parties_incoming '  # noqa: S608
        f"ON CONFLICT (city_id, {', '.join(key)}) DO UPDATE SET {changed}",
        [current_city()],
    )


TARGETS: dict[str, Callable[[Iterator[Sequence[Change]], Delivery], None]] = {
    "parties.residents": take_residents,
    "parties.households": take_households,
    "parties.ledgers": take_ledger,
}
"""The targets by the name layouts give them."""
