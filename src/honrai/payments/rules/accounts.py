"""From what an applicant wrote to an account for transfers, and when a change of account is suspicious."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import yaml

from honrai.kernel.bank_account import YUCHO_BANK, BankAccount
from honrai.payments.rules.layout import DATA


def account_written(answers: Mapping[str, Any]) -> BankAccount:
    """Return the account of a form's group: bank, branch, kind and number, or 記号 and 番号 of ゆうちょ銀行.

    Raises:
        Invalid: a part is missing or wrong.
    """
    said = {name: str(value or "") for name, value in answers.items()}
    if said.get("bank") == YUCHO_BANK and said.get("yucho_symbol"):
        return BankAccount.of_yucho(said["yucho_symbol"], said.get("yucho_number", ""))
    return BankAccount.parse(
        said.get("bank", ""), said.get("branch", ""), said.get("kind") or "普通", said.get("number", "")
    )


@cache
def changed_within_days() -> int:
    """Return for how many days after the last change another change is suspicious (`data/limits.yaml`)."""
    return int(yaml.safe_load((DATA / "limits.yaml").read_text("utf-8"))["changed_within_days"])


def why_suspicious(*, last_change: date | None, has_payables: bool, others: int, today: date) -> str:
    """Return why somebody must look twice at a new account; "" where it looks as usual.

    Args:
        last_change: day the account in use was released; None: the payee never had one.
        has_payables: money is waiting to be paid to the payee.
        others: how many other payees use the same account.
        today: the day.
    """
    found = []
    if last_change is not None and (today - last_change).days <= changed_within_days():
        found.append(f"{(today - last_change).days}日前にも口座が変わっています")
    if last_change is not None and has_payables:
        found.append("支払が決まったあとの口座の変更です")
    if others:
        found.append(f"ほかの受取人{others}人と同じ口座です")
    return "。".join(found)
