"""Takes made-up residents and households in the way a city's nightly extract comes: as files, through exchange."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from honrai.exchange import api as exchange
from honrai.platform.authority.api import system_actor
from honrai.site.demo.extracts import write_cp932
from honrai.site.demo.residents import generate

_SEED = 20260401


def take_in_residents(city: int, count: int, *, now: datetime) -> dict[str, exchange.Counts]:
    """Generate residents as of yesterday and take their extracts in; call inside `in_city(city)`.

    Args:
        city: key of the city.
        count: residents wanted, >= 1.
        now: the moment.

    Returns:
        Layout -> what the load changed.
    """
    day = now.date() - timedelta(1)
    done = {}
    with tempfile.TemporaryDirectory() as folder:
        write_cp932(generate(count, _SEED, day), Path(folder))
        for name in ("households", "residents"):
            done[f"{name}-full"] = exchange.take_in(
                layout=f"{name}-full",
                as_of=day,
                name=f"{name}.csv",
                content=(Path(folder) / f"{name}.csv").read_bytes(),
                actor=system_actor(city, now.date()),
                now=now,
            )
    return done
