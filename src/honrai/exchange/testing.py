"""Loads for tests of any chapter, carried through the real operations without a worker."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from honrai.exchange.models import Load
from honrai.exchange.operations import loading, working
from honrai.exchange.ports import Change, Delivery, Target, ports
from honrai.exchange.queries import layout_of
from honrai.exchange.rules.loading import State
from honrai.exchange.rules.writing import write_file
from honrai.platform.authority.api import Actor


def load_records(
    layout: str, records: Sequence[Mapping[str, str]], *, as_of: date, actor: Actor, now: datetime
) -> Load:
    """Write records as a file of the layout, load it, confirm what it warns of, deliver it; return the load."""
    return load_bytes(layout, write_file(records, layout_of(layout, as_of)).content, as_of=as_of, actor=actor, now=now)


def load_bytes(layout: str, content: bytes, *, as_of: date, actor: Actor, now: datetime) -> Load:
    """Load a file whole, from hand-in to delivery; return the load."""
    key = preview(layout, content, as_of=as_of, actor=actor, now=now).pk
    loading.confirm(key, confirmed=True, actor=actor, now=now)
    working.apply_load(key, now=now)
    return Load.objects.get(pk=key)


def preview(layout: str, content: bytes, *, as_of: date, actor: Actor, now: datetime) -> Load:
    """Hand a file in and read it; return the load waiting for confirmation (or failed)."""
    key = loading.receive(layout=layout, as_of=as_of, name="extract.csv", content=content, actor=actor, now=now)
    working.read_load(key, now=now)
    return Load.objects.get(pk=key)


def take_back(load: Load, *, actor: Actor, now: datetime) -> Load:
    """Undo a load; return it."""
    loading.undo(load.pk, reason="試験", actor=actor, now=now)
    working.undo_load(load.pk, now=now)
    return Load.objects.get(pk=load.pk)


class Shelf:
    """A target that keeps what it was given, for tests: key -> values."""

    def __init__(self) -> None:
        self.held: dict[str, Mapping[str, str]] = {}
        self.deliveries: list[Delivery] = []

    def __call__(self, batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
        """Take every batch."""
        self.deliveries.append(delivery)
        for batch in batches:
            for change in batch:
                if change.kind == "put":
                    self.held[change.key] = change.values
                else:
                    del self.held[change.key]


@contextmanager
def bound(name: str, target: Target) -> Iterator[None]:
    """Bind another target for the time of a test."""
    before = dict(ports.targets)
    ports.targets[name] = target
    try:
        yield
    finally:
        ports.targets.clear()
        ports.targets.update(before)


__all__ = ["Shelf", "State", "bound", "load_bytes", "load_records", "preview", "take_back"]
