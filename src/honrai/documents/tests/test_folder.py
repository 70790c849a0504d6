"""The watched folder: each file once, faults put aside, also when the worker dies at any point of it."""

import os
import random
import subprocess
import sys
import time

import pytest
from conftest import CITY_A, ROOT

from honrai.cases.testing import VALUES
from honrai.documents import api, testing
from honrai.documents.inbox import FolderInbox, collect_city
from honrai.documents.models import Filing, Reading, ScanFile, Sheet
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import in_city
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures

KILLS = 40 if os.environ.get("HONRAI_SOAK") else 3
FILES = 3

#: Collects the folder and reads what it gave, one transaction a file and a paper, as the jobs do.
WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "honrai.site.settings"
import django
django.setup()
from pathlib import Path
from honrai.documents import api
from honrai.documents.inbox import FolderInbox, collect_city
from honrai.documents.models import Filing
from honrai.platform.cities.tenancy import in_city
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import NOW
from datetime import timedelta
city, folder, store = int(sys.argv[1]), sys.argv[2], sys.argv[3]
files._store = lambda: EncryptedStore(FolderStore(Path(store)), bytes(32))
print("began", flush=True)
collect_city(city, now=NOW + timedelta(days=9999), inbox=FolderInbox(Path(folder)))
while True:
    with in_city(city):
        key = Filing.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True).first()
        if key is None:
            break
        api.read_filing(key, now=NOW)
print("finished", flush=True)
"""


def _put(folder, label, count):
    """Put scanned forms and one broken file where a scanner would."""
    version = procedures.version_on("kodomo-iryo", NOW.date()).id
    code = City.objects.get(pk=CITY_A).code
    place = folder / code / label
    place.mkdir(parents=True)
    pages = testing.filled(version, VALUES)
    for number in range(count):
        pages[0][2310:2330, 400 + 90 * number : 450 + 90 * number] = 0  # another file, the same form
        (place / f"scan{number}.pdf").write_bytes(testing.as_file(pages))
    (place / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / code / "nowhere.pdf").write_bytes(testing.as_file([pages[1]]))


def _left(folder):
    return sorted(str(path.relative_to(folder)).split("/")[0] for path in folder.rglob("*.pdf"))


def test_files_are_taken_once_and_faults_put_aside(town, bundle, tmp_path, monkeypatch):
    folder = tmp_path / "scans"
    _put(folder, bundle.code, 1)
    box = FolderInbox(folder)
    assert box.names(NOW.replace(year=2020)) == [], "a file still being written is left alone"
    later = NOW.replace(year=2050)
    monkeypatch.setattr("honrai.documents.inbox.in_city", lambda city: _same_transaction())
    assert collect_city(CITY_A, now=later, inbox=box) == 3
    assert collect_city(CITY_A, now=later, inbox=box) == 0
    assert _left(folder) == ["done", "quarantine", "quarantine"]
    assert Sheet.objects.count() == 2
    assert set(ScanFile.objects.values_list("fault", flat=True)) == {"", "scan-pdf"}


def _same_transaction():
    from django.db import transaction

    return transaction.atomic()


@pytest.mark.slow
def test_workers_killed_in_import_and_reading_lose_and_double_nothing(
    committed, owner, tmp_path, monkeypatch, test_server, test_database
):
    from honrai.cases import testing as cases
    from honrai.platform.db.roles import APP

    folder = tmp_path / "scans"
    with in_city(CITY_A):
        people = cases.town(CITY_A, tmp_path / "files", monkeypatch)
        said = {"arrived_on": NOW.date(), "actor": people.clerk, "now": NOW}
        bundle = api.register(kind="bundle", count=2 * FILES, **said)
        _put(folder, bundle.code, FILES)
    command = [sys.executable, "-c", WORKER, str(CITY_A), str(folder), str(tmp_path / "files")]
    url = test_server.url(APP, test_database)
    environment = os.environ | {"HONRAI_DATABASE_URL_NOW": url, "PYTHONPATH": str(ROOT / "src")}
    dice = random.Random(7)
    for attempt in range(KILLS + 1):
        with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            told = worker.stdout.readline()
            if attempt < KILLS:
                time.sleep(dice.random() * 1.5)
                worker.kill()
            told += worker.stdout.read()
    assert "finished" in told
    with in_city(CITY_A):
        assert ScanFile.objects.filter(fault="").count() == FILES
        assert list(Sheet.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 2 * FILES + 1))
        assert set(Filing.objects.values_list("state", flat=True)) == {"doubtful"}
        fields = Reading.objects.filter(filing=Filing.objects.first()).count()
        assert Reading.objects.count() == FILES * fields
    assert _left(folder) == [*["done"] * FILES, "quarantine", "quarantine"]
