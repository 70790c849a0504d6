"""The closed list of field types: what a box on a form may hold.

A type says how an answer is read, normalised, kept and shown. The input widget, the box on the printed form and the
character reader for paper register under the same key on their own floors; a pack can only use a key of this list.
docs/reference/pack-format.md describes each type; a test compares the two.

Values in use are str, bool, int, Decimal, date or a tuple of str; `encode` and `decode` turn them into JSON and back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import format_wareki
from honrai.procedures.rules import field_parsers as read


@dataclass(frozen=True)
class FieldType:
    """One type of field.

    Attributes:
        key: name in form.yaml, stable for ever.
        label: Japanese name of the type.
        hint: example shown under the question; a field may replace it.
        feel: type the value has in rules: string, number, boolean, date or list.
        read: turns what was typed into the value; raises `Invalid` with a Japanese sentence.
        centre_may_fix: whether a contractor may repair an obvious slip (never an account, an amount, consent,
            a signature or a statement of fact).
    """

    key: str
    label: str
    hint: str
    feel: str
    read: Callable[[str], Any]
    centre_may_fix: bool = False

    def parse(self, raw: Any, options: tuple[str, ...] = ()) -> Any:
        """Return the normalised value of an answer.

        Args:
            raw: text as typed or written, or a value already of the right kind (a list for `choices`).
            options: the allowed answers of `choice` and `choices`.

        Raises:
            Invalid: the answer cannot be of this type; the message says how to mend it.
        """
        if self.key == "choices":
            entries = [str(one).strip() for one in raw] if isinstance(raw, list | tuple) else str(raw).split("、")
            return tuple(_listed(one, options) for one in entries if one)
        if isinstance(raw, date | bool | int | Decimal):
            return self._typed(raw)
        text = str(raw).strip()
        return _listed(text, options) if self.key == "choice" else self.read(text)

    def _typed(self, raw: Any) -> Any:
        """Accept a value that is already typed, as YAML and JSON give it, when it suits the type."""
        if self.feel == "boolean" and isinstance(raw, bool):
            return raw
        if self.feel == "date" and isinstance(raw, date):
            return raw.replace(day=1) if self.key == "year_month" else raw
        if isinstance(raw, bool | date):
            raise Invalid("field-kind", f"{self.label}として読めません。{self.hint}")
        return self.read(str(raw))

    def encode(self, value: Any) -> Any:
        """Return the JSON form of a value: dates as 2026-04-01, decimals as text."""
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):
            return list(value)
        return str(value) if isinstance(value, Decimal) else value

    def decode(self, stored: Any) -> Any:
        """Return the value of its JSON form."""
        if self.feel == "date" and isinstance(stored, str):
            return date.fromisoformat(stored)
        if self.feel == "list" and isinstance(stored, list):
            return tuple(stored)
        return Decimal(stored) if self.key == "decimal" and isinstance(stored, str) else stored

    def show(self, value: Any) -> str:
        """Return the value as a letter or a screen prints it."""
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        if self.key == "year_month" and isinstance(value, date):
            return format_wareki(value).rpartition("月")[0] + "月"
        if isinstance(value, date):
            return format_wareki(value)
        if isinstance(value, tuple):
            return "、".join(value)
        return f"{value:,}円" if self.key == "yen" else str(value)


def _listed(text: str, options: tuple[str, ...]) -> str:
    if text not in options:
        raise Invalid("choice-unknown", f"次の中から選んでください: {'・'.join(options)}")
    return text


_LISTED = (
    FieldType("text", "文字", "1行で入力してください。", "string", read.text, True),
    FieldType("long_text", "文章", "改行できます。2,000字まで。", "string", read.long_text),
    FieldType("person_name", "氏名", "姓と名の間を空けてください(例: 熊本 花子)。", "string", read.person_name, True),
    FieldType("kana", "フリガナ", "カタカナで入力してください(例: クマモト ハナコ)。", "string", read.kana, True),
    FieldType("date_era", "年月日", "例: 令和8年4月1日、R080401、20260401", "date", read.day, True),
    FieldType("year_month", "年月", "例: 令和8年4月、202604", "date", read.month, True),
    FieldType("yes_no", "はい・いいえ", "どちらかを選んでください。", "boolean", read.yes_no),
    FieldType("consent", "同意", "内容を読み、同意するときに印を付けてください。", "boolean", read.yes_no),
    FieldType("signature", "署名", "本人が自署してください。", "boolean", read.yes_no),
    FieldType("choice", "選択", "1つ選んでください。", "string", read.text),
    FieldType("choices", "複数選択", "当てはまるものをすべて選んでください。", "list", read.text),
    FieldType("whole", "整数", "数字だけで入力してください。", "number", read.whole),
    FieldType("decimal", "数", "数字で入力してください(例: 1200.5)。", "number", read.decimal),
    FieldType("yen", "金額", "円単位の整数で入力してください(例: 12300)。", "number", read.yen),
    FieldType("phone", "電話番号", "例: 096-328-0000", "string", read.phone, True),
    FieldType("email", "メールアドレス", "例: name@example.jp", "string", read.email, True),
    FieldType("postcode", "郵便番号", "7桁の数字(例: 860-8601)。", "string", read.postcode, True),
    FieldType("address", "住所", "都道府県から、番地・部屋番号まで入力してください。", "string", read.text, True),
    FieldType("insurer_number", "保険者番号", "8桁(国民健康保険は6桁)の数字。", "string", read.insurer_number, True),
    FieldType("insured_symbol", "記号・番号", "資格確認書などのとおりに入力してください。", "string", read.text, True),
    FieldType("beneficiary_number", "受給者番号", "7桁の数字。", "string", read.beneficiary_number, True),
    FieldType("institution_code", "医療機関コード", "10桁の数字。", "string", read.institution_code, True),
    FieldType("bank_code", "金融機関コード", "4桁の数字(ゆうちょ銀行は9900)。", "string", read.digits(4)),
    FieldType("branch_code", "支店コード", "3桁の数字。", "string", read.digits(3)),
    FieldType(
        "account_number",
        "口座番号",
        "7桁の数字。足りないときは左に0を付けてください。",
        "string",
        read.account_number,
    ),
    FieldType(
        "account_holder",
        "口座名義カナ",
        "通帳のとおりにカタカナで入力してください。",
        "string",
        read.account_holder,
    ),
    FieldType("yucho_symbol", "ゆうちょ記号", "5桁の数字。0か1で始まります。", "string", read.yucho_symbol),
    FieldType("yucho_number", "ゆうちょ番号", "8桁までの数字。", "string", read.yucho_number),
    FieldType("notice_number", "通知書番号", "納税通知書に書かれた番号。", "string", read.number_text, True),
    FieldType(
        "certificate_number",
        "手帳・証書・免状の番号",
        "手帳や証書のとおりに入力してください。",
        "string",
        read.text,
        True,
    ),
    FieldType("corporate_number", "法人番号", "13桁の数字。", "string", read.corporate_number, True),
)

#: Every type a pack may use, by key.
TYPES: Mapping[str, FieldType] = MappingProxyType({entry.key: entry for entry in _LISTED})
