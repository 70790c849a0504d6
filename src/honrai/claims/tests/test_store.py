"""Claims on real PostgreSQL: a file with known truth taken in, judged, decided and closed; sums always add up."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from conftest import CITY_A
from django.db import IntegrityError, transaction

from honrai.claims.generator.drawing import DEFECTS
from honrai.claims.models import Judgement, MonthClose, Settlement, SourceFault, SourceFile, SourcePiece, StoredClaim
from honrai.claims.operations.closing import close_month, decide_hold, sums_of
from honrai.claims.operations.receiving import receive, stop
from honrai.claims.testing import fill_registers, run_jobs
from honrai.platform.authority.api import Denied, Kind, system_actor
from honrai.platform.errors import Conflict, Invalid
from honrai.platform.events.api import SYSTEM
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore

from .claims_made import made

NOW = datetime(2026, 10, 20, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
MONTH = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def stores(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)


@pytest.fixture
def judged(city):
    fill_registers(made())
    return take((made() / "claims.UKE").read_bytes())


def actor():
    return system_actor(CITY_A, NOW.date())


def take(content, **more):
    given = {
        "name": "claims.UKE",
        "stream": io.BytesIO(content),
        "month": MONTH,
        "actor": actor(),
        "now": NOW,
        "piece": 60_000,
    }
    key = receive(**given | more)
    run_jobs(key, now=NOW)
    return key


def of_file(file):
    return Judgement.objects.filter(claim__in=StoredClaim.objects.filter(file=file).values("pk"))


def test_every_planted_defect_is_found_and_every_other_claim_is_paid_to_the_yen(judged):
    truth = pl.read_csv(made() / "truth.csv")
    numbers = dict(StoredClaim.objects.values_list("pk", "number"))
    found = {
        int(numbers[claim]): (findings.split(), verdict, city, paid)
        for claim, findings, verdict, city, paid in Judgement.objects.values_list(
            "claim", "findings", "verdict", "city_part", "paid"
        )
    }
    assert set(truth["defect"].unique()) == {"", *DEFECTS}
    for row in truth.iter_rows(named=True):
        findings, verdict, city, paid = found[row["receipt"]]
        if row["finding"]:
            assert row["finding"] in findings, row
            assert verdict != "pay"
            assert paid == 0
        else:
            assert (findings, verdict, city, paid) == ([], "pay", row["city"], row["city"]), row


def test_pieces_are_the_file_and_every_claim_leads_to_its_lines(judged):
    content = (made() / "claims.UKE").read_bytes()
    pieces = SourcePiece.objects.filter(file=judged).order_by("number")
    assert pieces.count() > 3
    assert b"".join(files.fetch(one.stored, who=SYSTEM, now=NOW)[1] for one in pieces) == content
    for claim in StoredClaim.objects.order_by("id")[::200]:
        assert content[claim.offset :].startswith(f"RE,{claim.number},".encode())
        assert content[: claim.offset].count(b"\n") + 1 == claim.line
    assert SourceFault.objects.filter(file=judged, fatal=True).count() >= 7


def test_a_file_sent_again_doubles_nothing_and_jobs_run_twice_do_nothing(judged):
    before = (StoredClaim.objects.count(), Judgement.objects.count())
    with pytest.raises(Conflict, match="受け取り済み"), transaction.atomic():
        take((made() / "claims.UKE").read_bytes())
    run_jobs(judged, now=NOW)
    assert (StoredClaim.objects.count(), Judgement.objects.count()) == before


def test_the_same_claims_in_another_file_are_doubles(judged):
    content = (made() / "claims.UKE").read_bytes().replace("サンプル1".encode("cp932"), "サンプル9".encode("cp932"), 1)
    again = take(content)
    rows = of_file(again)
    assert not rows.filter(verdict="pay").exists()
    paid = of_file(judged).filter(verdict="pay").count()
    assert rows.filter(findings__contains="duplicate").count() >= paid


def test_sums_add_up_over_months_holds_are_decided_once_and_the_close_is_final(judged):
    carried, received, paid, refused, pending, _ = sums_of(MONTH)
    assert carried == 0
    assert received == paid + refused + pending
    assert pending > 0
    close = MonthClose.objects.get(pk=close_month(MONTH, actor=actor(), now=NOW))
    amounts = list(Settlement.objects.filter(close=close).values_list("payee", "amount"))
    assert sum(amount for _, amount in amounts) == paid
    assert {payee for payee, _ in amounts} == {"1", "2"}
    lines = files.fetch(close.output, who=SYSTEM, now=NOW)[1].decode("cp932").splitlines()
    assert sum(int(line.rpartition(",")[2]) for line in lines[1:]) == paid
    held = list(Judgement.objects.filter(verdict="hold", pending__gt=0).values_list("pk", flat=True)[:3])
    november = date(2026, 11, 1)
    with pytest.raises(Conflict, match="締めて"):
        decide_hold(held[0], pay=True, month=MONTH, actor=actor(), now=NOW)
    decide_hold(held[0], pay=True, month=november, actor=actor(), now=NOW)
    decide_hold(held[1], pay=False, month=november, actor=actor(), now=NOW)
    with pytest.raises(Conflict, match="保留ではありません"):
        decide_hold(held[0], pay=True, month=november, actor=actor(), now=NOW)
    second = MonthClose.objects.get(pk=close_month(november, actor=actor(), now=NOW))
    assert second.carried == close.pending
    assert second.carried == second.paid + second.refused + second.pending
    assert {"claims.month_closed", "claims.hold_decided", "claims.file_judged"} <= set(
        LogEntry.objects.values_list("name", flat=True)
    )
    with pytest.raises(Conflict):
        close_month(MONTH, actor=actor(), now=NOW)


def test_the_database_refuses_a_result_that_does_not_add_up(judged):
    row = Judgement.objects.first()
    row.pk, row.previous, row.paid = None, 987, row.paid + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"PK\x03\x04" + bytes(400), "UKE"),
        (b"%PDF-1.7 /JavaScript", "UKE"),
        ("こんにちは\r\n".encode(), "UKE"),
        (b"IR,1,43,1,0123452,,X,202609,00,\r\nRE,1,1126,202608\r\n", "請求月"),
    ],
)
def test_what_is_no_claim_file_is_refused_in_words(city, content, words):
    with pytest.raises(Invalid, match=words), transaction.atomic():
        take(content)
    assert not SourceFile.objects.exists()


def test_a_cut_file_gives_what_is_whole_and_tells_the_line(city):
    fill_registers(made())
    content = (made() / "claims.UKE").read_bytes()[:20_011]
    key = take(content)
    last = SourceFault.objects.filter(file=key).order_by("-line").first()
    assert last.line == content.count(b"\n") + 1
    assert of_file(key).filter(verdict="pay").exists()


def test_a_stopped_file_brings_nothing(city):
    key = receive(
        name="x", stream=io.BytesIO((made() / "claims.UKE").read_bytes()), month=MONTH, actor=actor(), now=NOW
    )
    stop(key, actor=actor(), now=NOW)
    run_jobs(key, now=NOW)
    assert not StoredClaim.objects.exists()
    take((made() / "claims.UKE").read_bytes())


def test_who_has_not_the_charge_is_refused(city):
    from honrai.platform.organisations.testing import small_city

    people = small_city(CITY_A)
    for who in (people.operator, people.manager, people.clerk):
        with pytest.raises(Denied):
            receive(name="x", stream=io.BytesIO(b"IR"), month=MONTH, actor=who, now=NOW)
    assert actor().kind is Kind.SYSTEM
