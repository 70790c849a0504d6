"""Sets a typst template with data into a PDF.

The compiler is made once a process and reused. System fonts are off: a letter looks the same on every machine, and a glyph our
fonts lack is an error that names it, not a box on paper.
"""

import json
import re
import threading
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

FONTS = files("honrai.platform.typeset") / "fonts"
FONT_FILES = ("BIZUDMincho-Regular.ttf", "ipamjm.ttf")
#: Put before every template: fonts for text, names (IPAmj holds variants and IVS) and no space between Latin and Japanese,
#: which would break the text when it is read back out of the PDF.
PRELUDE = """#set text(font: ("BIZ UDMincho", "IPAmjMincho"), lang: "ja", cjk-latin-spacing: none)
#let data = json(bytes(sys.inputs.data))
"""
_DATA = "data"
_NO_LIBRARY = Path(str(files("honrai.platform.typeset")))


class TypesetError(ValueError):
    """The template or its data is wrong; the message carries typst's own words and where."""


class MissingGlyphError(TypesetError):
    """A character stands in none of the fonts: printed it would be a box. It must be identified (要同定) first."""


def pdf(template: str, data: Mapping[str, Any], *, tagged: bool = True, library: Path | None = None) -> bytes:
    """Return the PDF of one document.

    Args:
        template: typst source; `data` is bound to the data by the prelude.
        data: JSON-able values the template prints.
        library: folder whose files the template imports by absolute names (`/honrai/letter.typ`).
        tagged: write an accessible PDF/UA; False only for position-critical forms on pre-printed stock.

    Raises:
        TypesetError: typst refused the template or a value it needs is missing.
        MissingGlyphError: a character of the data is in none of our fonts.
    """
    options = {"format": "pdf", "pdf_standards": "ua-1" if tagged else [], "pdf_tags": tagged}
    made = _set(template, data, library, options)
    if not isinstance(made, bytes):
        raise TypesetError("typst made no single PDF")
    return made


def pictures(
    template: str, data: Mapping[str, Any], *, library: Path | None = None, ppi: float = 90.0
) -> tuple[bytes, ...]:
    """Return the pages of a document as PNG pictures, for a preview on screen.

    Args:
        template, data, library: as for `pdf`.
        ppi: pixels per inch.

    Raises:
        TypesetError: typst refused the template or a value it needs is missing.
        MissingGlyphError: a character of the data is in none of our fonts.
    """
    made = _set(template, data, library, {"format": "png", "ppi": ppi})
    return tuple(made) if isinstance(made, list) else (made,)


def _set(template: str, data: Mapping[str, Any], library: Path | None, options: Mapping[str, Any]) -> Any:
    text = json.dumps(data, ensure_ascii=False)
    missing = missing_glyphs(text)
    if missing:
        shown = "、".join(f"{found}（{' '.join(f'U+{ord(char):04X}' for char in found)}）" for found in missing)
        raise MissingGlyphError(f"印刷できない文字があります: {shown}。文字を同定してから発行してください")
    try:
        return _compile(PRELUDE + _registered_glyphs(text) + template, text, library, options)
    except typst.TypstError as error:
        raise TypesetError(f"{error.message}\n{error.diagnostic}") from error


def missing_glyphs(text: str) -> list[str]:
    """Return what of `text` none of the fonts can print, each once, in order; controls aside.

    That is a character no font holds, or a character with a variation selector (IVS) no font has a glyph for: printed it
    would silently take the common glyph instead of the registered one.
    """
    known = _known_code_points()
    unknown = (char for char in dict.fromkeys(text) if ord(char) not in known and not _invisible(ord(char)))
    return [*unknown, *(found for found in _selections(text) if not any(found in font for font in _selected_glyphs()))]


def _registered_glyphs(text: str) -> str:
    """A typst rule that sets in IPAmj the glyph selections the text font lacks; typst would else drop the selector."""
    text_font, name_font = _selected_glyphs()
    found = [part for part in _selections(text) if part not in text_font and part in name_font]
    if not found:
        return ""
    pattern = "|".join("".join(f"\\u{{{ord(char):x}}}" for char in part) for part in found)
    return f'#show regex("{pattern}"): set text(font: "IPAmjMincho")\n'


def _selections(text: str) -> list[str]:
    """Every character with a variation selector after it, once."""
    return list(dict.fromkeys(re.findall(".[\U000e0100-\U000e01ef]", text)))


@cache
def _selected_glyphs() -> tuple[frozenset[str], frozenset[str]]:
    """The character and selector pairs the text font and the font for names have a glyph for."""
    found = []
    for name in FONT_FILES:
        with TTFont(str(FONTS / name), lazy=True) as font:
            tables = [table for table in font["cmap"].tables if table.format == 14]
            pairs = (
                (base, selector) for table in tables for selector, uses in table.uvsDict.items() for base, _ in uses
            )
            found.append(frozenset(chr(base) + chr(selector) for base, selector in pairs))
    return found[0], found[1]


def _invisible(code: int) -> bool:
    """Controls, and variation selectors, which are judged together with the character before them."""
    return code < 0x20 or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


@cache
def _known_code_points() -> frozenset[int]:
    known: set[int] = set()
    for name in FONT_FILES:
        with TTFont(str(FONTS / name), lazy=True) as font:
            known.update(font.getBestCmap())
    return frozenset(known)


_local = threading.local()


def _compile(source: str, data: str, library: Path | None, options: Mapping[str, Any]) -> Any:
    compiler = getattr(_local, "compiler", None)
    if compiler is None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        compiler = _local.compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    return compiler.compile(source.encode(), sys_inputs={_DATA: data}, root=library or _NO_LIBRARY, **options)
