"""Names of people: kept exactly as registered, compared by keys.

A registered name is a sequence of code points, including ideographic variation selectors (IVS) and the city's own
characters (外字, in the private use area). Nothing here changes it. What changes is the *key*, a folded shadow used
to find and to match. *Strong* variants (髙 and 高) fold into one key; *weak* pairs (龍 and 竜, 阿部 and 安部) are
different registered names and are only scored. For what an output can print see `honrai.kernel.degrade`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from honrai.kernel.kana import SMALL_TO_LARGE, to_fullwidth_kana, to_katakana

UNKNOWN = "〓"
"""Stands in a key, never in a stored name, for a character of the city nobody has identified yet."""

_DASHES = "‐‑‒–—―−－ｰー─━〜～"
_V_ROW = {"ア": "バ", "イ": "ビ", "エ": "ベ", "オ": "ボ"}
_KANA_SAME = str.maketrans("ヂヅヲヴヰヱ", "ジズオブイエ")


@dataclass(frozen=True)
class Variant:
    """One pair of the variant table.

    Attributes:
        variant: the character (or word) as written.
        base: what it folds to, or for weak pairs what it resembles.
        charset: smallest set holding the variant: J (JIS X 0208), C (CP932 extension), 3 (JIS X 0213), U (none).
        scope: "name", "place" or "weak".
        source: short name of the source, explained at the head of the file.
    """

    variant: str
    base: str
    charset: str
    scope: str
    source: str


@lru_cache(maxsize=1)
def variants() -> tuple[Variant, ...]:
    """Return the variant table in file order.

    Source:
        `data/kanji_variants.tsv`, whose head names the source of each pair.
    """
    text = (files("honrai.kernel") / "data" / "kanji_variants.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Variant(row[0], row[2], row[3], row[4], row[5]) for row in rows)


@lru_cache(maxsize=8)
def folding(*scopes: str) -> dict[int, str]:
    """Return the table for `str.translate` that folds the single characters of the scopes given."""
    return {ord(v.variant): v.base for v in variants() if v.scope in scopes and len(v.variant) == 1}


def strip_ivs(text: str) -> str:
    """Take variation selectors out of a text (for keys and outputs without glyph selection)."""
    return "".join(char for char in text if not is_variation_selector(char))


def is_variation_selector(char: str) -> bool:
    """Say whether a character only selects a glyph of the one before it."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def is_private(char: str) -> bool:
    """Say whether a character is one of the city's own (外字, Unicode private use)."""
    return unicodedata.category(char) == "Co"


@dataclass(frozen=True)
class Gaiji:
    """The city's own characters: what each private code point stands for.

    Attributes:
        standard: private code point to its standard character, IVS allowed (e.g. "\\ue001" to "辻\\U000e0100").
    """

    standard: dict[str, str] = field(default_factory=dict)

    def resolve(self, char: str) -> str | None:
        """Return the standard character behind a private one, or None while it is unidentified (要同定)."""
        return self.standard.get(char)


def fold_name(name: str, gaiji: Gaiji | None = None) -> str:
    """Return the comparison key of a name written in kanji, kana or Latin letters.

    Width, spaces, case, variation selectors and strong variants of kanji do not count; an unidentified city
    character becomes 〓, so that it can be searched for. Folding a key again changes nothing.

    Args:
        name: the name as registered.
        gaiji: the city's own characters, when the caller has them.

    Source:
        The project's fact sheet on municipal tax work, section 3.3.

    Example:
        >>> fold_name("髙\\u3000𠮷") == fold_name("高吉")
        True
    """
    known = gaiji or Gaiji()
    text = "".join((known.resolve(char) or UNKNOWN) if is_private(char) else char for char in name)
    text = unicodedata.normalize("NFKC", strip_ivs(text)).casefold()
    text = unicodedata.normalize("NFKC", text).translate(folding("name"))
    return "".join(char for char in text if not char.isspace())


def fold_kana(kana: str) -> str:
    """Return the first-tier key of a reading: width, hiragana, small letters and equal-sounding kana do not count.

    Example:
        >>> fold_kana("ｼｮｳｼﾞ ｶﾂﾞｴ") == fold_kana("ショウヂ　カズヱ")
        True
    """
    text = to_katakana(unicodedata.normalize("NFKC", to_fullwidth_kana(kana))).casefold()
    text = re.sub(r"[\s・･·.,、。]", "", text)
    text = "".join("ー" if char in _DASHES or char == "-" else char for char in text)
    text = unicodedata.normalize("NFC", text.translate(SMALL_TO_LARGE))
    text = re.sub("ヴ([アイエオ])", lambda found: _V_ROW[found[1]], text)
    return text.translate(_KANA_SAME)


def fold_kana_loose(kana: str) -> str:
    """Return the second-tier key of a reading: voiced marks and the long mark are dropped too.

    It joins what a hand writes or a scanner reads differently (ハヤシダ, ハヤシタ); use it to propose, not to decide.
    """
    text = unicodedata.normalize("NFD", fold_kana(kana))
    text = "".join(char for char in text if char not in "\u3099\u309a゛゜ー")
    return unicodedata.normalize("NFC", text).translate(_KANA_SAME)


def fold_romaji(name: str) -> str:
    """Return a Latin name without case, accents, punctuation and order of its words.

    Example:
        >>> fold_romaji("NGUYỄN, Văn-An") == fold_romaji("van an nguyen")
        True
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    text = text.replace("đ", "d").replace("ø", "o").replace("ł", "l")
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(sorted(re.findall(r"[^\W_]+", text)))


@dataclass(frozen=True)
class PersonName:
    """One person's names as registered; a foreign resident may have several.

    Attributes:
        raw: 氏名 exactly as registered, with IVS and city characters.
        kana: フリガナ or カナ併記, "" when unknown.
        romaji: name in Latin letters as on the residence card, "" for a Japanese.
        alias: 通称 of a foreign resident, "" when none.
    """

    raw: str
    kana: str = ""
    romaji: str = ""
    alias: str = ""

    def keys(self, gaiji: Gaiji | None = None) -> frozenset[str]:
        """Return every key this person may be found by, each with its kind in front (氏:, カナ:, 英:)."""
        found = {"氏:" + fold_name(text, gaiji) for text in (self.raw, self.alias) if text}
        if self.kana:
            found |= {"カナ:" + key for key in _order_keys(self.kana)}
        for text in (self.romaji, self.raw, self.alias):
            if text and _is_latin(text):
                found.add("英:" + fold_romaji(text))
        return frozenset(found)


def _order_keys(kana: str) -> set[str]:
    """Readings in given order and with the family name moved to the other end (order swap of foreign names)."""
    words = [fold_kana(word) for word in re.split(r"[\s・･·,、]+", to_fullwidth_kana(kana)) if word]
    if len(words) < 2:
        return {"".join(words)}
    return {"".join(words), "".join(words[1:] + words[:1]), "".join(words[-1:] + words[:-1])}


def _is_latin(text: str) -> bool:
    letters = [char for char in unicodedata.normalize("NFKC", text) if char.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(char, "") for char in letters)


@lru_cache(maxsize=1)
def _weak_words() -> tuple[tuple[str, str], ...]:
    return tuple((v.variant, v.base) for v in variants() if v.scope == "weak")


WEAK_FACTOR = 0.9
"""What one weak pair costs: two names alike but for 龍 and 竜 score 0.9. Internal policy of the matching rules."""


def likeness(one: str, other: str, gaiji: Gaiji | None = None) -> float:
    """Score how alike two registered names are: 1.0 same key, 0.9 per weak pair between them, 0.0 otherwise.

    A score below 1.0 never joins two people by itself; it puts the pair before a person.

    Example:
        >>> likeness("坂本龍馬", "坂本竜馬")
        0.9
    """
    left, right = fold_name(one, gaiji), fold_name(other, gaiji)
    if left == right:
        return 0.0 if UNKNOWN in left and one.split() != other.split() else 1.0
    score = 1.0
    for variant, base in _weak_words():
        if left.count(variant) != right.count(variant):
            left, right = left.replace(variant, base), right.replace(variant, base)
            score *= WEAK_FACTOR
    return score if left == right else 0.0
