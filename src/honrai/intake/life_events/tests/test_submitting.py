"""One submission: one receipt, an application and a case for each procedure, all or none, once."""

import pytest
from conftest import CITY_A, CITY_B

from honrai.cases.models import Case
from honrai.intake.life_events import operations, queries
from honrai.intake.life_events.models import Submission, SubmissionPart
from honrai.intake.life_events.publishing import offered, publish
from honrai.intake.life_events.tests.samples import FOLDER
from honrai.intake.life_events.tests.town import APPLICANT, BIRTH, PHOTO, begun
from honrai.intake.models import Application, Attachment
from honrai.kernel.personal_number import has_personal_number_check
from honrai.platform.authority.api import Denied, Invalid, NotFound
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.models import LogEntry
from honrai.platform.files.models import StoredFile
from honrai.platform.organisations.testing import DAY, NOW


def test_one_receipt_and_a_case_for_each(town):
    draft = begun(rows=2)
    operations.attach(submission=draft, kind="insurance", content=PHOTO, name="a.png", who=APPLICANT, now=NOW)
    receipt = operations.submit(submission=draft, who=APPLICANT, now=NOW)
    assert receipt.number == "08-000001"
    assert list(Case.objects.order_by("number").values_list("number", "procedure", "name")) == [
        ("08-000001-1", "kodomo-iryo", "本来　花子"),
        ("08-000001-2", "kodomo-iryo", "本来　花子"),
        ("08-000001-3", "hitorioya-iryo", "本来　花子"),
    ]
    assert len(receipt.secret) == 10
    assert operations.find_by_receipt("08-000001", receipt.secret).pk == draft
    assert StoredFile.objects.count() == 1
    assert Attachment.objects.filter(kind="insurance", sent=True).count() == 3
    assert LogEntry.objects.filter(name="life_events.sent").count() == 1
    assert LogEntry.objects.filter(name="cases.opened").count() == 3


def test_each_case_gets_what_its_own_pack_declares_and_no_more(town):
    operations.submit(submission=begun(), who=APPLICANT, now=NOW)
    child = Application.objects.get(procedure="kodomo-iryo").values
    parent = Application.objects.get(procedure="hitorioya-iryo").values
    assert child["application.event_date"] == "2026-04-10"
    assert not [name for name in child if name.startswith(("status.", "applicant.", "children", "parent."))]
    assert not [name for name in parent if name.startswith(("guardian.", "child.", "parent."))]
    assert parent["children"][0]["born"] == "2026-04-10"
    assert parent["application.applied_on"] == DAY.isoformat()


def test_twice_is_once(town):
    draft = begun()
    assert begun() == draft
    first = operations.submit(submission=draft, who=APPLICANT, now=NOW)
    again = operations.submit(submission=draft, who=APPLICANT, now=NOW)
    assert (again.number, again.secret) == (first.number, "")
    assert (Case.objects.count(), SubmissionPart.objects.count()) == (2, 2)


def test_a_page_not_answered_is_named_and_nothing_is_sent(town):
    draft = operations.start(code="birth", token="u" * 32, answers=BIRTH, who=APPLICANT, now=NOW)
    with pytest.raises(Invalid, match=r"お子さま：氏名"):
        operations.submit(submission=draft, who=APPLICANT, now=NOW)
    assert not Application.objects.exists()


def test_the_photo_nobody_wants_is_refused(town):
    with pytest.raises(Invalid, match="この申請にない書類"):
        operations.attach(submission=begun(), kind="diary", content=PHOTO, name="a.png", who=APPLICANT, now=NOW)


def test_only_what_the_answers_call_for_can_be_chosen(town):
    draft = begun()
    for steps in ([], ["shugaku-enjo"], ["child-allowance"]):
        with pytest.raises(Invalid, match="1つ以上"):
            operations.choose(submission=draft, steps=steps, now=NOW)
    operations.choose(submission=draft, steps=["kodomo-iryo"], now=NOW)
    operations.submit(submission=draft, who=APPLICANT, now=NOW)
    assert Case.objects.get().procedure == "kodomo-iryo"


def test_a_personal_number_is_not_kept(town):
    likely = next(n for n in (f"{i:012}" for i in range(900000000000, 900000000100)) if has_personal_number_check(n))
    draft = begun()
    for values in ({"parent.address": f"本町 {likely}"}, {"children": [{"name": likely}]}):
        with pytest.raises(Invalid, match="個人番号"):
            operations.save(submission=draft, values=values, labels={}, now=NOW)
    assert likely not in str(Submission.objects.get().values)


def test_another_receipt_opens_nothing(town):
    receipt = operations.submit(submission=begun(), who=APPLICANT, now=NOW)
    with pytest.raises(NotFound, match="違います"):
        operations.find_by_receipt(receipt.number, "ABCDEFGHJK")


def test_withdrawing_one_leaves_the_other(town):
    draft = begun()
    operations.submit(submission=draft, who=APPLICANT, now=NOW)
    first, second = queries.standing(draft)
    operations.withdraw(submission=draft, case=first.progress.case, who=APPLICANT, now=NOW)
    gone, stays = queries.standing(draft)
    assert (gone.progress.outcome, stays.progress.outcome) == ("取下げ", "")
    assert stays.progress.stage == second.progress.stage
    with pytest.raises(NotFound):
        operations.withdraw(submission=draft, case=second.progress.case + 999, who=APPLICANT, now=NOW)


def test_only_the_city_publishes_and_the_same_content_once(town):
    content = (FOLDER / "birth.yaml").read_bytes()
    with pytest.raises(Denied):
        publish(file="birth.yaml", content=content, actor=town.operator, now=NOW)
    before = [one.id for one in offered(DAY)]
    publish(file="birth.yaml", content=content, actor=town.head, now=NOW)
    assert [one.id for one in offered(DAY)] == before
    with pytest.raises(Invalid, match=r"birth.yaml procedures.kodomo-iryo.pack.*→"):
        publish(
            file="birth.yaml", content=content.replace(b"pack: kodomo-iryo", b"pack: nothing"), actor=town.head, now=NOW
        )


def test_the_counter_takes_in_with_a_clerk_and_not_with_anybody(town):
    made = operations.start(code="birth", token="c" * 32, answers=BIRTH, who=town.clerk.who, now=NOW, actor=town.clerk)
    assert Submission.objects.get(pk=made).channel == "counter"


@pytest.mark.parametrize("breaks_at", [0, 1])
def test_a_break_in_the_middle_leaves_no_case(committed, monkeypatch, tmp_path, breaks_at, stopped_clock):
    from django.db import transaction

    from honrai.cases import follows
    from honrai.intake.life_events.tests.town import settle

    with in_city(CITY_A):
        settle(CITY_A)
        draft = begun()
    opened = []
    whole = follows.open_case

    def breaking(*args, **more):
        opened.append(1)
        if len(opened) > breaks_at:
            raise RuntimeError("the server dies here")
        return whole(*args, **more)

    monkeypatch.setattr(follows, "open_case", breaking)
    with pytest.raises(RuntimeError), in_city(CITY_A), transaction.atomic():
        operations.submit(submission=draft, who=APPLICANT, now=NOW)
    monkeypatch.setattr(follows, "open_case", whole)
    with in_city(CITY_A):
        assert (Case.objects.count(), Application.objects.count(), SubmissionPart.objects.count()) == (0, 0, 0)
        assert Submission.objects.get().number == ""
    with in_city(CITY_A):
        receipt = operations.submit(submission=draft, who=APPLICANT, now=NOW)
        assert (receipt.number, Case.objects.count()) == ("08-000001", 2)
    with in_city(CITY_B), pytest.raises(NotFound):
        operations.find_by_receipt(receipt.number, receipt.secret)
