"""The reviewed list of tables that carry no city, each with the reason and what the run-time role may do with it.

A row here is a decision: the table must hold nothing about a resident, a case or a city's work.
"""

from typing import NamedTuple


class Cityless(NamedTuple):
    """Why a table has no city, and the grants of the run-time role (empty: none)."""

    reason: str
    grants: str


_READ = "SELECT"
_NO_DELETE = "SELECT, INSERT, UPDATE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"

CITYLESS: dict[str, Cityless] = {
    "cities_city": Cityless("the cities themselves", _READ),
    "cities_cityhost": Cityless("finds the city from the host name before sign-in", _READ),
    "accounts_account": Cityless("a contractor's person may work in several cities with one account", _NO_DELETE),
    "django_session": Cityless("session keys; the payload holds an account key and a city key", _ALL),
    "events_epoch": Cityless("one number: keeps transaction numbers growing over a restore", _READ),
    "django_migrations": Cityless("which migrations ran; read by health checks", _READ),
    "django_content_type": Cityless("names of models, no data", _READ),
    "procrastinate_jobs": Cityless("job queue: arguments hold ids and the city only", _ALL),
    "procrastinate_events": Cityless("job history: ids and times", _ALL),
    "procrastinate_periodic_defers": Cityless("when periodic jobs ran", _ALL),
    "procrastinate_workers": Cityless("which workers are alive", _ALL),
}
