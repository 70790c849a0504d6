"""LegalReference: written as an ordinance does, read back, refused with a hint."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.kernel.legal_reference import LegalReference

numbers = st.integers(1, 1_050)
branched = st.lists(st.integers(1, 30), max_size=2).flatmap(
    lambda tail: numbers.map(lambda n: "の".join(map(str, (n, *tail))))
)


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("市税条例第3条第2項", LegalReference("市税条例", "3", 2)),
        ("地方税法第20条の4の2第6項", LegalReference("地方税法", "20の4の2", 6)),
        ("地方税法第17条の4第1項第1号", LegalReference("地方税法", "17の4", 1, "1")),
        ("地方税法施行令第6条の18第1項", LegalReference("地方税法施行令", "6の18", 1)),
        ("健康保険法第74条第1項第2号", LegalReference("健康保険法", "74", 1, "2")),
        ("行政手続法第37条", LegalReference("行政手続法", "37")),
        ("民法", LegalReference("民法")),
        ("第3条第2項", LegalReference("", "3", 2)),
        ("市税条例附則第5項", LegalReference("市税条例", paragraph=5, supplementary=True)),
        ("市税条例附則第3条の2", LegalReference("市税条例", "3の2", supplementary=True)),
        ("熊本市会計規則第16条第1号の2イ(1)", LegalReference("熊本市会計規則", "16", 0, "1の2", "イ(1)")),
        ("地方税法第20条の5第2項ただし書", LegalReference("地方税法", "20の5", 2, part="ただし書")),
        ("昭和63年条例第12号第3条", LegalReference("昭和63年条例第12号", "3")),
    ],
)
def test_written_and_read(written, reference):
    assert str(reference) == written
    assert LegalReference.parse(written) == reference


@pytest.mark.parametrize(
    ("loose", "written"),
    [
        ("地方税法第二十条の四の二第二項", "地方税法第20条の4の2第2項"),
        ("民法第百四十三条第一項", "民法第143条第1項"),
        ("地方税法20条の5②", "地方税法第20条の5第2項"),
        ("20の4の2⑥", "第20条の4の2第6項"),
        ("消防法17条の3の3", "消防法第17条の3の3"),
        ("地方税法 第２０条の５ 第２項", "地方税法第20条の5第2項"),
        ("自治法243の2", "自治法第243条の2"),
        ("民法第千五十条", "民法第1050条"),
    ],
)
def test_loose_writing_is_read(loose, written):
    assert str(LegalReference.parse(loose)) == written


@pytest.mark.parametrize("text", ["", "  ", "市税条例第3", "市税条例第3条第2", "第3条第2項第1号第4条"])
def test_unreadable_references_are_refused(text):
    with pytest.raises(Invalid):
        LegalReference.parse(text)


def test_the_mapping_of_a_pack():
    assert LegalReference.of({"act": "市税条例", "article": 3, "paragraph": "2"}) == LegalReference("市税条例", "3", 2)
    with pytest.raises(Invalid, match="artcle"):
        LegalReference.of({"act": "市税条例", "artcle": "3"})
    with pytest.raises(Invalid):
        LegalReference.of({"act": "市税条例", "paragraph": "二"})
    with pytest.raises(Invalid):
        LegalReference.of({"act": "市税条例", "article": "第3条"})
    with pytest.raises(Invalid):
        LegalReference("市税条例", "3", part="なお書")


@given(
    st.sampled_from(["地方税法", "市税条例", "熊本市会計規則", "年齢計算ニ関する法律", ""]),
    st.one_of(st.just(""), branched),
    st.integers(0, 30),
    st.one_of(st.just(""), branched),
    st.sampled_from(["", "本文", "ただし書", "前段"]),
    st.booleans(),
)
def test_every_reference_reads_back(act, article, paragraph, item, part, supplementary):
    assume(act or article or paragraph or item)
    subitem = "ロ" if item else ""
    reference = LegalReference(act, article, paragraph, item, subitem, part, supplementary)
    assert LegalReference.parse(str(reference)) == reference
