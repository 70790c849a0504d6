"""Two hundred difficult names go from a form to a PDF and to a CSV and come back as they were.

The PDF is checked by its glyphs: what is drawn must be the outline the font keeps for that character and that variation
selector, for text extraction looks right even where a box or the common glyph was printed.
"""

import csv
import io
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pikepdf
import pypdfium2
import pytest
from django.http import QueryDict
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from honrai.kernel.degrade import CP932_GAIJI, JISX0208, UNICODE, degrade
from honrai.kernel.names import fold_name, is_variation_selector
from honrai.platform.typeset.api import FONT_FILES, FONTS, MissingGlyphError, pdf
from honrai.procedures.rules.field_parsers import person_name
from honrai.site.demo.city import GAIJI

NAMES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "data" / "names.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
LETTER = '#set document(title: "氏名")\n#for name in data.names [#block(name)]\n'


def _from_form(typed: str) -> str:
    """What the server keeps of a name typed into a web form."""
    body = urlencode({"name": typed}, encoding="utf-8").encode()
    return person_name(QueryDict(body, encoding="utf-8")["name"])


def _printed(names: list[str]) -> list[str]:
    return [result.text for name in names if (result := degrade(name, UNICODE, GAIJI)).complete]


def test_there_are_two_hundred_and_every_kind_of_difficulty():
    kinds = Counter(kind for _, kind in NAMES)
    assert len({name for name, _ in NAMES}) == 200
    assert {"variant", "compatibility", "selector", "city", "unidentified", "plane 2", "foreign", "shape"} <= set(kinds)


@pytest.mark.parametrize("name", [name for name, _ in NAMES])
def test_form_keeps_every_code_point(name):
    assert _from_form(name).replace("\u3000", " ") == name.replace("\u3000", " ")
    assert _from_form(f" {name} ") == _from_form(name)


def test_pdf_draws_the_glyph_of_every_character_and_selector():
    names = _printed([name for name, _ in NAMES])
    document = pdf(LETTER, {"names": names})
    expected = [glyph for name in names for glyph in _expected_glyphs(name)]
    drawn = _drawn_glyphs(document)
    assert len(drawn) == len(expected)
    wrong = [(char, name) for (char, name, outline), found in zip(expected, drawn, strict=True) if outline != found]
    assert wrong == []


def test_pdf_text_is_read_back_as_printed():
    names = _printed([name for name, _ in NAMES])
    text = "\n".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf(LETTER, {"names": names}))
    )
    lines = [line.strip() for line in text.replace("\r", "").split("\n") if line.strip()]
    assert [line.replace(" ", "\u3000") for line in lines] == [name.replace(" ", "\u3000") for name in names]


@pytest.mark.parametrize("name", [name for name, kind in NAMES if kind == "unidentified"])
def test_an_unidentified_character_stops_the_letter(name):
    result = degrade(name, UNICODE, GAIJI)
    assert [note.change.value for note in result.unidentified] == ["要同定"]
    with pytest.raises(MissingGlyphError):
        pdf(LETTER, {"names": [name]})


@pytest.mark.parametrize(("encoding", "target"), [("utf-8-sig", None), ("cp932", CP932_GAIJI), ("euc_jp", JISX0208)])
def test_csv_there_and_back(encoding, target):
    written = [name if target is None else degrade(name, target, GAIJI).text for name, _ in NAMES]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows([name] for name in written)
    back = [row[0] for row in csv.reader(io.StringIO(buffer.getvalue().encode(encoding).decode(encoding), newline=""))]
    assert back == written
    if target is None:
        assert back == [name for name, _ in NAMES]


@pytest.mark.parametrize("target", [CP932_GAIJI, JISX0208], ids=lambda target: target.name)
def test_every_loss_on_the_way_is_stated_and_still_finds_the_person(target):
    for name, _ in NAMES:
        result = degrade(name, target, GAIJI)
        assert (result.text == name) is (not result.notes), name
        if result.complete:
            assert fold_name(result.text, GAIJI) == fold_name(name, GAIJI), name


@cache
def _font(name: str) -> TTFont:
    return TTFont(str(FONTS / name), lazy=True)


@cache
def _selected(name: str) -> dict[tuple[int, int], str | None]:
    tables = [table for table in _font(name)["cmap"].tables if table.format == 14]
    return {(base, selector): glyph for t in tables for selector, uses in t.uvsDict.items() for base, glyph in uses}


def _outline(font: TTFont, glyph: str) -> list:
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(pen)
    return pen.value


def _expected_glyphs(name: str) -> list[tuple[str, str, list]]:
    """Of each character drawn: the outline in the first font that has it, with its selector where one follows."""
    found = []
    for place, char in enumerate(name):
        if char in " \u3000" or is_variation_selector(char):
            continue
        selector = name[place + 1 : place + 2]
        selector = selector if selector and is_variation_selector(selector) else ""
        found.append((char + selector, name, _outline(*_glyph(char, selector))))
    return found


def _glyph(char: str, selector: str) -> tuple[TTFont, str]:
    for name in FONT_FILES:
        plain = _font(name).getBestCmap().get(ord(char))
        pair = (ord(char), ord(selector)) if selector else None
        if pair and pair in _selected(name):
            return _font(name), _selected(name)[pair] or plain
        if not pair and plain:
            return _font(name), plain
    raise AssertionError(f"no font has {char}{selector}")


def _drawn_glyphs(document: bytes) -> list[list]:
    """The outlines a PDF draws, in order, blanks left out."""
    outlines = []
    for page in pikepdf.open(io.BytesIO(document)).pages:
        fonts = {name: _embedded(font) for name, font in page.Resources.Font.items()}
        current = None
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = fonts[str(operands[0])]
            for code in _codes(operands, str(operator)):
                outlines.append(_outline(current, current.getGlyphOrder()[code]))
    return [outline for outline in outlines if outline]


def _embedded(font: pikepdf.Object) -> TTFont:
    descendant = font.DescendantFonts[0]
    assert str(descendant.CIDToGIDMap) == "/Identity"
    return TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))


def _codes(operands: list, operator: str) -> list[int]:
    if operator not in ("Tj", "TJ"):
        return []
    parts = operands[0] if operator == "TJ" else operands
    data = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
