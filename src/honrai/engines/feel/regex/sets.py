"""Sets of characters as sorted ranges of code points, and the named ones of XPath: escapes, categories, blocks."""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache

Ranges = tuple[tuple[int, int], ...]
LAST = sys.maxunicode
# The only stretches where letters have two cases; looking at all of Unicode takes longer than most matches.
_CASED = ((0, 0x2DFF), (0xA640, 0xABFF), (0xFB00, 0xFFFF), (0x10400, 0x105FF), (0x10C80, 0x10CFF), (0x118A0, 0x118DF),
          (0x16E40, 0x16E7F), (0x1E900, 0x1E95F))  # fmt: skip


def merged(ranges: list[tuple[int, int]]) -> Ranges:
    """Return the ranges sorted, with those that touch joined."""
    made: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return tuple(made)


def complement(ranges: Ranges) -> Ranges:
    """Return every code point that is not in sorted ranges."""
    made, start = [], 0
    for low, high in ranges:
        if start < low:
            made.append((start, low - 1))
        start = high + 1
    return (*made, (start, LAST)) if start <= LAST else tuple(made)


def minus(ranges: Ranges, other: Ranges) -> Ranges:
    """Return the code points of the first that are not in the second."""
    return complement(merged([*complement(ranges), *other]))


def contains(ranges: Ranges, code: int) -> bool:
    """Tell whether a code point is in sorted ranges."""
    low, high = 0, len(ranges)
    while low < high:
        middle = (low + high) // 2
        if ranges[middle][1] < code:
            low = middle + 1
        else:
            high = middle
    return low < len(ranges) and ranges[low][0] <= code


@lru_cache(maxsize=1)
def _variants() -> dict[int, tuple[int, ...]]:
    """Return, for each character that has others equal to it but for case, all of them."""
    groups: dict[str, list[int]] = {}
    for low, high in _CASED:
        for code in range(low, high + 1):
            key = chr(code).casefold()
            if len(key) == 1:
                groups.setdefault(key, []).append(code)
    return {code: tuple(group) for group in groups.values() if len(group) > 1 for code in group}


def with_cases(ranges: Ranges) -> Ranges:
    """Return the ranges and every character that differs from one of theirs only by case."""
    more = [(other, other) for code, others in _variants().items() if contains(ranges, code) for other in others]
    return merged([*ranges, *more])


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in SMALL_CATEGORIES}
    start, current = 0, unicodedata.category("\0")
    for code in range(1, LAST + 1):
        name = unicodedata.category(chr(code))
        if name != current:
            found[current].append((start, code - 1))
            start, current = code, name
    found[current].append((start, LAST))
    return {name: tuple(ranges) for name, ranges in found.items()}


def category(name: str) -> Ranges:
    """Return the characters of a general category, large (`L`) or small (`Lu`)."""
    return merged([pair for small in small_categories(name) for pair in _categories()[small]])


def small_categories(name: str) -> list[str]:
    """Return the small categories that make up a category."""
    return [small for small in SMALL_CATEGORIES if small.startswith(name)]


SMALL_CATEGORIES = [
    "Lu",
    "Ll",
    "Lt",
    "Lm",
    "Lo",
    "Mn",
    "Mc",
    "Me",
    "Nd",
    "Nl",
    "No",
    "Pc",
    "Pd",
    "Ps",
    "Pe",
    "Pi",
    "Pf",
    "Po",
    "Zs",
    "Zl",
    "Zp",
    "Sm",
    "Sc",
    "Sk",
    "So",
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
]
CATEGORIES = frozenset(SMALL_CATEGORIES) - {"Cs"} | set("LMNPZSC")
SPACE: Ranges = ((9, 10), (13, 13), (32, 32))
NAME_START: Ranges = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF),
    (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF),
    (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
NAME: Ranges = merged([*NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)])

_BLOCKS = """
BasicLatin 0-7F,Latin-1Supplement 80-FF,LatinExtended-A 100-17F,LatinExtended-B 180-24F,IPAExtensions 250-2AF
SpacingModifierLetters 2B0-2FF,CombiningDiacriticalMarks 300-36F,Greek 370-3FF,GreekandCoptic 370-3FF
Cyrillic 400-4FF,CyrillicSupplement 500-52F,Armenian 530-58F,Hebrew 590-5FF,Arabic 600-6FF,Syriac 700-74F
Thaana 780-7BF,Devanagari 900-97F,Bengali 980-9FF,Gurmukhi A00-A7F,Gujarati A80-AFF,Oriya B00-B7F,Tamil B80-BFF
Telugu C00-C7F,Kannada C80-CFF,Malayalam D00-D7F,Sinhala D80-DFF,Thai E00-E7F,Lao E80-EFF,Tibetan F00-FFF
Myanmar 1000-109F,Georgian 10A0-10FF,HangulJamo 1100-11FF,Ethiopic 1200-137F,Cherokee 13A0-13FF
UnifiedCanadianAboriginalSyllabics 1400-167F,Ogham 1680-169F,Runic 16A0-16FF,Khmer 1780-17FF,Mongolian 1800-18AF
LatinExtendedAdditional 1E00-1EFF,GreekExtended 1F00-1FFF,GeneralPunctuation 2000-206F
SuperscriptsandSubscripts 2070-209F,CurrencySymbols 20A0-20CF,CombiningMarksforSymbols 20D0-20FF
CombiningDiacriticalMarksforSymbols 20D0-20FF,LetterlikeSymbols 2100-214F,NumberForms 2150-218F,Arrows 2190-21FF
MathematicalOperators 2200-22FF,MiscellaneousTechnical 2300-23FF,ControlPictures 2400-243F
OpticalCharacterRecognition 2440-245F,EnclosedAlphanumerics 2460-24FF,BoxDrawing 2500-257F,BlockElements 2580-259F
GeometricShapes 25A0-25FF,MiscellaneousSymbols 2600-26FF,Dingbats 2700-27BF,BraillePatterns 2800-28FF
CJKRadicalsSupplement 2E80-2EFF,KangxiRadicals 2F00-2FDF,IdeographicDescriptionCharacters 2FF0-2FFF
CJKSymbolsandPunctuation 3000-303F,Hiragana 3040-309F,Katakana 30A0-30FF,Bopomofo 3100-312F
HangulCompatibilityJamo 3130-318F,Kanbun 3190-319F,BopomofoExtended 31A0-31BF,KatakanaPhoneticExtensions 31F0-31FF
EnclosedCJKLettersandMonths 3200-32FF,CJKCompatibility 3300-33FF,CJKUnifiedIdeographsExtensionA 3400-4DBF
CJKUnifiedIdeographs 4E00-9FFF,YiSyllables A000-A48F,YiRadicals A490-A4CF,HangulSyllables AC00-D7AF
PrivateUse E000-F8FF,PrivateUseArea E000-F8FF,CJKCompatibilityIdeographs F900-FAFF
AlphabeticPresentationForms FB00-FB4F,ArabicPresentationForms-A FB50-FDFF,VariationSelectors FE00-FE0F
CombiningHalfMarks FE20-FE2F,CJKCompatibilityForms FE30-FE4F,SmallFormVariants FE50-FE6F
ArabicPresentationForms-B FE70-FEFF,HalfwidthandFullwidthForms FF00-FFEF,Specials FFF0-FFFF
OldItalic 10300-1032F,Gothic 10330-1034F,Deseret 10400-1044F,ByzantineMusicalSymbols 1D000-1D0FF
MusicalSymbols 1D100-1D1FF,MathematicalAlphanumericSymbols 1D400-1D7FF,Emoticons 1F600-1F64F
CJKUnifiedIdeographsExtensionB 20000-2A6DF,CJKCompatibilityIdeographsSupplement 2F800-2FA1F,Tags E0000-E007F
VariationSelectorsSupplement E0100-E01EF
"""


@lru_cache(maxsize=1)
def _blocks() -> dict[str, Ranges]:
    made: dict[str, Ranges] = {}
    for entry in _BLOCKS.replace("\n", ",").strip(",").split(","):
        name, _, span = entry.partition(" ")
        low, high = span.split("-")
        made[name] = ((int(low, 16), int(high, 16)),)
    return made


def block(name: str) -> Ranges | None:
    """Return the characters of a Unicode block by its name without spaces, None when there is no such block."""
    return _blocks().get(name)
