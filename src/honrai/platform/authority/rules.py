"""The rules of authority as pure functions. Each `why_not_x` returns the reason against, or None where nothing is.

`permissions` raises or asks these; nobody else writes a second copy. Reasons are Japanese, end with what to do, and
name nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Act, Channel, Charge, Kind, Rank


class Apart(StrEnum):
    """How far the doers of two steps must stand apart."""

    PERSON = "person"
    CONTRACT = "contract"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did an earlier step. City staff have neither contract nor contractor."""

    person: int | None
    contract: int | None = None
    contractor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What must be known of a step to say who may take it.

    Attributes:
        act: its legal class.
        units: for city steps: the unit responsible and all units above it.
        contract: for steps inside a contractor's activity: that contract.
        parties: keys of the people it is about.
        skill: needed skill code and level (0-4), or None.
        before: doers of the steps it must be separate from.
        apart: how far separate.
    """

    act: Act
    units: tuple[int, ...] = ()
    contract: int | None = None
    parties: frozenset[str] = frozenset()
    skill: tuple[str, int] | None = None
    before: tuple[Doer, ...] = ()
    apart: Apart = Apart.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What must be known of a decision to say who may take it.

    Attributes:
        procedure: code of the procedure.
        act: bound or discretionary decision.
        units: the deciding unit and all units above it.
        amount: whole yen the decision is about; None where it is about no money.
        parties: keys of the people it is about.
        before: doers of the steps that prepared it (nobody decides on their own work).
    """

    procedure: str
    act: Act
    units: tuple[int, ...]
    amount: int | None = None
    parties: frozenset[str] = frozenset()
    before: tuple[Doer, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the city's 専決規程, in force `since` (incl.) to `until` (excl.; None: open).

    Attributes:
        procedure: procedure code; "" for every procedure without a row of its own.
        act: the kind of decision; None for both.
        rank: 職位 that may decide.
        up_to: largest amount in whole yen, inclusive; None: no limit.
    """

    procedure: str
    act: Act | None
    rank: Rank
    up_to: int | None
    since: date
    until: date | None = None

    def covers(self, matter: Matter, day: date) -> bool:
        """Say whether the row lets its rank decide the matter on the day."""
        return (
            self.since <= day
            and (self.until is None or day < self.until)
            and self.act in (None, matter.act)
            and (self.up_to is None or (matter.amount or 0) <= self.up_to)
        )


def deciding_rank(levels: Iterable[Level], matter: Matter, day: date) -> Rank:
    """Return the lowest 職位 that may decide the matter on the day by 専決; the mayor where no row covers it.

    Rows of the procedure itself replace the general rows; among those that cover the amount the lowest rank counts.

    Source: 専決 is set by each city's 事務専決規程 (rule of the mayor under 地方自治法 first placed in the city's own data);
    authority not delegated stays with the mayor.
    """
    in_force = [row for row in levels if row.since <= day and (row.until is None or day < row.until)]
    own = [row for row in in_force if row.procedure == matter.procedure]
    rows = own or [row for row in in_force if not row.procedure]
    return min((row.rank for row in rows if row.covers(matter, day)), default=Rank.MAYOR)


def why_not_act(actor: Actor, act: Act) -> str | None:
    """Say why the actor's kind can never take this class of act; None where it may in principle."""
    if act.official and actor.kind is not Kind.STAFF:
        return f"「{act.label}」は市の職員だけが行えます。{actor.kind.label}には割り当てられません。担当課へ回してください。"
    if actor.kind is Kind.APPLICANT:
        return "申請者は内部の作業を行えません。"
    return None


def why_not_recused(actor: Actor, parties: frozenset[str]) -> str | None:
    """Say that the matter is the actor's own or a relative's; None where it is not."""
    if actor.recused & parties:
        return "ご本人またはご親族の案件のため、担当から除かれます（除斥）。ほかの担当者へ回してください。"
    return None


def why_not_separate(actor: Actor, before: Sequence[Doer], apart: Apart) -> str | None:
    """Say why the actor stands too near to somebody who did an earlier step; None where far enough.

    The same person is never far enough. `CONTRACT`: another contract or the city; `FIRM`: another firm or the city;
    two people of the city count as the same side.
    """
    for doer in before:
        if actor.person is not None and actor.person == doer.person:
            return "前の段階を行った本人は、この段階を担当できません。ほかの人へ回してください。"
        if apart is Apart.CONTRACT and actor.contract == doer.contract:
            return "前の段階と同じ契約の人は、この段階を担当できません。別の契約または担当課へ回してください。"
        if apart is Apart.FIRM and actor.contractor == doer.contractor:
            return "前の段階と同じ事業者・組織の人は、この段階を担当できません。別の組織へ回してください。"
    return None


def why_not_place(actor: Actor, task: Task) -> str | None:
    """Say why the step does not belong where the actor works; None where it does."""
    if task.contract is not None:
        if actor.kind is Kind.STAFF:
            return "受託者に発注した作業です。職員は直接行わず、契約の管理責任者へ連絡してください。"
        if actor.kind is not Kind.SYSTEM and actor.contract != task.contract:
            return "ほかの契約の作業です。自分の契約の作業一覧から選んでください。"
        return None
    if actor.kind is Kind.CONTRACTOR or actor.contract is not None:
        return "市の担当課の作業です。受託者は担当できません。"
    if (actor.kind is Kind.STAFF or actor.seats) and not actor.units & set(task.units):
        return "ほかの課の作業です。担当課の職員が行ってください。"
    return None


def why_not_skilled(actor: Actor, skill: tuple[str, int] | None) -> str | None:
    """Say which skill level is missing; None where nothing is. Robots and the system are tested by their own gate."""
    if skill is None or actor.kind in {Kind.ROBOT, Kind.SYSTEM}:
        return None
    code, level = skill
    if actor.skill(code) < level:
        return f"この作業には技能「{code}」のレベル{level}以上が必要です。研修の記録を確認してください。"
    return None


def why_not_perform(actor: Actor, task: Task) -> str | None:
    """Say why the actor may not be given, claim, complete or import the step; None where nothing is against it."""
    return (
        why_not_act(actor, task.act)
        or why_not_place(actor, task)
        or why_not_recused(actor, task.parties)
        or why_not_separate(actor, task.before, task.apart)
        or why_not_skilled(actor, task.skill)
    )


def why_not_decide(actor: Actor, matter: Matter, levels: Iterable[Level]) -> str | None:
    """Say why the actor may not take the decision (専決 level, unit, own case, own work); None where nothing is.

    Args:
        actor: who would decide.
        matter: what is decided.
        levels: the city's 専決 rows; rows out of force are ignored.
    """
    if reason := why_not_act(actor, matter.act):
        return reason
    needed = deciding_rank(levels, matter, actor.day)
    if not any(seat.unit in matter.units and seat.rank >= needed for seat in actor.seats):
        return f"この決定の専決者は担当課の{needed.label}以上です。{needed.label}へ回してください。"
    return why_not_recused(actor, matter.parties) or why_not_separate(actor, matter.before, Apart.PERSON)


def why_not_charged(actor: Actor, charge: str) -> str | None:
    """Say that a task of running the house is not laid on any post the actor holds; None where it is.

    The system itself (set-up by the installation's command line) may: somebody must lay the first 分掌.
    """
    if actor.kind is Kind.SYSTEM or (actor.kind is Kind.STAFF and charge in actor.charges):
        return None
    label = Charge(charge).label if charge in set(Charge) else charge
    return f"「{label}」の分掌を持つ職員だけが行えます。所属の管理者に確認してください。"


def why_not_send(
    actor: Actor, contract: int, channel: Channel, *, reason: str = "", supervisor: int | None = None
) -> str | None:
    """Say why the actor may not send such a message to, or from, a contract; None where nothing is against it.

    Rules 1, 2, 6 and 8 against 偽装請負: the city writes to the contract (never a person of it), the contractor answers
    through its manager; equipment and initial explanations need a reason and the supervising manager.

    Source: domain/centre.md Part 2 section 1, software rules.
    """
    if not channel.from_city:
        if actor.contract == contract and actor.manages_contract:
            return None
        return f"「{channel.label}」は契約の管理責任者から市へ送ります。管理責任者に依頼してください。"
    if actor.kind not in {Kind.STAFF, Kind.SYSTEM}:
        return f"「{channel.label}」は市の職員だけが送れます。"
    if channel.exception and (not reason.strip() or supervisor is None):
        return f"「{channel.label}」を直接行うには、理由と立ち会う管理責任者の記録が必要です。"
    return None


def why_not_manage(actor: Actor, contract: int) -> str | None:
    """Say why the actor may not assign work or place people inside a contract; None for its own managers.

    Rules 4 and 5 against 偽装請負: sequence, people and shifts are the contractor's own; the city cannot edit or approve.
    """
    if actor.kind is Kind.CONTRACTOR and actor.contract == contract and actor.manages_contract:
        return None
    if actor.kind is Kind.CONTRACTOR:
        return "この操作は、その契約の管理責任者・副管理責任者だけが行えます。"
    return "受託者の人の配置・割当・勤務は受託者が決めます。契約の管理責任者へ連絡してください。"


def why_not_name(actor: Actor, contractor: int | None) -> str | None:
    """Say why the actor sees a pseudonym instead of a name; None where both belong to the same organisation.

    Args:
        actor: who looks.
        contractor: firm of the person looked at; None for city staff.
    """
    if actor.kind is Kind.STAFF and contractor is None:
        return None
    if actor.kind is Kind.CONTRACTOR and contractor is not None and actor.contractor == contractor:
        return None
    return "ほかの組織の人の氏名は表示しません。"
