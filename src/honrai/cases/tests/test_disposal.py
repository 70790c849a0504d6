"""Retention and disposal of cases: what is due, who approves, what a hold keeps, what goes, and that the chain still holds."""

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from tests.shared_data import ROOT

from honrai.approvals.models import Document
from honrai.cases import api as cases
from honrai.cases.models import Case, CaseLetter, Deficiency, Task
from honrai.intake import api as intake
from honrai.intake.models import Application, Attachment
from honrai.parties.models import Match
from honrai.platform.authority.api import Conflict, Denied, Invalid, Rank, set_level, system_actor
from honrai.platform.events.api import Who, record
from honrai.platform.events.models import Change, LogEntry
from honrai.platform.events.sealing import seal, verify
from honrai.platform.files import api as files
from honrai.platform.files.models import StoredFile
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import DAY, NOW, small_city
from honrai.platform.privacy import api as privacy
from honrai.platform.privacy.models import DisposalItem, DisposalList
from honrai.platform.privacy.operations.disposing import dispose
from honrai.procedures import api as procedures

APPLICANT = Who("applicant", place="203.0.113.5")
PDF = b"%PDF-1.7\n" + b"x" * 100
LATER = datetime(2032, 4, 1, 9, tzinfo=NOW.tzinfo)  # closed in 令和8年度, kept 5 years: until 2032-03-31


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    people = small_city(city)
    setup = system_actor(city, DAY)
    set_level(
        actor=setup, now=NOW, procedure="", act=None, rank=Rank.SECTION_HEAD, up_to=None, since=DAY, source="専決規程"
    )
    procedures.publish(files=procedures.files_of_folder(ROOT / "packs" / "kodomo-iryo"), actor=people.head, now=NOW)
    cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=DAY)
    return people


@pytest.fixture
def second(town):
    """Another official with the charge."""
    return replace(town.head, charges=frozenset({"disposal"}))


def _closed_case(*, closed_at=NOW) -> Case:
    """A submitted application whose case has a deficiency, a letter, a document, a match and files, and is closed."""
    token = secrets.token_hex(10)
    application = intake.start(procedure="kodomo-iryo", channel="web", token=token, who=APPLICANT, now=NOW)
    intake.save(application=application, values={"child.name": "本来 花子"}, now=NOW)
    intake.attach(application=application, kind="insurance", content=PDF, name="x.pdf", who=APPLICANT, now=NOW)
    receipt = intake.submit(application=application, who=APPLICANT, now=NOW)
    case = Case.objects.get(number=receipt.number)
    Deficiency.objects.create(
        case=case, code="x", severity="must", message="保険証", fix_by="applicant", found_at=NOW, state="settled"
    )
    letter = files.store(PDF + b"letter", name="l.pdf", limits=files.ATTACHMENTS, who=APPLICANT, now=NOW)
    CaseLetter.objects.create(case=case, letter="notice", title="認定通知", file=letter.id, issued_on=DAY)
    Match.objects.create(case=case.pk, number="0000001", at=NOW)
    Document.objects.create(
        subject="認定", text="本来 花子", procedure="kodomo-iryo", act="bound-decision", unit=case.unit, case=case.pk,
        rank=30, drawn_at=NOW,
    )  # fmt: skip
    record("cases.values_changed", who=APPLICANT, now=NOW, subject=("case", case.pk), case=case.pk, after={"n": "花子"})
    Case.objects.filter(pk=case.pk).update(closed_at=closed_at, outcome="認定")
    return case


def _propose(town, now=LATER) -> int | None:
    return privacy.propose(kind="cases", day=now.date(), actor=town.personnel, now=now)


def test_a_case_is_due_only_when_its_period_is_over(town):
    case = _closed_case()
    assert _propose(town, LATER - timedelta(days=1)) is None
    listed = _propose(town)
    item = DisposalItem.objects.get(list=listed)
    assert (item.number, item.kept_until) == (case.number, date(2032, 3, 31))
    assert "5年" in item.basis
    assert _propose(town) is None, "what stands on an open list is not listed twice"


def test_the_city_may_set_its_own_period_from_a_day(town):
    _closed_case()
    said = {"kind": "cases", "procedure": "kodomo-iryo", "unit": "year", "actor": town.personnel, "now": NOW}
    privacy.set_retention(**said, length=1, since=date(2027, 4, 1), source="文書管理規程 別表")
    day = datetime(2028, 4, 1, 9, tzinfo=NOW.tzinfo)
    assert _propose(town, datetime(2027, 3, 31, 9, tzinfo=NOW.tzinfo)) is None
    assert _propose(town, day) is not None
    privacy.set_retention(**said, length=10, since=date(2028, 4, 1), source="改正")
    with pytest.raises(Invalid, match="後の日"):
        privacy.set_retention(**said, length=3, since=date(2028, 4, 1), source="改正")
    for wrong in ({"length": 0, "source": "x"}, {"length": 1, "source": " "}):
        with pytest.raises(Invalid):
            privacy.set_retention(**said, since=date(2030, 4, 1), **wrong)


def test_disposal_takes_everything_and_the_chain_still_verifies(town, second):
    key = Ed25519PrivateKey.generate()
    case = _closed_case()
    open_case = _closed_case(closed_at=None)
    listed = _propose(town)
    with pytest.raises(Denied, match="本人"):
        privacy.approve(listed=listed, note="", actor=town.personnel, now=LATER)
    privacy.approve(listed=listed, note="確認済み", actor=second, now=LATER)
    with pytest.raises(Conflict):
        privacy.approve(listed=listed, note="", actor=second, now=LATER)
    assert dispose(listed, who=second.who, now=LATER) == 1
    assert dispose(listed, who=second.who, now=LATER) == 0, "a job that runs twice disposes once"

    assert list(Case.objects.values_list("pk", flat=True)) == [open_case.pk]
    for table in (Deficiency, CaseLetter, Task):
        assert not table.objects.filter(case_id=case.pk).exists()
    assert not Document.objects.filter(case=case.pk).exists()
    assert not Match.objects.filter(case=case.pk).exists()
    assert not Application.objects.filter(number=case.number).exists()
    assert Attachment.objects.count() == 1, "the open case keeps its paper"
    assert StoredFile.objects.count() == 2

    entries = LogEntry.objects.filter(case_id=case.pk)
    assert entries.filter(name="cases.disposed").exists(), "that something happened remains"
    assert not Change.objects.filter(entry__in=entries).exists()
    item = DisposalItem.objects.get(list=listed)
    assert (item.state, item.files) == ("disposed", 2)
    assert item.values >= 1
    assert DisposalList.objects.get(pk=listed).state == "done"
    assert list(verify(key=key.public_key())) == []
    _seal_everything(key)
    assert list(verify(key=key.public_key())) == []
    Change.objects.filter(entry__case_id=open_case.pk).delete()
    assert {one.kind for one in verify(key=key.public_key())} == {"erased"}, "erasing without a disposal is found"


def _seal_everything(key: Ed25519PrivateKey) -> None:
    """Seal also what this test's own transaction wrote, as if it had committed."""
    import honrai.platform.events.sealing as sealing

    with connection.cursor() as cursor:
        cursor.execute('SELECT pg_current_xact_id()::text::bigint + (SELECT "offset" FROM events_epoch) + 1')
        end = cursor.fetchone()[0]
    kept, sealing.finished_below = sealing.finished_below, lambda: end
    try:
        assert seal(key=key, now=LATER, publish=lambda head: None) > 0
    finally:
        sealing.finished_below = kept


def test_a_hold_keeps_a_case_also_when_it_comes_after_the_list(town, second):
    held, free, late = _closed_case(), _closed_case(), _closed_case()
    said = {"kind": "cases", "procedure": "", "actor": town.personnel, "now": NOW}
    hold = privacy.set_hold(number=held.number, reason="審査請求", **said)
    with pytest.raises(Invalid, match="理由"):
        privacy.set_hold(number=held.number, reason=" ", **said)
    listed = _propose(town)
    assert set(DisposalItem.objects.values_list("number", flat=True)) == {free.number, late.number}
    privacy.approve(listed=listed, note="", actor=second, now=LATER)
    privacy.set_hold(number=late.number, reason="開示請求", **said)
    assert dispose(listed, who=second.who, now=LATER) == 1
    assert set(Case.objects.values_list("number", flat=True)) == {held.number, late.number}
    assert DisposalItem.objects.get(number=late.number).state == "held"

    with pytest.raises(Invalid):
        privacy.lift_hold(hold=hold, reason="", actor=town.personnel, now=LATER)
    privacy.lift_hold(hold=hold, reason="裁決が出た", actor=town.personnel, now=LATER)
    with pytest.raises(Conflict):
        privacy.lift_hold(hold=hold, reason="もう一度", actor=town.personnel, now=LATER)
    assert _propose(town) is not None
    assert {"privacy.hold_set", "privacy.hold_lifted"} <= set(LogEntry.objects.values_list("name", flat=True))


def test_one_thing_is_spared_and_a_list_taken_back(town, second):
    _closed_case(), _closed_case()
    listed = _propose(town)
    item = DisposalItem.objects.order_by("pk").first()
    with pytest.raises(Invalid, match="理由"):
        privacy.spare(item=item.pk, reason="", actor=second, now=LATER)
    privacy.spare(item=item.pk, reason="歴史資料として移管", actor=second, now=LATER)
    privacy.withdraw(listed=listed, note="見直し", actor=town.personnel, now=LATER)
    with pytest.raises(Conflict):
        privacy.spare(item=item.pk, reason="また", actor=second, now=LATER)
    assert Case.objects.count() == 2


@pytest.mark.parametrize("who", ["clerk", "operator", "manager"])
def test_nobody_without_the_charge_touches_keeping_or_disposal(town, who):
    actor = getattr(town, who)
    _closed_case()
    listed = _propose(town)
    rule = {"kind": "cases", "procedure": "", "length": 1, "unit": "year", "since": DAY, "source": "規程"}
    for attempt in (
        lambda: privacy.propose(kind="cases", day=DAY, actor=actor, now=LATER),
        lambda: privacy.approve(listed=listed, note="", actor=actor, now=LATER),
        lambda: privacy.withdraw(listed=listed, note="", actor=actor, now=LATER),
        lambda: privacy.spare(item=1, reason="x", actor=actor, now=LATER),
        lambda: privacy.set_hold(kind="cases", number="", procedure="", reason="x", actor=actor, now=LATER),
        lambda: privacy.lift_hold(hold=1, reason="x", actor=actor, now=LATER),
        lambda: privacy.set_retention(**rule, actor=actor, now=LATER),
    ):
        with pytest.raises(Denied):
            attempt()
    assert Case.objects.count() == 1


def test_drafts_nobody_submitted_go_after_thirty_days(town, second):
    old = intake.start(procedure="kodomo-iryo", channel="web", token="d" * 20, who=APPLICANT, now=NOW)
    intake.attach(application=old, kind="insurance", content=PDF, name="x.pdf", who=APPLICANT, now=NOW)
    later = NOW + timedelta(days=31)
    intake.start(procedure="kodomo-iryo", channel="web", token="e" * 20, who=APPLICANT, now=later)
    listed = privacy.propose(kind="intake.drafts", day=later.date(), actor=town.personnel, now=later)
    privacy.approve(listed=listed, note="", actor=second, now=later)
    assert dispose(listed, who=second.who, now=later) == 1
    assert list(Application.objects.values_list("token", flat=True)) == ["e" * 20]
    assert not StoredFile.objects.exists()
