"""Letters are set with our own fonts, read back as they were written, and never print a box."""

import pypdfium2
import pytest

from honrai.platform.typeset.api import MissingGlyphError, TypesetError, missing_glyphs, pdf, pictures

LETTER = """#set document(title: "認定通知書")
= 認定通知書
#data.name 様
番号 #data.number
"""


def _text(document: bytes) -> str:
    page = pypdfium2.PdfDocument(document)[0]
    return page.get_textpage().get_text_range()


def test_what_was_written_is_read_back():
    document = pdf(LETTER, {"name": "𠮷田﨑子", "number": "R8こ支第123号"})
    text = _text(document)
    assert "𠮷田﨑子 様" in text
    assert "R8こ支第123号" in text


def test_a_missing_glyph_is_named_not_boxed():
    with pytest.raises(MissingGlyphError, match="U\\+E000"):
        pdf(LETTER, {"name": "\ue000田", "number": "1"})


def test_variation_selectors_pass():
    assert missing_glyphs("葛󠄀城") == []


def test_a_missing_value_is_an_error_with_its_place():
    with pytest.raises(TypesetError, match="number"):
        pdf(LETTER, {"name": "山田"})


def test_a_glyph_selection_no_font_has_is_missing():
    assert missing_glyphs("辻\U000e0102辻\U000e01ef") == ["辻\U000e01ef"]
    with pytest.raises(MissingGlyphError, match="U\\+8FBB U\\+E01EF"):
        pdf(LETTER, {"name": "辻\U000e01ef", "number": "1"})


def test_pages_come_as_pictures_for_a_preview():
    pages = pictures(LETTER + "#pagebreak()\n二枚目", {"name": "山田", "number": "1"})
    assert len(pages) == 2
    assert all(page.startswith(b"\x89PNG") for page in pages)
