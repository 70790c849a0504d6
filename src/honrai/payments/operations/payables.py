"""What was decided to be paid comes in: one by one from cases, by the hundred thousand from claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from honrai.payments.models import AccountState, Payable, PayableState, PayeeAccount
from honrai.payments.operations.accounts import Payee, keep_account
from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import copy_text, make_temporary, run
from honrai.platform.errors import Invalid
from honrai.platform.events.api import SYSTEM, Who, record
from honrai.registers import api as registers


@dataclass(frozen=True, slots=True)
class NewPayable:
    """One sum to pay.

    Attributes:
        source: what it comes from, once and for all.
        party: who is paid (宛名番号, "school/…", "institution/…").
        name: name of the payee.
        amount: whole yen above 0, as decided.
        purpose: what for.
        heading: 歳出科目.
        unit: section that answers for it.
        decided_on: day of the decision.
        procedure: procedure code; may be empty.
        case: key of the case, where it comes from one.
        document: key of the approval document of the decision.
    """

    source: str
    party: str
    name: str
    amount: int
    purpose: str
    heading: str
    unit: int
    decided_on: date
    procedure: str = ""
    case: int | None = None
    document: int | None = None


_COLUMNS = (
    ("source", "text"), ("party", "text"), ("name", "text"), ("amount", "bigint"), ("purpose", "text"), ("heading", "text"),
    ("unit", "bigint"), ("decided_on", "date"), ("procedure", "text"), ("case", "bigint"), ("document", "bigint"),
)  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name, _ in _COLUMNS)
_INSERT = f"""INSERT INTO payments_payable (city_id, {_NAMES}, state, reason)
    SELECT %s, {", ".join(f'i."{name}"' for name, _ in _COLUMNS)},
        CASE WHEN a.id IS NULL THEN 'waiting' ELSE 'ready' END, ''
    FROM payments_incoming i LEFT JOIN payments_payeeaccount a
        ON a.city_id = %s AND a.party = i.party AND a.state = 'released'
    ON CONFLICT (city_id, source) DO NOTHING"""  # noqa: S608  (constants of this file)


def take_payables(payables: Iterable[NewPayable], *, who: Who, now: datetime) -> int:
    """Take any number of payables in by COPY; what stands already is left as it is. Returns how many were new.

    Raises:
        Invalid: an amount of 0 or less.
    """

    def rows() -> Iterable[tuple[object, ...]]:
        for one in payables:
            if one.amount <= 0:
                raise Invalid(f"支払う額が0円以下です（{one.source}）。元の決定を確かめてください。")
            yield tuple(getattr(one, name) for name, _ in _COLUMNS)

    with transaction.atomic():  # a refused payable undoes the COPY, not the caller's transaction
        make_temporary("payments_incoming", _COLUMNS)
        copy_text("payments_incoming", [name for name, _ in _COLUMNS], rows())
        taken = run(_INSERT, [current_city(), current_city()])
    record("payments.payables_taken", who=who, now=now, subject=("payable", 0), data={"payables": taken})
    return taken


def take_decided(*, source: str, amount: int, details: dict[str, Any], case: int, now: datetime) -> int:
    """Take what a case decided, with the account its form gives; returns the key of the payable.

    A school that receives the money is paid on the account of its register line. Sent again it is the same payable.
    """
    payee, account = _payee(details, now.date())
    row, made = Payable.objects.get_or_create(
        source=source,
        defaults={
            "party": payee.party,
            "name": payee.name[:120],
            "purpose": details["purpose"],
            "heading": details["heading"],
            "unit": details["unit"],
            "procedure": details["procedure"],
            "case": case,
            "document": details["document"],
            "amount": amount,
            "decided_on": now.date(),
            "state": PayableState.WAITING,
        },
    )
    if not made:
        return row.pk
    record("payments.payable_taken", who=SYSTEM, now=now, subject=("payable", row.pk), case=case)
    if account.get("bank"):
        try:
            keep_account(payee, account, entered_by=None, who=SYSTEM, case=case, now=now)
        except Invalid as refused:
            row.reason = str(refused)[:200]
    if PayeeAccount.objects.filter(party=payee.party, state=AccountState.RELEASED).exists():
        waiting = PayeeAccount.objects.filter(party=payee.party, state=AccountState.ENTERED).exists()
        row.state = PayableState.WAITING if waiting else PayableState.READY
    row.save()
    return row.pk


def _payee(details: dict[str, Any], on: date) -> tuple[Payee, dict[str, Any]]:
    """Return who is paid and the account as written: the school of the register, or the owner of the form's account."""
    if details["school"]:
        return _school(details["school"], on)
    owner = details["owner"]
    party = details["party"] or f"case/{details['number']}"
    return Payee(f"{party}/guardian", str(owner.get("name") or ""), str(owner.get("kana") or "")), details["payee"]


def _school(name: str, on: date) -> tuple[Payee, dict[str, Any]]:
    row = registers.named("school", name, on)
    if row is None:
        return Payee(f"school/{name}"[:60], name), {}
    said = row.values
    account = {
        "bank": said.get("account_bank", ""),
        "branch": said.get("account_branch", ""),
        "kind": "普通",
        "number": said.get("account_number", ""),
        "holder": said.get("account_holder", ""),
    }
    return Payee(f"school/{row.code}", row.name, said.get("account_holder", "")), account
