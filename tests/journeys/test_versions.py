"""A rule changes: consultation, the gate with its pictures, the approver's word, the new version, running cases planned over."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")
LIMIT = ("parameters.yaml", "- {from: 2023-12-01, value: 18}", "- {from: 2023-12-01, value: 17}")


@pytest.fixture
def town(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.cases import api as cases
    from honrai.cases.ports import ports
    from honrai.cases.testing import FACTS, apply
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import DAY
    from honrai.procedures.testing import keep_files_in, wards

    keep_files_in(tmp_path, monkeypatch)
    monkeypatch.setattr(ports, "facts", [lambda question: FACTS])
    with in_city(CITY_A):
        town = wards(CITY_A)
        cases.set_route(procedure="kodomo-iryo", unit=town.people.unit, contract=town.people.contract, since=DAY)
        apply()
    return town


def _tab(chromium, site, actor):
    from honrai.platform.signin.testing import signed_in

    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="ja-JP")
    cookie = signed_in(actor).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return context.new_page()


def _seen(page, name, *, whole=False):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, (name, [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found])
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=whole)


def _run_gate(draft):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW
    from honrai.procedures.models import GateRun
    from honrai.procedures.operations.gating import take_step

    more = True
    while more:
        with in_city(CITY_A):
            run = GateRun.objects.filter(draft=draft).latest("pk")
            more = take_step(run=run.pk, now=NOW)


def _make(town, *edits):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.procedures.testing import next_draft

    with in_city(CITY_A):
        return next_draft(town, *edits)


def test_a_change_of_practice_from_draft_to_running_cases(chromium, site, town):
    clerk, head = _tab(chromium, site, town.people.clerk), _tab(chromium, site, town.people.head)
    draft = _make(town, LIMIT)
    at = f"{site}/procedures/draft/{draft}/"
    clerk.goto(site + "/procedures/")
    _seen(clerk, "procedures")
    clerk.goto(at)
    _seen(clerk, "procedures-draft")
    clerk.get_by_role("button", name="区と主管課に意見を聞く").click()
    _answer_all(chromium, site, town, draft)
    clerk.goto(at + "consult/")
    _seen(clerk, "procedures-consult")
    clerk.get_by_label("不採用").check()
    clerk.locator("textarea").last.fill("条例の改正が4月に決まったため")
    clerk.get_by_role("button", name="登録する").click()
    clerk.goto(at + "gate/")
    clerk.get_by_role("button", name="検査する").click()
    assert clerk.get_by_role("heading", name="検査しています").is_visible()
    _seen(clerk, "procedures-gate-running")
    _run_gate(draft)
    head.goto(at + "gate/")
    _seen(head, "procedures-gate")
    _seen(head, "procedures-gate-whole", whole=True)
    first = head.locator("section.card", has_text="N-02").last
    first.locator("textarea").fill("条例改正により対象年齢が下がるため")
    first.get_by_role("button", name="実務の変更として認める").click()
    assert head.get_by_text("認めた", exact=True).is_visible()
    second = head.locator("section.card", has_text="N-04").last
    second.locator("textarea").fill("経過措置を決定表に入れてください")
    second.get_by_role("button", name="差し戻す").click()
    assert head.get_by_text("経過措置を決定表に入れてください").first.is_visible()
    clerk.goto(f"{site}/procedures/compare/?a=version-{town.version}&b=draft-{draft}")
    _seen(clerk, "procedures-differences")


def test_counter_example_wards_and_the_move_of_running_cases(chromium, site, town):
    from honrai.procedures.testing import changed

    clerk, head = _tab(chromium, site, town.people.clerk), _tab(chromium, site, town.people.head)
    unsound = _make(town, ("flow.bpmn", "exclusiveGateway", "parallelGateway"))
    clerk.goto(f"{site}/procedures/draft/{unsound}/gate/")
    clerk.get_by_role("button", name="検査する").click()
    clerk.get_by_role("heading", name="検査しています").wait_for()
    _run_gate(unsound)
    clerk.goto(f"{site}/procedures/draft/{unsound}/gate/")
    clerk.locator(".flow-box svg").first.scroll_into_view_if_needed()
    _seen(clerk, "procedures-counter-example")
    clerk.goto(f"{site}/procedures/draft/{unsound}/wards/")
    east = _zip_of(town, changed, ("procedure.yaml", "retention_years: 5", "retention_years: 7"))
    clerk.get_by_label("その区の今のやり方（zip）").set_input_files(
        {"name": "east.zip", "mimeType": "application/zip", "buffer": east}
    )
    clerk.get_by_role("button", name="取り込む").click()
    assert clerk.get_by_text("未定").first.is_visible()
    _seen(clerk, "procedures-wards")
    clerk.goto(f"{site}/procedures/version/{town.version}/")
    _seen(clerk, "procedures-version")
    plan = _plan(town)
    head.goto(f"{site}/procedures/move/{plan}/")
    _seen(head, "procedures-move")


def _zip_of(town, changed, *edits):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.procedures.rules.sources import zip_of_files

    with in_city(CITY_A):
        return zip_of_files(changed(*edits, version=town.version))


def _plan(town):
    from conftest import CITY_A

    from honrai.platform.authority.api import system_actor
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import DAY, NOW
    from honrai.procedures import api
    from honrai.procedures.testing import changed

    with in_city(CITY_A):
        files = changed(("flow.bpmn", "link_facts", "look_up"), version=town.version)
        files["manual.md"] = files["manual.md"].replace(b"link_facts", b"look_up")
        target = api.publish(files=files, actor=system_actor(CITY_A, DAY), now=NOW)
        return api.plan_move(source=town.version, target=target, actor=town.people.clerk, now=NOW)


def _answer_all(chromium, site, town, draft):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW
    from honrai.procedures import api
    from honrai.procedures.models import Inquiry

    with in_city(CITY_A):
        for inquiry in Inquiry.objects.filter(draft=draft).exclude(name="東区"):
            actor = town.wards.get(inquiry.name, town.people.second)
            api.answer(inquiry=inquiry.pk, comment="", actor=actor, now=NOW)
    east = _tab(chromium, site, town.wards["東区"])
    east.goto(site + "/procedures/")
    east.get_by_role("link", name="こども医療費助成 資格認定").first.click()
    east.get_by_label("意見").fill("学年の途中で対象から外れる子がいます。経過措置を設けてください。")
    east.get_by_role("button", name="回答する").click()
    assert east.get_by_text("意見あり").is_visible()
