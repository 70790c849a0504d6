import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.degrade import (
    CP932,
    CP932_GAIJI,
    HALFKANA,
    JISX0208,
    JISX0213,
    UNICODE,
    UNICODE_NO_IVS,
    Change,
    degrade,
)
from honrai.kernel.names import Gaiji, variants

TARGETS = [JISX0208, JISX0213, CP932, CP932_GAIJI, UNICODE_NO_IVS, HALFKANA()]
CITY = Gaiji({"\ue001": "邊\U000e0101", "\ue002": "𠮷"})
CHARS = st.text(
    alphabet=st.one_of(
        st.sampled_from("髙﨑𠮷邊\U000e0101\ue000\ue001\ue002\uf8f0ﾔﾏﾀﾞヤマダーァ･A~ \u3000✈\ufa19"),
        st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
    ),
    max_size=10,
)


@pytest.mark.parametrize(
    ("name", "to", "text", "changes"),
    [
        ("髙﨑", JISX0208, "高崎", [Change.VARIANT, Change.VARIANT]),
        ("髙﨑", CP932, "髙﨑", []),
        ("𠮷野", CP932, "吉野", [Change.VARIANT]),
        ("𠮷野", JISX0213, "吉野", [Change.VARIANT]),
        ("邊\U000e0101見", JISX0208, "邊見", [Change.GLYPH]),
        ("\ufa19田", JISX0208, "神田", [Change.VARIANT]),
        ("\ue001見", JISX0208, "邊見", [Change.GAIJI]),
        ("\ue002見", JISX0208, "吉見", [Change.GAIJI]),
        ("\ue009見", CP932, "〓見", [Change.UNIDENTIFIED]),
        ("\ue009見", CP932_GAIJI, "\ue009見", []),
        ("\uf8f0見", CP932_GAIJI, "〓見", [Change.UNIDENTIFIED]),
        ("\ue009見", UNICODE_NO_IVS, "〓見", [Change.UNIDENTIFIED]),
        ("\ue001見", UNICODE, "邊\U000e0101見", [Change.GAIJI]),
        ("邊\U000e0101見", UNICODE, "邊\U000e0101見", []),
        ("\ue009見", UNICODE, "〓見", [Change.UNIDENTIFIED]),
        ("ﾔﾏﾀﾞ", JISX0208, "ヤマダ", []),
        ("ヤマダ　キョウ", HALFKANA(), "ﾔﾏﾀﾞ ｷﾖｳ", []),
        ("山ダ", HALFKANA(), "?ﾀﾞ", [Change.UNIDENTIFIED]),
    ],
)
def test_degrade(name: str, to, text: str, changes: list[Change]) -> None:
    result = degrade(name, to, CITY)
    assert [note.change for note in result.notes] == changes
    assert result.text == text
    assert result.complete is (Change.UNIDENTIFIED not in changes)


def test_note_tells_a_person_what_happened() -> None:
    note = degrade("山\ue009", JISX0208).notes[0]
    assert str(note) == "2文字目 \ue009（U+E009）→〓: 要同定"


@pytest.mark.parametrize("to", TARGETS, ids=lambda t: t.name)
@given(name=CHARS)
@settings(max_examples=100)
def test_output_holds_only_what_the_target_has_and_no_loss_is_silent(to, name: str) -> None:
    result = degrade(name, to, CITY)
    assert all(to.holds(char) or char == to.placeholder for char in result.text)
    if to.placeholder in result.text and to.placeholder not in name:
        assert not result.complete
    if not result.notes:
        assert result.text == to.prepare(name)
    assert {note.position for note in result.notes} <= set(range(len(name)))


def test_every_strong_variant_survives_to_jis_x_0208() -> None:
    for pair in variants():
        if pair.scope == "name":
            result = degrade(pair.variant, JISX0208)
            assert result.complete, pair
            assert result.text in (pair.variant, pair.base)
