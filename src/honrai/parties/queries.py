"""Finding residents by indexed keys. Every condition an index answers is leakproof, so that row security does not stop it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from honrai.exchange.api import former_numbers, resolve
from honrai.parties.models import Gram, Household, LedgerEntry, Match, Resident, Search
from honrai.parties.rules.keys import END, grams, kana_key, name_key, place_key
from honrai.parties.rules.matching import Candidate, Wanted
from honrai.platform.errors import Invalid


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a search looks for; at least one of it. All given must hold.

    Attributes:
        number: 宛名番号, also one that was merged away.
        name: name or part of one, two characters or more.
        kana: beginning of the reading.
        born_on: day of birth.
        address: a whole address.
        case: key of a case.
    """

    number: str = ""
    name: str = ""
    kana: str = ""
    born_on: date | None = None
    address: str = ""
    case: int | None = None

    @property
    def used(self) -> tuple[str, ...]:
        """Names of the criteria that were given."""
        return tuple(name for name in ("number", "name", "kana", "born_on", "address", "case") if getattr(self, name))


def residents(criteria: Criteria, *, protected_places: bool = False) -> QuerySet[Resident]:
    """Return the residents that fit.

    Args:
        criteria: what is looked for.
        protected_places: an address also finds people under 支援措置 who live there; only for those who may know it.

    Raises:
        Invalid: nothing was given, or too little to search by.
    """
    rows = Resident.objects.all()
    if not criteria.used:
        raise Invalid("検索する項目を1つ以上入力してください。")
    if criteria.number:
        rows = rows.filter(number=resolve([criteria.number.strip()])[criteria.number.strip()])
    if criteria.name:
        rows = _by_name(rows, criteria.name)
    if criteria.kana:
        rows = _by_kana(rows, criteria.kana)
    if criteria.born_on:
        rows = rows.filter(born_on=criteria.born_on)
    if criteria.address:
        rows = _by_place(rows, criteria.address, protected=protected_places)
    if criteria.case:
        rows = rows.filter(number__in=Match.objects.filter(case=criteria.case).values("number"))
    return rows


def _by_name(rows: QuerySet[Resident], name: str) -> QuerySet[Resident]:
    """Narrow to names holding the text: every gram through the index, then the whole text on what is left."""
    key = name_key(name)
    pieces = grams(key)
    if not pieces:
        raise Invalid("氏名は2文字以上で入力してください。1文字のときはフリガナで検索してください。")
    first, *others = pieces
    rows = rows.filter(id__in=Gram.objects.filter(gram=first).values("resident_id"))
    for gram in others:
        rows = rows.filter(Exists(Gram.objects.filter(gram=gram, resident_id=OuterRef("id"))))
    return rows.filter(name_key__contains=key) if others else rows


def _by_kana(rows: QuerySet[Resident], kana: str) -> QuerySet[Resident]:
    key = kana_key(kana)
    if not key:
        raise Invalid("フリガナを入力してください。")
    return rows.filter(kana_key__gte=key, kana_key__lt=key + END)


def _by_place(rows: QuerySet[Resident], address: str, *, protected: bool) -> QuerySet[Resident]:
    key = place_key(address)
    if not key:
        raise Invalid("住所を読み取れません。市区町村から番地まで入力してください。")
    homes = Household.objects.filter(place_key=key)
    homes = homes if protected else homes.filter(protected=False)
    return rows.filter(household_number__in=homes.values("number"))


def households_of(numbers: Sequence[str]) -> dict[str, Household]:
    """Return households by their number."""
    return {home.number: home for home in Household.objects.filter(number__in=list(numbers))}


def resident(number: str) -> Resident | None:
    """Return a resident by 宛名番号, followed over merges."""
    return Resident.objects.filter(number=resolve([number])[number]).first()


def members(household: str) -> QuerySet[Resident]:
    """Return the people of a household, head first."""
    return Resident.objects.filter(household_number=household).order_by("born_on", "number")


def ledger_lines(ledger: str, number: str) -> QuerySet[LedgerEntry]:
    """Return what a ledger holds of a person, also under numbers that were merged into theirs."""
    return LedgerEntry.objects.filter(ledger=ledger, number__in=[number, *former_numbers(number)]).order_by(
        "since", "id"
    )


def candidates(wanted: Wanted, *, most: int = 200) -> list[Candidate]:
    """Return everybody who agrees with what is wanted on birth and a little more, or on name and place."""
    found: dict[int, Resident] = {}
    for rows in _near(wanted):
        found |= {row.pk: row for row in rows[:most]}
    homes = households_of([row.household_number for row in found.values()])
    return [
        Candidate(
            row.number,
            row.kana_key,
            tuple(row.name_key.split("|")),
            row.born_on,
            homes[row.household_number].place_key if row.household_number in homes else "",
        )
        for row in found.values()
    ]


def _near(wanted: Wanted) -> list[QuerySet[Resident]]:
    rows = Resident.objects.order_by("id")
    near = []
    if wanted.born_on:
        near.append(rows.filter(born_on=wanted.born_on))
    if wanted.place:
        homes = Household.objects.filter(place_key=wanted.place).values("number")
        near.append(rows.filter(household_number__in=homes))
    if wanted.kana:
        near.append(rows.filter(kana_key=wanted.kana))
    return near


def searches() -> QuerySet[Search]:
    """Return every search for a person: who, when, what for, by what, how many were found, and why the audit was alerted."""
    return Search.objects.all()


def resident_key(number: str) -> int | None:
    """Return the key of a resident by 宛名番号; None where there is none."""
    row = resident(number)
    return row.pk if row else None


def person_of(case: int) -> str | None:
    """Return the 宛名番号 of the subject of a case as it is today; None where nobody was found."""
    number = Match.objects.filter(case=case).values_list("number", flat=True).first()
    return resolve([number])[number] if number else None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a ledger somebody has: its key and first day."""

    key: str
    since: date | None


def held_line(ledger: str, number: str, on: date) -> HeldLine | None:
    """Return the line of a ledger a person has on a day; where none is in force the latest one; None without any."""
    rows = [line for line in ledger_lines(ledger, number) if line.since is None or line.since <= on]
    now = [line for line in rows if line.until is None or line.until >= on]
    found = (now or rows)[-1:]
    return HeldLine(found[0].key, found[0].since) if found else None
