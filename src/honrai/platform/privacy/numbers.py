"""Keeps 個人番号 out of what people type: found, refused, or masked before anything is stored.

Legal source:
    番号法第19条, 第20条 (提供・収集・保管の制限).
"""

from collections.abc import Mapping
from typing import Any

from honrai.kernel.personal_number import Finding, find_personal_numbers, mask_personal_numbers
from honrai.platform.errors import Invalid


def screen(text: str) -> list[Finding]:
    """Return every place in a text that is likely a 個人番号; the digits themselves are not kept."""
    return find_personal_numbers(text)


def mask(text: str) -> str:
    """Return the text with the digits of every likely 個人番号 replaced by ＊."""
    return mask_personal_numbers(text, screen(text))


def check_no_personal_number(values: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> None:
    """Refuse values that likely hold a 個人番号; texts inside lists and tables are read, too.

    Args:
        values: field id -> value, as it would be stored.
        labels: field id -> what the field is called on the page.

    Raises:
        Invalid: names the field, never the number, and says how to mend it.
    """
    for name, value in values.items():
        if _holds(value):
            label = (labels or {}).get(name, "")
            where = f"「{label}」" if label else "入力した文"
            raise Invalid(
                f"{where}に個人番号（マイナンバー）と思われる12桁の数字があります。"
                "個人番号は書かないでください。番号を消すか＊に置き換えてから、もう一度送ってください"
            )


def _holds(value: Any) -> bool:
    if isinstance(value, str):
        return bool(screen(value))
    if isinstance(value, Mapping):
        return any(_holds(one) for one in value.values())
    return isinstance(value, list | tuple) and any(_holds(one) for one in value)
