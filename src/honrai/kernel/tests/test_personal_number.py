"""個人番号: recognised by its words and its check digit, other numbers pass.

Numbers here are the published examples and numbers whose check digit does not fit.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.personal_number import (
    Suspicion,
    find_personal_numbers,
    has_personal_number_check,
    mask_personal_numbers,
)


@pytest.mark.parametrize("number", ["123456789018", "983205673214", "379474484458", "454972364860"])
def test_published_examples_fit(number):
    assert has_personal_number_check(number)
    assert not any(has_personal_number_check(number[:11] + wrong) for wrong in set("0123456789") - {number[11]})


def test_a_published_wrong_example_does_not_fit():
    assert not has_personal_number_check("983205673210")
    assert not has_personal_number_check("12345678901")


@pytest.mark.parametrize(
    ("text", "suspicion"),
    [
        ("マイナンバー 1234 5678 9018", Suspicion.NAMED),
        ("個人番号：１２３４５６７８９０１８", Suspicion.NAMED),
        ("個人番号は123456789012です", Suspicion.NAMED),
        ("ﾏｲﾅﾝﾊﾞｰ:123456789018", Suspicion.NAMED),
        ("My Number 1234-5678-9018", Suspicion.NAMED),
        ("123456789018(マイナンバー)", Suspicion.NAMED),
        ("123456789018が個人番号です", Suspicion.NAMED),
        ("運転免許証と、個人番号 123456789018", Suspicion.NAMED),
        ("本人から電話。番号は 123456789018 とのこと", None),
        ("申出のとおり 123456789018 で確認", Suspicion.FITS),
        ("1 2 3 4 5 6 7 8 9 0 1 8", Suspicion.FITS),
        ("1234　5678　9018", Suspicion.FITS),
        ("123456789018 電話で聴取", Suspicion.FITS),
        ("申出のとおり 123456789012 で確認", None),
        ("個人番号カード 123456789018", Suspicion.NAMED),
        ("マイナンバーカードで本人確認。202611220001 で登録", None),
        ("個人番号カード提示、受付 123456789018", None),
        ("1234.5678.9018", Suspicion.FITS),
        ("1234\n5678\n9018", Suspicion.FITS),
        ("1234 - 5678 - 9018", Suspicion.FITS),
        ("電話 123456789018", None),
        ("通知カード 123456789012", Suspicion.NAMED),
        ("運転免許証番号 第123456789018号", None),
        ("123456789018（運転免許証）", None),
        ("宛名番号 123456789018", None),
        ("1234-5678-9018-1111", None),
        ("9999 1234 5678 9018", None),
        ("1234567890181", None),
        ("2026-11-22 1234", None),
        ("096-328-2111 1234", None),
        ("", None),
    ],
)
def test_words_and_check_digit_decide(text, suspicion):
    findings = find_personal_numbers(text)
    assert [finding.suspicion for finding in findings] == ([suspicion] if suspicion else [])


def test_several_numbers_each_have_their_own_words():
    text = "運転免許証 123456789018、個人番号 983205673214、世帯員 379474484458"
    found = find_personal_numbers(text)
    assert [text[f.start : f.end] for f in found] == ["983205673214", "379474484458"]


def test_masking_leaves_everything_else():
    text = "個人番号 １２３４-５６７８-９０１８ を確認。電話 096-328-2111"
    masked = mask_personal_numbers(text, find_personal_numbers(text))
    assert masked == "個人番号 ＊＊＊＊-＊＊＊＊-＊＊＊＊ を確認。電話 096-328-2111"
    assert find_personal_numbers(masked) == []


@given(st.text("0123456789０１９ -　年月電話個人番号免許。\n", max_size=60))
def test_masked_text_holds_no_number_and_keeps_its_length(text):
    masked = mask_personal_numbers(text, find_personal_numbers(text))
    assert len(masked) == len(text)
    assert find_personal_numbers(masked) == []


@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from(["", " ", "-"]))
def test_a_named_number_is_always_found(digits, separator):
    written = separator.join((digits[:4], digits[4:8], digits[8:]))
    assert [f.suspicion for f in find_personal_numbers(f"マイナンバーは{written}です")] == [Suspicion.NAMED]
