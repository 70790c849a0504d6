"""Reads what a person typed or wrote into one box and gives the normalised value, or says how to mend it.

Every function takes text without outer spaces and raises `Invalid` with a Japanese sentence.
Names keep their code points: only width of digits, kana and spaces is normalised, never a kanji.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from honrai.kernel.digit_code import fold_digits
from honrai.kernel.errors import Invalid
from honrai.kernel.kana import SMALL_TO_LARGE
from honrai.kernel.medical_codes import InsurerNumber, MedicalInstitutionCode, RecipientNumber
from honrai.kernel.personal_number import Suspicion, find_personal_numbers
from honrai.kernel.public_codes import CorporateNumber
from honrai.kernel.wareki import parse_date
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen

_YES = {"はい", "有", "あり", "する", "同意する", "true", "1", "○", "レ", "on"}
_NO = {"いいえ", "無", "なし", "しない", "同意しない", "false", "0", "×", "off"}
_KANA = re.compile(r"[ァ-ヶー・ 　()（）A-Za-zＡ-Ｚａ-ｚ.．-]+")
_HOLDER = re.compile(r"[ァ-ヶーA-Z0-9 ().\-/,「」]+")


def text(raw: str) -> str:
    """Return one line of text; control characters are refused."""
    if any(unicodedata.category(letter) == "Cc" for letter in raw):
        raise Invalid("text-control", "改行や見えない文字が入っています。入力し直してください。")
    return _without_personal_number(_limited(raw, 200))


def long_text(raw: str) -> str:
    """Return text that may hold line ends."""
    return _without_personal_number(_limited(raw.replace("\r\n", "\n"), 2000))


def person_name(raw: str) -> str:
    """Return a name with one full-width space between the parts; kanji and variation selectors stay as they are."""
    parts = text(raw).replace("　", " ").split()
    if any(letter.isdigit() for letter in raw):
        raise Invalid("name-digits", "氏名に数字が入っています。氏名だけを入力してください。")
    return "　".join(parts)


def kana(raw: str) -> str:
    """Return a reading in full-width katakana, parts set apart by one full-width space; hiragana is turned."""
    folded = "".join(_to_katakana(letter) for letter in unicodedata.normalize("NFKC", raw))
    if not _KANA.fullmatch(folded):
        raise Invalid("kana-letters", "フリガナはカタカナで入力してください(例: クマモト ハナコ)。")
    return "　".join(folded.split())


def day(raw: str) -> date:
    """Return a day typed as 令和8年4月1日, R080401, 20260401 or 2026-04-01."""
    return parse_date(raw)


def month(raw: str) -> date:
    """Return the first day of a month typed as 令和8年4月, R8.4, 202604 or 2026-04."""
    return YearMonth.parse(raw).first


def yes_no(raw: str) -> bool:
    """Return the answer to a yes-or-no question, as a mark, a word or true/false."""
    folded = raw.strip().lower()
    if folded in _YES or folded in _NO:
        return folded in _YES
    raise Invalid("yes-no", "「はい」か「いいえ」で答えてください。")


def whole(raw: str) -> int:
    """Return a whole number, zero or more; commas and full-width digits are read."""
    folded = unicodedata.normalize("NFKC", raw).replace(",", "")
    if not folded.isascii() or not folded.isdigit() or len(folded) > 12:
        raise Invalid("whole", "0以上の整数を数字だけで入力してください。")
    return int(folded)


def decimal(raw: str) -> Decimal:
    """Return a number with decimals, zero or more (an area, a rate)."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", raw).replace(",", ""))
    except InvalidOperation:
        raise Invalid("decimal", "数字で入力してください(例: 1200.5)。") from None
    if not number.is_finite() or number < 0 or number >= 10**12:
        raise Invalid("decimal-range", "0以上の数字で入力してください。")
    return number


def yen(raw: str) -> int:
    """Return an amount in whole yen, zero or more."""
    amount = int(Yen.parse(raw))
    if amount < 0:
        raise Invalid("yen-negative", "金額は0円以上で入力してください。")
    return amount


def phone(raw: str) -> str:
    """Return a telephone number with hyphens as typed, or none; 10 or 11 digits, beginning with 0."""
    folded = re.sub(r"[‐‑–—−ーｰ]", "-", unicodedata.normalize("NFKC", raw)).replace(" ", "")
    bare = re.sub(r"[-()]", "", folded)
    if not re.fullmatch(r"0\d{9,10}", bare):
        raise Invalid("phone", "電話番号は市外局番から10桁か11桁で入力してください(例: 096-328-0000)。")
    return folded


def email(raw: str) -> str:
    """Return a mail address in half width."""
    folded = unicodedata.normalize("NFKC", raw)
    if not re.fullmatch(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+", folded):
        raise Invalid("email", "メールアドレスの形になっていません(例: name@example.jp)。")
    return _limited(folded, 254)


def postcode(raw: str) -> str:
    """Return a postcode as seven digits."""
    return digits(7)(unicodedata.normalize("NFKC", raw).removeprefix("〒"))


def digits(count: int) -> Callable[[str], str]:
    """Return a reader of exactly `count` digits; spaces and dashes are dropped."""

    def read(raw: str) -> str:
        bare = number_text(raw)
        if len(bare) != count:
            raise Invalid("digits-count", f"{count}桁の数字で入力してください(入力されたのは{len(bare)}桁です)。")
        return bare

    return read


def number_text(raw: str) -> str:
    """Return digits only, leading zeros kept."""
    bare = fold_digits(raw)
    if not (bare.isascii() and bare.isdigit()):
        raise Invalid("digits", "数字だけで入力してください。")
    return _limited(bare, 30)


def account_number(raw: str) -> str:
    """Return seven digits; fewer are filled with zeros on the left as banks do."""
    bare = number_text(raw)
    if not 1 <= len(bare) <= 7:
        raise Invalid("account-number", "口座番号は7桁までの数字で入力してください。")
    return bare.zfill(7)


def account_holder(raw: str) -> str:
    """Return the holder as banks write it: full-width katakana, no small letters, one space between the parts.

    Source: domain/tax.md 1.7 (全銀協規定フォーマットの文字: 小書きのカナは使わない).
    """
    folded = "".join(_to_katakana(letter) for letter in unicodedata.normalize("NFKC", raw)).upper()
    folded = folded.translate(SMALL_TO_LARGE).replace("・", ".")
    if not _HOLDER.fullmatch(folded):
        raise Invalid("account-holder", "口座名義は通帳の表記どおりカタカナで入力してください。")
    return " ".join(folded.split())


def yucho_symbol(raw: str) -> str:
    """Return the five digits of a Japan Post Bank symbol; it begins with 0 or 1."""
    bare = digits(5)(raw)
    if bare[0] not in "01":
        raise Invalid("yucho-symbol", "ゆうちょの記号は0か1で始まる5桁です。通帳を確かめてください。")
    return bare


def yucho_number(raw: str) -> str:
    """Return the number of a Japan Post Bank account, two to eight digits."""
    bare = number_text(raw)
    if not 2 <= len(bare) <= 8:
        raise Invalid("yucho-number", "ゆうちょの番号は8桁までの数字で入力してください。")
    return bare


def _without_personal_number(value: str) -> str:
    """Refuse a number the writer calls 個人番号: it is never stored; other twelve digits pass.

    Legal source:
        番号法第20条 (収集・保管の制限).
    """
    if any(found.suspicion is Suspicion.NAMED for found in find_personal_numbers(value)):
        raise Invalid("personal-number", "個人番号(マイナンバー)は書かないでください。番号を消してから進んでください。")
    return value


def _limited(value: str, limit: int) -> str:
    if len(value) > limit:
        raise Invalid("too-long", f"{limit}字以内で入力してください(今は{len(value)}字です)。")
    return value


def _to_katakana(letter: str) -> str:
    return chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter


def insurer_number(raw: str) -> str:
    """Return an insurer number, 8 digits or 6 (national health insurance), with its check digit verified."""
    return InsurerNumber.parse(raw).value


def beneficiary_number(raw: str) -> str:
    """Return a 受給者番号 of seven digits; local schemes need not use a check digit."""
    return RecipientNumber.parse(raw).value


def institution_code(raw: str) -> str:
    """Return a 10-digit code of a medical institution (prefecture 2, table 1, number 7 with check digit)."""
    return MedicalInstitutionCode.parse(raw).value


def corporate_number(raw: str) -> str:
    """Return a 13-digit corporate number; the first digit checks the others."""
    return CorporateNumber.parse(raw).value
