"""Loads the demo city into an empty database."""

import psycopg
from django.db import connection

from honrai.platform.cities.models import City
from honrai.site.cli.database import owner_connection
from honrai.site.config import Config

CITY_CODE = "999993"
HOSTS = ("localhost", "127.0.0.1")


def load(config: Config, *, once: bool) -> None:
    """Load the demo city; with `once`, only where it is not there yet."""
    if once and City.objects.filter(code=CITY_CODE).exists():
        return
    _make_city(owner_connection(config))
    connection.close()


def _make_city(owner_url: str) -> None:
    """Make the city and its host names, as the owner: the run-time role may not."""
    with psycopg.connect(owner_url) as owner:
        row = owner.execute(
            "INSERT INTO cities_city (code, name, settings) VALUES (%s, %s, %s) RETURNING id",
            [CITY_CODE, "本来市", '{"demo": true}'],
        ).fetchone()
        for host in HOSTS:
            owner.execute(
                "INSERT INTO cities_cityhost (host, city_id) VALUES (%s, %s)", [host, row[0] if row else None]
            )
