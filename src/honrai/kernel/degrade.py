"""縮退: what an output can print of a name, with every loss stated.

The stored name stays whole. A target (`JISX0208`, `JISX0213`, `CP932`, `CP932_GAIJI`, `HALFKANA`) holds fewer
characters; `degrade` writes the name in them and notes each change. A character without a known relative is marked
要同定: the text holds the target's placeholder *and* a note, and `Degraded.complete` is False, so that no letter goes
out with a silent 〓.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from honrai.kernel.kana import BankKana, to_bank_kana, to_fullwidth_kana, to_halfwidth_kana
from honrai.kernel.names import UNKNOWN, Gaiji, folding, is_private, is_variation_selector, strip_ivs

_VOICED_MARKS = "ﾞﾟ\u3099\u309a"


class Change(Enum):
    """What happened to one character on its way out."""

    GLYPH = "字形選択を省略"
    """A variation selector was left out; the character is the same, its registered glyph is not asked for."""
    VARIANT = "縮退"
    """Replaced by a relative the target has (𠮷 to 吉)."""
    GAIJI = "外字を置換"
    """A city character was replaced by the standard character it stands for, or a relative of it."""
    UNIDENTIFIED = "要同定"
    """No known relative: a placeholder stands in the text and a person must decide."""


@dataclass(frozen=True)
class Note:
    """One change: where (code points from 0 in the registered name), from what, to what, and why."""

    position: int
    source: str
    written: str
    change: Change

    def __str__(self) -> str:
        code = " ".join(f"U+{ord(char):04X}" for char in self.source)
        return f"{self.position + 1}文字目 {self.source}（{code}）→{self.written or 'なし'}: {self.change.value}"


@dataclass(frozen=True)
class Degraded:
    """A name as one output writes it.

    Attributes:
        text: what to write.
        notes: every change, in order of position.
    """

    text: str
    notes: tuple[Note, ...]

    @property
    def complete(self) -> bool:
        """True when every character is itself or a known relative; False means a person must identify some."""
        return not self.unidentified

    @property
    def unidentified(self) -> tuple[Note, ...]:
        """The characters marked 要同定."""
        return tuple(note for note in self.notes if note.change is Change.UNIDENTIFIED)


@dataclass(frozen=True)
class Target:
    """A character set an output is limited to.

    Attributes:
        name: words for messages.
        holds: says whether one character can be written.
        placeholder: what stands for an unidentified character.
        prepare: how the text is spelled first (half width for bank files).
        selectors: variation selectors are kept.
    """

    name: str
    holds: Callable[[str], bool]
    placeholder: str = UNKNOWN
    prepare: Callable[[str], str] = str
    selectors: bool = False


def _encodes(char: str, codec: str) -> bytes:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return b""


def _in_jisx0208(char: str) -> bool:
    if char.isascii():
        return char.isprintable()
    code = _encodes(char, "euc_jp")
    return len(code) == 2 and code[0] != 0x8E


def _in_cp932(char: str) -> bool:
    return not is_private(char) and bool(_encodes(char, "cp932"))


def _in_cp932_gaiji(char: str) -> bool:
    """The user-defined area F040 to F9FC is U+E000 to U+E757."""
    return _in_cp932(char) or "\ue000" <= char <= "\ue757"


def _in_jisx0213(char: str) -> bool:
    return _in_jisx0208(char) or bool(_encodes(char, "euc_jis_2004"))


JISX0208 = Target("JIS X 0208", _in_jisx0208, prepare=to_fullwidth_kana)
"""Levels 1 and 2: national tax and pension files, old host systems."""
JISX0213 = Target("JIS X 0213", _in_jisx0213, prepare=to_fullwidth_kana)
"""Levels 1 to 4 of 2004."""
CP932 = Target("Windows-31J（外字なし）", _in_cp932)
"""What a spreadsheet calls Shift_JIS, without the city's own characters."""
CP932_GAIJI = Target("Windows-31J（外字あり）", _in_cp932_gaiji)
"""The same with the user-defined area (F040 to F9FC), for systems that share the city's 外字 file."""
UNICODE = Target("Unicode（外字なし）", lambda char: not is_private(char), selectors=True)
"""Our own letters and files: everything but the city's own characters, which become what they stand for."""
UNICODE_NO_IVS = Target("Unicode（IVS・外字なし）", lambda char: not is_private(char), UNKNOWN)
"""Systems that take any Unicode character but drop variation selectors."""


def HALFKANA(bank: BankKana | None = None) -> Target:  # noqa: N802  (named like its sibling targets)
    """Return the target for bank files: half-width kana of one bank; kanji have no form there."""
    rules = bank or BankKana()
    return Target(f"半角カナ（{rules.name}）", rules.allows, "?", lambda text: to_bank_kana(text, rules))


def degrade(name: str, to: Target, gaiji: Gaiji | None = None) -> Degraded:
    """Write a registered name in a smaller character set and state every loss.

    Args:
        name: the name as registered; it is not changed.
        to: the target.
        gaiji: the city's own characters, when the caller has them.

    Returns:
        The text to write, with one note per change. Change of width alone is no loss and has no note.

    Source:
        Variant pairs: `data/kanji_variants.tsv`; compatibility ideographs: Unicode normalisation form C.

    Example:
        >>> degrade("髙橋", JISX0208).text
        '高橋'
    """
    known = gaiji or Gaiji()
    out: list[str] = []
    notes: list[Note] = []
    position = 0
    for unit in _units(name):
        written, change = _write(unit, to, known)
        out.append(written)
        if change:
            notes.append(Note(position, unit, written, change))
        position += len(unit)
    return Degraded("".join(out), tuple(notes))


def _units(name: str) -> list[str]:
    """Characters one by one, a voiced mark together with the kana it belongs to."""
    units: list[str] = []
    for char in name:
        if units and char in _VOICED_MARKS and len(unicodedata.normalize("NFKC", units[-1] + char)) == 1:
            units[-1] += char
        else:
            units.append(char)
    return units


def _write(unit: str, to: Target, gaiji: Gaiji) -> tuple[str, Change | None]:
    if is_variation_selector(unit):
        return (unit, None) if to.selectors else ("", Change.GLYPH)
    prepared = to.prepare(unit)
    if prepared and all(to.holds(part) for part in prepared):
        return prepared, None
    if is_private(unit):
        standard = gaiji.resolve(unit) or ""
        if to.selectors and standard:
            return standard, Change.GAIJI
        plain = strip_ivs(standard)
        relative = _relative(plain, to) if plain else None
        return (relative, Change.GAIJI) if relative else (to.placeholder, Change.UNIDENTIFIED)
    relative = _relative(unit, to)
    if relative is not None:
        return relative, Change.VARIANT
    return to.placeholder, Change.UNIDENTIFIED


def _relative(char: str, to: Target) -> str | None:
    """Find the nearest relative the target holds: itself, its canonical or compatibility form, its folded variant."""
    canonical = unicodedata.normalize("NFC", char)
    folded = canonical.translate(folding("name"))
    forms = (char, canonical, folded, unicodedata.normalize("NFKC", char), to_halfwidth_kana(char))
    for form in forms:
        prepared = to.prepare(form)
        if prepared and all(to.holds(part) for part in prepared):
            return prepared
    return None
