"""What a contractor's people see: cases of their contract, open or closed less than N days ago; nothing else exists for them.

Held below the screen (queries, permissions, search, export) and again through every screen that shows a case.
"""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Case, Task
from honrai.cases.queries import workplace
from honrai.parties import api as parties
from honrai.parties.models import Match, Resident
from honrai.platform.authority.api import Denied, Invalid, NotFound
from honrai.platform.cities.models import City
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import DAY, NOW, small_city
from honrai.platform.privacy import api as privacy
from honrai.platform.signin.testing import signed_in

SEEN, HIDDEN = ("open", "closed lately"), ("closed long ago", "other contract", "no contract", "protected")


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


@pytest.fixture
def made(people):
    """One case of each kind, each with a done step of contract A and its subject among the residents."""
    circumstances = {
        "open": {},
        "closed lately": {"closed_at": NOW - timedelta(days=30)},
        "closed long ago": {"closed_at": NOW - timedelta(days=30, seconds=1)},
        "other contract": {"contract": people.contract + 1},
        "no contract": {"contract": None},
        "protected": {"protected": True},
    }
    found: dict[str, Case] = {}
    for number, (kind, given) in enumerate(circumstances.items(), start=1):
        values = {"contract": people.contract} | given
        found[kind] = Case.objects.create(
            number=f"08-{number:06}", version=1, procedure="x", title="x", application=number, unit=people.unit,
            channel="web", received_on=DAY, name=f"本来 {number}号", born_on=DAY, stage="審査", due_on=DAY,
            opened_at=NOW, **values,
        )  # fmt: skip
        Resident.objects.create(
            number=f"{number:07}", household_number=f"{number:07}", name=f"本来 {number}号", born_on=DAY
        )
        Match.objects.create(case=found[kind].pk, number=f"{number:07}", at=NOW)
    return found


def test_queries_give_only_what_may_be_seen(people, made):
    seen = {row.pk for row in cases.visible_cases(people.operator, NOW)}
    assert seen == {made[kind].pk for kind in SEEN}
    for kind in SEEN:
        assert cases.check_can_see(people.operator, made[kind].pk, NOW).pk == made[kind].pk
    for kind in HIDDEN:
        with pytest.raises(Denied):
            cases.check_can_see(people.operator, made[kind].pk, NOW)
    assert cases.visible_cases(replace(people.operator, contract=people.contract + 7), NOW).count() == 0


def test_the_search_for_cases_and_people_gives_only_what_may_be_seen(people, made):
    found = cases.find_cases(cases.Sought(born_on=DAY), people.operator, NOW)
    assert {row.pk for row in found} == {made[kind].pk for kind in SEEN}
    hits = parties.search(parties.Criteria(born_on=DAY), purpose="case", actor=people.operator, now=NOW).hits
    assert {hit.number for hit in hits} == {"0000001", "0000002"}
    with pytest.raises(NotFound):
        parties.read_person("0000003", actor=people.operator, now=NOW)


def test_a_step_done_long_ago_is_no_way_round(people, made):
    for kind in ("closed long ago", "closed lately"):
        task = Task.objects.create(
            case=made[kind], key="1", node="n", title="審査", act="factual", contract=people.contract, state="done",
            due_on=DAY, urgent_on=DAY, section=people.unit, opened_at=NOW,
        )  # fmt: skip
        if kind == "closed long ago":
            with pytest.raises(NotFound):
                workplace(task.pk, people.operator, now=NOW)
            assert signed_in(people.operator).get(f"/desk/task/{task.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["operator", "manager"])
def test_screens_and_export_show_only_what_may_be_seen(people, made, who):
    browser = signed_in(getattr(people, who))
    listed = browser.get("/desk/cases/").content.decode()
    assert set(re.findall(r"08-00000\d", listed)) == {made[kind].number for kind in SEEN}
    for kind in SEEN:
        assert browser.get(f"/desk/case/{made[kind].pk}/").status_code in {200, 404}  # 404: no such pack in this test
    for kind in HIDDEN:
        assert browser.get(f"/desk/case/{made[kind].pk}/").status_code == 403
        assert browser.get(f"/desk/case/{made[kind].pk}/file/1/").status_code == 403
    assert browser.get("/desk/cases/export/").status_code == 403, "nobody of a contractor carries the duty of export"


def test_the_city_sets_for_how_many_days(people, made):
    def numbers() -> set[str]:
        return set(cases.visible_cases(people.operator, NOW).values_list("number", flat=True))

    said = {"export_limit": 500, "actor": people.personnel, "now": NOW}
    privacy.set_limits(contractor_days=0, **said)
    assert numbers() == {made["open"].number}
    privacy.set_limits(contractor_days=31, **said)
    assert numbers() == {made[kind].number for kind in (*SEEN, "closed long ago")}
    assert LogEntry.objects.filter(name="privacy.limits_set").count() == 2
    with pytest.raises(Invalid):
        privacy.set_limits(contractor_days=367, **said)
    with pytest.raises(Denied):
        privacy.set_limits(contractor_days=366, export_limit=1, actor=people.manager, now=NOW)


def test_the_screen_sets_both_numbers_and_keeps_other_settings(people):
    before = City.objects.get(pk=people.city)
    City.objects.filter(pk=people.city).update(settings=before.settings | {"phones": {"x": "1"}})
    browser = signed_in(people.personnel)
    assert browser.post("/governance/limits/", {"contractor_days": "7", "export_limit": "10"}).status_code == 302
    assert "完結から7日まで" in browser.get("/governance/limits/").content.decode()
    assert City.objects.get(pk=people.city).settings["phones"] == {"x": "1"}
    assert browser.post("/governance/limits/", {"contractor_days": "-1", "export_limit": "10"}).status_code == 422
    assert signed_in(people.operator).get("/governance/limits/").status_code == 403
