"""A city with wards and a published procedure, and shorthand for walking a draft to its gate; for tests of any chapter."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from honrai.platform.authority.api import Actor, Rank, set_level, system_actor
from honrai.platform.files import api as stored
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.testing import DAY, NOW, START, SmallCity, small_city
from honrai.procedures import api
from honrai.procedures.models import Inquiry
from honrai.procedures.operations.gating import take_step
from honrai.procedures.rules.sources import files_of_folder

PACKS = Path(__file__).resolve().parents[3] / "packs"
PACK = "kodomo-iryo"
#: Day and name of the version that comes next in tests.
NEXT = {"procedure.yaml": [("2026-04-01", "2026-06-01"), ("2026.1", "2026.2")]}


@dataclass(frozen=True, slots=True)
class Wards:
    """The small city with two wards and one clerk in each.

    Attributes:
        people: the small organisation; its section owns the procedure.
        wards: name -> a clerk of the ward.
        version: key of the published version.
    """

    people: SmallCity
    wards: dict[str, Actor]
    version: int


def wards(city: int, *, tag: str = "") -> Wards:
    """Make the city; call inside `in_city(city)`."""
    people = small_city(city, tag=tag)
    setup = system_actor(city, START)
    rule: dict[str, Any] = {
        "actor": setup,
        "now": NOW,
        "procedure": "",
        "act": None,
        "since": START,
        "source": "専決規程",
    }
    set_level(**rule, rank=Rank.SECTION_HEAD, up_to=None)
    clerks = {name: _clerk(setup, place, name, tag) for place, name in enumerate(("東区", "西区"), 1)}
    version = api.publish(files=files_of_folder(PACKS / PACK), actor=setup, now=NOW)
    return Wards(people, clerks, version)


def keep_files_in(folder: Path, monkeypatch: Any) -> None:
    """Let files of a test be kept in a folder."""
    monkeypatch.setattr(stored, "_store", lambda: EncryptedStore(FolderStore(folder), bytes(32)))


def changed(*edits: tuple[str, str, str], version: int) -> dict[str, bytes]:
    """Return the files of a version with the next starting day and edits (file, old, new), each of which must match."""
    files = api.files_of(version)
    for name, old, new in (*((name, *pair) for name, pairs in NEXT.items() for pair in pairs), *edits):
        text = files[name].decode()
        if old not in text:
            raise LookupError((name, old))
        files[name] = text.replace(old, new).encode()
    return files


def next_draft(town: Wards, *edits: tuple[str, str, str]) -> int:
    """Begin the draft of the next version with edits, as the clerk of the section."""
    actor = town.people.clerk
    draft = api.start_draft(actor=actor, now=NOW, version=town.version)
    files = changed(*edits, version=town.version)
    api.replace_files(draft=draft, files=files, lock=0, actor=actor, now=NOW)
    return draft


def consult(town: Wards, draft: int) -> None:
    """Ask everybody; all agree."""
    api.ask(draft=draft, actor=town.people.clerk, now=NOW)
    for inquiry in Inquiry.objects.filter(draft=draft):
        actor = town.wards.get(inquiry.name, town.people.second)
        api.answer(inquiry=inquiry.pk, comment="", actor=actor, now=NOW)


def run_gate(draft: int, actor: Actor) -> int:
    """Run the gate to its end, as the job worker does; return the key of the run."""
    run = api.start_gate(draft=draft, actor=actor, now=NOW)
    while take_step(run=run, now=NOW):
        pass
    return run


def _clerk(setup: Actor, place: int, name: str, tag: str) -> Actor:
    make: dict[str, Any] = {"actor": setup, "now": NOW}
    unit = organisations.define_unit(**make, code=f"9{place}", kind="ward", name=name, since=START, symbol=name)
    section = organisations.define_unit(
        **make,
        code=f"9{place}1",
        kind="section",
        name=f"{name}保健こども課",
        since=START,
        parent=unit,
        symbol=f"{name}こ",
    )
    post = organisations.define_post(
        **make, code=f"ward{place}", unit=section, title="主事", rank=Rank.STAFF, since=START
    )
    person = organisations.register_staff(**make, number=f"W-{place}", name=f"区 職員{place}")
    organisations.assign_post(**make, person=person, post=post, since=START)
    organisations.issue_staff_account(**make, person=person, login=f"{tag}ward{place}")
    for kind in organisations.CertificateKind:
        organisations.add_certificate(
            **make, person=person, kind=kind, since=START, until=START.replace(year=START.year + 1), evidence="研修記録"
        )
    return organisations.actor_of_person(person, setup.city, DAY)
