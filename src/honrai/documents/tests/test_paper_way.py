"""A filled form from the scanner to the application: grouped, read, verified by people, filed; nothing lost or doubled."""

from dataclasses import replace

import numpy as np
import pytest

from honrai.cases.models import Case
from honrai.cases.testing import VALUES
from honrai.documents import api, labels, testing
from honrai.documents.models import Filing, Incident, Keying, Reading, ScanFile, Sheet
from honrai.documents.operations.verifying import corrected, group_counts, open_readings, values_of
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import Announced
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures
from honrai.site.wiring import file_paper


@pytest.fixture
def version(town):
    return procedures.version_on("kodomo-iryo", NOW.date()).id


_written = {}


@pytest.fixture
def scans(version):
    """The sheets of one filled form; written once, the form is the same in every test."""
    if not _written:
        _written[0] = testing.filled(version, VALUES)
    return _written[0]


def _take(bundle, pages, actor, kind="PDF", name="scan.pdf"):
    content = pages if isinstance(pages, bytes) else testing.as_file(pages, kind)
    return api.take_in(batch=bundle.pk, content=content, name=name, source="upload", actor=actor, now=NOW)


def _read():
    for key in Filing.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True):
        api.read_filing(key, now=NOW)


def _shown(kind, value):
    """Return a value as a person would key it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if kind in ("attachment", "consent", "signature") else "はい" if value else "いいえ"
    return "、".join(value) if isinstance(value, list) else str(value)


def _key_all(actors, truth):
    """Each person keys every field that waits for them, from the truth; return how many keyings that took."""
    count = 0
    for actor in actors:
        for row in list(open_readings(actor)):
            text = _shown(row.type, truth.get(row.field))
            try:
                api.key(reading=row.pk, text=text, unreadable=False, strokes=len(text) + 1, actor=actor, now=NOW)
            except Conflict:
                continue
            count += 1
    return count


def test_paper_becomes_an_application_with_what_was_written(town, bundle, scans):
    scan = _take(bundle, scans, town.clerk)
    assert (scan.sheets, scan.fault) == (2, "")
    filing = Filing.objects.get()
    assert [sheet.form_page for sheet in filing.sheets.order_by("number")] == [1, 2]
    _read()
    assert not api.read_filing(filing.pk, now=NOW), "a job run again reads nothing twice"
    filing.refresh_from_db()
    assert filing.state == "doubtful"
    accepted = {row.field for row in Reading.objects.filter(state="accepted").exclude(value=None)}
    assert {"insurer.number", "application.kind", "guardian.postcode"} <= accepted
    assert Reading.objects.get(field="account.number").state == "doubtful", "never accepted on confidence"
    assert _key_all((town.clerk, town.second), VALUES) > 10
    filing.refresh_from_db()
    assert filing.state == "verified"
    entry = LogEntry.objects.get(name="documents.filing_verified")
    said = Announced(entry.pk, entry.name, entry.data, entry.at, town.clerk.who, ("filing", filing.pk), None)
    file_paper(said)
    file_paper(said)
    case = Case.objects.get()
    assert case.channel == "post"
    wanted = {k: v for k, v in VALUES.items() if not k.startswith("consent.signed")}
    read = {name: str(value).replace("\u3000", " ") for name, value in case.values.items()}
    wanted["guardian.postcode"] = "8600001"
    assert {name: read.get(name) for name in wanted} == {name: str(value) for name, value in wanted.items()}
    filing.refresh_from_db()
    assert (filing.state, filing.application) == ("filed", case.application)


def test_the_same_file_and_the_same_job_double_nothing(town, bundle, scans):
    content = testing.as_file(scans)
    first, second = _take(bundle, content, town.clerk), _take(bundle, content, town.clerk)
    assert first.pk == second.pk
    assert Sheet.objects.count() == 2
    assert LogEntry.objects.filter(name="documents.scanned").count() == 1


def test_covers_separators_blank_and_enclosed_sheets_sort_a_stack(town, bundle, version, scans):
    other = api.register(kind="bundle", count=3, arrived_on=NOW.date(), actor=town.clerk, now=NOW)
    blank = np.full_like(scans[0], 252)
    enclosed = blank.copy()
    enclosed[600:700, 300:1200] = 40
    upside = np.ascontiguousarray(scans[1][::-1, ::-1])
    pages = [
        scans[0], upside, enclosed, testing.with_code(labels.SEPARATOR), enclosed,
        testing.with_code(other.code), scans[0], blank, scans[1],
    ]  # fmt: skip
    scan = _take(bundle, pages, town.clerk)
    assert scan.sheets == 7
    first, loose = Filing.objects.filter(batch=bundle).order_by("position")
    assert list(first.sheets.order_by("number").values_list("kind", flat=True)) == ["form", "form", "enclosed"]
    assert (loose.state, loose.version) == ("aside", None)
    (third,) = Filing.objects.filter(batch=other)
    assert list(third.sheets.order_by("number").values_list("form_page", flat=True)) == [1, 2]
    assert list(Sheet.objects.filter(batch=other).order_by("number").values_list("kind", flat=True)) == [
        "form",
        "blank",
        "form",
    ]
    assert api.close_bundle(batch=other.pk, actor=town.clerk, now=NOW)
    assert not api.close_bundle(batch=bundle.pk, actor=town.clerk, now=NOW)
    assert Incident.objects.get().counted == 4


def test_a_missing_page_is_told(town, bundle, scans):
    _take(bundle, [scans[0]], town.clerk)
    _read()
    assert "2ページ目がありません" in Filing.objects.get().problem


def test_money_and_accounts_are_keyed_twice_unseen_and_a_third_settles(town, bundle, scans):
    _take(bundle, scans, town.clerk)
    _read()
    row = Reading.objects.get(field="account.number")
    said = {"reading": row.pk, "unreadable": False, "strokes": 8, "now": NOW}
    assert not api.key(text="1234567", actor=town.clerk, **said).settled
    with pytest.raises(Conflict, match="あなたが入力"):
        api.key(text="1234567", actor=town.clerk, **said)
    assert row.pk not in set(open_readings(town.clerk).values_list("pk", flat=True))
    assert not api.key(text="7654321", actor=town.second, **said).settled
    assert api.key(text="1234567", actor=town.head, **said).settled
    row.refresh_from_db()
    assert (row.state, row.value, row.proofs) == ("keyed", "1234567", ["double_key"])


def test_keying_says_what_is_wrong_and_refuses_strangers(town, bundle, scans):
    _take(bundle, scans, town.clerk)
    _read()
    row = Reading.objects.get(field="child.born")
    said = {"reading": row.pk, "unreadable": False, "strokes": 1, "now": NOW}
    with pytest.raises(Invalid):
        api.key(text="99/99", actor=town.clerk, **said)
    name = Reading.objects.get(field="child.name")
    with pytest.raises(Invalid, match="個人番号"):
        api.key(**{**said, "reading": name.pk}, text="個人番号 123456789018", actor=town.clerk)
    for nobody in (town.operator, town.personnel, replace(town.clerk, seats=())):
        with pytest.raises(NotFound):
            api.key(text="R080410", actor=nobody, **said)
    assert not Keying.objects.exists()
    assert sum(count for _, count in group_counts(town.operator)) == 0
    with pytest.raises(Denied):
        _take(bundle, [scans[1]], town.operator)


def test_what_nobody_can_read_is_left_to_the_case(town, bundle, scans):
    _take(bundle, scans, town.clerk)
    _read()
    row = Reading.objects.get(field="child.kana")
    api.key(reading=row.pk, text="", unreadable=True, strokes=1, actor=town.clerk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.unreadable) == ("keyed", True)
    assert "child.kana" not in values_of(row.filing)
    assert not corrected(town.clerk).filter(pk=row.pk).exists()


def test_a_number_written_where_none_belongs_is_hidden_everywhere(town, bundle, version):
    values = VALUES | {"insurer.symbol": "個人番号 123456789018"}
    _take(bundle, testing.filled(version, values), town.clerk)
    before = set(Sheet.objects.values_list("image", flat=True))
    _read()
    row = Reading.objects.get(field="insurer.symbol")
    if "＊" not in row.text:
        pytest.skip(f"read as {row.text}")
    assert "123456789018" not in row.text
    assert (row.state, row.value) == ("doubtful", None)
    assert row.sheet.masked == 1
    assert row.sheet.image not in before


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "scan-empty"),
        (b"PK\x03\x04" + b"0" * 100, "scan-zip"),
        (b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>", "scan-active"),
        (b"%PDF-1.7\n1 0 obj << /S /J#61vaScript >>", "scan-active"),
        (b"%PDF-1.7\n" + b" " * 9000 + b"PK\x05\x06" + b"\0" * 18, "scan-two"),
        (b"\xff\xd8\xff\xe0<script>alert(1)</script>", "scan-two"),
        (b"GIF89a" + b"\0" * 50, "scan-kind"),
        (b"%PDF-1.7\ncut off", "scan-pdf"),
        (b"II*\x00\x08\x00\x00\x00\xff\xff", "scan-image"),
    ],
)
def test_a_bad_file_is_set_aside_and_the_rest_goes_on(town, bundle, scans, content, fault):
    scan = _take(bundle, content, town.clerk, name="../../etc/passwd")
    assert (scan.fault, scan.name) == (fault, "passwd")
    assert scan.message.endswith("。")
    assert not Sheet.objects.exists()
    assert LogEntry.objects.filter(name="documents.quarantined").get().data["fault"] == fault
    assert _take(bundle, scans, town.clerk).sheets == 2
    assert ScanFile.objects.count() == 2


def test_a_file_cut_off_in_the_middle_leaves_no_page(town, bundle, scans):
    whole = testing.as_file(scans, "TIFF")
    scan = _take(bundle, whole[: len(whole) * 2 // 3], town.clerk, name="cut.tif")
    assert scan.fault == "scan-image"
    assert not Sheet.objects.exists()
    assert not Filing.objects.exists()
