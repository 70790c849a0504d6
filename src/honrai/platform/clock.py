"""The only place that reads the clock. Views, tasks and commands ask here; everything below is told."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Return the present moment in Asia/Tokyo."""
    return datetime.now(TOKYO)  # noqa: TID251


def today() -> date:
    """Return the present calendar day in Asia/Tokyo."""
    return now().date()


def local_day(moment: datetime) -> date:
    """Return the calendar day of a moment in Asia/Tokyo."""
    return moment.astimezone(TOKYO).date()
