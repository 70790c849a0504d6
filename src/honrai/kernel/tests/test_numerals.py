import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.numerals import kanji_runs_to_digits, read_kanji_number, write_kanji_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("二十一", 21),
        ("二一", 21),
        ("百三", 103),
        ("千二百三十四", 1234),
        ("一〇五", 105),
        ("三五十", None),
        ("十十", None),
        ("", None),
        ("12", None),
    ],
)
def test_read(text: str, value: int | None) -> None:
    assert read_kanji_number(text) == value


@given(st.integers(1, 9999))
@settings(max_examples=200)
def test_there_and_back(value: int) -> None:
    assert read_kanji_number(write_kanji_number(value)) == value
    assert kanji_runs_to_digits(f"北{write_kanji_number(value)}条") == f"北{value}条"


@pytest.mark.parametrize("value", [0, -1, 10000])
def test_out_of_range(value: int) -> None:
    with pytest.raises(ValueError, match="1から9999"):
        write_kanji_number(value)
