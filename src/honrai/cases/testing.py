"""A town with a published procedure and shorthand for walking cases through it, for tests of any chapter.

people = town(city, tmp_path, monkeypatch)     # inside `in_city(city)`
receipt, case = apply()
work(people.operator, "receive_check"); jobs(case)
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from honrai.cases import api as cases
from honrai.cases.models import Case, Task
from honrai.cases.ports import ports
from honrai.cases.tasks import run_service
from honrai.intake import api as intake
from honrai.platform.authority.api import Actor, Rank, set_level, system_actor
from honrai.platform.events.api import Announced, Who
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import DAY, NOW, SmallCity, small_city
from honrai.procedures import api as procedures

PACKS = Path(__file__).resolve().parents[3] / "packs"
APPLICANT = Who("applicant", place="203.0.113.5")
VALUES = {
    "application.kind": "新規",
    "application.reason": "出生",
    "application.event_date": "2026-04-10",
    "child.name": "本来 花子",
    "child.kana": "ホンライ ハナコ",
    "child.born": "2026-04-10",
    "guardian.name": "本来 太郎",
    "guardian.kana": "ホンライ タロウ",
    "guardian.relation": "父",
    "guardian.postcode": "860-0001",
    "guardian.address": "本来市中央区本町1-1",
    "guardian.phone": "096-000-0000",
    "insurer.number": "01130012",
    "insurer.name": "全国健康保険協会",
    "insurer.symbol": "12345678・1・00",
    "insurer.holder": "本来 太郎",
    "insurer.since": "2026-04-10",
    "insurer.fringe": "ない",
    "account.bank": "0001",
    "account.branch": "001",
    "account.kind": "普通",
    "account.number": "1234567",
    "account.holder": "ホンライ タロウ",
    "consent.lookup": True,
    "consent.return_card": True,
    "consent.signed": True,
    "consent.signed_on": "2026-04-15",
}
FACTS = {
    "resident.found": True,
    "resident.city": True,
    "resident.registered_on": "2026-04-10",
    "resident.protected": False,
    "insurance.status": "確認できない",
    "welfare.receiving": False,
    "public_fund.full": False,
    "overlap.scheme": "なし",
    "recipient.active": False,
}
PDF = b"%PDF-1.7\n" + b"x" * 100


def town(
    city: int, folder: Path, monkeypatch: Any, *, pack: str = "kodomo-iryo", facts: Any = None, tag: str = ""
) -> SmallCity:
    """Make the small city, publish one procedure and let its outside facts be known.

    Args:
        city: key of the city; call inside `in_city(city)`.
        folder: where files are kept.
        monkeypatch: of the test.
        pack: folder of the procedure.
        facts: what the sources know; `FACTS` where None.
        tag: goes before login names, for a second city.
    """
    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(folder), bytes(32)))
    monkeypatch.setattr(ports, "facts", [lambda question: FACTS if facts is None else facts])
    people = small_city(city, tag=tag)
    setup = system_actor(city, DAY)
    set_level(
        actor=setup, now=NOW, procedure="", act=None, rank=Rank.SECTION_HEAD, up_to=None, since=DAY, source="専決規程"
    )
    procedures.publish(files=procedures.files_of_folder(PACKS / pack), actor=setup, now=NOW)
    cases.set_route(procedure=pack, unit=people.unit, contract=people.contract, since=DAY)
    return people


def apply(
    values: dict[str, Any] | None = None, *, pack: str = "kodomo-iryo", channel: str = "web", papers: Any = ()
) -> tuple[intake.Receipt, Case]:
    """Submit an application and return its receipt and case; `papers` are (kind, content) pairs."""
    token = f"t{Case.objects.count() + 1}"
    application = intake.start(procedure=pack, channel=channel, token=token, who=APPLICANT, now=NOW)
    intake.save(application=application, values=VALUES if values is None else values, now=NOW)
    for kind, content in papers:
        intake.attach(application=application, kind=kind, content=content, name="page", who=APPLICANT, now=NOW)
    receipt = intake.submit(application=application, who=APPLICANT, now=NOW)
    return receipt, Case.objects.get(number=receipt.number)


def jobs(case: Case) -> None:
    """Do what the job worker does: services of open steps."""
    for entry in LogEntry.objects.filter(name="cases.task_opened", case_id=case.pk).order_by("pk"):
        run_service(Announced(entry.pk, entry.name, entry.data, entry.at, APPLICANT, ("task", None), case.pk), now=NOW)
    case.refresh_from_db()


def open_task(case: Case, node: str) -> Task:
    """Return the open task of a step."""
    return Task.objects.get(case=case, node=node, state="open")


def work(case: Case, actor: Actor, node: str, result: str = "", **more: Any) -> None:
    """Claim and finish the open task of a step."""
    task = open_task(case, node)
    cases.claim(task=task.pk, actor=actor, now=NOW)
    cases.complete(task=task.pk, result=result, actor=actor, now=NOW, **more)
    case.refresh_from_db()


NAMES = (("本来 花子", "ホンライ ハナコ"), ("見本 一郎", "ミホン イチロウ"), ("佐々木 葵", "ササキ アオイ"))


def open_one(number: int, *, pack: str = "kodomo-iryo") -> int:
    """Open case number so-and-so straight from its application's values; every second one arrived twelve days earlier."""
    name, kana = NAMES[number % 3]
    born = date(2026, 3, 1) + timedelta(days=number % 28)
    new = cases.NewCase(
        number=f"08-{number:06}",
        application=number,
        version=procedures.version_on(pack, DAY).id,
        channel="post",
        received_on=DAY - timedelta(days=12 * (number % 2)),
        name=name,
        kana=kana,
        born_on=born,
        party=f"P{number}",
        values=_stored(VALUES | {"child.name": name, "child.kana": kana, "child.born": born.isoformat()}),
    )
    return cases.open_case(new, who=APPLICANT, now=NOW - timedelta(days=number % 5))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """Return answers as the form stores them: names parted by a full-width space, but not in bank data."""
    return {
        key: value.replace(" ", "　") if isinstance(value, str) and not key.startswith("account.") else value
        for key, value in values.items()
    }
