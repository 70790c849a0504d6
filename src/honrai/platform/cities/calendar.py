"""The working days of the current city: national closing days and the city's own."""

from datetime import date
from functools import lru_cache

from honrai.kernel.business_calendar import BusinessCalendar
from honrai.platform.cities.models import City
from honrai.platform.cities.settings import city_settings
from honrai.platform.cities.tenancy import current_city


def city_calendar() -> BusinessCalendar:
    """Return the calendar of the current city; its own closing days stand in its settings (day -> why)."""
    return _calendar(tuple(sorted(city_settings().get("closed_days", {}).items())))


def closed_days() -> dict[str, str]:
    """Return the current city's own closed days: ISO date -> why."""
    return dict(city_settings().get("closed_days", {}))


def set_closed_days(days: dict[str, str]) -> None:
    """Replace the current city's own closed days; the caller has checked the right to and records it."""
    city = City.objects.select_for_update().get(pk=current_city())
    city.settings = city.settings | {"closed_days": days}
    city.save(update_fields=["settings"])


@lru_cache(maxsize=64)
def _calendar(closed: tuple[tuple[str, str], ...]) -> BusinessCalendar:
    return BusinessCalendar({date.fromisoformat(day): why for day, why in closed})
