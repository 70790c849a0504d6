"""The GS1-128 barcode of payment slips taken at convenience stores: 44 digits with a check digit at the end.

Layout: AI `91`, biller 6, free 21, reissue 1, due date YYMMDD 6 (999999 none), stamp duty 1, amount 6, check 1.
Source: 流通システム開発センター「標準料金代理収納ガイドライン」.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from honrai.kernel.check_digits import mod10_weights_3_1
from honrai.kernel.digit_code import fold_digits, is_digits
from honrai.kernel.errors import Invalid
from honrai.kernel.yen import Yen

#: Above this amount a slip bears no barcode (収入印紙・取扱上限).
MAXIMUM = Yen(300_000)
_NO_DUE = "999999"


@dataclass(frozen=True, slots=True)
class ConvenienceBarcode:
    """What the barcode of one slip says.

    Attributes:
        biller: 請求書発行企業コード, 6 digits.
        free: 自由使用欄, 21 digits, filled with 0 at the end.
        reissue: times the slip was issued again, 0 to 9.
        due: last day the stores take it (支払期限); None for no limit.
        stamp: stamp duty mark, 0 for public dues.
        amount: 1 to 300,000 yen.
    """

    biller: str
    free: str
    reissue: int
    due: date | None
    amount: Yen
    stamp: int = 0

    def __post_init__(self) -> None:
        if not is_digits(self.biller, 6) or not is_digits(self.free, 21):
            raise Invalid("slip-digits", "請求書発行企業コードは数字6桁、自由使用欄は数字21桁です。")
        if not (0 <= self.reissue <= 9 and 0 <= self.stamp <= 1):
            raise Invalid("slip-marks", "再発行区分は0から9、印紙フラグは0か1です。")
        if not Yen(1) <= self.amount <= MAXIMUM:
            raise Invalid("slip-amount", f"バーコードは1円から{MAXIMUM}までの納付書にだけ付けられます。")
        if self.due and not 2000 <= self.due.year <= 2098:
            raise Invalid("slip-due", "支払期限は西暦2000年から2098年までの日付にしてください。")

    @property
    def digits(self) -> str:
        """The 44 digits with the check digit."""
        due = f"{self.due:%y%m%d}" if self.due else _NO_DUE
        body = f"91{self.biller}{self.free}{self.reissue}{due}{self.stamp}{self.amount.amount:06}"
        return body + str(mod10_weights_3_1(body))

    @property
    def printed(self) -> str:
        """The digits as printed below the bars: (91) and the groups of the guideline."""
        d = self.digits
        return f"(91){d[2:8]}-{d[8:29]}{d[29]}-{d[30:36]}-{d[36]}-{d[37:43]}-{d[43]}"

    @classmethod
    def parse(cls, text: str) -> ConvenienceBarcode:
        """Return what scanned or typed digits say.

        Raises:
            Invalid: not 44 digits beginning with 91, a check digit that does not fit, or no such date.
        """
        digits = fold_digits(text.replace("(", "").replace(")", ""))
        if not is_digits(digits, 44) or not digits.startswith("91"):
            raise Invalid("slip-digits", "納付書のバーコードは91で始まる数字44桁です。読み取り直してください。")
        if int(digits[43]) != mod10_weights_3_1(digits[:43]):
            raise Invalid("slip-check", "納付書のバーコードの検査数字が合いません。読み取り直してください。")
        return cls(
            biller=digits[2:8],
            free=digits[8:29],
            reissue=int(digits[29]),
            due=_due(digits[30:36]),
            stamp=int(digits[36]),
            amount=Yen(int(digits[37:43])),
        )


def _due(digits: str) -> date | None:
    """Return the date of YYMMDD, None for 999999."""
    if digits == _NO_DUE:
        return None
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        raise Invalid("slip-due", "納付書のバーコードの支払期限が日付として読めません。") from None
