"""The door to authority: acts, actors, tasks and matters as values, and every permission as check and question."""

from honrai.platform.authority.actor import Actor, Membership, Seat, robot_actor, system_actor
from honrai.platform.authority.acts import Act, Channel, Charge, Kind, Rank, TeamRole
from honrai.platform.authority.operations import end_level, set_level
from honrai.platform.authority.permissions import (
    AgainstContract,
    can_act,
    can_decide,
    can_manage_contract,
    can_perform,
    can_see_name,
    can_send,
    check_can_act,
    check_can_decide,
    check_can_manage_contract,
    check_can_perform,
    check_can_send,
    check_has_charge,
    has_charge,
)
from honrai.platform.authority.queries import level_rows, levels_on
from honrai.platform.authority.rules import Apart, Doer, Level, Matter, Task, deciding_rank
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound

__all__ = [
    "Act",
    "Actor",
    "AgainstContract",
    "Apart",
    "Channel",
    "Charge",
    "Conflict",
    "Denied",
    "Doer",
    "Invalid",
    "Kind",
    "Level",
    "Matter",
    "Membership",
    "NotFound",
    "Rank",
    "Seat",
    "Task",
    "TeamRole",
    "can_act",
    "can_decide",
    "can_manage_contract",
    "can_perform",
    "can_see_name",
    "can_send",
    "check_can_act",
    "check_can_decide",
    "check_can_manage_contract",
    "check_can_perform",
    "check_can_send",
    "check_has_charge",
    "deciding_rank",
    "end_level",
    "has_charge",
    "level_rows",
    "levels_on",
    "robot_actor",
    "set_level",
    "system_actor",
]
