"""The jobs of documents: reading filings in chunks on any number of workers, collecting the watched folder."""

from datetime import datetime

from procrastinate.contrib.django import app

from honrai.documents.inbox import collect_city
from honrai.documents.models import Filing
from honrai.documents.operations.reading import read_filing
from honrai.platform import clock
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.jobs.api import enqueue, job

#: So many filings a job: short enough to lose little when a worker dies, long enough to be worth a job.
CHUNK = 5


@job("documents.read")
def read(*, now: datetime, first: int, last: int) -> None:
    """Read the filings of a stretch that still wait."""
    waiting = Filing.objects.filter(pk__gte=first, pk__lte=last, state="waiting").order_by("pk")
    for filing in list(waiting.values_list("pk", flat=True)):
        read_filing(filing, now=now)


def read_scanned(announced: Announced) -> None:
    """After a scan: put its filings on the queue, chunk by chunk."""
    found = Filing.objects.filter(sheets__scan=announced.data["scan"], state="waiting").distinct().order_by("pk")
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        enqueue(read, current_city(), first=part[0], last=part[-1])


@app.periodic(cron="* * * * *")
@app.task(name="documents.collect", queueing_lock="documents.collect", lock="documents.collect")
def collect(timestamp: int) -> None:
    """Take in what scanners put into the watched folder or bucket of each city."""
    for city in City.objects.order_by("pk").values_list("pk", flat=True):
        collect_city(city, now=clock.now())
