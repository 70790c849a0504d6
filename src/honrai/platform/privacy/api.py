"""The door to privacy."""

from honrai.platform.privacy.numbers import check_no_personal_number, mask, screen

__all__ = ["check_no_personal_number", "mask", "screen"]
