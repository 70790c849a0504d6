"""Where loads are delivered; `site/wiring.py` binds the receivers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol


class Change(NamedTuple):
    """One record that a load puts or takes away.

    Attributes:
        key: the record's key in its source.
        kind: "put" (new or changed) or "gone".
        values: by field id; of a disappearance the last ones known.
    """

    key: str
    kind: Literal["put", "gone"]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The circumstances of a delivery.

    Attributes:
        load: key of the load.
        source: what the records are of.
        as_of: the day the records are of.
        now: the moment.
        first: nothing of this source was there before (a target may then build its tables in one go).
        undo: the delivery takes a load back.
    """

    load: int
    source: str
    as_of: date
    now: datetime
    first: bool
    undo: bool


class Target(Protocol):
    """Takes the records of one kind into its own tables."""

    def __call__(self, batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
        """Take every batch; runs in the transaction of the load, all or nothing."""


@dataclass
class Ports:
    """The bound targets, by the `target` of layouts."""

    targets: dict[str, Target] = field(default_factory=dict)


ports = Ports()
