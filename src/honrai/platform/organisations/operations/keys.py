"""Keys that come from outside are looked up before they are written: another city's rows do not exist here."""

from honrai.platform.cities.models import CityModel
from honrai.platform.errors import NotFound


def check_exists(model: type[CityModel], key: int | None) -> None:
    """Check that the current city has a row with the key; None is no key and passes.

    Raises:
        NotFound: it has none.
    """
    if key is not None and not model._default_manager.filter(pk=key).exists():
        raise NotFound(f"該当する{model._meta.verbose_name}はありません。")
