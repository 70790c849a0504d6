"""Letters and cards of an approved run: one file a batch, in the order of postcodes. Nothing leaves the house by this.

Each piece of work is one batch in one transaction, so that a killed worker costs one batch and doubles none.
"""

from datetime import datetime
from typing import Any

from honrai.approvals import api as approvals
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.jobs.api import enqueue
from honrai.platform.jobs.progress import Stopped, progress
from honrai.platform.typeset import api as typeset
from honrai.procedures import api as procedures
from honrai.renewals import tasks
from honrai.renewals.events import Prepared
from honrai.renewals.models import Batch, Item, Run
from honrai.renewals.operations.judging import SUBJECT
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.states import State
from honrai.renewals.rules.together import one_source

CHUNK = 500
"""Letters in one file."""
LETTERS = files.Limits(frozenset({"application/pdf"}), 256 * MEGABYTE)


def prepare(run: int, *, now: datetime) -> None:
    """Make the next batch; with the last one the run waits to be issued."""
    row = Run.objects.select_for_update().get(pk=run)
    if row.state != State.PREPARING:
        return
    try:
        with progress(SUBJECT, run) as note:
            made, total = _made(row), _total(row)
            note("証・通知の作成", made, total)
            more = _next_batch(row, now)
    except Stopped:
        row.state, row.problem = State.PREPARED, "証・通知の作成を途中で止めました。「続きを作る」から再開できます。"
        row.save()
        return
    if more:
        enqueue(tasks.prepare, current_city(), lock=f"renewal/{run}", run=run)
        return
    row.state, row.prepared_at, row.problem = State.PREPARED, now, ""
    row.save()
    event = Prepared(run=run, batches=Batch.objects.filter(run=row).count())
    announce(event, who=SYSTEM, now=now, subject=("renewal", run))


def settled(row: Run) -> Any:
    """Return the items whose result was approved: renewed, changed or ended, and not sent back."""
    return Item.objects.filter(run=row, kind__in=[Class.SAME, Class.CHANGES], returned="")


def letters_of(row: Run) -> list[tuple[str, tuple[str, ...]]]:
    """Return each letter of the pack with the outcomes it goes with, in the pack's order."""
    found: dict[str, list[str]] = {}
    for outcome in procedures.runnable(row.version).pack.identity.outcomes:
        for letter in outcome.letters:
            found.setdefault(letter, []).append(outcome.id)
    return [(letter, tuple(outcomes)) for letter, outcomes in found.items()]


def _total(row: Run) -> int:
    return sum(_of(row, outcomes).count() for _, outcomes in letters_of(row))


def _made(row: Run) -> int:
    return sum(Batch.objects.filter(run=row).values_list("size", flat=True))


def _of(row: Run, outcomes: tuple[str, ...]) -> Any:
    """Return who gets a letter: whose outcome names it; a suspension that goes on is told nothing new."""
    return settled(row).filter(outcome__in=outcomes).exclude(kind=Class.SAME, after__state="停止")


def _next_batch(row: Run, now: datetime) -> bool:
    """Make one batch; False where nothing is left to make."""
    for letter, outcomes in letters_of(row):
        done = Batch.objects.filter(run=row, letter=letter).order_by("-turn").first()
        rows = _of(row, outcomes).order_by("postcode", "key")
        if done is not None:
            postcode, key = done.after.split("|")
            rows = rows.filter(postcode=postcode, key__gt=key) | rows.filter(postcode__gt=postcode)
        items = list(rows[:CHUNK])
        if items:
            _make(row, letter, items, done, now)
            return True
    return False


def _make(row: Run, letter: str, items: list[Item], done: Batch | None, now: datetime) -> None:
    run = procedures.runnable(row.version)
    source = next(one for one in run.pack.letters if one.id == letter)
    number = approvals.next_document_number(row.unit, now.date())
    data = [letter_of(run, row, item, number, now) for item in items]
    content = typeset.pdf(one_source(source.source, library_text()), {"all": data}, tagged=False)
    turn = done.turn + 1 if done else 1
    kept = files.store(content, name=f"{source.title}-{turn:03}.pdf", limits=LETTERS, who=SYSTEM, now=now)
    last = items[-1]
    batch = Batch.objects.create(
        run=row,
        letter=letter,
        title=source.title,
        turn=turn,
        after=f"{last.postcode}|{last.key}",
        size=len(items),
        first=items[0].postcode,
        last=last.postcode,
        file=kept.id,
        made_at=now,
    )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(batch=batch.pk)


def library_text() -> str:
    """Return the text of the part every letter shares."""
    return (procedures.LETTER_LIBRARY / "honrai" / "letter.typ").read_text(encoding="utf-8")


def letter_of(run: procedures.Runnable, row: Run, item: Item, number: str, now: datetime) -> dict[str, Any]:
    """Return the data of one recipient's letter."""
    answers, facts, _ = _parts(run.pack, item)
    office, contact, appeal = _sender(run)
    told = procedures.LetterFacts(
        values=answers,
        facts=facts,
        results=proposal_of(run, row, item).results,
        outcome=item.outcome,
        reasons=[(item.reason, "")],
        deficiencies=[],
        number=item.key,
        received=row.basis_on,
        fix_by=None,
        certificate=item.key,
        document=number,
        issued=now.date(),
        on=row.basis_on,
        to=procedures.Address(
            item.name, item.postcode, (str(item.values.get(f"{run.pack.identity.applicant}.address") or ""),)
        ),
        sender=office,
        contact=contact,
        appeal=appeal,
    )
    return procedures.letter_data(run.pack, told)


def _sender(run: procedures.Runnable) -> tuple[procedures.Office, procedures.Contact, Any]:
    """What the city set for the authority of a procedure: office, contact and 教示."""
    settings = City.objects.values_list("settings", flat=True).get(pk=current_city())
    title, owner = run.pack.identity.authority, run.version.owner
    said = settings.get("authorities", {}).get(title, {})
    office = procedures.Office(said.get("office", ""), title, said.get("name", ""), said.get("seal", "omitted"))
    return office, procedures.Contact(owner, settings.get("phones", {}).get(owner, "")), said.get("appeal")


def proposal_of(run: procedures.Runnable, row: Run, item: Item) -> procedures.Proposal:
    """Return how the result of one recipient came about, worked out again from the facts kept with it."""
    answers, facts, papers = _parts(run.pack, item)
    return procedures.propose(run.pack, answers, facts, row.basis_on, attached=papers)


def _parts(pack: procedures.Pack, item: Item) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Return what was kept with a recipient as answers of the form, facts, and papers handed in."""
    names = {fact.id for fact in pack.facts}
    papers = [
        name.removeprefix("attached.") for name, value in item.values.items() if name.startswith("attached.") and value
    ]
    answers = {
        name: value for name, value in item.values.items() if name not in names and not name.startswith("attached.")
    }
    return answers, {name: value for name, value in item.values.items() if name in names}, papers
