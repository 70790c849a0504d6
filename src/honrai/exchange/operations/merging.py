"""Merged 宛名番号, as the resident register tells them: a target of loads like any other, bound by ourselves."""

from collections.abc import Iterator, Sequence
from datetime import date

from honrai.exchange.models import Merge
from honrai.exchange.ports import Change, Delivery


def take_merges(batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
    """Take the merges of a load; one that is gone parts the numbers again.

    A merge that would close a circle (A into B, B into A) takes the place of the older one that stands against it.
    """
    for batch in batches:
        Merge.objects.filter(old__in=[change.key for change in batch]).delete()
        for change in batch:
            if change.kind == "put":
                _put(change.values["old_no"], change.values["new_no"], date.fromisoformat(change.values["merged_on"]))


def _put(old: str, new: str, on: date) -> None:
    target, seen = new, {old}
    while target not in seen:
        seen.add(target)
        after = Merge.objects.filter(old=target).first()
        if after is None:
            break
        if after.new == old:
            after.delete()
            break
        target = after.new
    Merge.objects.update_or_create(old=old, defaults={"new": new, "on": on})
