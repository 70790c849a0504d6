"""A new clerk's first morning: invitation, security key, work, away from the desk, back, out."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PASSWORD = "ながいあいことば2026"
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.fixture
def people(site, stopped_clock):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import small_city

    with in_city(CITY_A):
        return small_city(CITY_A)


def _security_key(page):
    """Plug a virtual FIDO key into the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _accessible(page):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]


def _password(page):
    page.get_by_label("ログイン名").fill("personnel")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="次へ").click()


def test_first_morning(page, site, people, stopped_clock):
    from honrai.platform.accounts.api import invite

    _security_key(page)
    page.goto(f"{site}/signin/invitation/{invite(people.personnel.account, stopped_clock.at)}/")
    _accessible(page)
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("もう一度").fill(PASSWORD)
    page.get_by_role("button", name="設定する").click()
    _accessible(page)
    _password(page)
    page.goto(f"{site}/organisation/")
    assert page.url.endswith("/signin/2fa/")
    _accessible(page)
    page.get_by_role("link", name="キーを登録する").click()
    page.get_by_label("キーの名前").fill("机のキー")
    page.get_by_role("button", name="キーを登録する").click()
    page.get_by_text("回復コード").first.wait_for()
    page.goto(f"{site}/organisation/")
    page.get_by_role("heading", name="組織と職").wait_for()
    _accessible(page)

    page.goto(f"{site}/organisation/transfers/")
    page.get_by_label("発令番号").fill("書きかけの番号")
    page.get_by_role("button", name="離席").click()
    page.locator("#lock-password").fill("ちがう")
    page.get_by_role("button", name="再開").click()
    page.get_by_text("違います").wait_for()
    page.locator("#lock-password").fill(PASSWORD)
    page.get_by_role("button", name="再開").click()
    page.locator("#lock").wait_for(state="hidden")
    assert page.get_by_label("発令番号").input_value() == "書きかけの番号"
    for screen in ("transfers", "certificates", "accounts"):
        page.goto(f"{site}/organisation/{screen}/")
        _accessible(page)
    page.goto(f"{site}/signin/own/")
    _accessible(page)

    page.locator(".who summary").click()
    page.get_by_role("button", name="サインアウト").click()
    page.get_by_role("heading", name="サインイン").wait_for()
    _password(page)
    page.get_by_role("heading", name="第二の確認").wait_for()
    _accessible(page)
    page.get_by_role("button", name="セキュリティキーを使う").click()
    page.wait_for_url(f"{site}/desk/")
    page.goto(f"{site}/organisation/")
    page.get_by_role("heading", name="組織と職").wait_for()
