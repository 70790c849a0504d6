"""The target of register extracts: a line whose content changed ends on the day of the extract, a new one begins."""

from collections.abc import Iterator, Sequence

from honrai.exchange.api import Change, Delivery
from honrai.kernel.address import address_key
from honrai.kernel.errors import Invalid
from honrai.registers.models import RegisterLine
from honrai.registers.rules.kinds import Register, register_of


def take_lines(batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
    """Bring a register to where its extract says it is; taking a load back leaves the lines as they were before it."""
    if delivery.undo:
        for _ in batches:
            pass
        RegisterLine.objects.filter(brought_by=delivery.load).delete()
        RegisterLine.objects.filter(ended_by=delivery.load).update(until=None, ended_by=None)
        return
    register = register_of(delivery.source)
    for batch in batches:
        keys = [change.key for change in batch]
        RegisterLine.objects.filter(register=register.code, code__in=keys, until__isnull=True).update(
            until=delivery.as_of, ended_by=delivery.load
        )
        RegisterLine.objects.bulk_create(_line(register, change, delivery) for change in batch if change.kind == "put")


def _line(register: Register, change: Change, delivery: Delivery) -> RegisterLine:
    values = change.values
    return RegisterLine(
        register=register.code,
        code=change.key,
        name=values[register.name][:120],
        kana=values.get(register.kana, "")[:120] if register.kana else "",
        place_key=place_key(values.get(register.place, "")) if register.place else "",
        values={name: value for name, value in values.items() if value != ""},
        since=delivery.as_of,
        brought_by=delivery.load,
    )


def place_key(address: str) -> str:
    """Return the key an address is found by; "" where it cannot be read."""
    try:
        return address_key(address)[:200] if address.strip() else ""
    except (Invalid, ValueError):
        return ""


TARGETS = {"registers.lines": take_lines}
"""The target by the name layouts give it."""
