"""The jobs of renewals: they go on when the tab is closed, and start their piece over when the worker dies."""

from datetime import datetime

from honrai.platform.jobs.api import job


@job("renewals.judge")
def judge(*, now: datetime, run: int) -> None:
    """Judge everybody of a run."""
    from honrai.renewals.operations import judging

    judging.judge(run, now=now)


@job("renewals.draw")
def draw(*, now: datetime, run: int) -> None:
    """Draw up what must be decided."""
    from honrai.renewals.operations import submitting

    submitting.draw(run, now=now)


@job("renewals.prepare")
def prepare(*, now: datetime, run: int) -> None:
    """Make the next batch of letters or cards."""
    from honrai.renewals.operations import preparing

    preparing.prepare(run, now=now)


@job("renewals.issue")
def issue(*, now: datetime, run: int) -> None:
    """Write what the core system must hold, and open the next cases."""
    from honrai.renewals.operations import issuing

    issuing.go_on(run, now=now)
