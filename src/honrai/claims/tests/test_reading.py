"""Reading into columns equals reading receipt by receipt, for good and damaged files, whole and in pieces."""

import io
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shared_data import shared

from honrai.claims.columns.pieces import pieces_of
from honrai.claims.columns.reading import read_piece
from honrai.claims.generator.drawing import draw
from honrai.claims.generator.world import PAYERS
from honrai.claims.generator.writing import write_uke_file
from honrai.claims.rules.receipt import Receipt
from honrai.claims.rules.uke import read_uke

FAMILIES = {number: family for family, number in PAYERS.items()} | {"83136019": "child"}


@cache
def content():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "claims.UKE"
        write_uke_file(draw(400, month=date(2026, 10, 1), seed=3, defects=0.2), path)
        return path.read_bytes()


def _code(sender):
    return f"{sender.prefecture}{sender.table}{sender.code}" if sender else ""


def _one_by_one(raw):
    rows, faults = [], []
    for part in read_uke(io.BytesIO(raw)):
        faults += [fault for fault in part.faults if fault.record != "GO"]
        if isinstance(part, Receipt):
            own = next((public for public in part.publics if public.payer in FAMILIES), None)
            rows.append((
                part.lines[0].number, part.offset, part.size, part.number, part.kind,
                part.month and part.month.year * 12 + part.month.month - 1, part.birth, part.insurer, own.payer if own else "",
                own.recipient if own else "", part.total, part.is_usable, _code(part.institution),
            ))  # fmt: skip
    return rows, sorted(faults, key=lambda fault: (fault.line, fault.position))


def _by_pieces(raw, size):
    rows, faults, line, offset, head = [], [], 1, 0, None
    for piece in pieces_of(io.BytesIO(raw), size):
        found = read_piece(piece, FAMILIES, line=line, offset=offset, institution=head)
        rows += [
            (*row[:11], row[18], row[15]) for row in found.rows
        ]  # fmt: skip
        faults += [fault for fault in found.faults if fault.record != "GO"]
        line, offset, head = line + found.lines, offset + len(piece), found.institution
    return rows, sorted(faults, key=lambda fault: (fault.line, fault.position))


@pytest.mark.parametrize("size", [1_000, 7_777, 1 << 20])
def test_pieces_give_what_the_whole_file_gives(size):
    assert _by_pieces(content(), size) == _one_by_one(content())
    assert b"".join(pieces_of(io.BytesIO(content()), size)) == content()


@pytest.mark.shared
def test_the_sample_of_others_gives_the_same():
    raw = shared("data/uke-sample/RECEIPTC_GAIRAI_SAMPLE.UKE").read_bytes()
    assert _by_pieces(raw, 4_000) == _one_by_one(raw)


_damage = st.tuples(
    st.integers(0, 8_500),
    st.integers(0, 3),
    st.sampled_from([b"", b",", b"\n", b"A", b"9", b"\xe3\x81\x82", b"\x82", b" ", b"RE,", b"\x1a", b"\r"]),
)


@given(st.lists(_damage, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_damage_is_told_the_same_way(damage):
    raw = bytearray(content()[:9_000])
    for at, length, put in damage:
        raw[at : at + length] = put
    assert _by_pieces(bytes(raw), 1 << 20) == _one_by_one(bytes(raw))
