"""Which characters may stand in a field of each type; a recogniser never reads another."""

from collections.abc import Mapping
from types import MappingProxyType

DIGITS = "0123456789"
_KATAKANA = "".join(chr(code) for code in range(0x30A1, 0x30F5)) + "ー"
_HOLDER = _KATAKANA + DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ().-/"
_FIGURES = (
    "date_era",
    "year_month",
    "whole",
    "yen",
    "phone",
    "postcode",
    "insurer_number",
    "beneficiary_number",
    "institution_code",
    "bank_code",
    "branch_code",
    "account_number",
    "yucho_symbol",
    "yucho_number",
    "notice_number",
    "corporate_number",
)
#: By field type; a type that is not listed may hold any character.
ALPHABETS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(_FIGURES, DIGITS)
    | {
        "kana": _KATAKANA,
        "account_holder": _HOLDER,
        "decimal": DIGITS + ".",
        "email": DIGITS + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@.-_+",
        "insured_symbol": "",
    }
)


def alphabet_of(kind: str) -> str:
    """Return the characters a field of this type may hold, empty for any."""
    return ALPHABETS.get(kind, "")
