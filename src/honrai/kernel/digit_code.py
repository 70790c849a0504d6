"""What all codes made of digits share: reading what people type, the number of digits, one way to refuse."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar, Self

from honrai.kernel.errors import Invalid

_SEPARATORS = re.compile(r"[\s\-‐–−ー.]+")


def fold_digits(text: str) -> str:
    """Return text in half width without spaces and hyphens: `１２３-４５６` becomes `123456`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SEPARATORS.sub("", text)


def is_digits(text: str, *lengths: int) -> bool:
    """Return whether text is only ASCII digits and as long as one of the lengths."""
    return len(text) in lengths and text.isascii() and text.isdecimal()


@dataclass(frozen=True, slots=True, order=True)
class DigitCode:
    """A code of digits kept as text, since leading zeros count.

    Attributes:
        value: ASCII digits only, checked on creation.
    """

    value: str

    label: ClassVar[str]
    error_code: ClassVar[str]
    lengths: ClassVar[tuple[int, ...]]

    def __post_init__(self) -> None:
        if not is_digits(self.value, *self.lengths):
            digits = "桁又は".join(map(str, self.lengths))
            raise Invalid(f"{self.error_code}-digits", f"{self.label}は数字{digits}桁で入力してください。")
        self._check()

    def __str__(self) -> str:
        return self.value

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code a person typed, in any width, with or without spaces and hyphens.

        Raises:
            Invalid: wrong number of digits, or the check digit does not fit.
        """
        return cls(fold_digits(text))

    @classmethod
    def is_valid(cls, value: str) -> bool:
        """Return whether folded text is such a code."""
        try:
            cls(value)
        except Invalid:
            return False
        return True

    def _check(self) -> None:
        """Raise Invalid when the digits do not fit together."""

    def _require(self, fits: bool) -> None:
        """Raise Invalid for a check digit that does not fit; never says which digit would."""
        if not fits:
            message = f"{self.label}の検査数字が合いません。書き写しの誤りがないか、原本と1桁ずつ見比べてください。"
            raise Invalid(f"{self.error_code}-check", message)

    def _require_prefecture(self, digits: str) -> None:
        """Raise Invalid when two digits are no prefecture code (01 to 47)."""
        if not 1 <= int(digits) <= 47:
            raise Invalid(f"{self.error_code}-prefecture", f"{self.label}の都道府県番号が01から47の間にありません。")
