"""What casework does when other chapters announce something; `site/wiring.py` says which and when."""

from datetime import date

from honrai.approvals import api as approvals
from honrai.cases.models import Case, Task
from honrai.cases.operations.completing import receive_answers
from honrai.cases.operations.deciding import draw_up, take_decision
from honrai.cases.operations.ending import withdraw
from honrai.cases.operations.opening import open_case
from honrai.cases.operations.telling import landed
from honrai.cases.rules import NewCase
from honrai.intake import api as intake
from honrai.platform.authority.api import Kind, NotFound, system_actor
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.organisations.api import actor_of_person
from honrai.procedures import api as procedures


def open_submitted(announced: Announced) -> None:
    """Open the case of a submitted application, in the transaction that submits it."""
    open_case(new_case(intake.submitted(announced.data["application"])), who=announced.who, now=announced.at)


def new_case(application: intake.SubmittedApplication) -> NewCase:
    """Return the case a submitted application opens: who it is about stands in the fields the pack names."""
    pack = procedures.runnable(application.version).pack
    group = pack.identity.subject
    born = application.values.get(f"{group}.born")
    return NewCase(
        number=application.number,
        application=application.id,
        version=application.version,
        channel=application.channel,
        received_on=application.arrived_on,
        name=str(application.values.get(f"{group}.name") or ""),
        kana=str(application.values.get(f"{group}.kana") or ""),
        born_on=date.fromisoformat(born) if isinstance(born, str) else None,
        party=application.party,
        values=dict(application.values),
        attachments=application.attachments,
    )


def take_answers(announced: Announced) -> None:
    """Let a case go on with what the applicant sent."""
    sent = announced.after
    files = tuple((kind, file) for kind, file in sent["attachments"])
    receive_answers(
        case=announced.data["case"], values=sent["values"], attachments=files, who=announced.who, now=announced.at
    )


def draw_up_opened(announced: Announced) -> None:
    """Draw up the approval document when the decision step of a case opens, in the name of whoever prepared it."""
    task, person = announced.data["task"], announced.who.person
    if announced.data["decides"] and person is not None:
        actor = actor_of_person(person, current_city(), announced.at.date(), place=announced.who.place)
        if actor.kind is not Kind.STAFF:  # the contractor's last step led here: the flow itself draws up
            actor = system_actor(actor.city, actor.day)
        draw_up(task=task, actor=actor, now=announced.at)


def decide(announced: Announced) -> None:
    """Take what was decided on a case's document."""
    document = announced.data["document"]
    waiting = Task.objects.filter(document=document, case__closed_at__isnull=True)  # a withdrawn case waits for nothing
    if announced.data["case"] is not None and waiting.exists():
        take_decision(decision=approvals.decision_of(document), who=announced.who, now=announced.at)


def entry_landed(announced: Announced) -> None:
    """Let a case go on when what it told the core systems has landed."""
    if announced.case is not None and Case.objects.filter(pk=announced.case, closed_at__isnull=True).exists():
        landed(case=announced.case, who=announced.who, now=announced.at)


def withdraw_case(announced: Announced) -> None:
    """End a case its applicant withdrew.

    Raises:
        NotFound: not a case of that application.
    """
    if not Case.objects.filter(pk=announced.data["case"], application=announced.data["application"]).exists():
        raise NotFound("この申請の案件ではありません")
    withdraw(case=announced.data["case"], who=announced.who, now=announced.at)
