"""Paper in the hand: the order of the pile, next in the bundle, handing on."""

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Bundle, Task
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in


@pytest.fixture
def bundle(people, opened):
    opened(3)
    made = cases.make_bundle(name="6月15日 郵送", place="棚A", actor=people.operator, now=NOW)
    for number in ("08-000003", "08-000001", "08-000002"):
        cases.add_to_bundle(bundle=made, receipt=number, actor=people.operator, now=NOW)
    return made


def test_the_pile_keeps_its_order(people, bundle):
    assert [line.number for line in cases.pile(bundle, people.operator2, NOW)] == [
        "08-000003",
        "08-000001",
        "08-000002",
    ]
    with pytest.raises(Conflict, match="1番目"):
        cases.add_to_bundle(bundle=bundle, receipt="08-000003", actor=people.operator, now=NOW)
    with pytest.raises(NotFound):
        cases.add_to_bundle(bundle=bundle, receipt="08-000099", actor=people.operator, now=NOW)
    with pytest.raises(Invalid):
        cases.make_bundle(name="", place="", actor=people.operator, now=NOW)


def test_a_bundle_stays_in_its_house(people, bundle):
    with pytest.raises(NotFound):
        cases.pile(bundle, people.clerk, NOW)
    with pytest.raises(Denied, match="同じ契約"):
        cases.hand_over_bundle(bundle=bundle, person=people.clerk.person, place="", actor=people.operator, now=NOW)
    cases.hand_over_bundle(bundle=bundle, person=people.operator2.person, place="机3", actor=people.operator, now=NOW)
    view = cases.bundles_of(people.operator)[0]
    assert (view.holder, view.place, view.total, view.done) == (people.operator2.person, "机3", 3, 0)
    assert cases.bundles_of(people.clerk) == []


def test_it_is_worked_from_the_top(people, bundle, stopped_clock):
    browser = signed_in(people.operator)
    answer = browser.post(f"/desk/bundles/{bundle}/take/")
    opened = []
    while "/task/" in answer.headers["Location"]:
        page = browser.get(answer.headers["Location"])
        assert page.status_code == 200
        opened.append(page.context["bench"].case.number)
        task = Task.objects.get(pk=page.context["bench"].task.id)
        cases.hold(task=task.pk, reason="x", actor=people.operator, now=NOW)
        following = cases.next_in_bundle(bundle=bundle, case=task.case_id, actor=people.operator, now=NOW)
        if following is None:
            break
        answer = browser.post(f"/desk/bundles/{bundle}/take/")
    assert opened == ["08-000003", "08-000001", "08-000002"]
    assert Bundle.objects.get().finished_at == NOW


def test_receipts_are_read_one_after_another(people, opened):
    opened(2)
    browser = signed_in(people.operator)
    answer = browser.post("/desk/bundles/", {"name": "朝の束", "place": ""})
    page = answer.headers["Location"]
    for read in ("http://a.test/apply/status/?number=08-000002", "０８－０００００１"):
        assert browser.post(page, {"receipt": read}).status_code == 302
    assert browser.post(page, {"receipt": "読めない"}).status_code == 422
    shown = browser.get(page).content.decode()
    assert shown.index("08-000002") < shown.index("08-000001")
    assert "0 / 2" in browser.get("/desk/bundles/").content.decode()
    assert signed_in(people.clerk).get(page).status_code == 404
