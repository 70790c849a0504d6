"""Codes on health insurance papers and medical claims, all checked by the same modulo 10 arithmetic.

Source: 昭和51年8月7日 保発第45号・庁保発第34号 (保険者番号等の設定); 診療報酬請求書等の記載要領.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from honrai.kernel.check_digits import mod10_weights_2_1
from honrai.kernel.digit_code import DigitCode, fold_digits, is_digits
from honrai.kernel.errors import Invalid
from honrai.kernel.law_data import read_law_data

#: 点数表 by its number on a claim.
POINT_TABLES = {"1": "医科", "3": "歯科", "4": "調剤", "6": "訪問看護"}


def kind_name(kind: str) -> str:
    """Return the name of a 法別番号, "" for a local scheme (80 and up) or one not listed."""
    name: str = read_law_data("payer_kinds")["kinds"].get(kind, "")
    return name


@dataclass(frozen=True, slots=True, order=True)
class InsurerNumber(DigitCode):
    """保険者番号: 8 digits (法別 2, prefecture 2, insurer 3, check 1), or 6 for 国民健康保険, which has no 法別."""

    label: ClassVar[str] = "保険者番号"
    error_code: ClassVar[str] = "insurer-number"
    lengths: ClassVar[tuple[int, ...]] = (8, 6)

    def _check(self) -> None:
        self._require_prefecture(self.value[-6:-4])
        self._require(int(self.value[-1]) == mod10_weights_2_1(self.value[:-1]))

    @classmethod
    def parse(cls, text: str) -> InsurerNumber:
        """Return the number a person typed or a file carries; `  138016` and `00138016` are 国民健康保険 138016.

        Raises:
            Invalid: wrong number of digits, no such prefecture, or the check digit does not fit.
        """
        digits = fold_digits(text)
        return cls(digits[2:] if len(digits) == 8 and digits.startswith("00") else digits)

    @property
    def kind(self) -> str:
        """The 法別番号, "" for 国民健康保険."""
        return self.value[:-6]

    @property
    def prefecture(self) -> str:
        """The two digits of the prefecture."""
        return self.value[-6:-4]

    @property
    def padded(self) -> str:
        """Eight characters as claim files carry it: 国民健康保険 with two leading spaces."""
        return self.value.rjust(8)


@dataclass(frozen=True, slots=True, order=True)
class PublicPayerNumber(DigitCode):
    """公費負担者番号: 法別 2, prefecture 2, payer 3, check 1. Local schemes have kinds from 80 on."""

    label: ClassVar[str] = "公費負担者番号"
    error_code: ClassVar[str] = "public-payer-number"
    lengths: ClassVar[tuple[int, ...]] = (8,)

    def _check(self) -> None:
        self._require_prefecture(self.value[2:4])
        self._require(int(self.value[7]) == mod10_weights_2_1(self.value[:7]))

    @property
    def kind(self) -> str:
        """The 法別番号."""
        return self.value[:2]

    @property
    def prefecture(self) -> str:
        """The two digits of the prefecture."""
        return self.value[2:4]


@dataclass(frozen=True, slots=True, order=True)
class RecipientNumber(DigitCode):
    """受給者番号: 7 digits. National schemes end in a check digit; local schemes may not, so it only warns."""

    label: ClassVar[str] = "受給者番号"
    error_code: ClassVar[str] = "recipient-number"
    lengths: ClassVar[tuple[int, ...]] = (7,)

    @classmethod
    def parse(cls, text: str) -> RecipientNumber:
        """Return the number a person typed; shorter numbers of local schemes get zeros in front.

        Raises:
            Invalid: not digits, or more than seven.
        """
        digits = fold_digits(text)
        return cls(digits.zfill(7) if digits else digits)

    @property
    def warning(self) -> str | None:
        """Words to show when the last digit is no check digit; None when it is."""
        if int(self.value[6]) == mod10_weights_2_1(self.value[:6]):
            return None
        return "受給者番号の検査数字が合いません。検査数字を使わない制度でなければ、受給者証と見比べてください。"


@dataclass(frozen=True, slots=True, order=True)
class MedicalInstitutionCode(DigitCode):
    """医療機関コード in full: prefecture 2, 点数表 1, then the 7 digits an institution writes (the last checks all)."""

    label: ClassVar[str] = "医療機関コード"
    error_code: ClassVar[str] = "medical-institution-code"
    lengths: ClassVar[tuple[int, ...]] = (10,)

    def _check(self) -> None:
        self._require_prefecture(self.value[:2])
        if self.value[2] not in POINT_TABLES:
            known = "、".join(f"{number}({name})" for number, name in POINT_TABLES.items())
            raise Invalid("medical-institution-code-table", f"医療機関コードの点数表番号は {known} のどれかです。")
        self._require(int(self.value[9]) == mod10_weights_2_1(self.value[:9]))

    @classmethod
    def of(cls, code: str, *, prefecture: str, point_table: str) -> MedicalInstitutionCode:
        """Return the full code from the seven digits on a claim, whose check digit needs prefecture and 点数表.

        Raises:
            Invalid: not seven digits, an unknown prefecture or 点数表, or the check digit does not fit.
        """
        digits = fold_digits(code)
        if not is_digits(digits, 7):
            raise Invalid("medical-institution-code-digits", "医療機関コードは数字7桁で入力してください。")
        return cls(prefecture + point_table + digits)

    @property
    def prefecture(self) -> str:
        """The two digits of the prefecture."""
        return self.value[:2]

    @property
    def point_table(self) -> str:
        """The number of the 点数表 (1 医科, 3 歯科, 4 調剤, 6 訪問看護)."""
        return self.value[2]

    @property
    def short(self) -> str:
        """The seven digits an institution writes."""
        return self.value[3:]
