"""Small helpers of the pages about packs."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def split(words: str) -> list[str]:
    """Return the parts of a list written with commas."""
    return words.split(",")


@register.filter
def at(mapping: Mapping[str, str], key: str) -> str:
    """Return an entry of a mapping, "" where there is none."""
    return mapping.get(key, "")
