"""支援措置: what touches a protected person's former household stops for two officials, at every act that sends."""

import pytest
from django.db import IntegrityError, transaction

from honrai.cases.models import CaseLetter
from honrai.cases.testing import VALUES
from honrai.contact import api as contact
from honrai.contact.models import Item, ItemState, Stop, StopState
from honrai.contact.permissions import visible_items, visible_stops
from honrai.contact.testing import OLD_HOME, issued, protect, with_charge
from honrai.parties import api as parties
from honrai.parties.models import Household, Resident
from honrai.parties.rules.keys import name_key
from honrai.parties.rules.protecting import Kept, touched
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW


def _kept(**more):
    return Kept(**({"numbers": frozenset({"1001"}), "address": "本来市中央区本町1-1", "place": "", "other": ""} | more))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"address": "本来市中央区本町1-1"}, ("address",)),
        ({"address": "熊本県本来市中央区本町1-1コーポ甲101"}, ("address",)),
        ({"address": "本来市中央区本町1-12"}, ()),
        ({"address": "本来市中央区本町1-1-5"}, ()),
        ({"address": ""}, ()),
        ({"subjects": frozenset({"1001"})}, ("subject",)),
        ({"protected": True}, ("case",)),
        ({"name": "乙"}, ("other",)),
        ({"name": "丙"}, ("household",)),
        ({"name": "丁"}, ()),
    ],
)
def test_what_touches_the_former_household(more, found):
    given = {"subjects": frozenset(), "protected": False, "name": "", "place": "", "address": "他市1-1-1"} | more
    assert touched([_kept(other="乙", members=frozenset({"丙"}))], **given) == found


def _stopped(people, values=None):
    protect(people, ["9999"])
    items = issued(people, values)
    return items, list(Stop.objects.order_by("pk"))


def test_a_letter_to_the_former_household_stops_when_it_is_issued(town):
    items, stops = _stopped(town)
    assert {one.state for one in items} == {ItemState.STOPPED}
    assert [stop.reasons for stop in stops] == [["address"]] * len(items)
    assert not CaseLetter.objects.filter(public=True).exists()
    for actor in (town.clerk, town.operator, town.manager):
        assert not visible_items(actor).exists()
    assert not visible_stops(town.operator).exists()
    entry = LogEntry.objects.filter(name="contact.item_stopped").first()
    assert entry.case_id is None
    assert OLD_HOME not in str(entry.data)


def test_a_card_stops_as_a_notice_does(town):
    items, stops = _stopped(town)
    assert {one.kind for one in items} == {"nintei", "jukyusha-sho"}
    assert {stop.item_id for stop in stops} == {one.pk for one in items}


def test_two_officials_release_and_neither_is_the_one_who_issued(town):
    items, stops = _stopped(town)
    stop = stops[0].pk
    with pytest.raises(Denied):
        contact.confirm(stop, note="見た", actor=town.operator, now=NOW)
    with pytest.raises(NotFound):
        contact.confirm(stop, note="見た", actor=town.personnel, now=NOW)
    with pytest.raises(Invalid):
        contact.confirm(stop, note=" ", actor=town.head, now=NOW)
    with pytest.raises(Denied, match="発行した人"):
        contact.confirm(stop, note="見た", actor=town.clerk, now=NOW)
    assert contact.confirm(stop, note="届け先を本人に確かめた", actor=town.head, now=NOW) is False
    with pytest.raises(Denied, match="別の職員"):
        contact.confirm(stop, note="もう一度", actor=town.head, now=NOW)
    assert Item.objects.get(pk=items[0].pk).state == ItemState.STOPPED
    assert contact.confirm(stop, note="記録と照らした", actor=town.second, now=NOW) is True
    row = Stop.objects.get(pk=stop)
    assert (row.state, row.first_by, row.second_by) == (StopState.RELEASED, town.head.person, town.second.person)
    assert Item.objects.get(pk=items[0].pk).state == ItemState.WAITING
    with pytest.raises(Conflict):
        contact.confirm(stop, note="三人目", actor=town.head, now=NOW)
    log = LogEntry.objects.filter(name="contact.stop_confirmed").order_by("pk")
    assert [entry.data["released"] for entry in log] == [False, True]
    assert [entry.who_person for entry in log] == [town.head.person, town.second.person]


def test_the_database_too_wants_two_people(town):
    _, stops = _stopped(town)
    one = town.head.person
    with pytest.raises(IntegrityError), transaction.atomic():
        Stop.objects.filter(pk=stops[0].pk).update(state="released", first_by=one, second_by=one)


def test_one_official_withholds_and_the_letter_goes_nowhere(town):
    items, stops = _stopped(town)
    with pytest.raises(Invalid):
        contact.withhold(stops[0].pk, reason="", actor=town.head, now=NOW)
    contact.withhold(stops[0].pk, reason="元の世帯に知られる", actor=town.head, now=NOW)
    assert Item.objects.get(pk=items[0].pk).state == ItemState.WITHHELD
    assert not visible_items(town.clerk).exists()
    with pytest.raises(Denied):
        contact.make_batch(items=[items[0].pk], code="naga3-window", duplex=False, actor=town.clerk, now=NOW)


def _release(stop, people):
    for actor in (people.head, people.second):
        contact.confirm(stop, note="確かめた", actor=actor, now=NOW)


def test_a_batch_looks_again_and_leaves_out_what_became_protected_meanwhile(town):
    item = next(one for one in issued(town) if not one.stock)
    protect(town, ["9999"])
    made = contact.make_batch(items=[item.pk], code="naga3-window", duplex=False, actor=town.clerk, now=NOW)
    assert (made.batch, made.left_out) == (None, 1)
    stop = Stop.objects.get()
    assert (stop.cause, stop.asked_by) == ("batch", town.clerk.person)
    assert Item.objects.get(pk=item.pk).state == ItemState.STOPPED
    _release(stop.pk, town)
    made = contact.make_batch(items=[item.pk], code="naga3-window", duplex=False, actor=town.clerk, now=NOW)
    assert (made.batch is not None, made.left_out) == (True, 0)


def test_every_reprint_needs_two_officials_of_its_own(town):
    items, stops = _stopped(town)
    item = next(one for one in items if not one.stock)
    _release(next(stop.pk for stop in stops if stop.item_id == item.pk), town)
    contact.make_batch(items=[item.pk], code="naga3-window", duplex=False, actor=town.clerk, now=NOW)
    for _ in range(2):
        assert contact.reprint(item.pk, reason="郵便事故", actor=town.clerk, now=NOW) is None
        stop = Stop.objects.get(state=StopState.OPEN, cause="reprint")
        with pytest.raises(Denied, match="求めた人"):
            contact.confirm(stop.pk, note="見た", actor=town.clerk, now=NOW)
        _release(stop.pk, town)
        assert contact.reprint(item.pk, reason="郵便事故", actor=town.clerk, now=NOW)


def test_a_new_address_is_looked_at_again(town):
    item = next(one for one in issued(town, VALUES | {"guardian.address": "本来市東区新町5-6"}) if not one.stock)
    protect(town, ["9999"])
    assert item.state == ItemState.WAITING
    waits = contact.readdress(
        item.pk, name="本来 太郎", postcode="8600001", address=OLD_HOME, reason="転居", actor=town.clerk, now=NOW
    )
    assert waits is False
    assert Stop.objects.get().cause == "readdress"
    _release(Stop.objects.get().pk, town)
    contact.readdress(
        item.pk,
        name="本来 太郎",
        postcode="8600001",
        address=OLD_HOME + " 2階",
        reason="方書",
        actor=town.clerk,
        now=NOW,
    )
    assert Stop.objects.filter(state=StopState.OPEN).count() == 1


def test_a_person_of_the_former_household_is_known_wherever_they_live_now(town):
    Household.objects.create(number="H1", head_number="2001", address=OLD_HOME)
    Resident.objects.create(
        number="2001", household_number="H1", name="本来 太郎", name_key=name_key("本来 太郎"), born_on="1990-01-01"
    )
    protect(town, ["9999"], household="H1")
    item = issued(town, VALUES | {"guardian.address": "本来市東区新町5-6"})[0]
    assert Stop.objects.get(item=item).reasons == ["household"]


def test_only_the_desk_registers_and_what_ended_stops_nothing(town):
    with pytest.raises(Denied):
        parties.register_protection(
            number="1", protected=["1"], former_address=OLD_HOME, since=town.day, actor=town.head, now=NOW
        )
    key = protect(town, ["9999"])
    desk = with_charge(town.personnel, parties.PROTECTION)
    with pytest.raises(Conflict):
        protect(town, ["9999"])
    parties.end_protection(key, until=town.day, actor=desk, now=NOW)
    assert {one.state for one in issued(town)} == {ItemState.WAITING}
    names = set(LogEntry.objects.values_list("name", flat=True))
    assert {"parties.protection_registered", "parties.protection_ended"} <= names


def test_once_a_case_is_known_to_be_protected_its_steps_leave_the_contract(town, monkeypatch):
    from honrai.cases import testing as casework
    from honrai.cases.models import Task
    from honrai.cases.ports import ports

    monkeypatch.setattr(ports, "facts", [lambda question: casework.FACTS | {"resident.protected": True}])
    _, case = casework.apply(papers=(("insurance", casework.PDF),))
    casework.work(case, town.operator, "receive_check")
    casework.jobs(case)
    assert case.protected
    still = Task.objects.filter(case=case, state="open")
    assert still.exists()
    assert set(still.values_list("contract", "unit")) == {(None, town.unit)}
