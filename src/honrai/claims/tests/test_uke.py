"""Claim files: not a byte is lost, bad lines are found where they are, totals are checked, memory stays flat."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shared_data import shared

from honrai.claims.rules.adjudicate import adjudicate
from honrai.claims.rules.claim import Care, Scheme, care_of, claim_of
from honrai.claims.rules.layouts import layouts
from honrai.claims.rules.lines import compose_line, encode_cell
from honrai.claims.rules.receipt import Receipt
from honrai.claims.rules.settings import medical_aid
from honrai.claims.rules.uke import read_uke, write_uke
from honrai.kernel.errors import Invalid
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen

HEAD = "IR,1,43,1,0123452,,サンプル医院,202610,00,096-000-0000"
RECEIPT = [
    "RE,1,1124,202609,熊本　花子,2,20210510,,,,,,,P0001",
    "HO,01430016,123,4567,1,612,,,,,,,,,",
    "KO,80430010,1234566,,1,612,700,,,,,",
    "SN,1,01,,,,01,,",
    "SY,8830592,20260905,1,,,01,",
    "SI,11,2,111000110,,291,1",
    "IY,21,2,620098801,1,107,3",
]
GO = "GO,2,612,99"


def _file(*lines: str) -> bytes:
    return b"".join(compose_line(line.split(",")) for line in lines)


def _read(data: bytes) -> list:
    return list(read_uke(io.BytesIO(data)))


def _receipts(data: bytes) -> list[Receipt]:
    return [part for part in _read(data) if isinstance(part, Receipt)]


def _written(parts) -> bytes:
    out = io.BytesIO()
    write_uke(parts, out)
    return out.getvalue()


def _faults(data: bytes):
    return [fault for part in _read(data) for fault in part.faults]


@pytest.mark.shared
def test_the_shared_sample_is_read_without_a_fault_and_written_back_byte_for_byte():
    data = shared("data/uke-sample/RECEIPTC_GAIRAI_SAMPLE.UKE").read_bytes()
    parts = _read(data)
    receipts = [part for part in parts if isinstance(part, Receipt)]
    assert len(receipts) == 75
    assert [fault for part in parts for fault in part.faults] == []
    assert sum(receipt.total for receipt in receipts) == 86_392
    assert _written(parts) == data
    for receipt in receipts:
        whole = b"".join(line.raw for line in receipt.lines)
        assert data[receipt.offset : receipt.offset + receipt.size] == whole


def test_a_receipt_of_the_combined_route():
    (receipt,) = _receipts(_file(HEAD, *RECEIPT, GO))
    assert receipt.is_usable
    assert (receipt.name, receipt.month, receipt.birth.isoformat()) == ("熊本　花子", YearMonth(2026, 9), "2021-05-10")
    assert (receipt.insurer, receipt.total, receipt.publics[0].share) == ("01430016", 612, 700)
    claim = claim_of(receipt, {"80430010": Scheme.CHILD}, "1")
    assert claim.institution == "4310123452"
    (result,) = adjudicate(medical_aid(), [claim])
    assert (result.patient, result.city) == (Yen(700), Yen(520))
    with pytest.raises(Invalid):
        claim_of(receipt, {}, "1")


def test_dates_of_the_era_read_as_western_ones():
    old = [RECEIPT[0].replace("202609", "50809").replace("20210510", "5030510"), *RECEIPT[1:]]
    (receipt,) = _receipts(_file(HEAD, *old, GO))
    assert (receipt.month, receipt.birth.isoformat()) == (YearMonth(2026, 9), "2021-05-10")


def test_a_birth_written_past_the_end_of_its_era_is_read_on():
    (receipt,) = _receipts(_file(HEAD, RECEIPT[0].replace("20210510", "4330510"), *RECEIPT[1:], GO))
    assert receipt.birth.isoformat() == "2021-05-10"


@pytest.mark.parametrize(
    ("at", "new", "place", "words"),
    [
        (0, "RE,1,1124,202613,熊本　花子,2,20210510", (2, "RE", 4, "month"), "年月"),
        (0, "RE,1,1124,202609,熊本　花子,2,20210230", (2, "RE", 7, "birth"), "2月30日"),
        (0, "RE,1,9124,202609,熊本　花子,2,20210510", None, ""),
        (1, "HO,01430016,123,4567,1,六一二", (3, "HO", 6, "total"), "数字ではありません"),
        (1, "HO,01430016,123,4567,1,", (3, "HO", 6, "total"), "値がありません"),
        (1, "HO,01430016,123,4567,1,613", (2, "RE", 0, "total"), "1点違います"),
        (5, "SI,11,2,111000110,,29x,1", (7, "SI", 6, "points"), "29x"),
        (3, "?!,1", (5, "", 1, ""), "レコード識別"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_field(at, new, place, words):
    lines = list(RECEIPT)
    lines[at] = new
    data = _file(HEAD, *lines, GO)
    found = [fault for fault in _faults(data) if fault.record != "GO"]
    if place:
        assert place in [(f.line, f.record, f.position, f.field) for f in found]
        assert any(words in fault.reason for fault in found)
        assert not _receipts(data)[0].is_usable
    else:
        assert found == []
    assert _written(_read(data)) == data


def test_a_bad_receipt_leaves_its_neighbours_alone():
    bad = [RECEIPT[0].replace("20210510", "x"), *RECEIPT[1:]]
    receipts = _receipts(_file(HEAD, *RECEIPT, *bad, *RECEIPT, "GO,6,1836,99"))
    assert [receipt.is_usable for receipt in receipts] == [True, False, True]


def test_mixed_encoding_is_found_on_its_line_and_kept():
    data = _file(HEAD, *RECEIPT, GO).replace("熊本　花子".encode("cp932"), "熊本　花子".encode())
    assert any(f.line == 2 and "シフトJIS" in f.reason for f in _faults(data))
    assert _written(_read(data)) == data


def test_a_file_cut_off_is_told():
    data = _file(HEAD, *RECEIPT)[:-5]
    assert any("途中で切れた" in fault.reason for fault in _faults(data))
    assert _written(_read(data)) == data


def test_totals_of_the_file_only_warn():
    (fault,) = _faults(_file(HEAD, *RECEIPT, "GO,2,600,99"))
    assert (fault.position, fault.fatal) == (3, False)


def test_unknown_records_lines_outside_and_the_end_mark_are_kept():
    data = _file(HEAD, "ZZ,外", *RECEIPT, "QQ,未知のレコード,1", GO) + b"\x1a"
    assert _written(_read(data)) == data
    assert [f.reason for f in _faults(data)] == ["レセプト(RE)の外にある行です。"]


def test_an_empty_file_has_no_parts():
    assert _read(b"") == []


def test_dental_offsets():
    steps = "SS,11,1,301000110,," + "," * 71 + "267,1"
    lines = [
        "UK,2,43,3,0123452,,サンプル歯科,202610,,00",
        "IR,2,43,3,0123452,,202610,096-000-0000,",
        "RE,1,3112,202609,熊本　太郎,1,19800101,,,20260901,,,,,,C1" + "," * 10 + "クマモトタロウ,",
        "HO,01430016,1,2,1,300,,,,,900,,,",
        "KO,80430010,1234566,,1,300,300,,,",
        steps,
        "TO,40,1,700000001,1,,,,,,,,33,1",
    ]
    data = _file(*lines, "GO,2,300,99")
    (receipt,) = _receipts(data)
    assert len(steps.split(",")) == 78
    assert [fault.reason for fault in receipt.faults] == []
    assert (receipt.total, receipt.share, receipt.publics[0].share, receipt.kana) == (300, 900, 300, "クマモトタロウ")
    assert receipt.institution.name == "サンプル歯科"


def test_pharmacy_offsets_and_a_sum_that_only_warns():
    cz = ["CZ", "1", "20260905", "20260905", "1", "7", "1", "1", "01", "410000110", "24", "", "", "70"]
    re = "RE,1,4112,202609,熊本　太郎,1,20120901,,,43,1,0123452,サンプル医院" + "," * 29 + "クマモトタロウ"
    lines = [
        "YK,1,43,4,0123452,サンプル薬局,202610,00,096-000-0000",
        re,
        "HO,01430016,1,2,1,139,,,,420",
        "KO,80430010,1234566,,1,139,,0,,",
        ",".join(cz),
        "KI,20260905,1,1,410000001,45",
    ]
    (receipt,) = _receipts(_file(*lines, "GO,2,139,99"))
    assert receipt.faults == ()
    assert (receipt.share, receipt.publics[0].share, receipt.prescriber) == (420, 0, "0123452")
    assert receipt.kana == "クマモトタロウ"
    assert care_of(receipt.kind) is Care.PHARMACY
    lines[-1] = "KI,20260905,1,1,410000001,46"
    (receipt,) = _receipts(_file(*lines, "GO,2,139,99"))
    assert receipt.is_usable
    assert "1点違います" in receipt.faults[0].reason


def test_visiting_nurses_count_yen():
    lines = [
        "HM,1,43,6,0123452,サンプル訪問看護,202610",
        "RE,000001,6112,202609,熊本　太郎,クマモトタロウ,1,19800101,,,,,,,",
        "HO,01430016,1,2,01,00005550,,,,,,",
        "KO,80430010,1234566,,01,00005550,1670,",
        "KA,20260905,1,510000110,,5550,01,,",
    ]
    (receipt,) = _receipts(_file(*lines, "GO,2,5550,99"))
    assert receipt.faults == ()
    assert claim_of(receipt, {"80430010": Scheme.DISABLED_FULL}, "1").cost == Yen(5550)


def test_replacing_one_value_changes_nothing_else():
    (receipt,) = _receipts(_file(HEAD, *RECEIPT, GO))
    line = receipt.lines[1].with_text(6, "999")
    assert line.raw == compose_line(RECEIPT[1].replace("612", "999").split(","))


@pytest.mark.parametrize("text", ["a,b", "a\r\n", "𠮷"])
def test_what_a_claim_file_cannot_hold_is_refused(text):
    with pytest.raises(Invalid):
        encode_cell(text)


def test_every_layout_has_what_a_receipt_needs():
    assert set(layouts()) == {"1", "3", "4", "6"}
    for layout in layouts().values():
        assert {"number", "kind", "month", "name", "sex", "birth"} <= set(layout.records["RE"])
        assert {"insurer", "symbol", "card", "days", "total", "share"} <= set(layout.records["HO"])
        assert {"payer", "recipient", "days", "total", "share"} <= set(layout.records["KO"])


_soup = st.one_of(
    st.sampled_from([HEAD, *RECEIPT, GO]).map(lambda line: compose_line(line.split(","))),
    st.binary(max_size=40),
    st.sampled_from([b"\r\n", b"\n", b"RE\r\n", b"HO,\r\n", b"KO,,,,,\x81\r\n", b"\x1a", b"RE,1,\x82,"]),
)


@given(st.lists(_soup, max_size=25).map(b"".join))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_in_comes_out_and_nothing_raises(data):
    assert _written(_read(data)) == data


def test_memory_stays_flat():
    one = _file(*RECEIPT)

    class Endless(io.RawIOBase):
        def __init__(self, times):
            self.left, self.buffer = times, b""

        def readable(self):
            return True

        def readinto(self, target):
            if not self.buffer and self.left:
                self.left, self.buffer = self.left - 1, one
            part, self.buffer = self.buffer[: len(target)], self.buffer[len(target) :]
            target[: len(part)] = part
            return len(part)

    tracemalloc.start()
    count = sum(1 for _ in read_uke(io.BufferedReader(Endless(3_000))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3_000
    assert peak < 1_000_000
