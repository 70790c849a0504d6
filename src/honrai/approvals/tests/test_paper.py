"""Decisions outside the screen: printed and signed, or taken in the city's 文書管理."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.approvals import api, rules
from honrai.approvals.models import Document, State
from honrai.approvals.testing import NOW, drawn, office
from honrai.platform.authority.api import Conflict, Denied, Doer, Invalid, NotFound, robot_actor
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files

LATER = NOW + timedelta(days=3)
SIGNED = date(2026, 4, 16)


@given(st.integers(1, 10**15))
@settings(max_examples=200)
def test_a_code_is_read_back_and_a_wrong_digit_is_not(key):
    code = rules.paper_code(key)
    assert rules.read_paper_code(f" {code.lower()} ") == key
    wrong = f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
    assert rules.read_paper_code(wrong) is None
    swapped = f"K{(key + 1)}{code[code.index('-') :]}"
    assert rules.read_paper_code(swapped) is None


@pytest.mark.parametrize("text", ["", "12", "K12", "K-1", "K12-00", "https://example.test/K1-1"])
def test_other_codes_name_no_document(text):
    assert rules.read_paper_code(text) is None


@pytest.fixture
def at(city):
    return office(city)


@pytest.fixture
def people(at):
    return at.people


def _scan(people):
    return files.store(b"%PDF-1.7 signed", name="scan.pdf", limits=files.ATTACHMENTS, who=people.clerk.who, now=NOW).id


def _signed(people, document, **more):
    given = {
        "document": document,
        "accepted": True,
        "approver": people.head.person,
        "decided_on": SIGNED,
        "scan": _scan(people),
    }
    return api.PaperDecision(**(given | more))


def _printed(people, count=1, **more):
    documents = [drawn(people, **more) for _ in range(count)]
    return documents, api.print_documents(documents=documents, actor=people.clerk, now=NOW)


def test_the_printed_paper_says_what_is_to_be_decided_and_carries_its_code(people):
    documents, file = _printed(people, count=2, amount=12_000)
    _, content = files.fetch(file, who=people.clerk.who, now=NOW)
    pages = pypdfium2.PdfDocument(content)
    text = pages[0].get_textpage().get_text_range()
    assert len(pages) == 2
    for shown in (
        api.paper_code(documents[0]),
        "こども医療費受給資格認定",
        "12,000円",
        "課長専決",
        "対象年齢である",
        "職員 clerk1",
        "こども支援課",
    ):
        assert shown in text


def test_a_signed_paper_is_entered_by_another_official(people):
    [document], _ = _printed(people)
    with pytest.raises(Conflict, match="紙"):
        api.approve(document=document, actor=people.head, now=NOW)
    with pytest.raises(Denied, match="本人"):
        api.take_paper(_signed(people, document), actor=people.clerk, now=LATER)
    api.take_paper(_signed(people, document), actor=people.second, now=LATER)
    row = Document.objects.get(pk=document)
    assert (row.decided_on, row.decided_by, row.entered_by) == (SIGNED, people.head.person, people.second.person)
    assert row.scan
    api.check_decided(document)
    entry = LogEntry.objects.get(name="approvals.decided", subject_id=document)
    assert (entry.data["medium"], entry.who_person) == ("paper", people.second.person)


def test_a_signature_without_the_right_to_decide_is_refused(at, people):
    [document], _ = _printed(people, before=(Doer(people.head.person),))
    for approver, why in (
        (people.head.person, "本人"),
        (people.second.person, "専決者"),
        (people.operator.person, "職員"),
        (999_999, "職にありません"),
    ):
        with pytest.raises(Denied, match=why):
            api.take_paper(_signed(people, document, approver=approver), actor=people.second, now=LATER)
    with pytest.raises(Invalid, match="不在"):
        api.take_paper(_signed(people, document, approver=at.acting.person), actor=people.second, now=LATER)
    signed = _signed(people, document, approver=at.acting.person, absence="出張")
    api.take_paper(signed, actor=people.second, now=LATER)
    assert Document.objects.get(pk=document).stands_for == people.posts["head"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"decided_on": date(2026, 4, 14)}, "起案日より前"),
        ({"decided_on": date(2026, 4, 19)}, "今日より後"),
        ({"scan": 999_999}, "読取り"),
        ({"accepted": False}, "理由"),
        ({"outcome": "却下"}, "理由"),
    ],
)
def test_what_cannot_be_right_on_a_paper_is_refused(people, more, why):
    [document], _ = _printed(people)
    with pytest.raises(Invalid, match=why):
        api.take_paper(_signed(people, document, **more), actor=people.second, now=LATER)
    assert Document.objects.get(pk=document).state == State.WAITING


def test_a_paper_can_send_back_or_change(people):
    [returned], _ = _printed(people)
    api.take_paper(_signed(people, returned, accepted=False, reason="再調査"), actor=people.second, now=LATER)
    assert (api.decision_of(returned).state, api.decision_of(returned).accepted) == (State.RETURNED, False)
    [changed], _ = _printed(people)
    api.take_paper(_signed(people, changed, outcome="却下", reason="所得超過"), actor=people.second, now=LATER)
    assert (api.decision_of(changed).outcome, api.decision_of(changed).changed) == ("却下", True)


def test_a_document_comes_back_to_the_screen(people):
    [document], _ = _printed(people)
    api.print_documents(documents=[document], actor=people.second, now=NOW)
    with pytest.raises(Conflict):
        api.export_package(documents=[document], actor=people.clerk, now=NOW)
    api.return_to_screen(document=document, actor=people.clerk, now=NOW)
    with pytest.raises(Conflict):
        api.return_to_screen(document=document, actor=people.clerk, now=NOW)
    with pytest.raises(Conflict):
        api.take_paper(_signed(people, document), actor=people.second, now=LATER)
    api.approve(document=document, actor=people.head, now=NOW)
    with pytest.raises(Conflict):
        api.print_documents(documents=[document], actor=people.clerk, now=NOW)
    changes = LogEntry.objects.filter(name="approvals.medium_changed").order_by("pk")
    assert [entry.data["medium"] for entry in changes] == ["paper", "screen"]


def _packed(people, count=1):
    attached = files.store(
        b"%PDF-1.7 paper", name="通帳の写し.pdf", limits=files.ATTACHMENTS, who=people.clerk.who, now=NOW
    ).id
    documents = [drawn(people, attachments=(attached,)) for _ in range(count)]
    file = api.export_package(documents=documents, actor=people.clerk, now=NOW)
    return documents, files.fetch(file, who=people.clerk.who, now=NOW)[1]


def test_the_package_holds_list_papers_and_attachments(people):
    documents, content = _packed(people, 2)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        lines = list(csv.DictReader(io.StringIO(package.read("一覧.csv").decode("utf-8-sig"))))
        assert [line["起案番号"] for line in lines] == [api.paper_code(key) for key in documents]
        assert lines[0]["件名"].startswith("こども医療費")
        assert package.read(lines[0]["起案文書"]).startswith(b"%PDF")
        assert package.read(f"{lines[0]['起案番号']}/添付/01_通帳の写し.pdf") == b"%PDF-1.7 paper"


def _csv(*lines, heading="起案番号,文書番号,決裁日,結果,決定,理由"):
    return "\r\n".join((heading, *lines))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_numbers_and_days_come_back(people, encoding):
    (taken, returned, changed, open_), _ = _packed(people, 4)
    content = _csv(
        f"{api.paper_code(taken)},R8こ支第11号,R8.4.16,,,",
        f"{api.paper_code(returned)},R8こ支第12号,20260416,差戻し,,再調査",
        f"{api.paper_code(changed)},R8こ支第13号,2026/4/17,承認,却下,所得超過",
    ).encode(encoding)
    assert api.import_decisions(content=content, actor=people.second, now=LATER) == api.ImportReport(3, ())
    row = Document.objects.get(pk=taken)
    assert (row.archive_number, row.decided_on, row.entered_by) == ("R8こ支第11号", SIGNED, people.second.person)
    api.check_decided(taken)
    assert api.decision_of(returned).state == State.RETURNED
    assert api.decision_of(changed).outcome == "却下"
    assert api.decision_of(changed).number == "R8こ支第13号"
    with pytest.raises(Conflict, match="文書管理で手続中"):
        api.check_decided(open_)
    again = api.import_decisions(content=content, actor=people.second, now=LATER)
    assert (again.taken, len(again.rejected)) == (0, 3)
    assert LogEntry.objects.filter(name="approvals.decided").count() == 3


def test_lines_that_cannot_be_taken_are_reported_and_the_others_taken(people):
    (good, bad), _ = _packed(people, 2)
    on_screen = drawn(people)
    own = drawn(people, before=(Doer(people.second.person),))
    api.export_package(documents=[own], actor=people.clerk, now=NOW)
    code = api.paper_code(bad)
    content = _csv(
        "X1,R8-1,R8.4.16,,,",
        f"{code},,R8.4.16,,,",
        f"{code},R8-2,,,,",
        f"{code},R8-2,R8.4.31,,,",
        f"{code},R8-2,R8.4.30,,,",
        f"{code},R8-2,R8.4.16,差戻し,,",
        f"{code},R8-2,R8.4.16,保留,,x",
        f"{code},R8-2,R8.4.16,承認,却下,",
        f"{api.paper_code(good)},R8-3,R8.4.16,,,",
        f"{code},R8-3,R8.4.16,,,",
        f"{api.paper_code(on_screen)},R8-4,R8.4.16,,,",
        f"{api.paper_code(own)},R8-5,R8.4.16,,,",
        f"{api.paper_code(10**9)},R8-6,R8.4.16,,,",
    ).encode()
    report = api.import_decisions(content=content, actor=people.second, now=LATER)
    assert report.taken == 1
    assert [reject.line for reject in report.rejected] == [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14]
    assert api.decision_of(bad).state == State.WAITING


@pytest.mark.parametrize(
    ("content", "why"), [(b"\x81\xff\xfe", "文字コード"), ("起案番号,決裁日\r\n".encode(), "文書番号")]
)
def test_unreadable_files(people, content, why):
    with pytest.raises(Invalid, match=why):
        api.import_decisions(content=content, actor=people.second, now=LATER)


@pytest.mark.parametrize("who", ["operator", "manager", "robot", "personnel"])
def test_contractors_robots_and_other_sections_stay_out(people, who):
    actor = robot_actor(people.city, people.day) if who == "robot" else getattr(people, who)
    [paper], _ = _printed(people)
    [packed], _ = _packed(people)
    line = _csv(f"{api.paper_code(packed)},R8-1,R8.4.16,,,").encode()
    waiting = drawn(people)
    for attempt in (
        lambda: api.print_documents(documents=[waiting], actor=actor, now=NOW),
        lambda: api.export_package(documents=[waiting], actor=actor, now=NOW),
        lambda: api.return_to_screen(document=paper, actor=actor, now=NOW),
        lambda: api.take_paper(_signed(people, paper), actor=actor, now=LATER),
    ):
        with pytest.raises(Denied):
            attempt()
    if who == "personnel":
        assert api.import_decisions(content=line, actor=actor, now=LATER).taken == 0
    else:
        with pytest.raises(Denied):
            api.import_decisions(content=line, actor=actor, now=LATER)
    assert set(Document.objects.values_list("state", flat=True)) == {State.WAITING}


def test_a_relative_of_the_applicant_prints_nothing_and_unknown_keys_are_refused(people):
    document = drawn(people, parties=frozenset({"P9"}))
    relative = replace(people.second, recused=frozenset({"P9"}))
    with pytest.raises(Denied, match="除斥"):
        api.print_documents(documents=[document], actor=relative, now=NOW)
    for documents in ([], [999_999]):
        with pytest.raises(NotFound):
            api.print_documents(documents=documents, actor=people.clerk, now=NOW)


def test_the_qr_code_on_the_paper_is_whole(people):
    [document], file = _printed(people)
    _, content = files.fetch(file, who=people.clerk.who, now=NOW)
    page = pypdfium2.PdfDocument(content)[0].render(scale=8).to_pil().convert("L")
    corner = page.crop((int(page.width * 0.75), 0, page.width, int(page.height * 0.14)))
    dark = corner.point(lambda grey: 255 if grey < 128 else 0)
    left, top, right, bottom = dark.getbbox()
    wanted = segno.make(api.paper_code(document), error="m").matrix
    step = (right - left) / len(wanted)
    assert abs((bottom - top) - (right - left)) < step / 2
    read = [
        [dark.getpixel((left + int((x + 0.5) * step), top + int((y + 0.5) * step))) > 0 for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert read == [[bool(module) for module in line] for line in wanted]
