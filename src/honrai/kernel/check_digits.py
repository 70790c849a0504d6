"""The arithmetic of check digits. Each takes the body as ASCII digits, without the check digit, and returns one digit."""

from __future__ import annotations

_WEIGHTS_2_TO_7 = (2, 3, 4, 5, 6, 7)
_DOUBLED = tuple(sum(map(int, str(2 * digit))) for digit in range(10))


def mod11_weights_2_to_7(body: str) -> int:
    """Return the check digit of 個人番号 and 住民票コード: weights 2 to 7 and again from 2, from the right, modulo 11.

    A remainder of 0 or 1 gives 0, any other 11 less the remainder.

    Legal source:
        行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び個人番号カード並びに情報提供
        ネットワークシステムによる特定個人情報の提供等に関する省令 (平成26年総務省令第85号) 第5条.
    """
    remainder = sum(int(digit) * _WEIGHTS_2_TO_7[n % 6] for n, digit in enumerate(reversed(body))) % 11
    return 0 if remainder <= 1 else 11 - remainder


def mod9_weights_1_2(body: str) -> int:
    """Return the leading check digit of 法人番号: weights 1, 2, 1 ... from the right; 9 less the remainder modulo 9.

    Legal source:
        法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条.
    """
    return 9 - sum(int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(body))) % 9


def mod11_municipality(body: str) -> int:
    """Return the check digit of 団体コード: weights 6 to 2 from the left, last digit of 11 less the sum modulo 11.

    Source: 総務省 全国地方公共団体コード仕様.
    """
    total = sum(int(digit) * weight for digit, weight in zip(body, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10


def mod10_weights_2_1(body: str) -> int:
    """Return the check digit of 保険者番号, 公費負担者番号, 受給者番号 and 医療機関コード.

    Weights 2, 1, 2 ... from the right; the digits of a two-digit product are added; 10 less the last digit of the sum.

    Source: 昭和51年8月7日 保発第45号・庁保発第34号 (保険者番号等の設定).
    """
    total = sum(int(digit) if n % 2 else _DOUBLED[int(digit)] for n, digit in enumerate(reversed(body)))
    return (10 - total) % 10


def mod10_weights_3_1(body: str) -> int:
    """Return the check digit of GS1 numbers: weights 3, 1, 3 ... from the right; 10 less the last digit of the sum.

    Source: GS1 General Specifications 7.9.
    """
    total = sum(int(digit) * (1 if n % 2 else 3) for n, digit in enumerate(reversed(body)))
    return (10 - total) % 10
