"""The watched folder: each file once, faults put aside."""

from conftest import CITY_A

from honrai.cases.testing import VALUES
from honrai.documents import testing
from honrai.documents.inbox import FolderInbox, collect_city
from honrai.documents.models import ScanFile, Sheet
from honrai.platform.cities.models import City
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures


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
