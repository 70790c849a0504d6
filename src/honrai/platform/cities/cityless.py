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
    "cities_city": Cityless("the cities themselves; settings are changed by the city", "SELECT, UPDATE (settings)"),
    "cities_cityhost": Cityless("finds the city from the host name before sign-in", _READ),
    "accounts_account": Cityless("a contractor's person may work in several cities with one account", _NO_DELETE),
    "account_emailaddress": Cityless("of the sign-in library, unused: accounts need no mail", _READ),
    "account_emailconfirmation": Cityless("of the sign-in library, unused: accounts need no mail", _READ),
    "mfa_authenticator": Cityless(
        "second factors of an account, seeds sealed; an account may have several cities", _ALL
    ),
    "usersessions_usersession": Cityless("open sessions of an account in any of its cities", _ALL),
    "socialaccount_socialaccount": Cityless("which person of an identity provider an account is", _ALL),
    "socialaccount_socialapp": Cityless("of the sign-in library, unused: providers come from the configuration", _READ),
    "socialaccount_socialtoken": Cityless("of the sign-in library, unused: no token is kept", _READ),
    "axes_accessattempt": Cityless("wrong passwords and codes by login name, for locking out", _ALL),
    "axes_accessattemptexpiration": Cityless("when a lock-out by login name ends", _ALL),
    "axes_accessfailurelog": Cityless("of the lock-out library, unused: our log records failures", _READ),
    "axes_accesslog": Cityless("of the lock-out library, unused: our log records sign-ins", _READ),
    "auth_permission": Cityless("of the framework, unused: rights come from assignments", _READ),
    "auth_group": Cityless("of the framework, unused: rights come from assignments", _READ),
    "auth_group_permissions": Cityless("of the framework, unused: rights come from assignments", _READ),
    "signin_cache": Cityless("one-time codes already used, for a minute or two", _ALL),
    "django_session": Cityless("session keys; the payload holds an account key and a city key", _ALL),
    "events_epoch": Cityless("one number: keeps transaction numbers growing over a restore", _READ),
    "django_migrations": Cityless("which migrations ran; read by health checks", _READ),
    "django_content_type": Cityless("names of models, no data", _READ),
    "procrastinate_jobs": Cityless("job queue: arguments hold ids and the city only", _ALL),
    "procrastinate_events": Cityless("job history: ids and times", _ALL),
    "procrastinate_periodic_defers": Cityless("when periodic jobs ran", _ALL),
    "procrastinate_workers": Cityless("which workers are alive", _ALL),
}
