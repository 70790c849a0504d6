"""Bank accounts, and ゆうちょ symbols turned into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.bank_account import AccountKind, BankAccount, parse_kind
from honrai.kernel.errors import Invalid

# Data records of a debit file (domain facts, 全銀 91), each with trailing spaces cut.
RECORDS = [
    (
        "20001ﾐｽﾞﾎ           101                   17654321ﾔﾏﾀﾞ ﾀﾛｳ                      00000380000202601000123450300000",
        BankAccount("0001", "101", AccountKind.ORDINARY, "7654321"),
    ),
    (
        "29900ﾕｳﾁﾖ           058                   11234567ｻﾄｳ ﾊﾅｺ                       00000394001202601000678900300000",
        BankAccount("9900", "058", AccountKind.ORDINARY, "1234567"),
    ),
]


@pytest.mark.parametrize(("record", "account"), RECORDS)
def test_accounts_of_a_debit_file(record, account):
    assert BankAccount.parse(record[1:5], record[20:23], record[42], record[43:50]) == account


@pytest.mark.parametrize(
    ("symbol", "number", "branch", "kind", "account"),
    [
        ("10530", "12345671", "058", AccountKind.ORDINARY, "1234567"),
        ("１０５３０", "１２３４５６７１", "058", AccountKind.ORDINARY, "1234567"),
        ("17460", "21", "748", AccountKind.ORDINARY, "0000002"),
        ("00120", "123456", "019", AccountKind.CURRENT, "0123456"),
        ("01790", "1234567", "179", AccountKind.CURRENT, "1234567"),
    ],
)
def test_yucho_symbols(symbol, number, branch, kind, account):
    assert BankAccount.of_yucho(symbol, number) == BankAccount("9900", branch, kind, account)


@pytest.mark.parametrize(
    ("symbol", "number", "code"),
    [
        ("20530", "12345671", "yucho-symbol"),
        ("10531", "12345671", "yucho-symbol"),
        ("1053", "12345671", "yucho-symbol"),
        ("10530", "12345672", "yucho-number"),
        ("10530", "123456781", "yucho-number"),
        ("10530", "1", "yucho-number"),
        ("00120", "12345678", "yucho-number"),
        ("00120", "", "yucho-number"),
    ],
)
def test_what_is_no_yucho_symbol(symbol, number, code):
    with pytest.raises(Invalid) as raised:
        BankAccount.of_yucho(symbol, number)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("001", "101", "1", "7654321"), "bank-code"),
        (("0001", "1", "1", "7654321"), "branch-code"),
        (("0001", "101", "1", "123456"), "account-number"),
        (("0001", "101", "7", "7654321"), "account-kind"),
        (("9900", "053", "1", "1234567"), "yucho-branch"),
    ],
)
def test_each_wrong_part_is_named(parts, code):
    with pytest.raises(Invalid) as raised:
        BankAccount.parse(*parts)
    assert raised.value.code == code
    assert raised.value.message.endswith("。")


def test_shown_and_masked():
    account = BankAccount("0001", "101", AccountKind.CURRENT, "7654321")
    assert str(account) == "0001-101 当座 7654321"
    assert account.masked == "＊＊＊＊321"
    assert not account.is_yucho
    assert parse_kind("普通") is parse_kind("１") is AccountKind.ORDINARY


@given(st.from_regex(r"1[0-9]{3}0", fullmatch=True), st.from_regex(r"[0-9]{1,7}1", fullmatch=True))
def test_yucho_accounts_are_accounts_for_transfer(symbol, number):
    account = BankAccount.of_yucho(symbol, number)
    assert account.is_yucho
    assert account.branch == symbol[1:3] + "8"
    assert int(account.number) == int(number) // 10
