"""Every first screen of every kind of person: it opens, breaks no AA rule, and runs no script it should not.

`HONRAI_PICTURES=docs/images/screens` keeps a picture of each.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")
SCREENS = {
    "nobody": ("/", "/ui/", "/apply/", "/apply/status/", "/signin/login/", "/api/v1/docs/"),
    "operator": ("/desk/", "/desk/work/", "/desk/cases/", "/signin/own/"),
    "manager": ("/desk/", "/organisation/", "/contracts/"),
    "head": ("/desk/", "/procedures/", "/approvals/", "/approvals/afterwards/", "/organisation/"),
    "personnel": (
        "/desk/log/",
        "/desk/jobs/",
        "/desk/calendar/",
        "/organisation/",
        "/organisation/transfers/",
        "/organisation/certificates/",
        "/exchange/",
        "/claims/",
        "/claims/exceptions/",
        "/claims/months/",
        "/people/",
        "/governance/levels/",
        "/governance/routes/",
        "/governance/sampling/",
        "/governance/retention/",
        "/governance/limits/",
        "/governance/holds/",
        "/governance/disposals/",
        "/governance/searches/",
        "/api-keys/",
        "/api-keys/own/",
        "/contracts/",
        "/contracts/effect/",
        "/contracts/candidates/",
    ),
}


@pytest.fixture
def people(site, stopped_clock):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import small_city

    with in_city(CITY_A):
        return small_city(CITY_A)


@pytest.mark.parametrize("who", SCREENS)
def test_every_first_screen_is_accessible(page, site, people, who):
    if who != "nobody":
        from honrai.platform.signin.testing import signed_in

        cookie = signed_in(getattr(people, who)).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    for screen in SCREENS[who]:
        answer = page.goto(site + screen)
        assert answer.status == 200, f"{who} {screen}: {answer.status}"
        found = Axe().run(page, options=AA).response["violations"]
        assert not found, (screen, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
        if PICTURES:
            name = f"{who}{screen.replace('/', '-').rstrip('-')}.png"
            page.screenshot(path=str(Path(PICTURES) / name))
