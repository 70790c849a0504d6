"""A rule changes: two precedents flip, one is accepted, one mended; approved, in force next month; running cases planned over."""

from datetime import date, datetime

import pytest
from tests.journeys.test_first_case import _run_jobs
from tests.journeys.test_versions import LIMIT, _make, _run_gate, _seen, _tab, town

pytestmark = [pytest.mark.journey, pytest.mark.slow]
__all__ = ["town"]
LAST_DAY = "<text>if child.born.month &lt; 4"
KEPT = (
    '<text>if child.born &gt;= date("2008-04-02") and child.born &lt;= date("2009-04-01") then date(2027, 3, 31)'
    " else if child.born.month &lt; 4"
)


def _do(work):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        return work()


def test_a_rule_changes_and_running_cases_go_over(chromium, site, town, stopped_clock):
    draft = _do_consulted(town)
    at = f"{site}/procedures/draft/{draft}/"
    clerk, head = _tab(chromium, site, town.people.clerk), _tab(chromium, site, town.people.head)
    _check(clerk, at, draft)
    _judge(head, at)
    _mend(clerk, at, town)
    _check(clerk, at, draft)
    clerk.goto(at)
    clerk.get_by_text("九つの検査にすべて通っています").wait_for()
    _seen(clerk, "rule-changes-mended")
    clerk.get_by_role("button", name="起案する").click()
    clerk.get_by_role("link", name="起案文書を見る").wait_for()
    head.goto(site + "/approvals/")
    head.get_by_role("link", name="K").first.click()
    head.get_by_text("公開前検査結果").first.wait_for()
    _seen(head, "rule-changes-decision")
    head.keyboard.press("a")
    head.get_by_text("決裁しました").first.wait_for()
    _run_jobs()
    clerk.goto(f"{site}/procedures/version/{town.version}/")
    _in_force_next_month(town)
    _seen(clerk, "rule-changes-next-month")
    _move_over(chromium, site, town, stopped_clock)


def _do_consulted(town):
    from honrai.procedures.testing import consult

    draft = _make(town, LIMIT)
    _do(lambda: consult(town, draft))
    return draft


def _check(clerk, at, draft):
    clerk.goto(at + "gate/")
    clerk.get_by_role("button", name="検査する").first.click()
    clerk.get_by_role("heading", name="検査しています").wait_for()
    _run_gate(draft)


def _judge(head, at):
    """The decider accepts one change of practice and sends the other back."""
    head.goto(at + "gate/")
    accepted = head.locator("section.card", has_text="N-02").last
    accepted.locator("textarea").fill("条例改正により対象年齢が下がるため")
    accepted.get_by_role("button", name="実務の変更として認める").click()
    head.get_by_text("認めた", exact=True).wait_for()
    back = head.locator("section.card", has_text="N-04").last
    back.locator("textarea").fill("施行時に17歳の子には経過措置を設けてください")
    back.get_by_role("button", name="差し戻す").click()
    head.get_by_text("施行時に17歳の子には経過措置を設けてください").first.wait_for()
    _seen(head, "rule-changes-judged")


def _mend(clerk, at, town):
    """The author mends the table: whoever is 17 when it comes into force keeps what they have."""
    from honrai.procedures.rules.sources import zip_of_files
    from honrai.procedures.testing import changed

    files = _do(lambda: changed(LIMIT, ("decisions.dmn", LAST_DAY, KEPT), version=town.version))
    clerk.goto(at)
    clerk.locator("#zip").set_input_files(
        {"name": "pack.zip", "mimeType": "application/zip", "buffer": zip_of_files(files)}
    )
    clerk.get_by_role("button", name="置き換える", exact=True).click()
    clerk.get_by_text("zipの内容に置き換えました").first.wait_for()


def _in_force_next_month(town):
    from honrai.procedures import api

    def versions():
        return api.version_on("kodomo-iryo", date(2026, 5, 31)).id, api.version_on("kodomo-iryo", date(2026, 6, 1)).id

    before, after = _do(versions)
    assert before == town.version != after


def _move_over(chromium, site, town, stopped_clock):
    """On the day it holds, running cases are counted, planned over and moved; each says under which version it goes on."""
    from honrai.cases.models import Case
    from honrai.platform import clock
    from honrai.procedures.models import MovePlan
    from honrai.procedures.operations.moving import take_step

    stopped_clock.at = datetime(2026, 6, 1, 9, tzinfo=clock.TOKYO)
    clerk, head = _tab(chromium, site, town.people.clerk), _tab(chromium, site, town.people.head)
    clerk.goto(f"{site}/procedures/version/{town.version}/")
    clerk.get_by_role("button", name="へ移す計画を作る").click()
    clerk.get_by_role("heading", name="試算").wait_for()
    head.goto(clerk.url)
    _seen(head, "rule-changes-dry-run")
    head.get_by_role("button", name="1件を移す").click()
    head.get_by_text("移行を始めました").first.wait_for()

    def move():
        while take_step(plan=MovePlan.objects.get().pk, now=stopped_clock.at):
            pass
        return Case.objects.get().version

    assert _do(move) != town.version
    head.reload()
    _seen(head, "rule-changes-moved")
