"""The actor of a request or job: who acts, for which city, with which posts, roles and skills on that day."""

from dataclasses import dataclass
from datetime import date

from honrai.platform.authority.acts import Kind, Rank, TeamRole
from honrai.platform.events.api import Who


@dataclass(frozen=True, slots=True)
class Seat:
    """One post held on the day.

    Attributes:
        post: key of the post.
        unit: key of its unit (課, 係, 区...).
        rank: 職位.
        acting: held as deputy (職務代理・事務取扱), not as the holder.
    """

    post: int
    unit: int
    rank: Rank
    acting: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """One place in a contractor's team on the day."""

    team: int
    role: TeamRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody acting in one city on one day. Made by `organisations.api.actor_for`, never by a view.

    Attributes:
        city: key of the city.
        kind: staff, contractor, applicant, robot or system.
        day: calendar day in Asia/Tokyo whose posts and roles count.
        person: key of the person in this city; None for applicants without one, robots and the system.
        account: key of the account signed in with.
        place: terminal or address the request came from.
        seats: posts held (staff), in any number (兼務).
        memberships: places in teams of one contract (contractors).
        contract: the contract worked under; None for everybody else.
        contractor: the firm of that contract.
        skills: (skill code, level 0-4) pairs.
        charges: 事務分掌 codes laid on the posts held.
        recused: keys of parties who are the person or a relative; their cases are closed to the person.
    """

    city: int
    kind: Kind
    day: date
    person: int | None = None
    account: int | None = None
    place: str = ""
    seats: tuple[Seat, ...] = ()
    memberships: tuple[Membership, ...] = ()
    contract: int | None = None
    contractor: int | None = None
    skills: tuple[tuple[str, int], ...] = ()
    charges: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()

    @property
    def posts(self) -> frozenset[int]:
        """Keys of the posts held."""
        return frozenset(seat.post for seat in self.seats)

    @property
    def units(self) -> frozenset[int]:
        """Keys of the units of the posts held."""
        return frozenset(seat.unit for seat in self.seats)

    @property
    def teams(self) -> frozenset[int]:
        """Keys of the teams belonged to."""
        return frozenset(membership.team for membership in self.memberships)

    @property
    def roles(self) -> frozenset[TeamRole]:
        """Roles in the contractor's teams."""
        return frozenset(membership.role for membership in self.memberships)

    @property
    def manages_contract(self) -> bool:
        """True for 管理責任者 and 副管理責任者 of the contract."""
        return any(role.manages for role in self.roles)

    @property
    def who(self) -> Who:
        """The actor as the event log keeps it."""
        return Who(self.kind.value, self.person, self.account, self.place)

    def skill(self, code: str) -> int:
        """Return the level (0-4) in one skill; 0 where none is recorded."""
        return dict(self.skills).get(code, 0)


def system_actor(city: int, day: date, *, place: str = "") -> Actor:
    """Return the actor of scheduled work and deliveries, which no person asked for."""
    return Actor(city=city, kind=Kind.SYSTEM, day=day, place=place)


def robot_actor(city: int, day: date, *, account: int | None = None, contract: int | None = None) -> Actor:
    """Return the actor of a software worker; it works for the city, or for a contract where one is given."""
    return Actor(city=city, kind=Kind.ROBOT, day=day, account=account, contract=contract)
