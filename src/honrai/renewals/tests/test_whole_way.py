"""From judged to issued on PostgreSQL: one stack, what must be opened, letters, entries, cases; undone as if never begun."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from honrai.approvals import api as approvals
from honrai.approvals.models import Document
from honrai.cases.models import Case
from honrai.exchange.models import Entry
from honrai.platform.authority.api import Conflict, Denied, Invalid, Rank
from honrai.platform.cities.models import City
from honrai.platform.events import api as events
from honrai.platform.events.models import LogEntry
from honrai.platform.files.models import StoredFile
from honrai.platform.organisations.testing import NOW
from honrai.renewals import api
from honrai.renewals.models import Batch, Item, Run
from honrai.renewals.operations import issuing, preparing, submitting
from honrai.renewals.operations.submitting import follow_decision
from honrai.renewals.testing import drawn, issued, item, judged, prepared, renewal_town

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def people(city, tmp_path, monkeypatch):
    made = renewal_town(city, tmp_path, monkeypatch)
    City.objects  # noqa: B018
    return made


def _stack(people, run):
    return approvals.form_stack(
        group=f"renewal/{run.pk}", unit=people.unit, rank=Rank.SECTION_HEAD, actor=people.head, now=NOW, seed=1
    )


def _open_all(people, run):
    for document in Document.objects.filter(group=f"renewal/{run.pk}").values_list("pk", flat=True):
        approvals.open_document(document=document, actor=people.head, now=NOW)


def _approved(people):
    run = drawn(judged(people.clerk), people.clerk)
    stack = _stack(people, run)
    _open_all(people, run)
    approvals.approve_stack(stack=stack, actor=people.head, now=NOW)
    return Run.objects.get(pk=run.pk)


def test_ended_ones_and_a_sample_are_opened_one_by_one(people):
    run = drawn(judged(people.clerk), people.clerk)
    own = set(Item.objects.filter(run=run, document__isnull=False).values_list("key", flat=True))
    assert {"0000003", "0000010", "0000015"} <= own  # end or suspended
    assert own - {"0000003", "0000010", "0000015"} == {"0000001", "0000002", "0000011"}  # the sample of the unchanged
    stack = _stack(people, run)
    with pytest.raises(Conflict, match="開いて確認する文書"):
        approvals.approve_stack(stack=stack, actor=people.head, now=NOW)
    told = LogEntry.objects.get(name="renewals.submitted")
    assert told.data["sampled"] == 3
    assert told.data["seed"] == run.seed


def test_who_submitted_or_works_for_the_contractor_cannot_approve(people):
    run = drawn(judged(people.clerk), people.clerk)
    for actor in (people.clerk, people.operator, people.manager):
        with pytest.raises(Denied):
            approvals.approve(document=run.document, actor=actor, now=NOW)


def test_a_rehearsal_never_goes_to_decision(people):
    with pytest.raises(Conflict, match="試行"):
        api.submit(judged(people.clerk, rehearsal=True).pk, actor=people.clerk, now=NOW)


def test_from_approval_to_issue(people):
    run = _approved(people)
    assert run.state == api.State.PREPARING
    assert not Entry.objects.exists()
    assert not Case.objects.exists()
    run = prepared(run)
    assert run.state == api.State.PREPARED
    assert not Entry.objects.exists()  # nothing has left
    run = issued(run, people.clerk, now=LATER)
    assert run.state == api.State.ISSUED
    held = {entry.values["recipient_no"]: entry.values["state"] for entry in Entry.objects.all()}
    assert held == {
        "0000001": "有効", "0000002": "有効", "0000003": "停止", "0000004": "有効", "0000010": "喪失", "0000011": "停止",
        "0000012": "有効", "0000015": "停止",
    }  # fmt: skip
    exceptions = set(Item.objects.filter(run=run, case__isnull=False).values_list("key", flat=True))
    assert exceptions == {"0000005", "0000006", "0000007", "0000008", "0000009", "0000014"}
    assert LogEntry.objects.get(name="renewals.issued").data["cases"] == Case.objects.count() == 6


def test_pieces_sent_again_double_nothing(people):
    run = issued(prepared(_approved(people)), people.clerk, now=LATER)
    before = (Entry.objects.count(), Case.objects.count(), Batch.objects.count())
    Run.objects.filter(pk=run.pk).update(state=api.State.ISSUING)
    issuing.go_on(run.pk, now=LATER)
    Run.objects.filter(pk=run.pk).update(state=api.State.PREPARING)
    preparing.prepare(run.pk, now=LATER)
    Run.objects.filter(pk=run.pk).update(state=api.State.ISSUED)
    submitting.draw(run.pk, now=LATER)
    assert (Entry.objects.count(), Case.objects.count(), Batch.objects.count()) == before


def test_letters_are_in_the_order_of_postcodes_and_complete(people, monkeypatch):
    monkeypatch.setattr(preparing, "CHUNK", 3)
    run = prepared(_approved(people))
    cards = list(Batch.objects.filter(run=run, letter="jukyusha-sho").order_by("turn"))
    assert sum(batch.size for batch in cards) == 4  # same and renewed: 1, 2, 4, 12
    places = [(batch.first, batch.last) for batch in cards]
    assert places == sorted(places)
    assert sum(Batch.objects.filter(run=run, letter="teishi").values_list("size", flat=True)) == 2
    assert sum(Batch.objects.filter(run=run, letter="soshitsu").values_list("size", flat=True)) == 1


def test_a_returned_one_becomes_an_exception(people):
    run = drawn(judged(people.clerk), people.clerk)
    returned = item(run, "0000015").document
    approvals.send_back(document=returned, reason="配偶者の所得を確かめてください", actor=people.head, now=NOW)
    stack = _stack(people, run)
    _open_all(people, run)
    approvals.approve_stack(stack=stack, actor=people.head, now=NOW)
    run = issued(prepared(Run.objects.get(pk=run.pk)), people.clerk)
    assert item(run, "0000015").returned == "配偶者の所得を確かめてください"
    assert item(run, "0000015").case is not None
    assert not Entry.objects.filter(key="0000015").exists()


def test_a_returned_list_opens_the_whole_run_again(people):
    run = drawn(judged(people.clerk), people.clerk)
    approvals.send_back(document=run.document, reason="基準日を確かめてください", actor=people.head, now=NOW)
    run = Run.objects.get(pk=run.pk)
    assert run.state == api.State.JUDGED
    assert "基準日を確かめてください" in run.problem
    assert not Document.objects.filter(group=f"renewal/{run.pk}", state="waiting").exists()
    assert drawn(run, people.clerk).state == api.State.SUBMITTED


def _content():
    """Everything outside the log that a run could touch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, number, since, until, values::text FROM parties_ledgerentry ORDER BY ledger, key")
        ledger = cursor.fetchall()
    waiting = Document.objects.filter(state__in=["waiting", "route"]).count()
    rows = (Item, Batch, Entry, Case, StoredFile)
    return ledger, waiting, tuple(model.objects.count() for model in rows)


@pytest.mark.parametrize("far", ["judged", "submitted", "prepared"])
def test_undone_equals_before(people, far):
    before = _content()
    run = judged(people.clerk) if far == "judged" else None
    if far == "submitted":
        run = drawn(judged(people.clerk), people.clerk)
    if far == "prepared":
        run = prepared(_approved(people))
    api.undo(run.pk, reason="所得のファイルが古かったため", actor=people.clerk, now=LATER)
    assert _content() == before
    row = Run.objects.get(pk=run.pk)
    assert (row.state, row.undone_for) == (api.State.UNDONE, "所得のファイルが古かったため")
    assert LogEntry.objects.filter(name="renewals.undone").count() == 1
    assert judged(people.clerk).state == api.State.JUDGED  # the year is free again


def test_after_issue_only_by_correction(people):
    run = issued(prepared(_approved(people)), people.clerk)
    with pytest.raises(Conflict, match="決定の訂正"):
        api.undo(run.pk, reason="試験", actor=people.clerk, now=LATER)


def test_undoing_needs_a_reason(people):
    with pytest.raises(Invalid):
        api.undo(judged(people.clerk).pk, reason=" ", actor=people.clerk, now=LATER)


def test_the_log_names_nobody(people):
    issued(prepared(_approved(people)), people.clerk)
    for entry in LogEntry.objects.filter(name__startswith="renewals."):
        assert not re.search("見本|ミホン", str(entry.data))


def test_decisions_on_other_documents_are_not_ours(people):
    told = events.Announced(
        1, "approvals.decided", {"document": 0, "case": None}, NOW, people.head.who, ("document", 0), None
    )
    follow_decision(told)
