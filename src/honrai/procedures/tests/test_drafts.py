"""Drafts: begun from a version, a zip or nothing; written without overwriting anybody; an inner pack is its contract's."""

import pytest

from honrai.platform.authority.api import AgainstContract, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW, SmallCity, small_city
from honrai.procedures import api
from honrai.procedures.tests.packs import files as pack_files

PACK = "kodomo-iryo"


@pytest.fixture
def people(city) -> SmallCity:
    return small_city(city)


@pytest.fixture
def version(people: SmallCity) -> int:
    return api.publish(files=pack_files(PACK), actor=people.head, now=NOW)


def test_a_draft_starts_with_the_files_and_the_owner_of_its_version(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    seen = api.draft_view(draft, people.clerk)
    assert (seen.code, seen.unit, seen.contract, seen.base, seen.editable) == (PACK, people.unit, None, version, True)
    assert api.draft_files(draft, people.clerk) == pack_files(PACK)
    assert LogEntry.objects.filter(name="procedures.draft_started", subject_id=draft).count() == 1


def test_an_empty_draft_belongs_to_the_section_of_who_begins_it(people):
    draft = api.start_draft(actor=people.clerk, now=NOW)
    assert api.draft_view(draft, people.clerk).unit == people.unit
    assert api.draft_files(draft, people.clerk) == {}


def test_two_people_never_overwrite_each_other(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    seen = api.draft_view(draft, people.clerk).files["manual.md"]
    new = api.write_file(draft=draft, path="manual.md", content=b"# A", expected=seen, actor=people.second, now=NOW)
    with pytest.raises(Conflict, match="職員 clerk2"):
        api.write_file(draft=draft, path="manual.md", content=b"# B", expected=seen, actor=people.clerk, now=NOW)
    api.write_file(draft=draft, path="manual.md", content=b"# B", expected=new, actor=people.clerk, now=NOW)
    assert api.draft_files(draft, people.clerk)["manual.md"] == b"# B"
    assert api.draft_view(draft, people.clerk).lock == 2


def test_a_new_file_expects_nothing_and_a_path_the_format_does_not_know_is_refused(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    write = {"draft": draft, "actor": people.clerk, "now": NOW, "content": b"x"}
    with pytest.raises(Conflict):
        api.write_file(path="manual.md", expected="", **write)
    api.write_file(path="letters/new.typ", expected="", **write)
    for path in ("../x", "notes.txt", "letters/a/b.typ", "letters/x.yaml"):
        with pytest.raises(Invalid):
            api.write_file(path=path, expected="", **write)


def test_an_uploaded_zip_replaces_all_files_unless_somebody_was_faster(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    wanted = {"procedure.yaml": pack_files(PACK)["procedure.yaml"], "manual.md": b"# A"}
    api.replace_files(draft=draft, files=wanted, lock=0, actor=people.clerk, now=NOW)
    assert api.draft_files(draft, people.clerk) == wanted
    with pytest.raises(Conflict):
        api.replace_files(draft=draft, files={}, lock=0, actor=people.second, now=NOW)


def test_a_withdrawn_draft_is_read_only_and_says_why(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    with pytest.raises(Invalid):
        api.withdraw(draft=draft, reason=" ", actor=people.clerk, now=NOW)
    api.withdraw(draft=draft, reason="条例改正が見送られたため", actor=people.clerk, now=NOW)
    assert not api.draft_view(draft, people.clerk).editable
    with pytest.raises(Conflict):
        api.write_file(draft=draft, path="manual.md", content=b"", expected=None, actor=people.clerk, now=NOW)


def test_another_section_and_contractors_do_not_touch_a_city_draft(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    for actor in (people.personnel, people.manager, people.operator):
        with pytest.raises(Denied):
            api.write_file(draft=draft, path="manual.md", content=b"x", expected=None, actor=actor, now=NOW)
        with pytest.raises(Denied):
            api.start_draft(actor=actor, now=NOW, version=version)
    with pytest.raises(NotFound):
        api.draft_view(draft, people.manager)


def test_an_inner_pack_is_its_contracts_managers_own(people):
    draft = api.start_draft(actor=people.manager, now=NOW, files={})
    assert api.draft_view(draft, people.operator).contract == people.contract
    write = {"draft": draft, "path": "manual.md", "content": b"x", "expected": None, "now": NOW}
    for actor in (people.head, people.operator):
        with pytest.raises(AgainstContract):
            api.write_file(actor=actor, **write)
    with pytest.raises(NotFound):
        api.draft_files(draft, people.head)
    api.write_file(actor=people.deputy, **write)
