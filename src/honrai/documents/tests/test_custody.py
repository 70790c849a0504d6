"""Boxes, envelopes and bundles between city and contractor: state, audit, incident, refusal, certificate."""

from dataclasses import replace
from datetime import timedelta

import pytest

from honrai.documents import api, labels
from honrai.documents.models import Container, Disposal, Handover, Incident
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW

TODAY = NOW.date()


def _made(actor, kind="box", count=3, **more):
    return api.register(kind=kind, count=count, arrived_on=TODAY, actor=actor, now=NOW, **more)


def _names():
    return list(LogEntry.objects.filter(name__startswith="documents.").order_by("pk").values_list("name", flat=True))


def test_a_label_names_its_container_and_sheet():
    code = labels.container_code("bundle", 12, TODAY)
    assert code == "HR-T26-000012"
    assert labels.read_label(" hr-t26-000012-0004 ") == labels.Label(code, 4)
    assert labels.read_label("HR-X26-000012") is None
    assert labels.read_label(labels.SEPARATOR) is None


def test_a_box_goes_to_the_centre_and_back_counted_four_times(town):
    box = _made(town.clerk, count=2)
    envelope = _made(town.clerk, "envelope", 5, parent=box.pk)
    api.hand_over(container=box.pk, contract=town.contract, count=2, actor=town.clerk, now=NOW)
    api.receive(container=box.pk, count=2, actor=town.operator, now=NOW)
    assert set(Container.objects.values_list("holder", flat=True)) == {"contract"}, "what lies in it goes with it"
    bundle = _made(town.operator, "bundle", 5, parent=envelope.pk)
    assert (bundle.unit, bundle.contract) == (town.unit, town.contract)
    with pytest.raises(Denied, match="こちらにありません"):
        api.hand_over(container=box.pk, contract=town.contract, count=2, actor=town.clerk, now=NOW)
    api.hand_over(container=box.pk, count=2, actor=town.operator, now=NOW)
    api.receive(container=box.pk, count=2, actor=town.clerk, now=NOW)
    assert Container.objects.get(pk=box.pk).holder == "city"
    assert not Incident.objects.exists()
    assert _names().count("documents.received") == 2


def test_a_count_that_differs_is_an_incident_only_the_city_closes(town):
    box = _made(town.clerk, count=20)
    api.hand_over(container=box.pk, contract=town.contract, count=20, actor=town.clerk, now=NOW)
    api.receive(container=box.pk, count=19, actor=town.operator, now=NOW)
    incident = Incident.objects.get()
    assert (incident.expected, incident.counted, incident.occasion) == (20, 19, "受け取るとき")
    assert "documents.count_differs" in _names()
    said = {"incident": incident.pk, "explanation": "1通は先に渡していた", "agreed": 19, "now": NOW}
    with pytest.raises(Denied):
        api.resolve(actor=town.operator, **said)
    with pytest.raises(Invalid, match="結果"):
        api.resolve(actor=town.clerk, **{**said, "explanation": " "})
    api.resolve(actor=town.clerk, **said)
    assert Container.objects.get().count == 19
    with pytest.raises(Conflict):
        api.resolve(actor=town.clerk, **said)


def test_nobody_receives_what_is_not_theirs_or_not_under_way(town):
    box = _made(town.clerk)
    foreign = replace(town.operator, contract=town.contract + 1)
    other = replace(town.clerk, seats=town.personnel.seats)
    with pytest.raises(Conflict, match="途中ではありません"):
        api.receive(container=box.pk, count=3, actor=town.clerk, now=NOW)
    with pytest.raises(Denied):
        api.receive(container=box.pk, count=3, actor=town.operator, now=NOW)
    api.hand_over(container=box.pk, contract=town.contract, count=3, actor=town.clerk, now=NOW)
    for nobody in (foreign, other, town.clerk):
        with pytest.raises(Denied):
            api.receive(container=box.pk, count=3, actor=nobody, now=NOW)
    with pytest.raises(Conflict, match="途中"):
        api.hand_over(container=box.pk, contract=town.contract, count=3, actor=town.clerk, now=NOW)
    assert Handover.objects.get().received_at is None


def test_what_lies_where_follows_rules(town):
    box = _made(town.clerk)
    bundle = _made(town.clerk, "bundle", 4, parent=box.pk)
    for kind, parent in (("box", box.pk), ("envelope", bundle.pk)):
        with pytest.raises(Invalid, match="入れられません"):
            _made(town.clerk, kind, parent=parent)
    with pytest.raises(Invalid, match="ごと渡して"):
        api.hand_over(container=bundle.pk, contract=town.contract, count=4, actor=town.clerk, now=NOW)
    with pytest.raises(Invalid, match="先の日付"):
        api.register(kind="box", count=1, arrived_on=TODAY + timedelta(days=1), actor=town.clerk, now=NOW)
    with pytest.raises(Denied):
        _made(town.operator)


def test_any_sheet_is_found_by_its_label(town):
    box = _made(town.clerk)
    bundle = _made(town.clerk, "bundle", 4, parent=box.pk)
    api.hand_over(container=box.pk, contract=town.contract, count=3, actor=town.clerk, now=NOW)
    found = api.where_is(labels.sheet_code(bundle.code, 2), town.clerk)
    assert (found.path, found.holder, found.under_way) == ((box.code, bundle.code), "city", True)
    api.receive(container=box.pk, count=3, actor=town.operator, now=NOW + timedelta(hours=1))
    found = api.where_is(bundle.code, town.operator)
    assert (found.holder, found.under_way, found.since) == ("contract", False, NOW + timedelta(hours=1))
    with pytest.raises(NotFound):
        api.where_is(bundle.code, town.personnel)
    with pytest.raises(NotFound):
        api.where_is("なにか", town.clerk)


def test_paper_is_destroyed_before_a_witness_once_its_work_is_over(town):
    box = _made(town.clerk)
    said = {"container": box.pk, "method": "dissolve", "place": "見本溶解（株）", "witness": "立会 一郎", "now": NOW}
    with pytest.raises(Invalid, match="立会人"):
        api.dispose(actor=town.clerk, done_on=TODAY, **{**said, "witness": ""})
    with pytest.raises(Denied):
        api.dispose(actor=town.operator, done_on=TODAY, **said)
    api.hand_over(container=box.pk, contract=town.contract, count=2, actor=town.clerk, now=NOW)
    api.receive(container=box.pk, count=2, actor=town.operator, now=NOW)
    with pytest.raises(Conflict, match="受託者の手元"):
        api.dispose(actor=town.clerk, done_on=TODAY, **said)
    api.hand_over(container=box.pk, count=2, actor=town.operator, now=NOW)
    api.receive(container=box.pk, count=2, actor=town.clerk, now=NOW)
    with pytest.raises(Conflict, match="不一致"):
        api.dispose(actor=town.clerk, done_on=TODAY, **said)
    for one in Incident.objects.filter(resolved_at=None):
        api.resolve(incident=one.pk, explanation="数え直した", agreed=2, actor=town.clerk, now=NOW)
    number = api.dispose(actor=town.clerk, done_on=TODAY, **said)
    assert Disposal.objects.get().number == number
    assert "documents.disposed" in _names()
    with pytest.raises(Conflict, match="廃棄"):
        api.dispose(actor=town.clerk, done_on=TODAY, **said)
