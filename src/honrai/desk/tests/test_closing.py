"""The end of a contract: the list, the declarations, the city's confirmation, the accounts, the certificate."""

from dataclasses import replace

import pytest

from honrai.cases.models import Case, Task
from honrai.platform.authority.api import Denied
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.testing import small_city
from honrai.platform.privacy.models import ClosingStep
from honrai.platform.privacy.operations import closing
from honrai.platform.signin.testing import signed_in


@pytest.fixture
def people(city, stopped_clock, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    return small_city(city)


def test_from_the_list_to_the_certificate(people):
    here = f"/organisation/contract/{people.contract}/closing/"
    city, firm = signed_in(people.personnel), signed_in(people.manager)
    case = Case.objects.create(
        number="08-000001", version=1, procedure="x", title="x", application=1, unit=people.unit, channel="web",
        received_on=people.day, name="x", stage="x", due_on=people.day, opened_at=people.now,
    )  # fmt: skip
    Task.objects.create(
        case=case, key="1", node="n", title="x", act="factual", contract=people.contract, due_on=people.day,
        urgent_on=people.day, section=people.unit, opened_at=people.now,
    )  # fmt: skip
    assert firm.post(here, {"what": "start"}).status_code == 403
    assert city.post(here, {"what": "start"}).status_code == 302
    assert city.post(here, {"what": "start"}).status_code == 422, "a contract ends once"
    assert ClosingStep.objects.get(kind="accounts").at_start == 4
    assert ClosingStep.objects.get(kind="tasks").at_start == 1
    assert city.post(here, {"what": "confirm"}).status_code == 422, "nothing was declared yet"
    for step in ClosingStep.objects.all():
        assert firm.post(here, {"what": step.pk, "how": "erased", "note": ""}).status_code == 422
        assert (
            firm.post(here, {"what": step.pk, "how": "erased", "note": "4月15日 復元できない方法"}).status_code == 302
        )
    assert city.get(here + "certificate.pdf").status_code == 409
    answer = city.post(here, {"what": "confirm"})
    assert answer.status_code == 422
    assert "処理中の作業" in answer.content.decode(), "open work must be taken over first"
    Task.objects.update(state="cancelled")
    assert city.post(here, {"what": "confirm"}).status_code == 302
    assert city.get(here + "certificate.pdf").content.startswith(b"%PDF")
    assert firm.get("/desk/").status_code == 403, "their accounts open this city no more"
    with pytest.raises(organisations.NoPlace):
        organisations.actor_of_person(people.operator.person, people.city, people.day)
    names = set(LogEntry.objects.values_list("name", flat=True))
    assert {"privacy.closing_started", "privacy.closing_declared", "privacy.closing_confirmed"} <= names


@pytest.mark.parametrize("who", ["clerk", "operator"])
def test_nobody_else_opens_or_acts(people, who):
    actor = getattr(people, who)
    here = f"/organisation/contract/{people.contract}/closing/"
    assert signed_in(actor).get(here).status_code == 403
    assert signed_in(actor).post(here, {"what": "start"}).status_code == 403
    with pytest.raises(Denied):
        closing.start_closing(contract=people.contract, actor=replace(actor), now=people.now)
