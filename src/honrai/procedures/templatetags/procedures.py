"""Small helpers of the pages about packs."""

from django import template

register = template.Library()


@register.filter
def split(words: str) -> list[str]:
    """Return the parts of a list written with commas."""
    return words.split(",")
