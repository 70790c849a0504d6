"""Which city the present transaction works for.

The city is a setting of the database transaction (`honrai.city`), read by the row-level security policy of every
table of city data: without it a query sees nothing and an insert is refused. `in_city` is the only way in; it opens
the transaction, sets the city and clears it on the way out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

SETTING = "honrai.city"
_city: ContextVar[int | None] = ContextVar("honrai_city", default=None)


class NoCity(RuntimeError):
    """City data was asked for outside `in_city`."""


class OtherCity(RuntimeError):
    """A second city was entered while working for a first one; finish the first transaction before."""


@contextmanager
def in_city(city_id: int) -> Iterator[None]:
    """Work for one city: one transaction, its rows only.

    Entering the same city again nests (a savepoint); entering another one is refused.

    Args:
        city_id: the key of the city.

    Raises:
        OtherCity: the transaction already works for another city.
    """
    outer = _city.get()
    if outer is not None and outer != city_id:
        raise OtherCity(f"city {outer} is open; city {city_id} cannot be entered inside it")
    with transaction.atomic():
        _set(city_id)
        token = _city.set(city_id)
        try:
            yield
        finally:
            _city.reset(token)
            if outer is None and not connection.needs_rollback:
                _set(None)


def current_city() -> int:
    """Return the key of the city the transaction works for.

    Raises:
        NoCity: none is open.
    """
    city = _city.get()
    if city is None:
        raise NoCity("no city is open: wrap the work in `with in_city(city_id):`")
    return city


def open_city() -> int | None:
    """Return the key of the city the transaction works for; None where none is open."""
    return _city.get()


def _set(city_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, "" if city_id is None else str(city_id)])
