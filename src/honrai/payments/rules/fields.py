"""One field to bytes and back: N right-aligned with zeros, C left-aligned with spaces, JIS X 0201."""

from __future__ import annotations

from honrai.payments.rules.banks import Adapter
from honrai.payments.rules.layout import Field
from honrai.payments.rules.problems import FieldError

_CHAR: dict[int, str] = {code: chr(code) for code in range(0x20, 0x7F)}
_CHAR |= {0x5C: "¥", 0x7E: "‾"} | {code: chr(code - 0xA1 + 0xFF61) for code in range(0xA1, 0xE0)}
_BYTE = {char: code for code, char in _CHAR.items()}


def encode(field: Field, value: str | int | None, adapter: Adapter) -> bytes:
    """Return the field's bytes, exactly as many as its width.

    A code left out (None) is zeros, a name left out is spaces; an empty text is spaces where the layout allows blanks.

    Raises:
        FieldError: the value does not fit, is missing, or holds a character the bank does not take.
    """
    if field.kind == "filler":
        return b" " * field.width
    if field.const:
        value = field.const
    if field.required and value in (None, ""):
        raise FieldError("missing", "記入がありません。", "値を入れてください。")
    if field.kind == "text":
        return _encode_text(field, str(value or ""), adapter)
    if field.kind == "number":
        return _encode_number(field, value)
    return _encode_digits(field, value)


def decode(field: Field, raw: bytes, adapter: Adapter) -> str | int:
    """Return the field's value; blanks in a code the layout allows to be blank are an empty text.

    Raises:
        FieldError: not what the field may hold, with the place inside the field.
    """
    if field.kind == "filler":
        return ""
    if field.kind == "text":
        return _decode_text(field, raw, adapter)
    if field.blank and not raw.strip(b" "):
        return ""
    for offset, byte in enumerate(raw):
        if not 0x30 <= byte <= 0x39:
            remedy = "右詰めで左を0で埋めた数字に直したファイルを受け取ってください。"
            raise FieldError("not-digits", "数字でない文字があります。", remedy, offset)
    text = raw.decode("ascii")
    if field.kind == "number":
        return _checked_number(field, int(text))
    _check_codes(field, text)
    return text


def _encode_text(field: Field, text: str, adapter: Adapter) -> bytes:
    folded = adapter.fold(text, field.alphabet).rstrip(" ")
    if field.required and not folded:
        raise FieldError("missing", "空白だけです。", "値を入れてください。")
    _check_letters(field, folded, adapter)
    if len(folded) > field.width:
        remedy = f"濁点も1文字と数えて{field.width}文字以内の略した書き方に直してください。"
        raise FieldError("too-long", f"半角で{len(folded)}文字あり、{field.width}文字を超えています。", remedy)
    _check_codes(field, folded)
    return bytes(_BYTE[char] for char in folded).ljust(field.width)


def _check_letters(field: Field, text: str, adapter: Adapter) -> None:
    """Refuse a text that holds what the bank does not take."""
    if bad := adapter.refused(text, field.alphabet):
        reason = f"{adapter.name}で使えない文字があります: {bad} 。"
        raise FieldError(
            "character", reason, "通帳のカナ名義のとおりに、カナと使える記号で書き直してください。", text.index(bad[0])
        )


def _encode_number(field: Field, value: str | int | None) -> bytes:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise FieldError("not-number", "0以上の整数ではありません。", "円単位の整数にしてください。")
    number = _checked_number(field, value or 0)
    if len(str(number)) > field.width:
        raise FieldError("too-long", f"{field.width}桁を超えています。", "ファイルを分けるか、金額を確かめてください。")
    return str(number).zfill(field.width).encode("ascii")


def _checked_number(field: Field, number: int) -> int:
    if field.required and not number:
        raise FieldError("zero", "0円です。", "0円の明細は除いてください。")
    return number


def _encode_digits(field: Field, value: str | int | None) -> bytes:
    if value == "" and field.blank:
        return b" " * field.width
    text = "" if value is None else str(value)
    if text and not (text.isascii() and text.isdecimal()):
        raise FieldError("not-digits", "数字でない文字があります。", "半角の数字だけにしてください。")
    if len(text) > field.width or (field.exact and len(text) != field.width):
        raise FieldError("length", f"{len(text)}桁です。", f"{field.width}桁の数字にしてください。")
    filled = text.zfill(field.width)
    if text:
        _check_codes(field, filled)
    return filled.encode("ascii")


def _decode_text(field: Field, raw: bytes, adapter: Adapter) -> str:
    for offset, byte in enumerate(raw):
        if byte not in _CHAR:
            remedy = "JISコード(半角カナ)で作り直したファイルを受け取ってください。"
            raise FieldError("byte", f"JIS X 0201にない値 {byte:02X} があります。", remedy, offset)
    text = "".join(_CHAR[byte] for byte in raw).rstrip(" ")
    _check_letters(field, text, adapter)
    if field.required and not text:
        raise FieldError("missing", "記入がありません。", "値の入ったファイルを受け取ってください。")
    _check_codes(field, text)
    return text


def _check_codes(field: Field, text: str) -> None:
    """Refuse a code outside the list."""
    allowed = field.codes or ((field.const,) if field.const else ())
    if allowed and text not in allowed:
        words = "、".join(code or "空白" for code in allowed)
        raise FieldError("code", f"「{text}」は使えない値です。", f"{words} のどれかにしてください。")
