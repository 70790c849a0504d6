"""Codes of corporations, local governments and residents.

個人番号 is deliberately not among them: nothing in the house stores it (`personal_number` only recognises it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from honrai.kernel.check_digits import mod9_weights_1_2, mod11_municipality, mod11_weights_2_to_7
from honrai.kernel.digit_code import DigitCode, fold_digits, is_digits


@dataclass(frozen=True, slots=True, order=True)
class CorporateNumber(DigitCode):
    """法人番号: 13 digits, the first of which checks the others.

    Legal source:
        法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条.
    """

    label: ClassVar[str] = "法人番号"
    error_code: ClassVar[str] = "corporate-number"
    lengths: ClassVar[tuple[int, ...]] = (13,)

    def _check(self) -> None:
        self._require(int(self.value[0]) == mod9_weights_1_2(self.value[1:]))


@dataclass(frozen=True, slots=True, order=True)
class MunicipalityCode(DigitCode):
    """全国地方公共団体コード: prefecture 2, municipality 3, check digit 1.

    Source: 総務省 全国地方公共団体コード仕様.
    """

    label: ClassVar[str] = "団体コード"
    error_code: ClassVar[str] = "municipality-code"
    lengths: ClassVar[tuple[int, ...]] = (6,)

    def _check(self) -> None:
        self._require_prefecture(self.value[:2])
        self._require(int(self.value[5]) == mod11_municipality(self.value[:5]))

    @classmethod
    def parse(cls, text: str) -> MunicipalityCode:
        """Return the code a person typed; five digits, as files often carry, get their check digit.

        Raises:
            Invalid: wrong number of digits, no such prefecture, or the check digit does not fit.
        """
        digits = fold_digits(text)
        return cls(digits + str(mod11_municipality(digits)) if is_digits(digits, 5) else digits)

    @property
    def prefecture(self) -> str:
        """The two digits of the prefecture (熊本県 43)."""
        return self.value[:2]

    @property
    def without_check(self) -> str:
        """The five digits files carry where the check digit is left off."""
        return self.value[:5]


@dataclass(frozen=True, slots=True, order=True)
class ResidentCode(DigitCode):
    """住民票コード: 10 digits drawn at random and a check digit.

    Legal source:
        住民基本台帳法施行規則第1条.
    """

    label: ClassVar[str] = "住民票コード"
    error_code: ClassVar[str] = "resident-code"
    lengths: ClassVar[tuple[int, ...]] = (11,)

    def _check(self) -> None:
        self._require(int(self.value[10]) == mod11_weights_2_to_7(self.value[:10]))


@dataclass(frozen=True, slots=True, order=True)
class PostalCode(DigitCode):
    """郵便番号: 7 digits without a check digit."""

    label: ClassVar[str] = "郵便番号"
    error_code: ClassVar[str] = "postal-code"
    lengths: ClassVar[tuple[int, ...]] = (7,)

    @classmethod
    def parse(cls, text: str) -> PostalCode:
        """Return the code a person typed, with or without 〒 and hyphen.

        Raises:
            Invalid: not seven digits.
        """
        return cls(fold_digits(text.replace("〒", "")))

    @property
    def printed(self) -> str:
        """The code as written on mail: 〒860-0806."""
        return f"〒{self.value[:3]}-{self.value[3:]}"
