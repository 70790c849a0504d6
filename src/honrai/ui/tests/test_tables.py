"""Lists keep their whole state in the address and never show a row twice or not at all."""

import pytest
from django.test import RequestFactory

from honrai.platform.cities.models import CityHost
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.events.models import LogEntry
from honrai.platform.events.tests.test_events import NOW
from honrai.ui.tables import Cell, Column, Filter, Listing

LISTING = Listing(
    id="log",
    caption="記録",
    columns=(
        Column("番号", lambda row: Cell(str(row.pk), url=f"/{row.pk}"), order=("pk",)),
        Column("出来事", lambda row: row.name, order=("name",)),
        Column("内容", lambda row: str(row.data)),
    ),
    order=("pk",),
    filters=(Filter("q", "出来事", lambda rows, value: rows.filter(name=value)),),
    per_page=10,
)


@pytest.fixture
def log(city):
    for number in range(25):
        record(f"test.{number % 3}", who=SYSTEM, now=NOW, subject=("case", number))


def _page(address: str):
    return LISTING.page(RequestFactory().get(address), LogEntry.objects.all())


def test_pages_cover_every_row_once(log):
    seen = [row[0].text for page in (1, 2, 3) for row in _page(f"/?sort=1&page={page}").rows]
    assert len(seen) == len(set(seen)) == 25


def test_sorting_turns_and_forgets_the_page(log):
    table = _page("/?sort=0&page=2")
    assert table.columns[0].direction == "ascending"
    assert table.columns[0].sort_url == "/?sort=-0"
    first, second = (int(row[0].text) for row in _page("/?sort=-0").rows[:2])
    assert first > second
    assert table.columns[2].sort_url == ""


def test_filters_narrow_and_are_kept_by_the_pager(log):
    table = _page("/?q=test.0")
    assert (table.total, table.filtered) == (9, True)
    assert "q=test.0" in _page("/?q=test.0&page=1").columns[0].sort_url


@pytest.mark.parametrize(
    "address", ["/?page=0", "/?page=99", "/?page=x", "/?sort=99", "/?sort=--1", "/?sort=-", "/?page=%EF%BC%91"]
)
def test_nonsense_addresses_show_a_page(log, address):
    assert _page(address).rows


def test_a_page_is_two_queries(log, django_assert_num_queries):
    with django_assert_num_queries(2):
        _page("/?sort=1")


def test_the_gallery_shows_and_keeps_its_errors(db, client):
    assert CityHost.objects.exists()
    page = client.get("/ui/")
    assert page.status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    answer = client.post("/ui/", {"name": ""})
    assert "入力内容を確かめてください" in answer.content.decode()
