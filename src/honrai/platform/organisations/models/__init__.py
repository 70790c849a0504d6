"""Tables of the dated organisation."""

from honrai.platform.organisations.models.channel import ContractMessage, DutyPeriod
from honrai.platform.organisations.models.contracts import AccountRequest, Contract, Contractor, Pseudonym, Team
from honrai.platform.organisations.models.dealings import Dealing, DealingStep
from honrai.platform.organisations.models.people import Assignment, Certificate, Person, Recusal, Skill
from honrai.platform.organisations.models.transfers import TransferLine, TransferOrder
from honrai.platform.organisations.models.units import Post, PostCharge, Unit, UnitVersion

__all__ = [
    "AccountRequest",
    "Assignment",
    "Certificate",
    "Contract",
    "ContractMessage",
    "Contractor",
    "Dealing",
    "DealingStep",
    "DutyPeriod",
    "Person",
    "Post",
    "PostCharge",
    "Pseudonym",
    "Recusal",
    "Skill",
    "Team",
    "TransferLine",
    "TransferOrder",
    "Unit",
    "UnitVersion",
]
