"""The work of the jobs: read a file into a preview, deliver it, take it back. Each is one transaction, all or nothing.

A job killed half-way leaves the load in the state it was in; run again it starts from there and does everything once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from django.db import connection, transaction

from honrai.exchange.events import LoadApplied, LoadUndone
from honrai.exchange.models import Load, Record, Reject
from honrai.exchange.operations.proving import forget_judgements, judge_entries
from honrai.exchange.ports import Change, Delivery, ports
from honrai.exchange.queries import latest_load, layout_of
from honrai.exchange.rules.layout import Layout
from honrai.exchange.rules.loading import State
from honrai.exchange.rules.reading import Chunk, Columns, Line, Refused, UnreadableFile, batches_of, values_of
from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import ahead, block, copy_blocks, make_temporary, run
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.files import api as files
from honrai.platform.jobs.progress import Note, Stopped, progress

BATCH = 10_000
KEPT_REJECTS = 10_000
STOPPED = "読込みを中止しました。何も変わっていません。"

_PRESENT = """SELECT r.id, r.key, r.content FROM exchange_record r
    JOIN exchange_load l ON l.city_id = r.city_id AND l.id = r.load_id
    WHERE r.city_id = %(city)s AND r.source = %(source)s AND r.superseded_by IS NULL
    AND r.change <> 'gone' AND l.state IN ('applied', 'undoing')"""
_TAKE = f"""INSERT INTO exchange_record (city_id, load_id, source, key, line, change, content, previous)
    SELECT %(city)s, %(load)s, %(source)s, i.key, i.line,
        CASE WHEN p.id IS NULL THEN 'new' WHEN i.change = 'gone' THEN 'gone' ELSE 'changed' END,
        CASE WHEN i.change = 'gone' THEN p.content ELSE i.content END, p.id
    FROM exchange_incoming i LEFT JOIN ({_PRESENT}) p ON p.key = i.key
    WHERE (i.change = 'put' AND (p.id IS NULL OR p.content <> i.content)) OR (i.change = 'gone' AND p.id IS NOT NULL)
    ORDER BY i.line"""  # noqa: S608  (constants of this file)
_GONE = f"""INSERT INTO exchange_record (city_id, load_id, source, key, change, content, previous)
    SELECT %(city)s, %(load)s, %(source)s, p.key, 'gone', p.content, p.id FROM ({_PRESENT}) p
    WHERE NOT EXISTS (SELECT FROM exchange_incoming i WHERE i.key = p.key)"""  # noqa: S608
_NOTHING_TO_REMOVE = f"""INSERT INTO exchange_reject (city_id, load_id, line, field, label, reason, value)
    SELECT %(city)s, %(load)s, i.line, '', '番号', '消すはずの記録がもともとありません', left(i.key, 40)
    FROM exchange_incoming i WHERE i.change = 'gone'
    AND NOT EXISTS (SELECT FROM ({_PRESENT}) p WHERE p.key = i.key)"""  # noqa: S608
_SUPERSEDE = """UPDATE exchange_record SET superseded_by = %(load)s
    WHERE id IN (SELECT previous FROM exchange_record WHERE load_id = %(load)s AND previous IS NOT NULL)"""


def read_load(load_id: int, *, now: datetime) -> None:
    """Read the file of a load and work out what it would change; nothing is delivered yet.

    A load that is not waiting to be read is left alone (a job that runs twice).
    """
    load = Load.objects.select_for_update().get(pk=load_id)
    if load.state != State.READING:
        return
    layout = layout_of(load.layout, load.as_of)
    _, content = files.fetch(load.file, who=SYSTEM, now=now)
    try:
        with transaction.atomic(), progress("load", load_id) as note:  # what cannot be read undoes the COPY only
            _stage(load, layout, content, note)
            _compare(load, note)
    except UnreadableFile as error:
        load.state, load.problem = State.FAILED, str(error)[:400]
    except Stopped:
        load.state, load.problem = State.DISCARDED, STOPPED
    else:
        load.state = State.PREVIEWED
    load.fields = [each.id for each in layout.kept]
    load.read_at = now
    load.save()


def _stage(load: Load, layout: Layout, content: bytes, note: Note) -> None:
    """Bring the rows of the file into the temporary table and keep what was refused.

    A record whose line was refused is not gone: its key is kept (`keep`). Where a line does not even tell its key, nothing
    counts as gone until a file comes that can be read whole.
    """
    make_temporary("exchange_incoming", [("line", "int"), ("key", "text"), ("change", "text"), ("content", "text")])
    refused: list[Refused] = []
    total = content.count(b"\n")
    rejected: set[int] = set()

    def blocks() -> Iterator[str]:
        for chunk, text in ahead(batches_of(content, layout), partial(_ready, Columns(layout))):
            load.lines += chunk.lines
            rejected.update(bad.line for bad in chunk.refused)
            refused.extend(chunk.refused[: max(0, KEPT_REJECTS - len(refused))])
            load.holds_gone |= load.full and not all(bad.key for bad in chunk.refused)
            note("読込み", load.lines, total)
            yield text

    load.lines, load.holds_gone = 0, False
    copy_blocks("exchange_incoming", ("line", "key", "change", "content"), blocks())
    load.rejected = len(rejected)
    Reject.objects.bulk_create(
        Reject(load=load, line=bad.line, field=bad.field, label=bad.label, reason=bad.reason[:200], value=bad.value)
        for bad in refused
    )


def _ready(columns: Columns, lines: Sequence[Line]) -> tuple[Chunk, str]:
    """Return what a batch of lines holds, and its rows ready for COPY (in a second thread: no database here)."""
    chunk = columns.read(lines)
    kept = [(str(bad.line), bad.key, "keep", "") for bad in chunk.refused if bad.key]
    taken = [(str(row.line), row.key, row.change, row.content) for row in chunk.rows]
    return chunk, block([*kept, *taken])


def _compare(load: Load, note: Note) -> None:
    """Make the records of what is new, changed and gone, and count them."""
    note("照合", 0, load.lines)
    given: dict[str, int | str] = {"city": current_city(), "load": load.pk, "source": load.source}
    run("ANALYZE exchange_incoming")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        if load.full and not load.holds_gone:
            cursor.execute(_GONE, given)
        elif not load.full:
            cursor.execute(_NOTHING_TO_REMOVE, given)
            load.rejected += cursor.rowcount
        cursor.execute("SELECT count(*) FROM exchange_incoming WHERE change = 'put'")
        taken = cursor.fetchone()[0]
        cursor.execute("SELECT change, count(*) FROM exchange_record WHERE load_id = %(load)s GROUP BY change", given)
        counts = dict(cursor.fetchall())
    load.new, load.changed, load.gone = (int(counts.get(kind, 0)) for kind in ("new", "changed", "gone"))
    load.same = taken - load.new - load.changed
    latest = latest_load(load.source)
    load.base = latest.pk if latest else None
    note("照合", load.lines, load.lines)


def apply_load(load_id: int, *, now: datetime) -> None:
    """Deliver a load to its target, prove outgoing entries by it, and announce it.

    A load whose preview is void (another one came in between) fails with that reason. One that is stopped waits for
    confirmation again, and nothing of it was delivered.
    """
    load = Load.objects.get(pk=load_id)
    lock_source(load.source)
    load = Load.objects.select_for_update().get(pk=load_id)
    if load.state != State.APPLYING:
        return
    latest = latest_load(load.source)
    if (latest.pk if latest else None) != load.base:
        load.state = State.FAILED
        load.problem = "確認の後に別の取込みが反映されました。もう一度ファイルを選んで確認してください。"
        load.save()
        return
    delivery = Delivery(load_id, load.source, load.as_of, now, latest is None, False)
    try:
        with transaction.atomic(), progress("load", load_id) as note:
            run(_SUPERSEDE, {"load": load_id})
            _deliver(load, _forward(load), delivery, note)
    except Stopped:
        load.state, load.problem = State.PREVIEWED, ""
        load.save()
        return
    load.state, load.applied_at = State.APPLIED, now
    load.save()
    judge_entries(load, now=now)
    event = LoadApplied(
        load=load_id, source=load.source, as_of=load.as_of, new=load.new, changed=load.changed, gone=load.gone
    )
    announce(event, who=SYSTEM, now=now, subject=("load", load_id))


def undo_load(load_id: int, *, now: datetime) -> None:
    """Take the latest load of a source back: its target gets what was there before. Stopped, it stays applied."""
    load = Load.objects.get(pk=load_id)
    lock_source(load.source)
    load = Load.objects.select_for_update().get(pk=load_id)
    if load.state != State.UNDOING:
        return
    delivery = Delivery(load_id, load.source, load.as_of, now, False, True)
    try:
        with transaction.atomic(), progress("load", load_id) as note:
            _deliver(load, _backward(load), delivery, note)
    except Stopped:
        load.state, load.undone_by, load.undone_for = State.APPLIED, None, ""
        load.save()
        return
    Record.objects.filter(superseded_by=load_id).update(superseded_by=None)
    load.state, load.undone_at = State.UNDONE, now
    load.save()
    forget_judgements(load_id)
    announce(LoadUndone(load=load_id, source=load.source), who=SYSTEM, now=now, subject=("load", load_id))


def lock_source(source: str) -> None:
    """Let one transaction at a time change the present records of a source of this city."""
    run("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [current_city(), f"exchange/{source}"])


def _deliver(load: Load, changes: Iterator[Change], delivery: Delivery, note: Note) -> None:
    total = load.new + load.changed + load.gone
    target = ports.targets[layout_of(load.layout, load.as_of).target]
    note("反映", 0, total)

    def batches() -> Iterator[Sequence[Change]]:
        done = 0
        for batch in iter(partial(_some, changes), []):
            yield batch
            done += len(batch)
            note("反映", done, total)

    target(batches(), delivery)


def _some(changes: Iterator[Change]) -> list[Change]:
    return list(islice(changes, BATCH))


def _forward(load: Load) -> Iterator[Change]:
    rows = Record.objects.filter(load=load).order_by("id").values_list("key", "change", "content")
    for key, change, content in rows.iterator(chunk_size=BATCH):
        yield Change(key, "gone" if change == "gone" else "put", values_of(content, load.fields))


def _backward(load: Load) -> Iterator[Change]:
    """Return what undoes a load: new records go, changed and gone ones come back as they were."""
    fields: dict[int, Sequence[str]] = {}
    new = Record.objects.filter(load=load, change="new").values_list("key", "content")
    for key, content in new.iterator(chunk_size=BATCH):
        yield Change(key, "gone", values_of(content, load.fields))
    before = Record.objects.filter(superseded_by=load.pk).values_list("key", "content", "load_id")
    for key, content, brought_by in before.iterator(chunk_size=BATCH):
        names = fields.setdefault(brought_by, ()) or _fields(brought_by)
        fields[brought_by] = names
        yield Change(key, "put", values_of(content, names))


def _fields(load_id: int) -> Sequence[str]:
    found: Sequence[str] = Load.objects.values_list("fields", flat=True).get(pk=load_id)
    return found
