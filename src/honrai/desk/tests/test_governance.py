"""The screens of the city's own rules: who opens them, what they set, what they refuse, what they record."""

from dataclasses import replace
from datetime import date

import pytest

from honrai.approvals import api as approvals
from honrai.intake.models import Application
from honrai.parties.models import Search
from honrai.platform.authority.api import Act, Matter, Rank, deciding_rank, level_rows, levels_on
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.testing import START, small_city
from honrai.platform.privacy import api as privacy
from honrai.platform.privacy.models import DisposalItem, LegalHold, RetentionRule
from honrai.platform.privacy.operations.disposing import dispose
from honrai.platform.signin.testing import signed_in

SCREENS = ["levels", "routes", "sampling", "retention", "holds", "disposals", "searches"]


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


@pytest.fixture
def office(people):
    return signed_in(people.personnel)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("who", "status"), [("personnel", 200), ("clerk", 403), ("head", 403), ("operator", 403), ("manager", 403)]
)
def test_who_opens_which_screen(people, screen, who, status):
    assert signed_in(getattr(people, who)).get(f"/governance/{screen}/").status_code == status


def test_the_first_screen_is_one_the_person_has(people, office):
    assert office.get("/governance/").url == "/governance/levels/"
    assert signed_in(people.clerk).get("/governance/").status_code == 403


@pytest.mark.parametrize("who", ["clerk", "operator", "manager"])
@pytest.mark.parametrize("screen", ["levels", "routes", "sampling", "retention", "holds", "disposals"])
def test_nobody_else_posts_either(people, who, screen):
    assert signed_in(getattr(people, who)).post(f"/governance/{screen}/", {"kind": "cases"}).status_code == 403
    assert LogEntry.objects.filter(name="signin.refused").count() == 1


LEVEL = {"procedure": "", "act": "", "rank": "30", "up_to": "1000000", "since": "R080501", "source": "専決規程 第3条"}


def _decides(day: date, amount: int) -> Rank:
    matter = Matter(procedure="x", act=Act.BOUND_DECISION, units=(1,), amount=amount)
    return deciding_rank(levels_on(day), matter, day)


def test_a_level_is_set_from_a_day_and_ended(office):
    assert office.post("/governance/levels/", LEVEL).status_code == 302
    assert _decides(date(2026, 4, 30), 1_000_000) is Rank.MAYOR
    assert _decides(date(2026, 5, 1), 1_000_000) is Rank.SECTION_HEAD
    assert _decides(date(2026, 5, 1), 1_000_001) is Rank.MAYOR
    office.post("/governance/levels/", LEVEL | {"up_to": "2000000", "since": "R080601"})
    assert _decides(date(2026, 5, 31), 2_000_000) is Rank.MAYOR
    assert _decides(date(2026, 6, 1), 2_000_000) is Rank.SECTION_HEAD
    page = office.get("/governance/levels/").content.decode()
    assert "2026/05/01〜2026/05/31" in page, "the history stays"
    assert "これから" in page
    row = level_rows().get(period__endswith__isnull=True)
    assert office.post(f"/governance/levels/{row.pk}/", {"until": "R080701"}).status_code == 302
    assert _decides(date(2026, 7, 1), 1) is Rank.MAYOR
    assert office.post(f"/governance/levels/{row.pk}/", {"until": "R080801"}).status_code == 422
    names = set(LogEntry.objects.values_list("name", flat=True))
    assert {"authority.level_set", "authority.level_ended"} <= names


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"since": "080501"}, "適用日："),
        ({"source": ""}, "規程の条項："),
        ({"up_to": "-1"}, "上限額（円、以下）："),
        ({"rank": "99"}, "専決者の職位："),
    ],
)
def test_a_wrong_level_is_told_and_kept(office, change, told):
    answer = office.post("/governance/levels/", LEVEL | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "1000000" in page or "up_to" in change
    assert not level_rows().exists()


def test_a_second_row_of_the_same_day_is_refused_in_words(office):
    office.post("/governance/levels/", LEVEL)
    answer = office.post("/governance/levels/", LEVEL)
    assert answer.status_code == 422
    assert "後の日" in answer.content.decode()


def test_routes_and_samples_are_set_and_ended(office, people):
    line = {
        "kind": "consult",
        "unit": str(people.other),
        "rank": "30",
        "turn": "1",
        "since": "R080401",
        "source": "規程",
    }
    assert office.post("/governance/routes/", line | {"over": "500000"}).status_code == 302
    page = office.get("/governance/routes/?standing=now").content.decode()
    assert "総務課" in page
    assert "500,000円を超えるもの" in page
    assert office.post("/governance/routes/", line).status_code == 422, "the same line twice"
    row = approvals.route_rules().get()
    assert office.post(f"/governance/routes/{row.pk}/", {"until": "R080501"}).status_code == 302
    assert office.post("/governance/routes/999/", {"until": "R080501"}).status_code == 404

    rule = {"percent": "5", "at_least": "3", "since": "R080401", "source": "要領 第3条"}
    assert office.post("/governance/sampling/", rule).status_code == 302
    assert office.post("/governance/sampling/", rule | {"percent": "101"}).status_code == 422
    assert "5%" in office.get("/governance/sampling/").content.decode()


def test_a_period_and_a_hold_are_set_and_lifted(office):
    period = {
        "kind": "cases",
        "procedure": "",
        "length": "3",
        "unit": "year",
        "since": "R080401",
        "source": "文書管理規程",
    }
    assert office.post("/governance/retention/", period).status_code == 302
    assert RetentionRule.objects.get().length == 3
    page = office.get("/governance/retention/").content.decode()
    assert "3年" in page
    assert "30日" in page, "the installation's own values are shown"

    assert office.post("/governance/holds/", {"kind": "cases", "number": "08-000001", "reason": ""}).status_code == 422
    assert (
        office.post("/governance/holds/", {"kind": "cases", "number": "08-000001", "reason": "訴訟"}).status_code == 302
    )
    hold = LegalHold.objects.get()
    assert office.post(f"/governance/holds/{hold.pk}/", {"reason": "終結"}).status_code == 302
    assert "終結" in office.get(f"/governance/holds/{hold.pk}/").content.decode()


@pytest.fixture
def drafts(people, stopped_clock):
    """Three drafts older than thirty days, and a second official who may approve."""
    old = stopped_clock.at.replace(month=3, day=1)
    for number in range(3):
        Application.objects.create(
            token=f"t{number}", version=1, procedure="p", channel="web", started_at=old, saved_at=old
        )
    head = replace(people.head)
    organisations.lay_charge(
        actor=replace(people.personnel), now=people.now, post=people.posts["head"], charge="disposal", since=START
    )
    return signed_in(head)


def test_a_list_is_drawn_up_looked_through_approved_and_printed(office, drafts, people):
    assert office.post("/governance/disposals/", {"kind": "exchange.loads"}).status_code == 422
    assert office.post("/governance/disposals/", {"kind": "intake.drafts"}).status_code == 302
    listed = privacy.disposal_lists().get()
    here = f"/governance/disposals/{listed.pk}/"
    page = office.get(here).content.decode()
    assert "承認して廃棄する" not in page, "whoever drew it up does not approve it"
    assert office.post(here, {"what": "approve"}).status_code == 403
    first = DisposalItem.objects.order_by("pk").first()
    assert drafts.post(here, {"what": "spare", "item": first.pk, "note": ""}).status_code == 422
    assert drafts.post(here, {"what": "spare", "item": first.pk, "note": "残す"}).status_code == 302
    assert "承認して廃棄する" in drafts.get(here).content.decode()
    assert office.get(here + "record.pdf").status_code == 409
    assert drafts.post(here, {"what": "approve"}).status_code == 302
    assert drafts.post(here, {"what": "approve"}).status_code == 422
    dispose(listed.pk, who=people.head.who, now=people.now)
    assert Application.objects.count() == 1
    printed = office.get(here + "record.pdf")
    assert printed.status_code == 200
    assert b"".join(printed).startswith(b"%PDF")
    assert office.get("/governance/disposals/999/").status_code == 404


def test_conspicuous_searches_are_shown_without_whom_they_found(office, people):
    for alert in ("", "often"):
        Search.objects.create(
            at=people.now,
            person=people.operator.person,
            purpose="phone",
            by="name,born_on",
            found=1,
            one=42,
            alert=alert,
        )
    page = office.get("/governance/searches/?alert=1").content.decode()
    assert "全1件" in page
    assert "1時間に40回以上" in page
    assert "A-00" in page, "a contractor's person is called by the pseudonym"
    assert "受託 operator" not in page
    assert LogEntry.objects.filter(name="parties.searches_read", data={"alert": "1"}).count() == 1
