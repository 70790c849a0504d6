"""What procedures do when other chapters announce something; `site/wiring.py` says which and when."""

from honrai.approvals import api as approvals
from honrai.platform.authority.api import system_actor
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.organisations.api import actor_of_person
from honrai.procedures.operations.submitting import take_decision


def decide(announced: Announced) -> None:
    """Publish, or give back, the draft whose document was decided; other documents are not ours."""
    if announced.data["case"] is not None:
        return
    decision = approvals.decision_of(announced.data["document"])
    day, person = announced.at.date(), announced.who.person
    city = current_city()
    actor = actor_of_person(person, city, day) if person is not None else system_actor(city, day)
    take_decision(
        document=decision.document, accepted=decision.accepted, reason=decision.reason, actor=actor, now=announced.at
    )
