"""A whole load in one go, for the command line: handed in, read, confirmed and delivered in the running transaction."""

from datetime import date, datetime

from honrai.exchange.models import Load
from honrai.exchange.operations import loading, working
from honrai.exchange.rules.loading import Counts, State
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Invalid


def take_in(
    *, layout: str, as_of: date, name: str, content: bytes, actor: Actor, now: datetime, confirmed: bool = False
) -> Counts:
    """Load a file and return what it changed.

    `confirmed` says that a person has looked at what the preview may warn of (an extract without a row, too).

    The jobs that handing in and confirming enqueue find the work done and leave it alone.

    Raises:
        Invalid: the file cannot be read, or its preview warns of something a person must look at.
    """
    key = loading.receive(layout=layout, as_of=as_of, name=name, content=content, actor=actor, now=now)
    working.read_load(key, now=now)
    load = Load.objects.get(pk=key)
    if load.state == State.FAILED:
        raise Invalid(load.problem)
    if not confirmed and (found := loading.warnings_of(load)):
        raise Invalid("".join(found) + "画面の「データ連携」で確かめてから取り込んでください。")
    loading.confirm(key, confirmed=confirmed, actor=actor, now=now)
    working.apply_load(key, now=now)
    return loading.counts_of(Load.objects.get(pk=key))
