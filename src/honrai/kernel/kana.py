"""Kana between full width and half width, and the narrow alphabet of bank files.

Words used: *full width* katakana (ア), *half width* katakana (ｱ) where a voiced mark is a character of its own
(ｶﾞ), and *bank kana*, the still narrower set the Japanese Bankers Association layouts allow. Where next:
`honrai.kernel.names` builds comparison keys on top of this, `honrai.kernel.degrade` states every loss.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

SMALL_TO_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
"""Small katakana to the letter of normal size."""

_HALF = [chr(code) for code in range(0xFF61, 0xFFA0)]
_FULL_TO_HALF: dict[str, str] = {unicodedata.normalize("NFKC", half): half for half in _HALF}
for _base in list(_FULL_TO_HALF):
    for _mark, _half_mark in (("\u3099", "ﾞ"), ("\u309a", "ﾟ")):
        _voiced = unicodedata.normalize("NFC", _base + _mark)
        if len(_voiced) == 1:
            _FULL_TO_HALF[_voiced] = _FULL_TO_HALF[_base] + _half_mark
_FULL_TO_HALF |= {
    "\u3000": " ",
    "゛": "ﾞ",
    "゜": "ﾟ",
    "ヰ": "ｲ",
    "ヱ": "ｴ",
    "ヮ": "ﾜ",
    "ヵ": "ｶ",
    "ヶ": "ｹ",
    "ヽ": "",
    "ヾ": "",
}
_FULL_TO_HALF = {full: half for full, half in _FULL_TO_HALF.items() if half}

_BANK_ALWAYS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ()-./") | frozenset(
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
)
_HALF_SMALL_TO_LARGE = str.maketrans("ｧｨｩｪｫｬｭｮｯ", "ｱｲｳｴｵﾔﾕﾖﾂ")


@dataclass(frozen=True)
class BankKana:
    """What one bank accepts where banks differ.

    Attributes:
        name: words for messages, e.g. "みずほ銀行".
        long_mark: what the mark ー becomes; most banks want "-", some keep "ｰ".
        keep_wo: True keeps ｦ, False writes ｵ.
        extra: further characters this bank accepts, out of ", ¥ ｢ ｣".

    Source:
        Record layouts of the Japanese Bankers Association as quoted by member banks: no small kana, no middle dot,
        the long mark and ｦ disputed by bank.
    """

    name: str = "全銀協標準"
    long_mark: str = "-"
    keep_wo: bool = True
    extra: str = ""

    def allows(self, char: str) -> bool:
        """Say whether one half-width character may stand in this bank's files."""
        return (
            char in _BANK_ALWAYS
            or char in self.extra
            or (char == "ｦ" and self.keep_wo)
            or (char == "ｰ" and self.long_mark == "ｰ")
        )


def to_katakana(text: str) -> str:
    """Write hiragana as katakana; everything else stays, one character for one.

    Example:
        >>> to_katakana("やまだ・ハナ子")
        'ヤマダ・ハナ子'
    """
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" or char in "ゝゞ" else char for char in text)


def to_fullwidth_kana(text: str) -> str:
    """Write half-width kana in full width, joining voiced marks; other characters stay as they are.

    Example:
        >>> to_fullwidth_kana("ｶﾞﾙｼｱ A1")
        'ガルシア A1'
    """
    out: list[str] = []
    for char in text:
        if char in "ﾞﾟ" and out:
            joined = unicodedata.normalize("NFC", out[-1] + ("\u3099" if char == "ﾞ" else "\u309a"))
            if len(joined) == 1:
                out[-1] = joined
                continue
        out.append({"ﾞ": "゛", "ﾟ": "゜"}.get(char) or _full(char))
    return "".join(out)


def _full(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if "｡" <= char <= "ﾟ" else char


def to_halfwidth_kana(text: str) -> str:
    """Write kana, Latin letters, digits and the full-width space in half width; the rest stays as it is.

    Small kana stay small (ｬ); a bank file needs `to_bank_kana`.

    Example:
        >>> to_halfwidth_kana("パーク２０１　ガルシア")
        'ﾊﾟｰｸ201 ｶﾞﾙｼｱ'
    """
    out: list[str] = []
    for char in to_katakana(text):
        if char in _FULL_TO_HALF:
            out.append(_FULL_TO_HALF[char])
        elif "！" <= char <= "～":
            out.append(chr(ord(char) - 0xFEE0))
        else:
            out.append(char)
    return "".join(out)


def to_bank_kana(text: str, bank: BankKana | None = None) -> str:
    """Write a name in the alphabet of bank files; characters without a form there stay, for the caller to refuse.

    Small kana grow (ｬ to ﾔ), Latin letters grow, the middle dot becomes a space, ー follows the bank's setting.

    Args:
        text: a name in any kana.
        bank: the bank's settings; None means the standard ones.

    Example:
        >>> to_bank_kana("マッカーサー・ジョン")
        'ﾏﾂｶ-ｻ- ｼﾞﾖﾝ'
    """
    rules = bank or BankKana()
    half = to_halfwidth_kana(text).translate(_HALF_SMALL_TO_LARGE).upper()
    half = half.replace("･", " ").replace("·", " ")
    for dash in "‐‑‒–—―−ｰ":
        half = half.replace(dash, rules.long_mark)
    return half if rules.keep_wo else half.replace("ｦ", "ｵ")
