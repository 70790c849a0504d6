"""The printed form: every box stands in the PDF where the map says, marks and QR are found by the readers the city uses."""

import ctypes
import re
from dataclasses import replace
from datetime import date

import cv2
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.procedures.printing.form import paper_pdf
from honrai.procedures.rules.condition_words import in_words
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Field, Form, Section
from honrai.procedures.rules.paper.layout import BOTTOM, paper_of
from honrai.procedures.rules.paper.model import MARKS, read_qr
from honrai.procedures.rules.paper.parts import parts_of
from honrai.procedures.tests import packs

MM = 72 / 25.4


def _rectangles(page) -> list[tuple[float, float, float, float]]:
    """Every path of a page as x, y, w, h in mm from the top left corner; the line's own width taken off."""
    height = page.get_height()
    found = []
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = one.get_bounds()
        width = ctypes.c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(one, width)
        line = width.value if width.value < 3 else 0  # pdfium adds the whole width of a line on each side
        x, y, w, h = left + line, height - top + line, right - left - 2 * line, top - bottom - 2 * line
        found.append((x / MM, y / MM, w / MM, h / MM))
    return found


def _near(wanted, rectangles, slack=0.2) -> bool:
    return any(all(abs(a - b) <= slack for a, b in zip(wanted, one, strict=True)) for one in rectangles)


@pytest.mark.parametrize("code", packs.CITY)
def test_every_box_stands_in_the_pdf_where_the_map_says(code):
    paper = paper_of(packs.pack(code))
    document = pypdfium2.PdfDocument(paper_pdf(paper))
    assert len(document) == paper.pages
    drawn = [_rectangles(page) for page in document]
    for box in paper.boxes:
        pitch = box.w / box.cells
        for cell in range(box.cells):
            place = (box.x + cell * pitch, box.y, pitch, box.h)
            assert _near(place, drawn[box.page - 1]), (box, cell)


def test_the_check_notices_a_box_that_is_a_millimetre_off():
    paper = paper_of(packs.pack("kodomo-iryo"))
    drawn = _rectangles(pypdfium2.PdfDocument(paper_pdf(paper))[0])
    box = paper.boxes[0]
    assert not _near((box.x + 1, box.y, box.w, box.h), drawn)


@pytest.mark.parametrize("code", packs.CITY)
def test_every_field_and_paper_has_its_boxes_and_no_two_overlap(code):
    pack = packs.pack(code)
    paper = paper_of(pack)
    wanted = {one.id for section in pack.form.sections if not section.repeat for one in section.fields}
    wanted |= {f"attached.{one.id}" for one in pack.form.attachments}
    wanted |= {
        f"{s.id}[0].{one.id.removeprefix(s.id + '.')}" for s in pack.form.sections if s.repeat for one in s.fields
    }
    assert wanted <= set(paper.by_field)
    for page in range(1, paper.pages + 1):
        boxes = [one for one in paper.boxes if one.page == page]
        assert all(one.y + one.h <= BOTTOM and one.x + one.w <= 193 for one in boxes)
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                apart = (
                    one.x + one.w <= other.x + 0.01
                    or other.x + other.w <= one.x + 0.01
                    or one.y + one.h <= other.y + 0.01
                    or other.y + other.h <= one.y + 0.01
                )
                assert apart, (one, other)


def test_marks_and_qr_are_found_on_the_rendered_page_within_half_a_millimetre():
    paper = paper_of(packs.pack("kodomo-iryo"))
    scale = 200 / 72
    for number, page in enumerate(pypdfium2.PdfDocument(paper_pdf(paper)), 1):
        image = page.render(scale=scale, grayscale=True).to_numpy()
        dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        corners, ids, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(image)
        found = {
            int(each): corner.reshape(-1, 2)[0] / (scale * MM)
            for each, corner in zip(ids.flatten(), corners, strict=True)
        }
        assert set(found) == {0, 1, 2, 3}
        for mark in MARKS:
            assert abs(found[mark.id][0] - mark.x) < 0.5
            assert abs(found[mark.id][1] - mark.y) < 0.5
        read = zxingcpp.read_barcode(image)
        printed = read_qr(read.text)
        assert printed is not None
        assert (printed.code, printed.page, printed.pages) == ("kodomo-iryo", number, paper.pages)
        assert paper.address.startswith(printed.address)


def test_a_filled_form_keeps_the_boxes_and_prints_the_answers_but_no_signature():
    pack = packs.pack("kodomo-iryo")
    values = dict(pack.precedents[0].values)
    empty, filled = paper_of(pack), paper_of(pack, values, note="確かめて署名してください。")
    assert filled.boxes == empty.boxes
    typed = [one for one in filled.words if one.typed]
    number = filled.by_field["insurer.number"][0]
    inside = [
        one.text for one in typed if one.page == number.page and one.y == number.y and number.x <= one.x < number.x + 48
    ]
    assert "".join(inside) == "01430016"
    signature = filled.by_field["consent.signed"][0]
    assert not [one for one in typed if one.page == signature.page and signature.y <= one.y < signature.y + signature.h]
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper_pdf(filled)))
    assert re.search("見本.太郎", text)
    assert "確かめて署名" in text


def test_more_rows_than_printed_come_on_further_pages_and_move_nothing():
    pack = packs.pack("shobo-tenken")
    section = next(one for one in pack.form.sections if one.repeat)
    name = section.fields[0].id.removeprefix(section.id + ".")
    rows = [{name: f"設備{number}"} for number in range(7)]
    empty, filled = paper_of(pack), paper_of(pack, {section.id: rows})
    assert filled.boxes[: len(empty.boxes)] == empty.boxes
    assert filled.pages > empty.pages
    assert filled.by_field[f"{section.id}[6].{name}"][0].page > empty.pages
    assert "設備6" in [one.text for one in filled.words]


@pytest.mark.parametrize("key", TYPES)
def test_every_field_type_has_a_place_on_paper(key):
    options = ("甲", "乙") if key in ("choice", "choices") else ()
    height, parts = parts_of(Field("a.b", "問い", key, options=options))
    boxes = [one for one in parts if one.kind != "words"]
    assert boxes
    assert all(one.x >= 0 and one.x + one.w <= 130 and one.y + one.h <= height for one in boxes)


def test_dates_are_split_into_era_and_figures():
    form = Form((Section("s", "S", (Field("s.on", "日", "date_era"),)),))
    pack = packs.pack("kodomo-iryo")
    paper = paper_of(replace(pack, form=form), {"s.on": date(2008, 4, 1)})
    typed = [one.text for one in paper.words if one.typed]
    assert typed == ["✓", "2", "0", "0", "4", "0", "1"]
    mark = next(one for one in paper.words if one.text == "✓")
    assert next(one for one in paper.boxes if (one.x, one.y) == (mark.x, mark.y)).option == "平成"


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="アイウガパーン　", min_size=1, max_size=40))
def test_a_long_answer_is_never_cut_off(name):
    form = Form((Section("s", "S", (Field("s.kana", "フリガナ", "kana"),)),))
    paper = paper_of(replace(packs.pack("kodomo-iryo"), form=form), {"s.kana": name})
    written = "".join(one.text for one in paper.words if one.typed)
    assert written.replace("　", "") == name.replace("　", "")


LABELS = {"a.kind": "区分", "a.used": "代理", "a.bank": "銀行", "case.channel": "受付方法"}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('a.kind = "新規"', "区分が「新規」のとき"),
        ("a.used = true", "代理が「はい」のとき"),
        ('a.kind in ("新規", "変更")', "区分が「新規・変更」のとき"),
        ('a.kind = "新規" or list contains(a.kind, "口座")', "区分が「新規」、または区分に「口座」があるとき"),
        ("a.bank != null", "銀行を書くとき"),
        ('case.channel in ("counter", "post")', "受付方法が「窓口・郵送」のとき"),
        ("a.unknown = 1", "当てはまるとき"),
        ("count(a.kind) > 3", "当てはまるとき"),
    ],
)
def test_conditions_are_said_in_words(condition, words):
    assert in_words(condition, LABELS) == words


def test_a_foreign_qr_is_no_form():
    assert read_qr("https://example.jp/") is None


def test_a_scanned_page_names_its_version(city):
    from honrai.platform.authority.api import NotFound
    from honrai.platform.organisations.testing import NOW, small_city
    from honrai.procedures import api

    version = api.publish(files=packs.files(), actor=small_city(city).head, now=NOW)
    paper = api.form_map(version)
    assert api.version_of_page(paper.qr(2)) == (version, 2)
    assert api.version_of_page("4912345678904") is None
    with pytest.raises(NotFound):
        api.version_of_page(paper.qr(1).replace(paper.address[:16], "0" * 16))
    assert api.form_pdf(version).startswith(b"%PDF")
    assert api.form_pdf(version, {"child.name": "見本 はな"})[:4] == b"%PDF"
