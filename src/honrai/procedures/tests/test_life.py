"""From draft to published version: consultation, gate, 決裁; inner packs by their contract's managers alone."""

import pytest

from honrai.approvals import api as approvals
from honrai.platform.authority.api import AgainstContract, Conflict, Denied, Invalid
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api
from honrai.procedures.models import Draft, Inquiry, Opinion, PackVersion
from honrai.procedures.reports import report_of
from honrai.procedures.rules.sources import files_of_folder
from honrai.procedures.testing import PACKS, consult, keep_files_in, next_draft, run_gate, wards


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    keep_files_in(tmp_path, monkeypatch)
    return wards(city)


def failing(draft: int) -> list[int]:
    return [point.number for point in report_of(Draft.objects.get(pk=draft)).points if point.state != "holds"]


def test_a_draft_is_consulted_on_checked_decided_and_in_force_from_its_day(town):
    clerk, head = town.people.clerk, town.people.head
    draft = next_draft(town, ("manual.md", "## ", "##  "))
    consult(town, draft)
    run_gate(draft, clerk)
    assert failing(draft) == []
    document = api.submit(draft=draft, actor=clerk, now=NOW)
    with pytest.raises(Conflict):
        api.write_file(draft=draft, path="manual.md", content=b"x", expected=None, actor=clerk, now=NOW)
    with pytest.raises(Denied):
        approvals.approve(document=document, actor=clerk, now=NOW)
    approvals.approve(document=document, actor=head, now=NOW)
    row = Draft.objects.get(pk=draft)
    old = PackVersion.objects.get(pk=town.version)
    assert row.state == "published"
    assert (row.version.number, row.version.effective_from) == (2, old.effective_to)
    assert api.version_on("kodomo-iryo", old.effective_to.replace(day=2)).id == row.version_id
    published = LogEntry.objects.get(name="procedures.version_published", subject_id=row.version_id)
    assert published.who_person == head.person


def test_a_returned_draft_can_be_edited_again_and_says_why(town):
    draft = next_draft(town)
    consult(town, draft)
    run_gate(draft, town.people.clerk)
    document = api.submit(draft=draft, actor=town.people.clerk, now=NOW)
    approvals.send_back(document=document, reason="区の意見をもう一度", actor=town.people.head, now=NOW)
    row = Draft.objects.get(pk=draft)
    assert (row.state, row.reason, row.document) == ("consulting", "区の意見をもう一度", None)
    assert LogEntry.objects.filter(name="procedures.draft_returned", subject_id=draft).exists()


def test_every_ward_and_the_owner_are_asked_and_every_comment_needs_a_disposition(town):
    clerk = town.people.clerk
    draft = next_draft(town)
    assert api.ask(draft=draft, actor=clerk, now=NOW) == 3
    east = Inquiry.objects.get(draft=draft, name="東区")
    with pytest.raises(Denied):
        api.answer(inquiry=east.pk, comment="", actor=town.wards["西区"], now=NOW)
    with pytest.raises(Denied):
        api.answer(inquiry=east.pk, comment="", actor=town.people.manager, now=NOW)
    api.answer(inquiry=east.pk, comment="期限が短い", actor=town.wards["東区"], now=NOW)
    run_gate(draft, clerk)
    ninth = report_of(Draft.objects.get(pk=draft)).points[8]
    assert [problem.element for problem in ninth.problems] == ["西区", "こども支援課", "東区"] or len(
        ninth.problems
    ) == 3
    opinion = Opinion.objects.get(inquiry=east)
    with pytest.raises(Denied):
        api.dispose(opinion=opinion.pk, disposition="adopted", reason="x", actor=town.wards["東区"], now=NOW)
    with pytest.raises(Invalid):
        api.dispose(opinion=opinion.pk, disposition="rejected", reason=" ", actor=clerk, now=NOW)
    api.dispose(opinion=opinion.pk, disposition="rejected", reason="条例の期限のとおり", actor=clerk, now=NOW)
    with pytest.raises(Invalid, match="9 "):
        api.submit(draft=draft, actor=clerk, now=NOW)


def test_asking_again_takes_the_answers_back_and_keeps_the_comments(town):
    draft = next_draft(town)
    consult(town, draft)
    api.ask(draft=draft, actor=town.people.clerk, now=NOW, again=True)
    assert Inquiry.objects.filter(draft=draft, answered_at=None).count() == 3


def test_a_draft_changed_after_the_check_must_be_checked_again(town):
    draft = next_draft(town)
    consult(town, draft)
    run = run_gate(draft, town.people.clerk)
    manual = api.draft_files(draft, town.people.clerk)["manual.md"] + b"\n"
    api.write_file(draft=draft, path="manual.md", content=manual, expected=None, actor=town.people.clerk, now=NOW)
    with pytest.raises(Invalid, match="検査"):
        api.submit(draft=draft, actor=town.people.clerk, now=NOW)
    assert run


def test_only_one_draft_of_a_procedure_lies_before_the_decider_and_an_older_one_starts_anew(town):
    clerk = town.people.clerk
    first, second = next_draft(town), next_draft(town)
    for draft in (first, second):
        consult(town, draft)
        run_gate(draft, clerk)
    document = api.submit(draft=first, actor=clerk, now=NOW)
    with pytest.raises(Conflict, match="決裁中"):
        api.submit(draft=second, actor=clerk, now=NOW)
    approvals.approve(document=document, actor=town.people.head, now=NOW)
    with pytest.raises(Conflict, match="第2版"):
        api.submit(draft=second, actor=clerk, now=NOW)


def test_an_inner_pack_is_published_by_its_manager_and_never_decided_by_the_city(town):
    people = town.people
    folder = next(path for path in sorted((PACKS / "contractor").iterdir()) if "kodomo-iryo" in path.name)
    draft = api.start_draft(actor=people.manager, now=NOW, files=files_of_folder(folder))
    with pytest.raises(Invalid):
        api.ask(draft=draft, actor=people.manager, now=NOW)
    run_gate(draft, people.manager)
    assert failing(draft) == []
    with pytest.raises(Invalid):
        api.submit(draft=draft, actor=people.manager, now=NOW)
    for actor in (people.head, people.operator):
        with pytest.raises(AgainstContract):
            api.publish_inner(draft=draft, actor=actor, now=NOW)
    version = api.publish_inner(draft=draft, actor=people.manager, now=NOW)
    assert PackVersion.objects.get(pk=version).contract == people.contract
