"""A result held against its request: what was drawn, what was not, and what does not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from honrai.payments.rules.layout import layouts
from honrai.payments.rules.reading import BankFile, Row
from honrai.payments.rules.results import ResultCode, result_codes
from honrai.payments.rules.totals import Totals

_ACCOUNT = ("bank", "branch", "account_kind", "account")
_Key = tuple[str | int, ...]


class NotComparable(ValueError):
    """The two files cannot be held against one another; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Match:
    """One request with its answer.

    Attributes:
        asked: record of the request.
        answered: record of the result.
        result: what the bank says.
        account_changed: the bank answered with another account (a merged branch): look before booking.
    """

    asked: Row
    answered: Row
    result: ResultCode
    account_changed: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The request, divided.

    Attributes:
        matches: answered records, in the order of the request.
        unanswered: asked, but not in the result.
        unasked: in the result, but never asked: nothing may be booked from it.
        asked: totals of the request.
        answered: totals of the result.
    """

    matches: tuple[Match, ...]
    unanswered: tuple[Row, ...]
    unasked: tuple[Row, ...]
    asked: Totals
    answered: Totals

    @property
    def paid(self) -> int:
        """Yen drawn of what was asked."""
        return _sum(match.asked for match in self.matches if match.result.paid)

    @property
    def failed(self) -> int:
        """Yen the bank refused of what was asked."""
        return _sum(match.asked for match in self.matches if not match.result.paid)

    @property
    def open(self) -> int:
        """Yen asked without an answer; paid + failed + open is always what was asked."""
        return _sum(self.unanswered)

    @property
    def complete(self) -> bool:
        """Whether every request has its answer, nothing is left over and every account is the one asked."""
        return not (self.unanswered or self.unasked or any(match.account_changed for match in self.matches))


def reconcile(request: BankFile, result: BankFile) -> Reconciliation:
    """Match a result with its request by 顧客番号 and 金額.

    Raises:
        NotComparable: one of the files has problems, or they are not of one originator and one debit day.
    """
    _require_pair(request, result)
    layout = layouts()["91"]
    answers: dict[_Key, list[Row]] = defaultdict(list)
    for row in result.rows:
        answers[layout.key_of(row.values)].append(row)
    matches: list[Match] = []
    unanswered: list[Row] = []
    for row in request.rows:
        found = answers.pop(layout.key_of(row.values), None)
        if found is None:
            unanswered.append(row)
        else:
            matches.append(_match(row, found[0]))
    unasked = tuple(row for rows in answers.values() for row in rows)
    return Reconciliation(tuple(matches), tuple(unanswered), unasked, request.totals, result.totals)


def _require_pair(request: BankFile, result: BankFile) -> None:
    """Refuse files with problems and files that do not belong together."""
    for name, file in (("依頼", request), ("結果", result)):
        if not file.usable:
            raise NotComparable(f"{name}のファイルに{len(file.problems)}件の誤りがあります。先に直してください。")
    ours, theirs = request.header, result.header
    assert ours
    assert theirs
    if ours.kind != "91" or theirs.kind != "91":
        raise NotComparable("口座振替(91)のファイルではありません。種別コードを確かめてください。")
    if (ours.originator, ours.day) != (theirs.originator, theirs.day):
        raise NotComparable("委託者コードか引落日が違います。同じ回の依頼と結果を選んでください。")


def _match(asked: Row, answered: Row) -> Match:
    changed = any(asked.values[id] != answered.values[id] for id in _ACCOUNT)
    return Match(asked, answered, result_codes()[str(answered.values["result"])], changed)


def _sum(rows: Iterable[Row]) -> int:
    return sum(int(row.values["amount"]) for row in rows)
