"""A contract in a real browser: an order, its page for both sides, the report, the self-audit; each accessible and in a picture."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")


def _seen(page, name):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"contract-{name}.png"))


def _as(page, site, actor):
    from honrai.platform.signin.testing import signed_in

    page.context.clear_cookies()
    cookie = signed_in(actor).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])


@pytest.fixture
def people(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.cases.testing import town
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        return town(CITY_A, tmp_path, monkeypatch)


def test_an_order_seen_by_both_sides(page, site, people):
    at = f"{site}/contracts/{people.contract}/"
    _as(page, site, people.personnel)
    page.goto(f"{at}begin/order/")
    page.get_by_label("件名").fill("4月分の受付")
    page.get_by_label("履行期間の最初の日").fill("R080401")
    page.get_by_label("履行期間の最後の日").fill("R080430")
    page.get_by_label("数量（件）").fill("500")
    page.get_by_label("期限").fill("R080501")
    _seen(page, "order")
    page.get_by_role("button", name="送る").click()
    assert "在席まで保留" in page.content()
    _seen(page, "dealing")
    for name, where in (("city", ""), ("reports", "reports/"), ("audit", "self-audit/2026-04/")):
        assert page.goto(at + where).status == 200
        _seen(page, name)
    _as(page, site, people.manager)
    assert "発注 R8-001" not in (page.goto(at) and page.content())
    page.goto(f"{at}reports/daily/2026-04-15/")
    _seen(page, "report")
    page.get_by_role("button", name="この数字で確認する").click()
    assert "第1回" in page.content()
