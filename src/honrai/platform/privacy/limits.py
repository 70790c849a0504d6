"""Two numbers a city sets for itself: how long a contractor sees closed cases, how many rows leave without a decision."""

from dataclasses import asdict, dataclass
from datetime import datetime

from honrai.platform.authority.api import Actor, Charge, check_has_charge
from honrai.platform.cities.models import City
from honrai.platform.cities.settings import city_settings
from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import Invalid
from honrai.platform.events.api import record


@dataclass(frozen=True, slots=True)
class Limits:
    """What stands in the city's settings; the defaults are the installation's.

    Attributes:
        contractor_days: days a contractor still sees a closed case of its contract; 0: open cases only.
        export_limit: rows one may take out without a decision.
    """

    contractor_days: int = 30
    export_limit: int = 500


def limits() -> Limits:
    """Return the limits of the current city."""
    settings = city_settings()
    return Limits(**{name: int(settings[name]) for name in asdict(Limits()) if name in settings})


def set_limits(*, contractor_days: int, export_limit: int, actor: Actor, now: datetime) -> None:
    """Set both; they hold from now on.

    Raises:
        Denied: the charge 市の設定 is missing.
        Invalid: a negative number, or more than a year of looking back.
    """
    check_has_charge(actor, Charge.CITY_SETTINGS)
    if not 0 <= contractor_days <= 366 or export_limit < 0:
        raise Invalid("日数は0から366、件数は0以上で指定してください。")
    before = limits()
    after = Limits(contractor_days, export_limit)
    city = City.objects.select_for_update().get(pk=current_city())
    city.settings = city.settings | asdict(after)
    city.save(update_fields=["settings"])
    record(
        "privacy.limits_set", who=actor.who, now=now, subject=("city", None), before=asdict(before), after=asdict(after)
    )
