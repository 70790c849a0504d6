import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.names import (
    Gaiji,
    PersonName,
    fold_kana,
    fold_kana_loose,
    fold_name,
    fold_romaji,
    likeness,
    variants,
)

STRONG = [v for v in variants() if v.scope == "name"]
NAME = st.text(
    alphabet=st.one_of(
        st.sampled_from([v.variant for v in STRONG] + [v.base for v in STRONG]),
        st.sampled_from("山田 　太郎花子ｱｲﾞヴー\ue000\ue123\U000e0100\U000e0103ＡＢcé〆々"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0xF900, max_codepoint=0xFAD9),
    ),
    max_size=12,
)


def test_table_states_the_smallest_set_that_holds_each_variant() -> None:
    def smallest(char: str) -> str:
        for flag, codec in (("J", "iso2022_jp"), ("C", "cp932"), ("3", "euc_jis_2004")):
            try:
                char.encode(codec)
            except UnicodeEncodeError:
                continue
            return flag
        return "U"

    wrong = [(v.variant, v.charset) for v in variants() if v.charset != smallest(v.variant)]
    assert wrong == []


def test_every_pair_of_the_fact_sheet_is_there() -> None:
    assert sum(v.source == "tax" and v.scope == "name" for v in variants()) == 109
    assert sum(v.source == "tax" and v.scope == "weak" for v in variants()) == 5


def test_no_base_is_itself_a_variant() -> None:
    folded = {v.variant for v in STRONG}
    assert [v for v in STRONG if v.base in folded] == []


@pytest.mark.parametrize("pair", STRONG, ids=lambda v: v.variant)
def test_variants_share_a_key(pair) -> None:
    assert fold_name(f"山{pair.variant}太郎") == fold_name(f"山{pair.base}　太郎")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("神田", "\ufa19田"),
        ("葛\U000e0100城", "葛城"),
        ("渡邉　一郎", "渡辺一郎"),
        ("ﾏﾘｱ", "マリア"),
        ("Smith JOHN", "ＳＭＩＴＨ John"),
    ],
)
def test_same_key(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_city_character_is_unknown_until_the_city_says_what_it_is() -> None:
    assert fold_name("\ue001川") == "〓川"
    assert fold_name("\ue001川", Gaiji({"\ue001": "邊\U000e0101"})) == "辺川"


@given(NAME)
@settings(max_examples=300)
def test_folding_again_changes_nothing(name: str) -> None:
    key = fold_name(name)
    assert fold_name(key) == key


@given(NAME, st.data())
@settings(max_examples=200)
def test_key_is_stable_under_variants_spaces_and_selectors(name: str, data) -> None:
    other: dict[str, list[str]] = {}
    for pair in STRONG:
        other.setdefault(pair.base, []).append(pair.variant)
    changed = "".join(
        data.draw(st.sampled_from([char, *other.get(char, [])])) + data.draw(st.sampled_from(["", " ", "　"]))
        for char in name
    )
    assert fold_name(changed) == fold_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｼｮｳｼﾞ", "ショウヂ"),
        ("ミツヅカ", "ミツズカ"),
        ("やまだ　たろう", "ヤマダタロウ"),
        ("ジョーンズ", "ジョ－ンズ"),
        ("ヲノ", "オノ"),
        ("シヴァ", "シバ"),
        ("キャトル", "キヤトル"),
        ("マリア・ルイサ", "ﾏﾘｱ ﾙｲｻ"),
    ],
)
def test_first_tier_kana(one: str, other: str) -> None:
    assert fold_kana(one) == fold_kana(other)


def test_second_tier_kana_joins_voiced_and_plain() -> None:
    assert fold_kana("ハヤシダ") != fold_kana("ハヤシタ")
    assert fold_kana_loose("ハヤシダ") == fold_kana_loose("ハヤシタ")
    assert fold_kana_loose("オーノ") == fold_kana_loose("オノ")


@given(st.text(alphabet=[chr(c) for c in range(0x3041, 0x30FF)] + list("ｱｶﾞﾊﾟｰｬｯ -"), max_size=15))
@settings(max_examples=200)
def test_kana_keys_are_idempotent(text: str) -> None:
    assert fold_kana(fold_kana(text)) == fold_kana(text)
    assert fold_kana_loose(fold_kana_loose(text)) == fold_kana_loose(text)


def test_foreign_names_meet_whatever_the_order_and_the_alias() -> None:
    card = PersonName("NGUYEN VAN AN", kana="グエン　ヴァン　アン", romaji="NGUYEN VAN AN", alias="山田安")
    assert card.keys() & PersonName("Nguyễn, Văn An").keys()
    assert card.keys() & PersonName("An Nguyen Van").keys()
    assert card.keys() & PersonName("山田　安").keys()
    assert card.keys() & PersonName("不明", kana="アン・グエン・バン").keys()
    assert not card.keys() & PersonName("TRAN VAN AN", kana="チャン").keys()


def test_romaji_is_not_made_of_japanese_names() -> None:
    assert PersonName("山田太郎").keys() == {"氏:山田太郎"}
    assert fold_romaji("O'BRIEN-SMITH, Seán") == "brien o sean smith"


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("高橋", "髙橋", 1.0),
        ("坂本龍馬", "坂本竜馬", 0.9),
        ("阿部龍", "安部竜", 0.81),
        ("斎藤", "斉藤", 0.9),
        ("齋藤", "齊藤", 0.9),
        ("嶌田槇", "島田槙", 0.81),
        ("山田", "山本", 0.0),
        ("\ue000田", "\ue001田", 0.0),
        ("\ue000田", "\ue000田", 1.0),
    ],
)
def test_likeness(one: str, other: str, score: float) -> None:
    assert likeness(one, other) == pytest.approx(score)
    assert likeness(other, one) == pytest.approx(score)


@given(NAME)
@settings(max_examples=100)
def test_person_name_is_kept_to_the_code_point(name: str) -> None:
    before = [ord(char) for char in name]
    person = PersonName(name)
    person.keys()
    assert [ord(char) for char in person.raw] == before


def test_normal_form_c_would_damage_names_and_is_not_applied() -> None:
    assert unicodedata.normalize("NFC", "\ufa19") != "\ufa19"
    assert PersonName("\ufa19").raw == "\ufa19"
