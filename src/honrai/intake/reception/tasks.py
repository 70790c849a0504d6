"""Work of reception no person waits for: files of many applications."""

from honrai.intake.reception.batching import take_some
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.organisations.api import actor_of_person


def take_batch(announced: Announced) -> None:
    """Take in the next rows of a file in the name of whoever ordered it; the next job goes on until it is done."""
    who = announced.who
    actor = actor_of_person(who.person or 0, current_city(), announced.at.date(), place=who.place)
    take_some(batch=announced.data["batch"], actor=actor, now=announced.at)
