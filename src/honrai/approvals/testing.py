"""Documents and people for tests of any chapter, made through the real operations."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from honrai.approvals.operations.drafting import Draft, draw_up
from honrai.platform.authority.api import Act, Actor, Rank, set_level, system_actor
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.testing import DAY, NOW, START, SmallCity, small_city


@dataclass(frozen=True, slots=True)
class Office:
    """A small city with 専決 laid on the section head (no limit) and subsection head (no subsection head exists).

    Attributes:
        people: the small organisation.
        acting: a deputy of the section head's post, from another section.
        bureau_head: 局長 above the section.
    """

    people: SmallCity
    acting: Actor
    bureau_head: Actor


def office(city: int, *, tag: str = "") -> Office:
    """Make the office; call inside `in_city(city)`."""
    people = small_city(city, tag=tag)
    setup = system_actor(city, START)
    rule = {"actor": setup, "now": NOW, "procedure": "", "act": None, "since": START, "source": "事務専決規程 別表第1"}
    set_level(**rule, rank=Rank.SECTION_HEAD, up_to=1_000_000)  # type: ignore[arg-type]
    set_level(**rule, rank=Rank.BUREAU_HEAD, up_to=None)  # type: ignore[arg-type]
    acting = _staff(setup, "acting", people.posts["head"], kind="acting", tag=tag)
    post = organisations.define_post(
        actor=setup, now=NOW, code="bureau", unit=people.bureau, title="局長", rank=Rank.BUREAU_HEAD, since=START
    )
    return Office(people, acting, _staff(setup, "bureau", post, tag=tag))


def _staff(setup: Actor, code: str, post: int, *, kind: str = "main", tag: str) -> Actor:
    person = organisations.register_staff(actor=setup, now=NOW, number=f"S-{code}", name=f"職員 {code}")
    organisations.assign_post(actor=setup, now=NOW, person=person, post=post, since=START, kind=kind)
    organisations.issue_staff_account(actor=setup, now=NOW, person=person, login=f"{tag}{code}")
    for certificate in organisations.CertificateKind:
        organisations.add_certificate(
            actor=setup,
            now=NOW,
            person=person,
            kind=certificate,
            since=START,
            until=START + timedelta(days=365),
            evidence="研修記録",
        )
    return organisations.actor_of_person(person, setup.city, DAY)


def draft(unit: int, **more: Any) -> Draft:
    """Return a draft with everything a case hands in; `more` overrides."""
    given: dict[str, Any] = {
        "subject": "こども医療費受給資格認定（C-0001）について",
        "text": "受付番号 C-0001 の申請について、次のとおり「認定」としてよろしいか伺います。",
        "basis": ("見本市こども医療費助成条例第4条",),
        "proposal": {
            "outcome": "認定",
            "kind": "grant",
            "reasons": ["対象年齢である"],
            "rules": ["R1"],
            "letters": ["certificate"],
        },
        "outcomes": ("認定", "却下"),
        "procedure": "child-medical",
        "act": Act.BOUND_DECISION,
        "unit": unit,
        "group": "child-medical/1/認定",
    }
    return Draft(**(given | more))


def drawn(people: SmallCity, *, actor: Actor | None = None, **more: Any) -> int:
    """Draw up one document as the section's clerk and return its key."""
    return draw_up(draft(people.unit, **more), actor=actor or people.clerk, now=NOW)
