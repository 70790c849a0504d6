"""An account to pay or draw from, checked against the register of banks before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from honrai.kernel.bank_account import AccountKind, BankAccount
from honrai.payments.rules.banks import Adapter, standard

HOLDER_WIDTH = 30
_KINDS: Mapping[str, frozenset[AccountKind]] = {
    "pay": frozenset({AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.OTHER}),
    "draw": frozenset({AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.TAX_RESERVE, AccountKind.OTHER}),
}


@dataclass(frozen=True, slots=True)
class BankBranch:
    """One branch in the register.

    Attributes:
        name: Japanese name.
        kana: name in kana for bank files.
        closed: first day it no longer exists; None: open.
        successor: code of the branch that took its accounts; empty: unknown.
    """

    name: str
    kana: str
    closed: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """One bank in the register.

    Attributes:
        name: Japanese name.
        kana: name in kana for bank files.
        branches: its branches by code of 3 digits.
    """

    name: str
    kana: str
    branches: Mapping[str, BankBranch]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend in a payee account.

    Attributes:
        field: bank, branch, account_kind or holder.
        code: stable key.
        message: what is wrong and how to mend it.
    """

    field: str
    code: str
    message: str


def check_payee(
    account: BankAccount,
    holder: str,
    banks: Mapping[str, Bank],
    today: date,
    use: Literal["pay", "draw"] = "pay",
    owner_kana: str = "",
    adapter: Adapter | None = None,
) -> tuple[Finding, ...]:
    """Return what keeps an account from being used; an empty answer is no proof that it exists, only a transfer is.

    Args:
        account: bank, branch, kind, number (a ゆうちょ symbol and number are turned into it by the kernel).
        holder: name of the holder in any kana, as on the passbook.
        banks: the register, bank code to bank.
        today: the day branches must be open.
        use: pay into it (総合振込) or draw from it (口座振替): 納税準備 is only drawn from, 貯蓄 only paid into.
        owner_kana: kana of the person it should belong to; empty: not compared.
        adapter: the bank that carries the file.
    """
    adapter = adapter or standard()
    findings = [*_office(account, banks, today), *_holder(holder, owner_kana, adapter)]
    if account.kind not in _KINDS[use]:
        doing = "振込" if use == "pay" else "口座振替"
        message = f"{account.kind.label}の口座は{doing}に使えません。普通か当座の口座を届け出てもらってください。"
        findings.append(Finding("account_kind", "account-kind", message))
    return tuple(findings)


def _office(account: BankAccount, banks: Mapping[str, Bank], today: date) -> list[Finding]:
    """Find the bank and the branch in the register."""
    bank = banks.get(account.bank)
    if bank is None:
        message = f"金融機関コード {account.bank} は金融機関の一覧にありません。通帳で確かめてください。"
        return [Finding("bank", "bank-unknown", message)]
    branch = bank.branches.get(account.branch)
    if branch is None:
        message = f"{bank.name}に支店コード {account.branch} はありません。統廃合がないか通帳で確かめてください。"
        return [Finding("branch", "branch-unknown", message)]
    if branch.closed and branch.closed <= today:
        next_ = bank.branches.get(branch.successor)
        moved = (
            f"{next_.name}({branch.successor})に移っています。新しい口座番号" if next_ else "移った先の支店と口座番号"
        )
        return [Finding("branch", "branch-closed", f"{branch.name}はなくなりました。{moved}を確かめてください。")]
    return []


def _holder(holder: str, owner_kana: str, adapter: Adapter) -> list[Finding]:
    """Check the name in the letters of the bank and against the person."""
    folded = adapter.fold(holder, "party").strip()
    if not folded:
        return [Finding("holder", "holder-missing", "口座名義のカナがありません。通帳のとおりに入れてください。")]
    findings = []
    if bad := adapter.refused(folded, "party"):
        message = f"口座名義に使えない文字があります: {bad} 。通帳のカナのとおりに入れてください。"
        findings.append(Finding("holder", "holder-letters", message))
    if len(folded) > HOLDER_WIDTH:
        message = (
            f"口座名義が半角{len(folded)}文字です。濁点も数えて{HOLDER_WIDTH}文字以内の通帳の略し方で入れてください。"
        )
        findings.append(Finding("holder", "holder-long", message))
    owner = adapter.fold(owner_kana, "party").replace(" ", "")
    if owner and owner != folded.replace(" ", ""):
        message = "口座名義が申請者のカナと違います。読みの違いか、別の人の口座(委任状が要る)かを確かめてください。"
        findings.append(Finding("holder", "holder-differs", message))
    return findings
