"""What people do with loads: hand in a file, confirm the preview, take back, throw away."""

from datetime import date, datetime

from honrai.exchange import tasks
from honrai.exchange.models import Load, Record, Reject
from honrai.exchange.permissions import check_can_exchange
from honrai.exchange.queries import latest_load, layout_of
from honrai.exchange.rules import loading as rules
from honrai.exchange.rules.loading import Counts, State
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.files import api as files
from honrai.platform.files.api import Limits, UnwelcomeFileError
from honrai.platform.files.rules import MEGABYTE, content_hash
from honrai.platform.jobs.api import enqueue
from honrai.platform.jobs.progress import ask_to_stop

EXTRACTS = Limits(frozenset({"text/plain", "application/octet-stream"}), 1024 * MEGABYTE)
_OVER = (State.UNDONE, State.DISCARDED, State.FAILED)


def receive(*, layout: str, as_of: date, name: str, content: bytes, actor: Actor, now: datetime) -> int:
    """Take a file in and have it read in the background; return the key of the load.

    Args:
        layout: code of an incoming layout.
        as_of: day the file is of.
        name: the name it came with.
        content: its bytes.
        actor: staff with the charge データ連携.
        now: the moment.

    Raises:
        Invalid: no such layout, a day in the future or before the present data, or a file of another kind.
        Conflict: the same file was taken before.
    """
    check_can_exchange(actor)
    found = layout_of(layout, as_of)
    if found.direction != "in":
        raise Invalid(f"「{found.title}」は書き出し用のレイアウトです。取込み用を選んでください。")
    latest = latest_load(found.source)
    if reason := rules.why_not_as_of(as_of, latest.as_of if latest else None, now.date()):
        raise Invalid(reason)
    digest = content_hash(content)
    if Load.objects.filter(layout=layout, sha256=digest, as_of=as_of).exclude(state__in=_OVER).exists():
        raise Conflict("同じファイルは取込み済みです。取込みの一覧で確かめてください。")
    try:
        kept = files.store(content, name=name, limits=EXTRACTS, who=actor.who, now=now)
    except UnwelcomeFileError as error:
        raise Invalid("このファイルは取り込めません。CSVか固定長のファイルを選んでください。") from error
    load = Load.objects.create(
        layout=layout,
        source=found.source,
        full=found.mode == "full",
        as_of=as_of,
        file=kept.id,
        file_name=kept.name,
        sha256=digest,
        state=State.READING,
        uploaded_by=actor.person,
        uploaded_at=now,
    )
    record("exchange.file_received", who=actor.who, now=now, subject=("load", load.pk), data={"layout": layout})
    enqueue(tasks.read, actor.city, lock=f"exchange/{actor.city}/{found.source}", load=load.pk)
    return load.pk


def counts_of(load: Load) -> Counts:
    """Return what a load would change or changed."""
    return Counts(load.lines, load.new, load.changed, load.gone, load.same, load.rejected)


def warnings_of(load: Load) -> list[str]:
    """Return why a person must confirm before the load is applied."""
    layout = layout_of(load.layout, load.as_of)
    found = rules.warnings(counts_of(load), gone_limit=layout.gone_limit, full=load.full)
    if load.holds_gone:
        found.append("番号が読めない行があるため、ファイルにない記録も消さずに残します。")
    return found


def confirm(load_id: int, *, confirmed: bool, actor: Actor, now: datetime) -> None:
    """Have a previewed load delivered in the background.

    Args:
        load_id: key of the load.
        confirmed: the person has read the warnings.
        actor: staff with the charge データ連携.
        now: the moment.

    Raises:
        Invalid: there are warnings and they were not confirmed.
        Conflict: the load is not waiting for this.
    """
    check_can_exchange(actor)
    load = _in_state(load_id, State.PREVIEWED)
    if warnings_of(load) and not confirmed:
        raise Invalid("注意を読み、「確かめました」に印を付けてから取り込んでください。")
    load.state, load.confirmed, load.applied_by = State.APPLYING, confirmed, actor.person
    load.save()
    record("exchange.load_confirmed", who=actor.who, now=now, subject=("load", load_id))
    enqueue(tasks.apply, actor.city, lock=f"exchange/{actor.city}/{load.source}", load=load_id)


def discard(load_id: int, *, actor: Actor, now: datetime) -> None:
    """Throw a previewed load away; nothing was changed by it."""
    check_can_exchange(actor)
    load = _in_state(load_id, State.PREVIEWED)
    load.state = State.DISCARDED
    load.save()
    Record.objects.filter(load=load).delete()
    Reject.objects.filter(load=load).delete()
    record("exchange.load_discarded", who=actor.who, now=now, subject=("load", load_id))


def stop(load_id: int, *, actor: Actor, now: datetime) -> None:
    """Have a running job of a load give up; the load is then as it was before the job began.

    Raises:
        Conflict: no job works on it.
    """
    check_can_exchange(actor)
    load = Load.objects.filter(pk=load_id).first()
    if load is None:
        raise NotFound("この取込みは見つかりません。")
    if not State(load.state).busy:
        raise Conflict(f"この取込みは「{State(load.state).label}」です。もう止めるものはありません。")
    record("exchange.stop_asked", who=actor.who, now=now, subject=("load", load_id))
    ask_to_stop("load", load_id)


def undo(load_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Have an applied load taken back in the background.

    Raises:
        Conflict: a later load of the same source stands on it.
        Invalid: no reason was given.
    """
    check_can_exchange(actor)
    load = _in_state(load_id, State.APPLIED)
    latest = latest_load(load.source)
    if latest is None or latest.pk != load_id:
        raise Conflict("この後の取込みが反映されています。新しいものから順に取り消してください。")
    if not reason.strip():
        raise Invalid("取り消す理由を入力してください。")
    load.state, load.undone_by, load.undone_for = State.UNDOING, actor.person, reason.strip()[:200]
    load.save()
    record("exchange.undo_asked", who=actor.who, now=now, subject=("load", load_id))
    enqueue(tasks.undo, actor.city, lock=f"exchange/{actor.city}/{load.source}", load=load_id)


def _in_state(load_id: int, state: State) -> Load:
    load = Load.objects.select_for_update().filter(pk=load_id).first()
    if load is None:
        raise NotFound("この取込みは見つかりません。")
    if load.state != state:
        raise Conflict(f"この取込みは「{State(load.state).label}」です。画面を開き直してください。")
    return load
