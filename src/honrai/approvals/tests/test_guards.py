"""What holds below the screens: in the database, and when several act at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from conftest import CITY_A
from django.db import IntegrityError, connections, transaction

from honrai.approvals import api
from honrai.approvals.models import Document, State
from honrai.approvals.testing import NOW, START, drawn, office
from honrai.platform.authority.api import Conflict, Rank, system_actor
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.models import LogEntry

DECIDED = {"state": State.DECIDED, "outcome": "認定", "decided_on": date(2026, 4, 15), "decided_at": NOW}


@pytest.fixture
def people(city):
    return office(city).people


def _refused(document, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document).update(**values)


def test_the_database_refuses_contractors_own_work_and_half_decisions(people):
    document = drawn(people)
    for name in ("decided_by", "drawn_by", "entered_by", "seen_by"):
        _refused(document, **{name: people.operator.person})
    _refused(document, **DECIDED, decided_by=people.clerk.person)
    _refused(document, state=State.DECIDED)
    _refused(document, state=State.RETURNED)
    _refused(document, changed=True)
    _refused(document, **DECIDED, decided_by=people.head.person, stands_for=people.posts["head"])
    Document.objects.filter(pk=document).update(**DECIDED, decided_by=people.head.person)


def _at_once(people, *attempts):
    """Run attempts side by side, each in a transaction of its own; return what they came to."""

    def run(attempt):
        try:
            with in_city(CITY_A):
                return attempt()
        except Conflict:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


@pytest.fixture
def open_office(committed):
    with in_city(CITY_A):
        people = office(CITY_A).people
        setup = system_actor(CITY_A, START)
        api.set_sampling(actor=setup, now=NOW, percent=0, at_least=0, since=START, source="要領")
        return people


def test_a_double_click_decides_once(open_office):
    people = open_office
    with in_city(CITY_A):
        document = drawn(people)
    attempt = lambda: api.approve(document=document, actor=people.head, now=NOW)  # noqa: E731
    assert sorted(map(str, _at_once(people, *[attempt] * 4))) == ["None", "refused", "refused", "refused"]
    with in_city(CITY_A):
        assert LogEntry.objects.filter(name="approvals.decided").count() == 1


def test_stacks_and_single_decisions_side_by_side_decide_each_document_once(open_office):
    people = open_office
    given = {"group": "child-medical/1/認定", "unit": people.unit, "rank": Rank.SECTION_HEAD}
    with in_city(CITY_A):
        documents = [drawn(people) for _ in range(12)]
    formed = _at_once(people, *[lambda: api.form_stack(**given, actor=people.head, now=NOW)] * 3)
    assert formed.count("refused") == 2
    [stack] = [key for key in formed if key != "refused"]
    whole = lambda: api.approve_stack(stack=stack, actor=people.head, now=NOW).approved  # noqa: E731
    single = [lambda key=key: api.approve(document=key, actor=people.head, now=NOW) for key in documents[:3]]
    done = _at_once(people, whole, *single, whole)
    with in_city(CITY_A):
        assert Document.objects.filter(state=State.DECIDED).count() == 12
        decided = LogEntry.objects.filter(name="approvals.decided").values_list("subject_id", flat=True)
        assert sorted(decided) == sorted(documents)
    assert sum(one for one in done if isinstance(one, int)) + done.count(None) == 12
