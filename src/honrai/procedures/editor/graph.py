"""A parameter through time as a picture: steps for figures, bars for anything else; also told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Any

_W, _H, _LEFT, _TOP, _BOTTOM = 640.0, 150.0, 8.0, 26.0, 28.0
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Span:
    """A value from a day until the day before another; an open end is None."""

    start: date
    end: date | None
    value: Any
    to_confirm: bool = False


def spans_of(rows: Sequence[Any]) -> tuple[Span, ...]:
    """Return the spans of the `values` of a parameter, in order of their days; rows without a day are left out."""
    found = sorted(
        (
            Span(row["from"], row.get("to") if isinstance(row.get("to"), date) else None, row.get("value"), _open(row))
            for row in rows
            if isinstance(row, dict) and isinstance(row.get("from"), date)
        ),
        key=lambda span: span.start,
    )
    closed = [Span(a.start, a.end or b.start, a.value, a.to_confirm) for a, b in pairwise(found)]
    return (*closed, *found[-1:])


def drawn(name: str, spans: Sequence[Span], unit: str) -> str:
    """Return the picture as SVG, "" where there is nothing to draw."""
    if not spans:
        return ""
    first = spans[0].start
    last = max((span.end or span.start) for span in spans) + _YEAR
    figures = [Decimal(str(span.value)) for span in spans if _figure(span.value)]
    numeric = len(figures) == len(spans)
    top = max(figures, default=Decimal(1)) or Decimal(1)
    days = Decimal((last - first).days)
    parts = [
        _span(span, first, last, days, float(Decimal(str(span.value)) / top) if numeric else 0.5, unit)
        for span in spans
    ]
    words = "、".join(f"{span.start}から{_shown(span.value, unit)}" for span in spans)
    return (
        f'<svg class="timeline-graph" viewBox="0 0 {_W:.0f} {_H:.0f}" width="{_W:.0f}" height="{_H:.0f}" role="img"'
        f' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"><title>{escape(name)}の移り変わり: {escape(words)}</title>'
        f'<line x1="0" x2="{_W:.0f}" y1="{_H - _BOTTOM}" y2="{_H - _BOTTOM}" stroke="#767676"/>{"".join(parts)}</svg>'
    )


def _span(span: Span, first: date, last: date, days: Decimal, part: float, unit: str) -> str:
    room = _W - 2 * _LEFT
    x = _LEFT + room * float(Decimal((span.start - first).days) / days)
    end = _LEFT + room * float(Decimal(((span.end or last) - first).days) / days)
    floor = _H - _BOTTOM
    y = floor - (floor - _TOP) * max(0.04, part)
    dash = ' stroke-dasharray="5 4"' if span.to_confirm else ""
    mark = "（要確認）" if span.to_confirm else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(2.0, end - x):.1f}" height="{floor - y:.1f}" fill="#e8f1fe"/>'
        f'<line x1="{x:.1f}" x2="{end:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#0017c1" stroke-width="3"{dash}/>'
        f'<text x="{x + 3:.1f}" y="{y - 6:.1f}" font-size="13">{escape(_shown(span.value, unit))}{mark}</text>'
        f'<text x="{x + 1:.1f}" y="{floor + 17:.1f}" font-size="12">{span.start}</text>'
    )


def _open(row: dict[str, Any]) -> bool:
    return bool(row.get("to_confirm", row.get("confidence", "high") != "high"))


def _figure(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and value >= 0


def _shown(value: Any, unit: str) -> str:
    return f"{value:,}{unit}" if _figure(value) else str(value)
