"""What stands where in the PDFs that go to the printer, measured in what they really print: to 1 mm, bars to 0.05 mm."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest

from honrai.cases.testing import VALUES
from honrai.contact import api as contact
from honrai.contact import pdfs
from honrai.contact.models import Batch, BatchLine, Printer
from honrai.contact.operations.measuring import stamp_day
from honrai.contact.rules import batching, layout
from honrai.contact.testing import issued, seal, town
from honrai.kernel.postal_barcode import PostalBarcode
from honrai.platform.files import api as files
from honrai.platform.organisations.testing import DAY, NOW

DOTS = 40
"""Dots per millimetre: 1016 dpi."""


def _content(file, people):
    return files.fetch(file, who=people.clerk.who, now=NOW)[1]


def _ink(document, box, page=0, *, red=False):
    """Return which dots inside a box of the page are inked."""
    shown = pypdfium2.PdfDocument(document)[page]
    width, high = shown.get_width() * layout.POINT, shown.get_height() * layout.POINT
    crop = tuple(side / layout.POINT for side in (box.x, high - box.bottom, width - box.right, box.y))
    picture = shown.render(scale=DOTS * layout.POINT, crop=crop, no_smoothpath=True).to_numpy()
    if red:
        return (picture[:, :, 2].astype(int) - picture[:, :, 0]) > 80
    return picture.mean(axis=2) < 128


def _runs(line):
    """Return (start, end) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(int), [0]))))
    return list(zip(edges[::2], edges[1::2], strict=True))


def _edges(ink):
    """Return left, top, right, bottom of all ink in mm within the box."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return columns[0] / DOTS, rows[0] / DOTS, (columns[-1] + 1) / DOTS, (rows[-1] + 1) / DOTS


def _printed(people, *, printer=None):
    items = [one for one in issued(people, VALUES) if not one.stock]
    made = contact.make_batch(
        items=[one.pk for one in items], code="naga3-window", duplex=False, printer=printer, actor=people.clerk, now=NOW
    )
    batch = Batch.objects.get(pk=made.batch)
    return _content(batch.file, people), BatchLine.objects.get(batch=batch)


@pytest.fixture
def people(city, tmp_path, monkeypatch):
    return town(city, tmp_path, monkeypatch)


def test_the_bar_code_has_the_bars_of_the_standard_at_their_size(people):
    document, line = _printed(people)
    around = layout.Box(layout.BAR_CODE[0] - 2, layout.BAR_CODE[1] - 2, 78, 8)
    ink = _ink(document, around)
    unit = layout.BAR_POINTS / 10
    runs = _runs(ink.any(axis=0))
    assert len(runs) == 67
    widths = [(end - start) / DOTS for start, end in runs]
    pitches = [(later[0] - earlier[0]) / DOTS for earlier, later in pairwise(runs)]
    assert all(0.50 * unit <= width <= 0.70 * unit for width in widths), widths
    assert all(0.95 * unit <= pitch <= 1.30 * unit for pitch in pitches), pitches
    left, top, _, bottom = _edges(ink)
    assert abs(around.x + left - layout.BAR_CODE[0]) < 0.1
    assert abs(around.y + top - layout.BAR_CODE[1]) < 0.1
    assert 3.40 * unit <= bottom - top <= 3.60 * unit + 0.05
    expected = PostalBarcode.of(line.to_postcode, "1-1").bars
    assert "".join(_bar(ink[:, start:end], top * DOTS, 3.6 * unit * DOTS) for start, end in runs) == expected


def _bar(ink, top, high):
    """Return which of the four bars this is."""
    rows = np.flatnonzero(ink.any(axis=1))
    up, down = rows[0] - top < high / 6, rows[-1] - top > high * 5 / 6
    return {(True, True): "1", (True, False): "2", (False, True): "3", (False, False): "4"}[(up, down)]


def test_address_and_bar_code_stay_in_the_window_when_the_sheet_slides(people):
    document, line = _printed(people)
    envelope = layout.envelope("naga3-window")
    boxes = [(char, box) for char, box in pdfs.text_boxes(document) if box.x < envelope.window.right and box.y < 66]
    assert line.to_name.replace(" ", "")[-1] in "".join(char for char, _ in boxes)
    inside = [box for _, box in boxes if envelope.window.y < box.bottom]
    assert inside
    assert all(envelope.window.holds(box, margin=envelope.play) for box in inside)
    code = layout.Box(*layout.BAR_CODE, 66.6 * 1.2 * 0.9, 3.24)
    assert envelope.window.holds(code, margin=envelope.play + layout.QUIET)
    assert max(box.bottom for box in inside) + layout.QUIET <= code.y


def test_the_measured_printer_moves_everything_back_by_its_offset(people):
    key = contact.measure_printer(
        name="3階", across=Decimal("22.5"), along=Decimal("18.0"), actor=people.operator, now=NOW
    )
    row = Printer.objects.get(pk=key)
    assert (row.right, row.down) == (Decimal("2.5"), Decimal("-2.0"))
    document, _ = _printed(people, printer=key)
    around = layout.Box(layout.BAR_CODE[0] - 6, layout.BAR_CODE[1] - 1, 84, 8)
    left, top, _, _ = _edges(_ink(document, around))
    assert abs(around.x + left - (layout.BAR_CODE[0] - 2.5)) < 0.1
    assert abs(around.y + top - (layout.BAR_CODE[1] + 2.0)) < 0.1


def test_a_seal_stands_in_the_middle_of_its_place_at_its_own_size(city, tmp_path, monkeypatch):
    people = town(city, tmp_path, monkeypatch, sealed=True)
    seal(people, width="21.0")
    items = [one for one in issued(people, VALUES) if one.sealed]
    asked = contact.ask_seal(items=[one.pk for one in items], purpose="認定通知", actor=people.clerk, now=NOW)
    contact.decide_seal(asked, approved=True, actor=people.head, now=NOW)
    made = contact.make_batch(
        items=[one.pk for one in items], code="naga3-window", duplex=False, actor=people.clerk, now=NOW
    )
    document = _content(Batch.objects.get(pk=made.batch).file, people)
    place = pdfs.seal_place(_content(items[0].file, people))[1]
    around = layout.Box(place.x - 5, place.y - 5, 28, 28)
    left, top, right, bottom = _edges(_ink(document, around, red=True))
    assert abs((right - left) - 21.0) < 0.3
    assert abs((bottom - top) - 21.0) < 0.3
    assert abs(around.x + (left + right) / 2 - (place.x + 9)) < 0.3
    assert abs(around.y + (top + bottom) / 2 - (place.y + 9)) < 0.3


def test_a_long_address_goes_on_a_sheet_of_its_own(people):
    long = VALUES | {
        "guardian.address": "本来市中央区本町一丁目23番456号 " + "本来総合住宅管理組合第三号棟" * 4 + "1207号室"
    }
    items = [one for one in issued(people, long) if not one.stock]
    made = contact.make_batch(
        items=[one.pk for one in items], code="naga3-window", duplex=False, actor=people.clerk, now=NOW
    )
    batch = Batch.objects.get(pk=made.batch)
    assert batch.pages == items[0].pages + 1


def test_the_ruler_sheet_has_its_crosses_where_it_says():
    document = contact.ruler_sheet(printer="3階", made="令和8年4月15日")
    for x, y in layout.CROSSES:
        left, top, right, bottom = _edges(_ink(document, layout.Box(x - 9, y - 9, 18, 18)))
        assert abs((left + right) / 2 - 9) < 0.1
        assert abs((top + bottom) / 2 - 9) < 0.1
        assert abs(right - left - 16) < 0.3


def test_the_receipt_stamp_stands_on_the_first_page_with_its_day_in_half_width(people):
    from honrai.cases import testing as casework
    from honrai.contact.models import StampedCopy

    paper = pdfs.draw("cover.typ", {"covers": [{"postcode": "1", "address": "a", "name": "b"}] * 2})
    _, case = casework.apply(VALUES, channel="counter", papers=(("insurance", paper), ("identity", casework.PDF)))
    source = next(one["file"] for one in case.attachments if one["id"] == "insurance")
    file = contact.stamp_copy(
        case=case.pk, source=source, sort="copy", office="試験市消防局", actor=people.clerk, now=NOW
    )
    document = _content(file, people)
    x, y, side = layout.STAMP
    left, top, right, bottom = _edges(_ink(document, layout.Box(x - 2, y - 2, side + 4, side + 4), red=True))
    assert abs(left - 2) < 1
    assert abs(top - 2) < 1
    assert abs(right - left - side) < 1
    assert abs(bottom - top - side) < 1
    text = "".join(char for char, _ in pdfs.text_boxes(document))
    assert stamp_day(DAY).replace(" ", "") == "R8.4.15"
    assert "R8.4.15" in text
    assert "副本" in text
    assert "R8.4.15" not in "".join(char for char, _ in pdfs.text_boxes(document, 1))
    assert StampedCopy.objects.get().day == DAY


def test_letters_of_one_case_to_one_address_share_an_envelope():
    envelope = layout.envelope("naga3-window")
    one = batching.Ready(1, 7, "甲", "860-0001", "本町1", 1)
    card = batching.Ready(2, 7, "甲", "860-0001", "本町1", 1, stock="s", enclosures=("案内",))
    other = batching.Ready(3, 8, "乙", "810-0001", "天神1", 3)
    found = batching.pieces([one, card, other], envelope=envelope, duplex=True)
    assert [[each.id for each in piece.items] for piece in found] == [[3], [1, 2]]
    assert found[1].enclosures == ("案内",)
    assert [piece.sheets for piece in found] == [2, 1]
    assert batching.totals(found) == [("定形 50gまで", 2)]
    with pytest.raises(ValueError, match="入りません"):
        batching.pieces([batching.Ready(9, 9, "丙", "1", "x", 40)], envelope=envelope, duplex=True)
