"""The jobs of exchange: they go on when the tab is closed, and start over when the worker dies."""

from datetime import datetime

from honrai.exchange.operations import working
from honrai.platform.jobs.api import job


@job("exchange.read")
def read(*, now: datetime, load: int) -> None:
    """Read a file into its preview."""
    working.read_load(load, now=now)


@job("exchange.apply")
def apply(*, now: datetime, load: int) -> None:
    """Deliver a confirmed load."""
    working.apply_load(load, now=now)


@job("exchange.undo")
def undo(*, now: datetime, load: int) -> None:
    """Take a load back."""
    working.undo_load(load, now=now)
