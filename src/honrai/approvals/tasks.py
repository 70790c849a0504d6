"""Work of approvals no person waits for: large stacks."""

from django.db import transaction

from honrai.approvals.operations.stacking import approve_stack, refuse_order
from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import Refusal
from honrai.platform.events.api import Announced
from honrai.platform.jobs.progress import Stopped, progress
from honrai.platform.organisations.api import actor_of_person


def approve_ordered(announced: Announced) -> None:
    """Approve a stack as its decider ordered it, as of that moment; where it cannot be any more, the stack says why."""
    stack, who = announced.data["stack"], announced.who
    try:
        with transaction.atomic(), progress("stack", stack) as note:
            actor = actor_of_person(who.person or 0, current_city(), announced.at.date(), place=who.place)
            absence = (announced.after or {}).get("absence", "")
            approve_stack(stack=stack, actor=actor, now=announced.at, absence=absence, note=note)
    except Stopped:
        refuse_order(stack=stack, reason="中止しました。1件も決裁されていません。もう一度決裁できます。")
    except Refusal as refusal:
        refuse_order(stack=stack, reason=str(refusal))
