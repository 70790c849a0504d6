"""Made-up headers and records the tests of this chapter share."""

from datetime import date

from honrai.payments.rules.writing import Header

TODAY = date(2026, 10, 1)

DEBIT = Header(
    "91",
    "0132200000",
    "ﾋｶﾞｼﾔﾏﾄｼ",
    date(2026, 11, 2),
    "0001",
    "001",
    bank_name="ﾐｽﾞﾎ",
    account_kind="1",
    account="1234567",
)


def debit(customer: str = "1", amount: int = 100, **more: str | int) -> dict[str, str | int]:
    return {
        "bank": "0001",
        "branch": "101",
        "account_kind": "1",
        "account": "7654321",
        "holder": "ﾔﾏﾀﾞ ﾀﾛｳ",
        "amount": amount,
        "customer": customer,
        **more,
    }


def transfer(**more: str | int) -> dict[str, str | int]:
    values = debit(**more)
    del values["customer"]
    return values
