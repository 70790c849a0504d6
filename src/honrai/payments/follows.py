"""What payments do when other chapters announce something; `site/wiring.py` says which and when."""

from honrai.approvals import api as approvals
from honrai.payments.operations.orders import take_decision
from honrai.payments.operations.payables import take_decided
from honrai.platform.events.api import Announced


def keep_payable(announced: Announced) -> None:
    """Keep what a case decided to be paid."""
    take_decided(
        source=announced.data["source"],
        amount=announced.data["amount"],
        details=announced.after,
        case=announced.case or 0,
        now=announced.at,
    )


def decide(announced: Announced) -> None:
    """Let an order go on, or give it back, as its document was decided; other documents are not ours."""
    if announced.data["case"] is None:
        decision = approvals.decision_of(announced.data["document"])
        take_decision(document=decision.document, accepted=decision.accepted, who=announced.who, now=announced.at)
