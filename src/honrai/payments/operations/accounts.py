"""Payee accounts: entered by one, released by another official; a change shortly before money goes out is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from honrai.kernel.bank_account import BankAccount
from honrai.kernel.errors import Invalid as BadValue
from honrai.payments.events import AccountReleased
from honrai.payments.models import AccountState, Payable, PayableState, PayeeAccount
from honrai.payments.permissions import check_staff
from honrai.payments.rules.accounts import account_written, why_suspicious
from honrai.payments.rules.banks import standard
from honrai.payments.rules.payees import Bank, BankBranch, check_payee
from honrai.platform.authority.api import Actor, Denied
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import Who, announce, record
from honrai.registers import api as registers


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid: party key, name and reading."""

    party: str
    name: str
    kana: str = ""


def enter_account(payee: Payee, answers: Mapping[str, Any], *, actor: Actor, now: datetime) -> int:
    """Enter an account for a payee; it is used when another official has released it. Returns its key.

    Args:
        payee: who is paid.
        answers: bank, branch, kind, number (or yucho_symbol, yucho_number) and holder, as written.
        actor: staff.
        now: the moment.

    Raises:
        Invalid: it cannot be an account; the message says which part.
    """
    check_staff(actor)
    return keep_account(payee, answers, entered_by=actor.person, who=actor.who, case=None, now=now)


def keep_account(
    payee: Payee, answers: Mapping[str, Any], *, entered_by: int | None, who: Who, case: int | None, now: datetime
) -> int:
    """Keep an account that waits for its release; one that waits already is taken over, the same as in use is not entered again.

    Args: as for `enter_account`; `entered_by` is None where it comes from a decided application.
    """
    account = _read(answers)
    written = str(answers.get("holder") or "")
    adapter = standard()
    used = PayeeAccount.objects.filter(party=payee.party, state=AccountState.RELEASED).first()
    if used is not None and _same(used, account):
        return used.pk
    PayeeAccount.objects.filter(party=payee.party, state=AccountState.ENTERED).update(
        state=AccountState.REFUSED, reason="新しい届出が届きました"
    )
    findings = check_payee(account, written, _banks(account, now.date()), now.date(), owner_kana=payee.kana)
    row = PayeeAccount.objects.create(
        party=payee.party,
        name=payee.name[:120],
        kana=payee.kana[:120],
        bank=account.bank,
        branch=account.branch,
        kind=account.kind.value,
        number=account.number,
        holder=adapter.fold(written, "party").strip()[:48],
        written=written[:120],
        case=case,
        findings=[{"field": one.field, "code": one.code, "message": one.message} for one in findings],
        suspicious=_suspicious(used, payee.party, account, now.date()),
        entered_by=entered_by,
        entered_at=now,
    )
    record("payments.account_entered", who=who, now=now, subject=("payee_account", row.pk), case=case)
    return row.pk


def _read(answers: Mapping[str, Any]) -> BankAccount:
    try:
        return account_written(answers)
    except BadValue as error:
        raise Invalid(error.message) from error


def _same(used: PayeeAccount, account: BankAccount) -> bool:
    return (used.bank, used.branch, used.kind, used.number) == (
        account.bank,
        account.branch,
        account.kind.value,
        account.number,
    )


def _suspicious(used: PayeeAccount | None, party: str, account: BankAccount, today: date) -> str:
    others = PayeeAccount.objects.filter(
        bank=account.bank,
        branch=account.branch,
        kind=account.kind.value,
        number=account.number,
        state=AccountState.RELEASED,
    ).exclude(party=party)
    waiting = Payable.objects.filter(party=party, state__in=(PayableState.READY, PayableState.ORDERED)).exists()
    return why_suspicious(
        last_change=used.since if used else None, has_payables=waiting, others=others.count(), today=today
    )


def _banks(account: BankAccount, on: date) -> dict[str, Bank]:
    """Return the register's bank of an account as the rules read it."""
    bank = registers.line("bank", account.bank, on)
    if bank is None:
        return {}
    branches = registers.branches_of([account.bank], on)[account.bank]
    known = {
        code: BankBranch(
            line.name,
            line.kana,
            date.fromisoformat(line.values["closed"]) if line.values.get("closed") else None,
            line.values.get("successor", ""),
        )
        for code, line in branches.items()
    }
    return {account.bank: Bank(bank.name, bank.kana, known)}


def release_account(account: int, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Let an account be used; the one before ends. Whoever entered it cannot, nor can a contractor.

    Args:
        account: key of a waiting account.
        reason: how it was made sure; compulsory where something is to be looked at.
        actor: another official than entered it.
        now: the moment.

    Raises:
        Denied: the same person, or no official.
        Conflict: it does not wait for this.
        Invalid: something is to be looked at and no reason was given.
    """
    check_staff(actor)
    row = _waiting(account)
    if row.entered_by is not None and row.entered_by == actor.person:
        raise Denied("自分が登録した口座は確認できません。ほかの職員に確認を頼んでください。")
    if (row.suspicious or row.findings) and not reason.strip():
        raise Invalid("注意のある口座です。本人にどう確かめたかを入力してください。")
    PayeeAccount.objects.filter(party=row.party, state=AccountState.RELEASED).update(
        state=AccountState.ENDED, until=now.date()
    )
    row.state, row.since, row.reason = AccountState.RELEASED, now.date(), reason.strip()[:200]
    row.released_by, row.released_at = actor.person, now
    row.save()
    Payable.objects.filter(party=row.party, state__in=(PayableState.WAITING, PayableState.RETURNED)).update(
        state=PayableState.READY, reason=""
    )
    event = AccountReleased(account=row.pk, suspicious=bool(row.suspicious))
    announce(event, who=actor.who, now=now, subject=("payee_account", row.pk), case=row.case)


def refuse_account(account: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Do not use a waiting account.

    Raises:
        Conflict: it does not wait for this.
        Invalid: no reason was given.
    """
    check_staff(actor)
    row = _waiting(account)
    if not reason.strip():
        raise Invalid("使わない理由を入力してください。")
    row.state, row.reason = AccountState.REFUSED, reason.strip()[:200]
    row.save()
    if PayeeAccount.objects.filter(party=row.party, state=AccountState.RELEASED).exists():
        Payable.objects.filter(party=row.party, state=PayableState.WAITING).update(state=PayableState.READY)
    record("payments.account_refused", who=actor.who, now=now, subject=("payee_account", row.pk), case=row.case)


def _waiting(account: int) -> PayeeAccount:
    row = PayeeAccount.objects.select_for_update().filter(pk=account).first()
    if row is None:
        raise NotFound("この口座は見つかりません。")
    if row.state != AccountState.ENTERED:
        raise Conflict(f"この口座は「{row.get_state_display()}」です。画面を開き直してください。")
    return row
