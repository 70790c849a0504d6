"""What a view is handed: Django's request with the city, the person and the reference number that the gate found.

`signin.middleware` sets them before any view is called, so a view states which of the two it takes and needs no cast.
"""

from django.http import HttpRequest

from honrai.platform.authority.api import Actor
from honrai.platform.cities.models import City


class OpenRequest(HttpRequest):
    """A request to a page open to the public or to everybody signed in.

    Attributes:
        city: the city of the host name.
        actor: who acts; None for applicants and for accounts without a place in the city today.
        reference: number shown to the user when something goes wrong, and written to the technical log.
    """

    city: City
    actor: Actor | None
    reference: str


class HonraiRequest(OpenRequest):
    """A request to a page of work: signed in, second factor, a place in the city today, certificates valid."""

    actor: Actor
