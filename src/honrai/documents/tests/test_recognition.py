"""Reading filled forms: sheets with known truth, finding the page, the recognisers' contract, the rules of accepting."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random
from shutil import which

import cv2
import numpy as np
import pytest
from PIL import Image

from honrai.documents import sheets
from honrai.documents.recognition import accepting, pages, registering
from honrai.documents.recognition.crops import Rectangle
from honrai.documents.recognition.reading import FieldRead, read_page
from honrai.documents.recognition.recognisers import default_recogniser
from honrai.documents.recognition.tesseract import TesseractRecogniser
from honrai.platform.typeset.api import FONTS
from honrai.procedures import api as procedures
from honrai.procedures.rules.reading import read_folder

FOLDER = Path(__file__).resolve().parents[4] / "packs"
HAND = sheets.Hand(next(Path(str(FONTS)).glob("BIZUDGothic-Regular*")))
CLEAN = sheets.Scanner(skew=0.8, stamps=0, upside_down=0)


@pytest.fixture(scope="module")
def pack():
    return read_folder(FOLDER / "kodomo-iryo").unwrap()


@pytest.fixture(scope="module")
def blanks(pack):
    return sheets.blank_pages(procedures.paper_pdf(procedures.paper_of(pack)))


@pytest.fixture(scope="module")
def filled(pack, blanks):
    values = dict(pack.precedents[0].values)
    paper = procedures.paper_of(pack, values)
    return values, paper, sheets.written_pages(blanks, [word for word in paper.words if word.typed], HAND, CLEAN, 11)


def _reads(paper, scans):
    found = []
    for number, scan in enumerate(scans, 1):
        found += read_page(registering.register(scan, paper.marks), number, paper.boxes, default_recogniser())
    return {one.field: one for one in found}


def test_a_filled_form_is_read_as_it_was_written(filled):
    values, paper, scans = filled
    reads = _reads(paper, scans)
    exact = ("insurer.number", "account.bank", "account.branch", "account.number", "child.born", "guardian.postcode")
    assert {name: reads[name].value for name in exact} == {name: values[name] for name in exact}
    assert reads["application.kind"].value == "新規"
    assert reads["consent.lookup"].value is True
    assert reads["guardian.kana"].value.replace("\u3000", " ") == values["guardian.kana"]
    assert reads["child.name"].text.replace(" ", "").replace("\u3000", "") == values["child.name"].replace(" ", "")
    assert reads["agent.name"].empty
    assert reads["consent.signed"].empty, "nobody signed the sheet"


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_sheet_is_found_whichever_way_it_lay(filled, turn):
    values, paper, scans = filled
    found = registering.register(np.ascontiguousarray(np.rot90(scans[1], -turn)), paper.marks)
    assert found is not None
    assert found.turned == turn
    assert found.error < 0.5
    boxes = [box for box in paper.boxes if box.field == "insurer.number"]
    (read,) = read_page(found, 2, boxes, default_recogniser())
    assert read.value == values["insurer.number"]


def test_three_marks_are_enough_and_two_are_not(filled):
    _, paper, scans = filled
    torn = scans[0].copy()
    torn[-260:, -260:] = 255
    found = registering.register(torn, paper.marks)
    assert found is not None
    assert found.marks == 3
    torn[-260:, :260] = 255
    assert registering.register(torn, paper.marks) is None


def test_the_code_on_a_page_names_the_form(filled):
    _, paper, scans = filled
    assert registering.read_code(scans[1]) == paper.qr(2)
    assert registering.read_code(np.full((500, 500), 255, np.uint8)) == ""


def test_blank_sheets_are_told_from_written_ones(blanks):
    empty = sheets.scanned(np.full_like(blanks[0], 255), CLEAN, Random(3))
    note = empty.copy()
    cv2.putText(note, "8 100", (500, 900), cv2.FONT_HERSHEY_SIMPLEX, 3, 60, 4)
    assert pages.is_blank(empty)
    assert not pages.is_blank(note)
    assert not pages.is_blank(sheets.scanned(blanks[0], CLEAN, Random(4)))


@pytest.mark.parametrize(("kind", "form"), [("image/tiff", "TIFF"), ("application/pdf", "PDF")])
def test_pages_of_every_kind_of_file_are_opened(filled, kind, form):
    _, _, scans = filled
    images = [Image.fromarray(scan) for scan in scans]
    packed = BytesIO()
    images[0].save(packed, form, save_all=True, append_images=images[1:], resolution=200)
    opened = list(pages.open_pages(packed.getvalue(), kind))
    assert [one.number for one in opened] == [1, 2]
    assert abs(opened[0].image.shape[0] - scans[0].shape[0]) < 4


def test_a_red_stamp_fades_where_the_scan_has_colour():
    red = Image.merge("RGB", (Image.new("L", (40, 40), 250), *[Image.new("L", (40, 40), 30)] * 2))
    packed = BytesIO()
    red.save(packed, "PNG")
    assert next(pages.open_pages(packed.getvalue(), "image/png")).image.min() > 200


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", "application/pdf", "scan-pdf"),
        (b"%PDF-1.4 cut off", "application/pdf", "scan-pdf"),
        (b"", "image/tiff", "scan-image"),
        (b"II*\x00\xff\xff\xff\xff", "image/tiff", "scan-image"),
        (b"\xff\xd8\xff\xe0 not a jpeg", "image/jpeg", "scan-image"),
        (b"PK\x03\x04", "application/zip", "scan-kind"),
    ],
)
def test_what_is_no_scan_is_refused_plainly(data, kind, code):
    with pytest.raises(pages.Unreadable) as refused:
        list(pages.open_pages(data, kind))
    assert refused.value.code == code
    assert str(refused.value).endswith("。")


def _recognisers():
    yield pytest.param(default_recogniser, id="pp-ocrv6-small")
    missing = pytest.mark.skipif(which("tesseract") is None, reason="NO TESSERACT: apt install tesseract-ocr-jpn")
    yield pytest.param(TesseractRecogniser, id="tesseract", marks=missing)


@pytest.mark.parametrize("make", list(_recognisers()))
def test_every_recogniser_keeps_the_contract(make):
    recogniser = make()
    crop = np.full((60, 420), 250, np.uint8)
    cv2.putText(crop, "4307168", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 20, 3)
    line = recogniser.read(crop, "0123456789")
    assert line.text == "4307168"
    assert 0 < line.confidence <= 1
    assert recogniser.read(crop, "0123456789") == line
    assert set(recogniser.read(crop, "アイウ").text) <= set("アイウ")
    assert recogniser.read(np.full((48, 200), 255, np.uint8), "").text == ""
    assert recogniser.read(np.zeros((0, 0), np.uint8), "").text == ""


def _read(field="n", kind="insurer_number", value="01430016", **other):
    base = FieldRead(field, kind, 1, Rectangle(0, 0, 1, 1), str(value), value, 0.99, True, 8)
    return replace(base, **other)


def _accepted(*reads, **known):
    return {one.field: one.accepted for one in accepting.accept(reads, accepting.Known(**known))}


def test_confidence_alone_never_accepts():
    surest = _read(kind="account_number", value="1234567", confidence=1.0)
    assert _accepted(surest) == {"n": False}
    assert _accepted(surest, keyed={"n": "1234567"}) == {"n": True}
    assert _accepted(surest, keyed={"n": "1234568"}) == {"n": False}


def test_a_check_digit_needs_the_count_of_cells():
    assert _accepted(_read()) == {"n": True}
    assert _accepted(_read(counted=False)) == {"n": False}
    assert _accepted(_read(value=None, slip="検査数字が違います。")) == {"n": False}


def test_amounts_stand_where_a_sum_comes_out():
    rows = [_read(name, "yen", value) for name, value in (("a", 300), ("b", 200), ("total", 500))]
    total = accepting.Sum(("a", "b", "total"), lambda v: v["a"] + v["b"] == v["total"])
    assert all(_accepted(*rows, sums=(total,)).values())
    wrong = [rows[0], rows[1], replace(rows[2], value=600)]
    assert not any(_accepted(*wrong, sums=(total,)).values())
    unread = [rows[0], replace(rows[1], value=None), rows[2]]
    assert not any(_accepted(*unread, sums=(total,)).values())


def test_the_ledger_proves_a_number_only_with_a_second_field():
    number = _read("person.number", "beneficiary_number", "1234567")
    born = _read("person.born", "date_era", date(2018, 9, 15))
    ledger = {"person.number": "1234567", "person.born": date(2018, 9, 15)}
    assert _accepted(number, born, ledger=ledger, key="person.number") == {"person.number": True, "person.born": True}
    other = replace(born, value=date(2018, 9, 16))
    assert _accepted(number, other, ledger=ledger, key="person.number") == {
        "person.number": False,
        "person.born": False,
    }


def test_the_ledgers_spelling_counts_where_the_ledger_proved_it():
    name = _read("person.kana", "kana", "ミホンハナ")
    number = _read("person.number", "beneficiary_number", "1234567")
    known = accepting.Known(ledger={"person.number": "1234567", "person.kana": "ミホン　ハナ"}, key="person.number")
    verdicts = {verdict.field: verdict for verdict in accepting.accept([number, name], known)}
    assert verdicts["person.kana"].value == "ミホン　ハナ"


def test_every_field_type_has_a_rule():
    assert set(procedures.FIELD_TYPES) <= set(accepting.ways_by_type())
