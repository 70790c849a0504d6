"""The approval screens through HTTP: what each person sees and may do, and that a contractor gets nothing anywhere."""

import contextlib
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honrai.approvals import api, desks, pages, queries, views
from honrai.approvals.models import Document, State
from honrai.approvals.operations.stacking import refuse_order
from honrai.approvals.testing import NOW, START, drawn, office
from honrai.platform.authority.api import Doer, Rank, system_actor
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.jobs.progress import Stopped, progress
from honrai.platform.signin.testing import signed_in

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def at(city):
    return office(city)


@pytest.fixture
def people(at):
    setup = system_actor(at.people.city, START)
    api.set_sampling(actor=setup, now=NOW, percent=0, at_least=1, since=START, source="要領")
    return at.people


def _text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_inbox_shows_groups_single_ones_and_counts(people):
    documents = [drawn(people) for _ in range(3)]
    drawn(people, before=(Doer(people.head.person),), subject="自分の仕事について")
    page = signed_in(people.head).get("/approvals/")
    text = _text(page)
    assert page.status_code == 200
    assert "決裁 3件" in text
    assert "4件を束にする" in text
    assert all(api.paper_code(key) in text for key in documents)
    assert "自分の仕事" not in text
    assert 'aria-current="page"' in page.content.decode()


def test_lower_desks_are_shown_when_asked(at, people):
    drawn(people)
    browser = signed_in(at.bureau_head)
    assert "ほかに1件" in _text(browser.get("/approvals/"))
    assert "こども医療費" in _text(browser.get("/approvals/?below=1"))
    assert _text(browser.get("/approvals/?q=x", headers={"HX-Request": "true"})).count("条件に合うもの") == 1


def test_a_stack_is_formed_opened_and_approved(people):
    documents = [drawn(people) for _ in range(3)]
    refused = drawn(people, proposal={"outcome": "却下", "kind": "refuse"})
    browser = signed_in(people.head)
    form = {"group": "child-medical/1/認定", "unit": people.unit, "rank": Rank.SECTION_HEAD.value}
    answer = browser.post("/approvals/stack/", form)
    stack = answer.headers["Location"]
    page = _text(browser.get(stack))
    assert "あと2件を開いて" in page
    assert "まとめて決裁しますか" not in page
    assert "あと2件" in _text(browser.get("/approvals/"))
    assert "あと2件" in _text(browser.post(stack, follow=True))
    sampled = Document.objects.get(sampled=True).pk
    first = browser.get(f"/approvals/document/{refused}/")
    assert f"/approvals/document/{sampled}/" in first.content.decode()
    browser.get(f"/approvals/document/{sampled}/")
    assert "4件をまとめて決裁しますか" in _text(browser.get(stack))
    other = next(key for key in documents if key != sampled)
    assert browser.post(f"/approvals/document/{other}/pull-out/", {"reason": ""}).status_code == 422
    assert browser.post(f"/approvals/document/{other}/pull-out/", {"reason": "確認"}).headers["Location"] == stack
    assert "3件を決裁しました" in _text(browser.post(stack, follow=True))
    assert Document.objects.filter(state=State.DECIDED).count() == 3
    assert "待つ文書はありません" in _text(browser.get(stack))
    assert browser.post("/approvals/stack/", form | {"rank": "x"}).status_code == 409


def test_what_may_not_be_decided_is_told(people):
    drawn(people, before=(Doer(people.head.person),), flagged=False)
    drawn(people)
    given = {"group": "child-medical/1/認定", "unit": people.unit, "rank": Rank.SECTION_HEAD}
    stack = api.form_stack(**given, actor=people.head, now=NOW)
    for key in pages.unopened(stack, people.head):
        api.open_document(document=key, actor=people.head, now=NOW)
    text = _text(signed_in(people.head).post(f"/approvals/stack/{stack}/", follow=True))
    assert "1件を決裁しました" in text
    assert "1件は決裁できない" in text


def test_a_document_shows_everything_the_decider_needs(people):
    file = files.store(b"%PDF-1.7 x", name="申請書.pdf", limits=files.ATTACHMENTS, who=people.clerk.who, now=NOW).id
    document = drawn(
        people,
        attachments=(file, 999_999),
        amount=12_000,
        proposal={
            "outcome": "認定",
            "kind": "grant",
            "reasons": [{"text": "対象年齢です", "basis": "条例第4条"}, "市内に住んでいます"],
            "rules": ["行3"],
            "results": {"資格の始まる日": "2026-04-01", "該当": True, "対象": ["入院", "通院"]},
        },
    )
    browser = signed_in(people.head)
    page = browser.get(f"/approvals/document/{document}/")
    text = _text(page)
    for shown in (
        "認定",
        "対象年齢です",
        "（条例第4条）",
        "市内に住んでいます",
        "行3",
        "はい",
        "入院、通院",
        "12,000円",
        "見本市こども医療費助成条例第4条",
        "申請書.pdf",
        "課長専決",
        "職員 clerk1",
        "閲読",
    ):
        assert shown in text
    assert LogEntry.objects.filter(name="approvals.document_read", subject_id=document).count() == 1
    got = browser.get(f"/approvals/document/{document}/file/{file}/")
    assert got.content == b"%PDF-1.7 x"
    assert LogEntry.objects.filter(name="files.read", subject_id=file).count() == 1
    assert browser.get(f"/approvals/document/{document}/file/{file + 1}/").status_code == 404
    assert browser.get("/approvals/document/999999/").status_code == 404


def test_deciding_goes_on_to_the_next_and_errors_keep_what_was_typed(people):
    first, second = drawn(people), drawn(people)
    browser = signed_in(people.head)
    url = f"/approvals/document/{first}/approve/"
    wrong = browser.post(url, {"outcome": "却下"})
    assert wrong.status_code == 422
    assert "理由を入力" in _text(wrong)
    done = browser.post(url, {"outcome": "却下", "reason": "所得超過"})
    assert done.headers["Location"] == f"/approvals/document/{second}/"
    assert "「却下」に変えて決裁" in _text(browser.get(f"/approvals/document/{first}/"))
    assert browser.post(f"/approvals/document/{second}/send-back/", {"reason": ""}).status_code == 422
    assert (
        browser.post(f"/approvals/document/{second}/send-back/", {"reason": "添付なし"}).headers["Location"]
        == "/approvals/"
    )
    assert "差し戻されました" in _text(browser.get(f"/approvals/document/{second}/"))
    assert browser.post(f"/approvals/document/{second}/nothing/").status_code == 404


def test_handing_up_and_withdrawing(at, people):
    document = drawn(people)
    browser = signed_in(people.head)
    raised = browser.post(f"/approvals/document/{document}/pull-up/", {"rank": "40", "reason": "異例"})
    assert raised.headers["Location"] == "/approvals/"
    assert "引き上げられた文書です" in _text(signed_in(at.bureau_head).get(f"/approvals/document/{document}/"))
    mine = signed_in(people.clerk)
    assert "起案を取り下げる" in _text(mine.get(f"/approvals/document/{document}/"))
    mine.post(f"/approvals/document/{document}/withdraw/")
    assert api.decision_of(document).state == State.WITHDRAWN
    assert "取下げ" in _text(mine.get("/approvals/all/?state=withdrawn"))


def test_a_deputy_says_why_and_the_holder_sees_it(at, people):
    document = drawn(people)
    deputy = signed_in(at.acting)
    assert "代決" in _text(deputy.get(f"/approvals/document/{document}/"))
    assert deputy.post(f"/approvals/document/{document}/approve/", {"outcome": "認定"}).status_code == 422
    deputy.post(f"/approvals/document/{document}/approve/", {"outcome": "認定", "absence": "出張"})
    holder = signed_in(people.head)
    assert "後閲 1件" in _text(holder.get("/approvals/afterwards/"))
    page = _text(holder.get(f"/approvals/document/{document}/"))
    assert "後閲した" in page
    assert "決裁（代決）" in page
    holder.post(f"/approvals/document/{document}/see/")
    assert "後閲 0件" in _text(holder.get("/approvals/afterwards/"))


def test_the_route_is_agreed_to_singly_and_by_group(people):
    api.set_route_line(
        actor=people.personnel,
        now=NOW,
        kind=api.StepKind.CIRCULATE,
        unit=None,
        rank=Rank.STAFF,
        turn=1,
        since=START,
        source="規程",
    )
    documents = [drawn(people) for _ in range(3)]
    browser = signed_in(people.second)
    page = _text(browser.get("/approvals/route/"))
    assert "回議・合議 3件" in page
    assert "3件を確認済みにする" in page
    assert "回付中" in _text(browser.get(f"/approvals/document/{documents[0]}/"))
    browser.post(f"/approvals/document/{documents[0]}/agree/", {"note": "異議なし"})
    assert "異議なし" in _text(browser.get(f"/approvals/document/{documents[0]}/"))
    group = {"group": "child-medical/1/認定", "unit": people.unit}
    assert "2件を確認済みにしました" in _text(browser.post("/approvals/route/agree/", group, follow=True))
    assert desks.counts(people.head).decide == 3


def test_paper_goes_out_and_comes_back(people):
    document = drawn(people)
    clerk = signed_in(people.clerk)
    assert "文書を選んでください" in _text(clerk.post("/approvals/outside/hand/", follow=True))
    answer = clerk.post("/approvals/outside/hand/", {"document": [document], "to": "paper"})
    made = answer.headers["Location"]
    assert clerk.get(made).content.startswith(b"%PDF")
    assert signed_in(people.second).get(made).status_code == 404
    assert clerk.get("/approvals/outside/made/999999/").status_code == 404
    code = api.paper_code(document)
    second = signed_in(people.second)
    assert second.get(f"/approvals/outside/?code={code}").headers["Location"] == f"/approvals/outside/paper/{document}/"
    assert "起案番号を読めない" in _text(second.get("/approvals/outside/?code=K1-00"))
    assert "紙・文書管理 1件" in _text(second.get("/approvals/outside/"))
    assert code in _text(second.get("/approvals/outside/?medium=paper", headers={"HX-Request": "true"}))
    assert "登録できません" in _text(clerk.get(f"/approvals/outside/paper/{document}/"))
    url = f"/approvals/outside/paper/{document}/"
    page = _text(second.get(url))
    assert "課長 職員 head" in page.replace("　", " ")
    signed = {"accepted": "1", "decided_on": "R080415", "approver": people.head.person}

    def scan(content=b"%PDF-1.7 signed"):
        return SimpleUploadedFile("scan.pdf", content)

    assert second.post(url, signed).status_code == 422
    assert "この種類のファイル" in _text(second.post(url, signed | {"scan": scan(b"MZ")}))
    assert "今日より後" in _text(second.post(url, signed | {"decided_on": "R080416", "scan": scan()}))
    assert second.post(url, signed | {"scan": scan()}).headers["Location"] == "/approvals/outside/"
    shown = second.get(f"/approvals/document/{document}/")
    assert "押印済みの写し" in _text(shown)
    row = Document.objects.get(pk=document)
    assert second.get(f"/approvals/document/{document}/file/{row.scan}/").content == b"%PDF-1.7 signed"
    assert row.decided_on == date(2026, 4, 15)


def test_a_package_goes_out_and_the_file_comes_back(people):
    document, back = drawn(people), drawn(people)
    clerk = signed_in(people.clerk)
    made = clerk.post("/approvals/outside/hand/", {"document": [document, back], "to": "archive"}).headers["Location"]
    package = clerk.get(made)
    assert package.content.startswith(b"PK")
    assert package.headers["Content-Disposition"].startswith("attachment")
    clerk.post("/approvals/outside/hand/", {"document": [back], "to": "screen"})
    second = signed_in(people.second)
    assert "CSVの取込みで登録" in _text(second.get("/approvals/outside/"))
    lines = f"起案番号,文書番号,決裁日\n{api.paper_code(document)},R8こ支第1号,R8.4.15\nX,1,R8.4.15\n"
    upload = {"file": io.BytesIO(lines.encode())}
    text = _text(second.post("/approvals/outside/import/", upload))
    assert "1件を取り込みました" in text
    assert "起案番号を読めません" in text
    assert "R8こ支第1号" in _text(second.get(f"/approvals/document/{document}/"))
    assert second.post("/approvals/outside/import/", {"file": io.BytesIO(b"a,b\n")}).status_code == 422
    assert second.post("/approvals/outside/import/").status_code == 422


@pytest.mark.parametrize("who", ["operator", "manager"])
def test_a_contractor_gets_nothing_at_any_address(people, who):
    document, paper = drawn(people), drawn(people)
    api.print_documents(documents=[paper], actor=people.clerk, now=NOW)
    stack = api.form_stack(
        group="child-medical/1/認定", unit=people.unit, rank=Rank.SECTION_HEAD, actor=people.head, now=NOW
    )
    browser = signed_in(getattr(people, who))
    before = LogEntry.objects.filter(name="signin.refused").count()
    refused = [
        browser.get(f"/approvals/stack/{stack}/"),
        browser.post(f"/approvals/stack/{stack}/"),
        browser.post("/approvals/stack/", {"group": "x", "unit": people.unit, "rank": 30}),
        browser.post("/approvals/route/agree/", {"group": "x", "unit": people.unit}),
        browser.get(f"/approvals/document/{document}/"),
        *(
            browser.post(f"/approvals/document/{document}/{act}/", {"reason": "x", "outcome": "認定"})
            for act in ("approve", "send-back", "pull-out", "pull-up", "agree", "withdraw", "see")
        ),
        browser.get(f"/approvals/document/{document}/file/1/"),
        *(
            browser.post("/approvals/outside/hand/", {"document": [document], "to": to})
            for to in ("paper", "archive", "screen")
        ),
        browser.get(f"/approvals/outside/paper/{paper}/"),
        browser.post(f"/approvals/outside/paper/{paper}/"),
        browser.post("/approvals/outside/import/", {"file": io.BytesIO("起案番号,文書番号,決裁日\n".encode())}),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert LogEntry.objects.filter(name="signin.refused").count() == before + len(refused)
    for url in ("/approvals/", "/approvals/route/", "/approvals/afterwards/", "/approvals/outside/", "/approvals/all/"):
        assert "こども医療費" not in _text(browser.get(url))
    assert set(Document.objects.values_list("state", flat=True)) == {State.WAITING}


def test_the_inbox_costs_the_same_whatever_the_backlog(people):
    drawn(people)
    browser = signed_in(people.head)
    browser.get("/approvals/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/approvals/")
    for _ in range(30):
        drawn(people)
    with CaptureQueriesContext(connection) as many:
        browser.get("/approvals/")
    assert len(many) <= len(few) + 1


def test_marks_narrow_the_list_and_new_rules_follow_old_ones(people):
    drawn(people, flagged=True, subject="要確認の件")
    drawn(people)
    browser = signed_in(people.head)
    text = _text(browser.get("/approvals/?mark=flagged"))
    assert "全1件" in text
    assert "要確認の件" in text
    assert "全0件" not in _text(browser.get("/approvals/?mark=out"))
    assert "全2件" in _text(browser.get("/approvals/?mark=none"))
    assert browser.get("/approvals/stack/999999/").status_code == 404
    later = date(2026, 5, 1)
    api.set_sampling(actor=people.personnel, now=NOW, percent=9, at_least=2, since=later, source="改正要領")
    assert queries.sampling_on(date(2026, 4, 30)) == (0, 1)
    assert queries.sampling_on(later) == (9, 2)


def test_a_large_stack_is_left_to_a_job(people, monkeypatch):
    monkeypatch.setattr(views, "LARGE", 1)
    documents = [drawn(people) for _ in range(3)]
    given = {"group": "child-medical/1/認定", "unit": people.unit, "rank": Rank.SECTION_HEAD}
    stack = api.form_stack(**given, actor=people.head, now=NOW)
    for key in documents:
        api.open_document(document=key, actor=people.head, now=NOW)
    browser = signed_in(people.head)
    text = _text(browser.post(f"/approvals/stack/{stack}/", follow=True))
    assert "順に登録しています" in text
    assert "決裁を登録しています" in text
    assert "まとめて決裁しますか" not in text
    assert "登録中" in _text(browser.get("/approvals/"))
    assert "処理中" in _text(browser.post(f"/approvals/stack/{stack}/", follow=True))
    assert "順番を待っています" in _text(browser.get(f"/approvals/stack/{stack}/progress/"))
    assert "中止しています" in _text(browser.post(f"/approvals/stack/{stack}/stop/", follow=True))
    refuse_order(stack=stack, reason="専決者が異動しました")
    assert "専決者が異動しました" in _text(browser.get(f"/approvals/stack/{stack}/"))
    assert browser.get(f"/approvals/stack/{stack}/progress/").headers["HX-Refresh"] == "true"
    with progress("stack", stack) as note, contextlib.suppress(Stopped):
        note("", 0, 1)  # the wish to stop lies outside the test's transaction
