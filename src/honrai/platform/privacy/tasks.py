"""Jobs of privacy: disposing of what was approved, and listing once a month what is due."""

from datetime import datetime

from procrastinate.contrib.django import app

from honrai.platform import clock
from honrai.platform.authority.api import system_actor
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Who
from honrai.platform.jobs.api import every_city, job
from honrai.platform.privacy.keeping import kinds
from honrai.platform.privacy.models import DisposalList
from honrai.platform.privacy.operations import disposing, proposing


@job("privacy.dispose")
def dispose(*, now: datetime, listed: int) -> None:
    """Dispose of an approved list, in the name of the official who approved it."""
    row = DisposalList.objects.get(pk=listed)
    disposing.dispose(listed, who=Who("staff", row.answered_by), now=now)


@app.periodic(cron="0 4 1 * *")
@app.task(name="privacy.list_due", queueing_lock="privacy.list_due")
def list_due(timestamp: int) -> None:
    """On the first of each month, list for every city what is due."""
    every_city(propose_all, now=clock.now())


def propose_all(*, now: datetime) -> None:
    """List everything due today in the current city, one list a kind."""
    actor = system_actor(current_city(), now.date())
    for kind in kinds():
        proposing.propose(kind=kind, day=now.date(), actor=actor, now=now)
