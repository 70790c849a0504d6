"""What claims are judged by, and what screens ask."""

from collections.abc import Mapping

from honrai.claims.models import Judgement
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city

#: 公費負担者番号 of the demo city; a city lays its own down in its settings as `claims.payers`.
_EXAMPLE = {"80430010": "child", "90430018": "single_parent", "81430019": "disabled"}


def families() -> Mapping[str, str]:
    """Return the city's families of schemes by 公費負担者番号."""
    told = City.objects.values_list("settings", flat=True).get(pk=current_city()).get("claims", {})
    found: Mapping[str, str] = told.get("payers") or _EXAMPLE
    return found


def latest(claim: int) -> Judgement | None:
    """Return the result of a claim that counts: the last one that is no replay."""
    return Judgement.objects.filter(claim=claim, counts=True).order_by("-id").first()
