"""Write a bank file: all of it with its control totals, or nothing and every reason why.

The result is bytes in memory; whoever stores them stores one whole file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from honrai.payments.rules.banks import Adapter, standard
from honrai.payments.rules.dates import month_day
from honrai.payments.rules.layout import Layout, Values, layouts
from honrai.payments.rules.problems import BadFile, FieldError, Problem
from honrai.payments.rules.records import encode_record, problem_at
from honrai.payments.rules.totals import Duplicate, Purpose, Totals, duplicates, totals_of


@dataclass(frozen=True, slots=True)
class Header:
    """What the first record says: who orders, on which day, over which account.

    Attributes:
        kind: 種別コード: 21, 91, 11, 12, 71, 72.
        originator: 委託者コード, 10 digits given by the bank.
        originator_name: 委託者名.
        day: 取組日 or 引落日.
        bank: our bank, 4 digits.
        branch: our branch, 3 digits.
        bank_name: its name in kana; may be empty.
        branch_name: its name in kana; may be empty.
        account_kind: 種目 of our account; empty: left blank.
        account: number of our account; empty: left blank.
    """

    kind: str
    originator: str
    originator_name: str
    day: date
    bank: str
    branch: str
    bank_name: str = ""
    branch_name: str = ""
    account_kind: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A whole file.

    Attributes:
        content: its bytes.
        totals: control totals, to be compared with what was decided before release.
        duplicates: the same account and amount more than once, for a person to look at before release.
    """

    content: bytes
    totals: Totals
    duplicates: tuple[Duplicate, ...]


def write_file(
    header: Header,
    records: Sequence[Values],
    today: date,
    adapter: Adapter | None = None,
    purpose: Purpose = Purpose.REQUEST,
) -> Written:
    """Return the file of the records, in their order.

    Names may come in any kana and are folded to the bank's letters; nothing is ever cut off.

    Args:
        header: first record; its kind chooses the layout.
        records: data records by field id (see `data/layouts`), amounts in whole yen.
        today: day of writing; the header's day must lie within half a year of it, since the file has no year.
        adapter: the bank's wishes; None means the narrowest reading of the standard.
        purpose: a request, or a result as a bank sends it back.

    Raises:
        BadFile: every problem of every record; nothing is written.

    Source: 全国銀行協会 適用業務およびレコード・フォーマット, each layout in `data/layouts`.
    """
    adapter = adapter or standard()
    layout = _layout(header.kind)
    first, problems = _header(layout, header, today, adapter)
    body: list[bytes] = []
    for line, values in enumerate(records, start=1):
        record, found = encode_record(layout, "data", _request(layout, values, adapter, purpose), adapter, line)
        body.append(record)
        problems += found
    if not records:
        problems.append(Problem(0, 0, "", "empty", "明細がありません。", "明細を1件以上入れてください。"))
    if problems:
        raise BadFile(problems)
    totals = totals_of(records, purpose)
    twice = duplicates(layout, list(enumerate(records, start=1)))
    last, problems = encode_record(layout, "trailer", totals.values(), adapter, 0)
    if problems := problems + duplicate_problems(layout, twice) + _unpaid(layout, records, purpose):
        raise BadFile(problems)
    end, _ = encode_record(layout, "end", {}, adapter, 0)
    newline = b"\r\n" if adapter.newline == "crlf" else b""
    return Written(b"".join(record + newline for record in (first, *body, last, end)), totals, twice)


def duplicate_problems(layout: Layout, twice: Sequence[Duplicate]) -> list[Problem]:
    """Return the duplicates a result could not tell apart, as problems of their second and later records."""
    if not layout.key_unique:
        return []
    names = "と".join(f.label for f in layout.records["data"] if f.id in layout.key)
    remedy = "二重の依頼なら除き、別の債権なら顧客番号を分けてください。"
    return [
        Problem(line, 0, "", "duplicate", f"{found.lines[0]}件目と{names}が同じです。", remedy)
        for found in twice
        for line in found.lines[1:]
    ]


def _layout(kind: str) -> Layout:
    if kind not in layouts():
        known = "、".join(layouts())
        reason = f"種別コード「{kind}」は扱えません。"
        raise BadFile([Problem(1, 2, "種別コード", "kind", reason, f"{known} のどれかにしてください。")])
    return layouts()[kind]


def _header(layout: Layout, header: Header, today: date, adapter: Adapter) -> tuple[bytes, list[Problem]]:
    """Return the header record; its problems stand on the file as a whole (line 0)."""
    values: dict[str, str | int] = {
        f.id: getattr(header, f.id) for f in layout.records["header"] if hasattr(header, f.id)
    }
    problems: list[Problem] = []
    try:
        values["day"] = month_day(header.day, today)
    except FieldError as error:
        field = next(f for f in layout.records["header"] if f.id == "day")
        problems.append(problem_at(0, field, error))
        values["day"] = "0000"
    if not adapter.header_account:
        values |= {"account_kind": "", "account": ""}
    record, found = encode_record(layout, "header", values, adapter, 0)
    return record, problems + found


def _request(layout: Layout, values: Values, adapter: Adapter, purpose: Purpose) -> Values:
    """Return the record with the result the bank wants to see in a request, where none was given."""
    if layout.results and purpose is Purpose.REQUEST and adapter.blank_result and not values.get("result"):
        return {**values, "result": ""}
    return values


def _unpaid(layout: Layout, records: Sequence[Values], purpose: Purpose) -> list[Problem]:
    """Refuse a request that carries results already."""
    if not layout.results or purpose is Purpose.RESULT:
        return []
    return [
        result_in_request(line)
        for line, values in enumerate(records, start=1)
        if str(values.get("result") or "0") != "0"
    ]


def result_in_request(line: int) -> Problem:
    """Return the problem of a request whose record says a result."""
    remedy = "結果のファイルを依頼として送ろうとしていないか確かめてください。"
    return Problem(line, 112, "振替結果コード", "result-in-request", "依頼なのに結果が入っています。", remedy)
