"""Proof of landing: every entry handed over is looked for in the extract that must hold it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from honrai.exchange.events import EntryLanded, EntryMissing
from honrai.exchange.models import Entry, Load
from honrai.exchange.queries import present, resolve
from honrai.exchange.rules.landing import EntryState, differences, proof_key
from honrai.exchange.rules.layout import Layout, Proof
from honrai.exchange.rules.library import layouts
from honrai.platform.events.api import SYSTEM, announce

_OPEN = (EntryState.HANDED_OVER, EntryState.MISSING)
_AT_ONCE = 2_000


def judge_entries(load: Load, *, now: datetime) -> None:
    """Judge by an applied load every entry handed over on its day or before; each gets landed or missing."""
    for layout in layouts():
        if layout.direction == "out" and layout.proof and layout.proof.source == load.source:
            waiting = Entry.objects.filter(layout=layout.code, state__in=_OPEN, handed_on__lte=load.as_of)
            keys = list(waiting.order_by("id").values_list("id", flat=True))
            for at in range(0, len(keys), _AT_ONCE):
                _judge(list(Entry.objects.filter(id__in=keys[at : at + _AT_ONCE])), layout, layout.proof, load, now)


def _judge(entries: Sequence[Entry], layout: Layout, proof: Proof, load: Load, now: datetime) -> None:
    found = present(load.source, {proof_key(entry.values, proof) for entry in entries})
    todays = resolve([value for entry in entries for value in _numbers(entry.values)])
    removals = {each.id for each in layout.fields if each.kind == "change"}
    for entry in entries:
        record = found.get(proof_key(entry.values, proof))
        ours = {
            name: todays.get(value, value) if name == "person_no" else value for name, value in entry.values.items()
        }
        if any(entry.values.get(name) == "gone" for name in removals):
            wrong = () if record is None else differences(ours, None, proof)
        else:
            wrong = differences(ours, record, proof)
        entry.state = EntryState.MISSING if wrong else EntryState.LANDED
        entry.differences = [asdict(each) for each in wrong]
        entry.judged_by, entry.judged_on = load.pk, load.as_of
    Entry.objects.bulk_update(entries, ["state", "differences", "judged_by", "judged_on"])
    for entry in entries:  # told once all are written: whoever follows looks at every entry of its case
        _tell(entry, load, tuple(each["field"] for each in entry.differences), now)


def _numbers(values: Mapping[str, str]) -> list[str]:
    return [values["person_no"]] if values.get("person_no") else []


def _tell(entry: Entry, load: Load, fields: tuple[str, ...], now: datetime) -> None:
    subject = ("entry", entry.pk)
    if entry.state == EntryState.LANDED:
        landed = EntryLanded(entry=entry.pk, case=entry.case, as_of=load.as_of)
        announce(landed, who=SYSTEM, now=now, subject=subject, case=entry.case)
    else:
        missing = EntryMissing(entry=entry.pk, case=entry.case, as_of=load.as_of, fields=fields)
        announce(missing, who=SYSTEM, now=now, subject=subject, case=entry.case)


def forget_judgements(load_id: int) -> None:
    """Put entries judged by a load that was undone back to waiting."""
    Entry.objects.filter(judged_by=load_id).update(
        state=EntryState.HANDED_OVER, differences=[], judged_by=None, judged_on=None
    )
