"""What people type into the one search box."""

from datetime import date

import pytest

from honrai.desk.finding import recognise

TODAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("08-000123", "receipt", "08-000123"),
        ("０８－０００１２３", "receipt", "08-000123"),
        ("08ー000123", "receipt", "08-000123"),
        ("123", "receipt", "08-000123"),
        ("https://a.test/apply/status/?number=08-000123", "receipt", "08-000123"),
        ("99000123", "receipt", "99-000123"),
        ("R080401", "born", date(2026, 4, 1)),
        ("5080401", "born", date(2026, 4, 1)),
        ("20260401", "born", date(2026, 4, 1)),
        ("令和8年4月1日", "born", date(2026, 4, 1)),
        ("ほんらい", "kana", "ほんらい"),
        ("ﾎﾝﾗｲ", "kana", "ホンライ"),
        ("本来", "name", "本来"),
        ("東京都千代田区永田町1-7-1", "address", "東京都千代田区永田町1-7-1"),
        ("1000000001", "number", "1000000001"),
        ("  ", "nothing", ""),
    ],
)
def test_one_box_knows_what_was_typed(text, kind, value):
    typed = recognise(text, TODAY)
    assert (typed.kind, typed.born if kind == "born" else typed.value) == (kind, value)


def test_a_short_number_before_april_is_of_the_fiscal_year_before():
    assert recognise("7", date(2027, 3, 31)).value == "08-000007"
