"""Several at once, with real commits: pseudonyms are not doubled, no order is missed by a manager coming on duty."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from conftest import CITY_A
from django.db import connection

from honrai.platform.authority.acts import Channel, TeamRole
from honrai.platform.cities.tenancy import in_city
from honrai.platform.organisations import api
from honrai.platform.organisations.models import ContractMessage, Pseudonym
from honrai.platform.organisations.testing import NOW, START, small_city


def _in_threads(*jobs):
    start = Barrier(len(jobs))

    def run(job):
        try:
            start.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_accounts_issued_at_once_get_different_pseudonyms(committed):
    with in_city(CITY_A):
        people = small_city(CITY_A)
        requests = [
            api.request_account(
                actor=people.manager,
                now=NOW,
                team=people.team,
                role=TeamRole.OPERATOR,
                name=f"新人{n}",
                kana="",
                login=f"new-{n}",
                start=START,
            )
            for n in range(4)
        ]
    _in_threads(*(lambda r=r: api.issue_account(actor=people.personnel, now=NOW, request=r) for r in requests))
    with in_city(CITY_A):
        numbers = sorted(Pseudonym.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 9))


def test_an_order_and_a_manager_coming_on_duty_do_not_miss_each_other(committed):
    with in_city(CITY_A):
        people = small_city(CITY_A)
    order = api.Message(contract=people.contract, channel=Channel.ORDER, title="入力")
    for attempt in range(8):
        now = NOW + timedelta(hours=attempt)
        _in_threads(
            lambda now=now: api.send(actor=people.head, now=now, message=order),
            lambda now=now: api.start_duty(actor=people.manager, now=now, until=now + timedelta(minutes=30)),
        )
        with in_city(CITY_A):
            assert not ContractMessage.objects.filter(delivered_at__isnull=True).exists()
