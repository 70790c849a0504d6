"""Results against requests, the month-end statement, payee accounts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.bank_account import BankAccount
from honrai.kernel.errors import Invalid
from honrai.payments.rules.payees import Bank, BankBranch, check_payee
from honrai.payments.rules.reading import read_file
from honrai.payments.rules.reconciling import NotComparable, reconcile
from honrai.payments.rules.results import result_codes
from honrai.payments.rules.statement import Outcome, month_statement
from honrai.payments.rules.totals import Purpose, Totals
from honrai.payments.rules.writing import write_file
from honrai.payments.tests.sample import DEBIT, TODAY, debit

CODES = "0123489"


def asked(*rows, header=DEBIT):
    return read_file(write_file(header, rows, TODAY).content, TODAY)


def answered(*rows, header=DEBIT):
    content = write_file(header, rows, TODAY, purpose=Purpose.RESULT).content
    return read_file(content, TODAY, purpose=Purpose.RESULT)


@pytest.mark.parametrize(
    ("code", "meaning", "action"),
    [
        ("0", "振替済", "receipt"),
        ("1", "資金不足", "unpaid"),
        ("2", "取引なし", "stop"),
        ("3", "預金者の都合による振替停止", "stop"),
        ("4", "預金口座振替依頼書なし", "ask_bank"),
        ("8", "委託者の都合による振替停止", "compare"),
        ("9", "その他", "by_hand"),
    ],
)
def test_every_result_has_a_meaning_and_a_next_action(code, meaning, action):
    found = result_codes()[code]
    assert (found.meaning, found.action, found.paid) == (meaning, action, code == "0")
    assert found.words.endswith("。")
    assert len(result_codes()) == 7


def test_a_result_counts_what_was_drawn_and_what_was_not():
    file = answered(debit("1", 100, result="0"), debit("2", 250, result="1"), debit("3", 7, result="9"))
    assert file.usable
    assert file.totals == Totals(3, 357, 1, 100, 2, 257)


@pytest.mark.parametrize(
    ("position", "text"), [(20, b"000002"), (26, b"000000000101"), (38, b"000000"), (44, b"000000000000")]
)
def test_a_trailer_that_does_not_add_up_is_refused(position, text):
    content = write_file(DEBIT, [debit("1", 100), debit("2", 250, result="1")], TODAY, purpose=Purpose.RESULT).content
    at = 3 * 122 + position - 1
    file = read_file(content[:at] + text + content[at + len(text) :], TODAY, purpose=Purpose.RESULT)
    assert file.totals.paid_amount + file.totals.failed_amount == file.totals.amount
    assert [(p.line, p.position, p.code) for p in file.problems] == [(4, position, "total")]


def test_a_blank_is_no_result_and_never_counts_as_drawn():
    file = answered(debit("1", 100, result="0"), debit("2", 250, result=""))
    assert [(p.line, p.position, p.code) for p in file.problems] == [(3, 112, "no-result")]


def test_each_request_finds_its_answer_in_any_order():
    done = reconcile(
        asked(debit("1", 100), debit("1", 200), debit("2", 300), debit("3", 400)),
        answered(debit("2", 300, result="1"), debit("1", 200), debit("1", 100, branch="999"), debit("8", 5)),
    )
    assert [(m.asked.values["amount"], m.result.code, m.account_changed) for m in done.matches] == [
        (100, "0", True),
        (200, "0", False),
        (300, "1", False),
    ]
    assert [row.values["amount"] for row in done.unanswered] == [400]
    assert [row.values["amount"] for row in done.unasked] == [5]
    assert (done.paid, done.failed, done.open, done.complete) == (300, 300, 400, False)


def test_an_altered_amount_matches_nothing():
    done = reconcile(asked(debit("1", 100)), answered(debit("1", 1000)))
    assert (len(done.matches), len(done.unanswered), len(done.unasked)) == (0, 1, 1)


def test_files_that_do_not_belong_together_are_refused():
    good = asked(debit())
    with pytest.raises(NotComparable, match="引落日が違います"):
        reconcile(good, answered(debit(), header=replace(DEBIT, day=date(2026, 12, 1))))
    with pytest.raises(NotComparable, match="委託者コード"):
        reconcile(good, answered(debit(), header=replace(DEBIT, originator="9999999999")))
    with pytest.raises(NotComparable, match="誤り"):
        reconcile(good, read_file(b"", TODAY, purpose=Purpose.RESULT))


@given(
    st.dictionaries(
        st.integers(0, 40), st.tuples(st.integers(1, 10**6), st.sampled_from([*CODES, ""])), min_size=1, max_size=12
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_asked_is_always_paid_and_failed_and_open(wanted, random):
    rows = [(debit(str(n), yen), code) for n, (yen, code) in wanted.items()]
    answers = [row | {"result": code} for row, code in rows if code] or [debit("99", 1)]
    random.shuffle(answers)
    done = reconcile(asked(*(row for row, _ in rows)), answered(*answers))
    assert done.paid + done.failed + done.open == done.asked.amount
    assert done.paid == sum(yen for yen, code in wanted.values() if code == "0")
    assert done.answered.paid_amount + done.answered.failed_amount == done.answered.amount
    assert done.complete == all(code for _, code in wanted.values())


PAYABLES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(-(10**9), 10**9), max_size=12)


@given(PAYABLES, PAYABLES, st.lists(st.tuples(st.integers(0, 30), st.sampled_from(Outcome)), max_size=12))
@settings(max_examples=150)
def test_in_is_always_paid_and_rejected_and_pending(carried, received, picks):
    received = {f"new-{key}": yen for key, yen in received.items()}
    keys = [*carried, *received]
    outcomes = {keys[n % len(keys)]: outcome for n, outcome in picks} if keys else {}
    month = month_statement(carried, received, outcomes)
    assert month.sum_in == month.sum_out
    assert sorted([*month.paid, *month.rejected, *month.pending]) == sorted(keys)
    following = month_statement(month.pending, {"later": 5}, {})
    assert following.sum_in == sum(month.pending.values()) + 5


def test_a_recovery_is_carried_over_until_it_is_set_off():
    month = month_statement({"over": -300}, {"a": 1000, "b": 200}, {"a": Outcome.PAID, "b": Outcome.REJECTED})
    assert (month.sum_in, month.paid, month.rejected, month.pending) == (900, {"a": 1000}, {"b": 200}, {"over": -300})


def test_a_payable_is_counted_once():
    with pytest.raises(Invalid, match="もう一度"):
        month_statement({"a": 1}, {"a": 1}, {})
    with pytest.raises(Invalid, match="一覧にない"):
        month_statement({}, {"a": 1}, {"b": Outcome.PAID})


BANKS = {
    "0001": Bank(
        "みなと銀行",
        "ミナト",
        {
            "101": BankBranch("中央支店", "チユウオウ"),
            "102": BankBranch("旧港支店", "キユウミナト", date(2026, 10, 1), "101"),
            "103": BankBranch("旧東支店", "キユウヒガシ", date(2026, 10, 2)),
        },
    ),
    "9900": Bank("ゆうちょ銀行", "ユウチョ", {"058": BankBranch("〇五八店", "ゼロゴハチ")}),
}

PAYEES = [
    # bank, branch, kind, holder, use, owner, findings
    ("0001", "101", "1", "ヤマダ　タロウ", "pay", "やまだたろう", []),
    ("0001", "103", "2", "ﾔﾏﾀﾞ", "pay", "", []),
    ("0002", "101", "1", "ﾔﾏﾀﾞ", "pay", "", ["bank-unknown"]),
    ("0001", "104", "1", "ﾔﾏﾀﾞ", "pay", "", ["branch-unknown"]),
    ("0001", "102", "1", "ﾔﾏﾀﾞ", "pay", "", ["branch-closed"]),
    ("0001", "101", "3", "ﾔﾏﾀﾞ", "pay", "", ["account-kind"]),
    ("0001", "101", "3", "ﾔﾏﾀﾞ", "draw", "", []),
    ("0001", "101", "4", "ﾔﾏﾀﾞ", "draw", "", ["account-kind"]),
    ("0001", "101", "4", "ﾔﾏﾀﾞ", "pay", "", []),
    ("0001", "101", "1", "　", "pay", "ヤマダ", ["holder-missing"]),
    ("0001", "101", "1", "山田太郎", "pay", "", ["holder-letters"]),
    ("0001", "101", "1", "ガ" * 16, "pay", "", ["holder-long"]),
    ("0001", "101", "1", "ｽｽﾞｷ ﾀﾛｳ", "pay", "ヤマダタロウ", ["holder-differs"]),
    ("0001", "101", "1", "ﾏﾂｶ-ｻ- ｼﾞﾖﾝ", "pay", "マッカーサー・ジョン", []),
    ("0002", "101", "3", "", "pay", "", ["bank-unknown", "holder-missing", "account-kind"]),
]


@pytest.mark.parametrize(("bank", "branch", "kind", "holder", "use", "owner", "codes"), PAYEES)
def test_a_payee_account_is_checked_before_it_is_used(bank, branch, kind, holder, use, owner, codes):
    account = BankAccount.parse(bank, branch, kind, "1234567")
    findings = check_payee(account, holder, BANKS, TODAY, use, owner)
    assert [finding.code for finding in findings] == codes
    assert all(finding.message.endswith("。") for finding in findings)


def test_a_yucho_account_is_found_by_its_transfer_branch():
    assert not check_payee(BankAccount.of_yucho("10530", "12345671"), "ﾔﾏﾀﾞ", BANKS, TODAY)


def test_the_branch_that_took_over_is_named():
    closed = check_payee(BankAccount.parse("0001", "102", "1", "1234567"), "ﾔﾏﾀﾞ", BANKS, TODAY)
    assert "中央支店(101)に移っています" in closed[0].message
