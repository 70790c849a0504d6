"""Letters for tests: a case walked to its issued letters, a seal, stock, a protected child."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.cases import testing as casework
from honrai.cases.models import Case
from honrai.contact.models import Item
from honrai.contact.operations.sealing import register_seal
from honrai.contact.permissions import DISPATCH
from honrai.parties import api as parties
from honrai.platform.authority.api import Actor
from honrai.platform.organisations.testing import DAY, NOW, START, SmallCity

SETTINGS: dict[str, Any] = {
    "phones": {"こども支援課": "099-000-0001"},
    "authorities": {
        "市長": {
            "office": "試験市",
            "name": "試験 市長",
            "seal": "place",
            "appeal": {
                "reviewer": "試験市長",
                "defendant": "試験市",
                "representative": "試験市長",
                "review_months": 3,
                "review_limit_years": 1,
                "suit_months": 6,
                "suit_limit_years": 1,
            },
        }
    },
}
PAPERS = (("insurance", casework.PDF), ("identity", casework.PDF))
OLD_HOME = "本来市中央区本町1-1"


def town(city: int, folder: Path, monkeypatch: Any, *, sealed: bool = False) -> SmallCity:
    """Make the small city with one procedure; with `sealed` its letters keep a place for the seal.

    Args:
        city: key of the city; call inside `in_city(city)`.
        folder: where files are kept.
        monkeypatch: of the test.
        sealed: letters carry the seal of the mayor; otherwise 公印省略.
    """
    from honrai.cases.operations import issuing

    authorities = {"市長": SETTINGS["authorities"]["市長"] | {"seal": "place" if sealed else "omitted"}}
    monkeypatch.setattr(issuing, "_authority", lambda run: dict(authorities.get(run.pack.identity.authority, {})))
    return casework.town(city, folder, monkeypatch)


def issued(people: SmallCity, values: dict[str, Any] | None = None, *, channel: str = "counter") -> list[Item]:
    """Walk one application to its issued letters and return their items."""
    given = casework.VALUES if values is None else values
    receipt, case = casework.apply(given, channel=channel, papers=PAPERS)
    assert receipt.number
    return walked(people, case)


def walked(people: SmallCity, case: Case) -> list[Item]:
    """Walk a case from its first task to its letters and return their items; under 支援措置 staff do all of it."""
    casework.work(case, people.operator, "receive_check")
    casework.jobs(case)
    casework.work(case, people.operator2, "second_check", "一致")
    casework.work(case, people.clerk, "draft")
    document = casework.open_task(case, "approve").document
    approvals.approve(document=document or 0, actor=people.head, now=NOW)
    case.refresh_from_db()
    task = casework.open_task(case, "issue").pk
    cases.claim(task=task, actor=people.clerk, now=NOW)
    cases.issue(task=task, actor=people.clerk, now=NOW)
    return list(Item.objects.filter(case=case.pk).order_by("pk"))


def with_charge(actor: Actor, *charges: str) -> Actor:
    """Return the actor with 分掌 laid on the post held."""
    return replace(actor, charges=actor.charges | set(charges))


def dispatcher(actor: Actor) -> Actor:
    """Return an official of the dispatch desk."""
    return with_charge(actor, DISPATCH)


def impression() -> bytes:
    """A made-up seal: a red square with a cross, 400 pixels a side."""
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((0, 0, 399, 399), outline=(200, 0, 0, 255), width=40)
    drawn.line((200, 0, 200, 399), fill=(200, 0, 0, 255), width=30)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def seal(people: SmallCity, *, custodian: str = "head", width: str = "21.0") -> int:
    """Register a seal of the mayor kept by a post."""
    return register_seal(
        name="試験市長印",
        authority="市長",
        image=impression(),
        width=Decimal(width),
        custodian=people.posts[custodian],
        since=START,
        source="試験市公印規程 別表第1",
        actor=people.personnel,
        now=NOW,
    )


def protect(
    people: SmallCity, numbers: Sequence[str], *, until: date | None = None, other: str = "", household: str = ""
) -> int:
    """Register a 支援措置 from the household at `OLD_HOME`."""
    return parties.register_protection(
        number=f"R8-{len(numbers)}-{other or household or 'x'}",
        protected=numbers,
        former_address=OLD_HOME,
        former_household=household,
        other_name=other,
        since=DAY,
        until=until,
        actor=with_charge(people.personnel, parties.PROTECTION),
        now=NOW,
    )
