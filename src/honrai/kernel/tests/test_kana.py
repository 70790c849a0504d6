import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.kana import BankKana, to_bank_kana, to_fullwidth_kana, to_halfwidth_kana, to_katakana

KANA = st.text(alphabet=[chr(c) for c in range(0x30A1, 0x30F5) if chr(c) not in "ヮヰヱ"] + ["ー", "・"], max_size=20)


@pytest.mark.parametrize(
    ("full", "half"),
    [
        ("ガルシア", "ｶﾞﾙｼｱ"),
        ("パーク", "ﾊﾟｰｸ"),
        ("ヴィラ", "ｳﾞｨﾗ"),
        ("Ａ１　－", "A1 -"),
        ("やまだ", "ﾔﾏﾀﾞ"),
        ("ヰヱ", "ｲｴ"),
        ("カ\u3099", "ｶﾞ"),
    ],
)
def test_half_width(full: str, half: str) -> None:
    assert to_halfwidth_kana(full) == half


@pytest.mark.parametrize(
    ("bank", "name", "written"),
    [
        (BankKana(), "キャッシュ", "ｷﾔﾂｼﾕ"),
        (BankKana(), "オーノ・ケン", "ｵ-ﾉ ｹﾝ"),
        (BankKana(long_mark="ｰ"), "オーノ", "ｵｰﾉ"),
        (BankKana(keep_wo=False), "ヲカ", "ｵｶ"),
        (BankKana(), "ヲカ", "ｦｶ"),
        (BankKana(), "ｶ)abc", "ｶ)ABC"),
    ],
)
def test_bank_kana(bank: BankKana, name: str, written: str) -> None:
    assert to_bank_kana(name, bank) == written
    assert all(bank.allows(char) for char in written)


@pytest.mark.parametrize("char", ["ｬ", "･", "ｰ", "¥", "漢", "ア", "a"])
def test_standard_bank_refuses(char: str) -> None:
    assert not BankKana().allows(char)


@given(KANA)
@settings(max_examples=150)
def test_width_there_and_back(text: str) -> None:
    assert to_fullwidth_kana(to_halfwidth_kana(text)) == text


@given(KANA)
@settings(max_examples=150)
def test_bank_kana_is_always_accepted(text: str) -> None:
    bank = BankKana()
    assert all(bank.allows(char) for char in to_bank_kana(text, bank))


@given(st.text(max_size=30))
@settings(max_examples=100)
def test_katakana_keeps_length(text: str) -> None:
    assert len(to_katakana(text)) == len(text)
