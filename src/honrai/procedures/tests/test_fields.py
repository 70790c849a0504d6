"""Every field type reads what people write, says how to mend what it cannot read, and survives JSON."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.procedures.rules.fields import TYPES

READ = [
    ("text", "  第一 ", "第一"),
    ("person_name", "熊本 花子", "熊本　花子"),
    ("person_name", "髙\U000e0100橋　邉", "髙\U000e0100橋　邉"),
    ("person_name", "神社 﨑", "神社　﨑"),
    ("kana", "くまもと ﾊﾅｺ", "クマモト　ハナコ"),
    ("kana", "ｳﾞｧﾙ", "ヴァル"),
    ("date_era", "R080401", date(2026, 4, 1)),
    ("date_era", "令和元年5月1日", date(2019, 5, 1)),
    ("date_era", "20260401", date(2026, 4, 1)),
    ("date_era", date(2026, 4, 1), date(2026, 4, 1)),
    ("year_month", "令和8年4月", date(2026, 4, 1)),
    ("year_month", "R8.12", date(2026, 12, 1)),
    ("year_month", "202604", date(2026, 4, 1)),
    ("year_month", "2026年4月", date(2026, 4, 1)),
    ("year_month", date(2026, 4, 20), date(2026, 4, 1)),
    ("beneficiary_number", "123456", "0123456"),
    ("text", "運転免許証 123456789018", "運転免許証 123456789018"),
    ("yes_no", "はい", True),
    ("yes_no", "無", False),
    ("yes_no", True, True),
    ("whole", "１２,３４５", 12345),
    ("decimal", "1,200.5", Decimal("1200.5")),
    ("yen", "¥12,300", 12300),
    ("yen", 12300, 12300),
    ("phone", "０９６−３２８−００００", "096-328-0000"),
    ("email", "ａ@example.jp", "a@example.jp"),
    ("postcode", "〒860-8601", "8608601"),
    ("insurer_number", "06132013", "06132013"),
    ("insurer_number", "138057", "138057"),
    ("bank_code", "9900", "9900"),
    ("account_number", "12345", "0012345"),
    ("account_holder", "クマモト　ハナコッ", "クマモト ハナコツ"),
    ("yucho_symbol", "1-7123", "17123"),
    ("yucho_number", "12345671", "12345671"),
    ("notice_number", "0012-34", "001234"),
    ("corporate_number", "7000012050002", "7000012050002"),
]


@pytest.mark.parametrize(("key", "raw", "value"), READ)
def test_an_answer_is_read_and_normalised(key, raw, value):
    assert TYPES[key].parse(raw) == value


REFUSED = [
    ("text", "a\x07b"),
    ("text", "個人番号 123456789018"),
    ("long_text", "マイナンバーは1234 5678 9018です"),
    ("text", "あ" * 201),
    ("person_name", "熊本1世"),
    ("kana", "熊本"),
    ("date_era", "2026-02-30"),
    ("year_month", "13月"),
    ("yes_no", "たぶん"),
    ("yes_no", date(2026, 4, 1)),
    ("whole", "-1"),
    ("whole", True),
    ("decimal", "NaN"),
    ("decimal", "1e30"),
    ("yen", "-1"),
    ("yen", "1,23"),
    ("phone", "12345"),
    ("email", "a@b"),
    ("postcode", "860860"),
    ("insurer_number", "06132014"),
    ("insurer_number", "0613201"),
    ("beneficiary_number", "12345678"),
    ("institution_code", "123"),
    ("bank_code", "12345"),
    ("account_number", "12345678"),
    ("account_holder", "山田"),
    ("yucho_symbol", "21234"),
    ("yucho_number", "123456789"),
    ("corporate_number", "7000012050003"),
]


@pytest.mark.parametrize(("key", "raw"), REFUSED)
def test_what_cannot_be_read_is_refused_in_japanese(key, raw):
    with pytest.raises(Invalid) as error:
        TYPES[key].parse(raw)
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", error.value.message)


def test_a_choice_is_one_of_its_options():
    assert TYPES["choice"].parse("新規", ("新規", "変更")) == "新規"
    assert TYPES["choices"].parse(["住所", "口座"], ("住所", "口座")) == ("住所", "口座")
    assert TYPES["choices"].parse("住所、口座", ("住所", "口座")) == ("住所", "口座")
    with pytest.raises(Invalid, match="新規・変更"):
        TYPES["choice"].parse("解約", ("新規", "変更"))


@given(st.text(max_size=40))
@settings(max_examples=150)
def test_any_text_is_read_or_refused_by_every_type(text):
    for key, kind in TYPES.items():
        if key in ("choice", "choices"):
            continue
        try:
            value = kind.parse(text)
        except Invalid:
            continue
        assert kind.decode(kind.encode(value)) == value
        assert kind.parse(value) == value, f"{key} is not stable"


def test_shown_values_read_as_japanese():
    assert TYPES["yen"].show(12300) == "12,300円"
    assert TYPES["date_era"].show(date(2026, 4, 1)) == "令和8年4月1日"
    assert TYPES["year_month"].show(date(2026, 4, 1)) == "令和8年4月"
    assert TYPES["yes_no"].show(False) == "いいえ"
    assert TYPES["choices"].show(("住所", "口座")) == "住所、口座"


def test_a_contractor_never_mends_an_account_an_amount_consent_or_a_signature():
    for key in ("account_number", "account_holder", "bank_code", "yucho_number", "yen", "consent", "signature"):
        assert not TYPES[key].centre_may_fix


def test_the_reference_page_lists_exactly_the_types():
    page = Path(__file__).resolve().parents[4] / "docs" / "reference" / "pack-format.md"
    table = page.read_text(encoding="utf-8").partition("## Field types")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == list(TYPES)
