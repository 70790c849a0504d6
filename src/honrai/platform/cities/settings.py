"""The settings a city keeps for itself, read."""

from typing import Any

from honrai.platform.cities.memory import once
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city


@once
def city_settings() -> dict[str, Any]:
    """Return the settings of the current city."""
    found: dict[str, Any] = City.objects.values_list("settings", flat=True).get(pk=current_city())
    return found
