"""Two cities on one installation: cases, documents, people, procedures, log and files of one are not there in the other."""

import pytest
from tests.journeys.test_first_case import _accessible, _tab

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PDF = b"%PDF-1.7\n" + b"x" * 100
NAMES = {1: ("見本 花子", "ミホン ハナコ"), 2: ("別市 次郎", "ベツシ ジロウ")}


@pytest.fixture
def both(site, stopped_clock, tmp_path, monkeypatch, owner):
    """The same town in both cities, a case in each; the second city answers at 127.0.0.1."""
    from conftest import CITY_A, CITY_B

    owner.execute("INSERT INTO cities_cityhost (host, city_id) VALUES ('127.0.0.1', %s)", [CITY_B])
    yield {city: _city(city, tmp_path, monkeypatch) for city in (CITY_A, CITY_B)}
    owner.execute("DELETE FROM cities_cityhost WHERE host = '127.0.0.1'")


def _city(city, folder, monkeypatch):
    from honrai.cases import testing
    from honrai.platform.cities.tenancy import in_city

    name, kana = NAMES[city]
    with in_city(city):
        people = testing.town(city, folder, monkeypatch, tag=f"c{city}")
        values = testing.VALUES | {"child.name": name, "child.kana": kana}
        for _ in range(city):  # the second city has a case more: its newest keys do not exist in the first
            receipt, case = testing.apply(values, papers=[("insurance", PDF)])
        testing.work(case, people.operator, "receive_check")
        testing.jobs(case)
        testing.work(case, people.operator2, "second_check", "一致")
        testing.work(case, people.clerk, "draft")
        document = testing.open_task(case, "approve").document
    return people, case, document, receipt


def test_nothing_of_one_city_is_seen_in_the_other(chromium, site, both):
    from conftest import CITY_A, CITY_B

    hosts = {CITY_A: site, CITY_B: site.replace("localhost", "127.0.0.1")}
    for here, there in ((CITY_A, CITY_B), (CITY_B, CITY_A)):
        people, case, document, _ = both[here]
        _, other, hidden, receipt = both[there]
        own, foreign = NAMES[here][0].split()[1], NAMES[there][0].split()[1]
        tab = _tab(chromium, hosts[here], people.clerk)
        for path in ("/desk/", "/desk/cases/", f"/desk/case/{case.pk}/", "/procedures/", "/organisation/"):
            assert tab.goto(hosts[here] + path).status == 200, path
            assert foreign not in tab.content(), path
        tab.goto(f"{hosts[here]}/desk/case/{case.pk}/")
        assert own in tab.content()
        _accessible(tab, f"two-cities-{here}")
        _search(tab, NAMES[there][1].split()[0], foreign)
        head = _tab(chromium, hosts[here], people.head)
        head.goto(f"{hosts[here]}/approvals/document/{document}/")
        assert head.get_by_role("heading", name="について").count()
        auditor = _tab(chromium, hosts[here], people.personnel)
        auditor.goto(f"{hosts[here]}/desk/log/")
        assert foreign not in auditor.content()
        if other.pk != case.pk:
            assert tab.request.get(f"{hosts[here]}/desk/case/{other.pk}/").status in {403, 404}
            assert head.request.get(f"{hosts[here]}/approvals/document/{hidden}/").status in {403, 404}
        file = other.attachments[0]["file"]
        assert tab.request.get(f"{hosts[here]}/desk/case/{case.pk}/file/{file}/").status == 404
        if (
            here == CITY_A
        ):  # the other way both cities know the number and the fixed token of the test, so also the secret
            _status(chromium, hosts[here], receipt)
        _session(chromium, hosts, here, there, people)


def _search(tab, kana, foreign):
    tab.keyboard.press("/")
    tab.locator("#quick:focus").wait_for()
    tab.keyboard.type(kana)
    tab.keyboard.press("Enter")
    tab.get_by_label("検索の目的").select_option("case")
    tab.get_by_role("button", name="さがす", exact=True).click()
    tab.wait_for_load_state()
    assert foreign not in tab.content()


def _status(chromium, host, receipt):
    """An applicant with the receipt of one city asks the other."""
    phone = _tab(chromium, host, phone=True)
    phone.goto(f"{host}/apply/status/")
    phone.get_by_label("受付番号").fill(receipt.number)
    phone.get_by_label("照会番号").fill(receipt.secret)
    phone.get_by_role("button", name="確かめる").click()
    phone.wait_for_load_state()
    assert "審査しています" not in phone.content()
    assert phone.goto(f"{host}/apply/mine/").url.endswith("/apply/status/")


def _session(chromium, hosts, here, there, people):
    """A session of one city opens nothing in the other."""
    from honrai.platform.signin.testing import signed_in

    context = chromium.new_context()
    cookie = signed_in(people.clerk).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": hosts[there]}])
    page = context.new_page()
    page.goto(f"{hosts[there]}/desk/")
    assert "/signin/" in page.url
