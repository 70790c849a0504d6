"""Filters every template may use: dates with their era, yen, days left."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from honrai.kernel.wareki import format_wareki

register = template.Library()


@register.filter
def era(value: date | datetime | None) -> SafeString | str:
    """Show 2026年4月1日（令和8年）: the western date with its era beside it."""
    if value is None:
        return ""
    day = localtime(value).date() if isinstance(value, datetime) else value
    return format_html(
        '{}年{}月{}日<span class="era">（{}）</span>',
        day.year,
        day.month,
        day.day,
        format_wareki(day).partition("年")[0] + "年",
    )


@register.filter
def moment(value: datetime | None) -> str:
    """Show a moment as 2026/4/1 9:05 in Tokyo."""
    if value is None:
        return ""
    local = localtime(value)
    return f"{local.year}/{local.month}/{local.day} {local.hour}:{local.minute:02}"


@register.filter
def count(value: int) -> str:
    """Show a number of things as 12,300."""
    return f"{value:,}"


@register.filter
def yen(value: int | None) -> str:
    """Show whole yen as 12,300円."""
    return "" if value is None else f"{value:,}円"
