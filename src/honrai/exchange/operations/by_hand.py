"""Proof by a person: an official has looked into the core system and vouches that an entry stands there."""

from datetime import datetime

from honrai.exchange.events import EntryLanded
from honrai.exchange.models import Entry
from honrai.exchange.permissions import check_can_exchange
from honrai.exchange.rules.landing import EntryState
from honrai.platform.authority.api import Actor, Denied, Kind
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import announce


def prove_by_hand(entry_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Say that an entry handed over stands in the core system although no extract shows it; the next extract judges it no more.

    Args:
        entry_id: key of the entry.
        reason: what was looked at, e.g. the screen and when.
        actor: an official with the charge データ連携.
        now: the moment.

    Raises:
        Conflict: it was not handed over, or has landed.
        Invalid: no reason was given.
    """
    check_can_exchange(actor)
    if actor.kind is not Kind.STAFF:
        raise Denied("手で確かめられるのは職員だけです。")
    entry = Entry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("この登録は見つかりません。")
    if entry.state not in (EntryState.HANDED_OVER, EntryState.MISSING):
        raise Conflict(f"この登録は「{EntryState(entry.state).label}」です。手で確かめられるのは引き渡したあとです。")
    if not reason.strip():
        raise Invalid("どの画面で何を確かめたかを入力してください。")
    entry.state, entry.proved_by, entry.proved_for = EntryState.LANDED, actor.person, reason.strip()[:200]
    entry.judged_on = now.date()
    entry.save()
    event = EntryLanded(entry=entry_id, case=entry.case, as_of=now.date())
    announce(event, who=actor.who, now=now, subject=("entry", entry_id), case=entry.case)
