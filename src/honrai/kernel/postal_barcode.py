"""The customer bar code (カスタマバーコード) that earns the discount on bulk mail: which characters, check, bars.

A code is a start mark, the postal code (7), the address number (13, filled with CC4), a check character and a stop
mark: 23 characters, 67 bars. A letter takes two characters, a control code and a digit.

Source: 日本郵便「郵便番号・バーコードマニュアル」.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from honrai.kernel.errors import Invalid
from honrai.kernel.numerals import arabic
from honrai.kernel.public_codes import PostalCode

_CHARACTERS = (*"0123456789-", *(f"CC{n}" for n in range(1, 9)))
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
# Heights of the bars: 1 long, 2 upper, 3 lower, 4 timing.
_BARS = dict(
    zip(
        _CHARACTERS,
        (
            *("144", "114", "132", "312", "123", "141", "321", "213", "231", "411"),
            "414",
            *("324", "342", "234", "432", "243", "423", "441", "111"),
        ),
        strict=True,
    )
)
_START, _STOP = "13", "31"
_LENGTH = 13


@dataclass(frozen=True, slots=True)
class PostalBarcode:
    """The bar code of one address.

    Attributes:
        postal_code: where the mail goes.
        address_number: digits, hyphens and capital letters, e.g. "3-30-8-403" (see `address_number`).
    """

    postal_code: PostalCode
    address_number: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9A-Z-]*", self.address_number):
            raise Invalid("address-number", "住所表示番号に使えるのは数字、英大文字、ハイフンだけです。")

    @classmethod
    def of(cls, postal_code: str, rest: str) -> PostalBarcode:
        """Return the bar code for a postal code and the address after the part the postal code names.

        263-0023 and 「3丁目30-8 郵便ビル403号」 give 2630023 and 3-30-8-403.
        """
        return cls(PostalCode.parse(postal_code), address_number(rest))

    @property
    def characters(self) -> tuple[str, ...]:
        """The 21 characters between the marks: postal code, address number, check character."""
        body = [*self.postal_code.value]
        for character in self.address_number:
            body += _letter(character) if character.isalpha() else [character]
        body = (body + ["CC4"] * _LENGTH)[: 7 + _LENGTH]
        check = -sum(_VALUES[character] for character in body) % len(_CHARACTERS)
        return (*body, _CHARACTERS[check])

    @property
    def bars(self) -> str:
        """The 67 bars from left to right: 1 long, 2 upper half, 3 lower half, 4 timing."""
        return _START + "".join(_BARS[character] for character in self.characters) + _STOP


def _letter(letter: str) -> list[str]:
    """Return the control code and digit of a capital letter: A is CC1 0, K is CC2 0, Z is CC3 5."""
    control, digit = divmod(ord(letter) - ord("A"), 10)
    return [f"CC{control + 1}", str(digit)]


_KANJI_COUNTED = re.compile(r"([一二三四五六七八九十百千]+)(?=丁目|丁|番地|番|号|地割|線|の|ノ)")
_DROPPED = re.compile(r"[&/・.]")
_FLOOR = re.compile(r"(?<=\d)F(?![A-Z])")
_NOT_KEPT = re.compile(r"[A-Z]{2,}|[^0-9A-Z-]")
_HYPHENS = re.compile(r"-+")
_BESIDE_LETTER = re.compile(r"(?<=[A-Z])-|-(?=[A-Z])")


def address_number(rest: str) -> str:
    """Return the characters of an address that go into the bar code (住所表示番号の抜き出し).

    Kept are numbers, single letters and hyphens; everything else, words of two letters and the F of a floor part them.
    「東3丁目-20-5 郵便・A&bコーポB604号」 gives 3-20-5B604, 「9丁目7-6 郵便シティA棟1F1号」 gives 9-7-6A1-1.

    Args:
        rest: the address after the part named by the postal code (町域より後).
    """
    text = unicodedata.normalize("NFKC", rest).upper()
    text = re.sub(r"[‐–−ー]", "-", text)
    text = _KANJI_COUNTED.sub(lambda match: arabic(match[1]), text)
    text = _FLOOR.sub("-", _DROPPED.sub("", text))
    text = _HYPHENS.sub("-", _NOT_KEPT.sub("-", text)).strip("-")
    return _BESIDE_LETTER.sub("", text)
