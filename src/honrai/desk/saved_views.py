"""Views of lists people keep: saving, sharing with one's own team, removing. A view is an address, nothing more."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from honrai.desk.models import SavedView
from honrai.desk.worklists import matching
from honrai.platform.authority.api import Actor, Denied, Invalid
from honrai.platform.events.api import record

SCREENS = {"work": "desk:work", "cases": "desk:cases"}
_LONGEST = 400
_PINNED = 6


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view as shown: where it leads, whether it is shared, whether the viewer may remove it; `count` on the home page."""

    id: int
    name: str
    url: str
    query: str
    shared: bool
    mine: bool
    pinned: bool
    count: int | None = None


def save_view(*, name: str, screen: str, query: str, shared: bool, pinned: bool, actor: Actor, now: datetime) -> int:
    """Keep a list under a name; one's own view of that name is replaced.

    Args:
        name: what it is called.
        screen: a key of `SCREENS`.
        query: the address after the question mark; paging is left out.
        shared: everybody of the actor's contract, or first unit, sees it.
        pinned: it stands on the owner's home page with its count.
        actor: whose it is.
        now: the moment.

    Raises:
        Invalid: no name, no such screen, or an address too long to keep.
        Denied: the actor has no place to share with.
    """
    name = name.strip()[:40]
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if key != "page"])
    if not name:
        raise Invalid("一覧の名前を入力してください")
    if screen not in SCREENS or len(kept) > _LONGEST:
        raise Invalid("この条件は保存できません。条件を減らしてください")
    unit = min(actor.units, default=None) if shared and actor.contract is None else None
    contract = actor.contract if shared else None
    if shared and unit is None and contract is None:
        raise Denied("共有する課または契約がありません")
    row, _ = SavedView.objects.update_or_create(
        person=actor.person or 0,
        name=name,
        defaults={"screen": screen, "query": kept, "contract": contract, "unit": unit, "pinned": pinned},
    )
    record("desk.view_saved", who=actor.who, now=now, subject=("view", row.pk), data={"shared": shared})
    return int(row.pk)


def remove_view(*, view: int, actor: Actor, now: datetime) -> None:
    """Remove one's own view; a contract's manager may remove what its people shared.

    Raises:
        Denied: it is somebody else's.
    """
    rows = Q(person=actor.person)
    if actor.manages_contract:
        rows |= Q(contract=actor.contract)
    if not SavedView.objects.filter(rows, pk=view).delete()[0]:
        raise Denied("この一覧を消せるのは、作った人だけです")
    record("desk.view_removed", who=actor.who, now=now, subject=("view", view))


def views_of(actor: Actor, screen: str) -> list[ViewLink]:
    """Return the views of a screen the actor sees: own ones, and those shared with the contract or units. One query."""
    shared = Q(contract=actor.contract) if actor.contract is not None else Q(unit__in=actor.units)
    rows = SavedView.objects.filter(Q(person=actor.person) | shared, screen=screen).order_by("name", "pk")
    return [_link(row, actor) for row in rows]


def pinned_of(actor: Actor, now: datetime) -> list[ViewLink]:
    """Return the views on the actor's home page with their exact counts: two queries for each, six at most."""
    rows = SavedView.objects.filter(person=actor.person or 0, pinned=True, screen="work").order_by("name", "pk")[
        :_PINNED
    ]
    return [_link(row, actor, matching(actor, QueryDict(row.query).dict(), now).count()) for row in rows]


def _link(row: SavedView, actor: Actor, count: int | None = None) -> ViewLink:
    shared = row.contract is not None or row.unit is not None
    url = reverse(SCREENS[row.screen]) + (f"?{row.query}" if row.query else "")
    return ViewLink(row.pk, row.name, url, row.query, shared, row.person == actor.person, row.pinned, count)
