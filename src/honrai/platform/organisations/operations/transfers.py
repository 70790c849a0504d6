"""発令: load a list, look at what it would do, apply it as a whole. It takes effect at 00:00 of its day by its dates."""

from datetime import date, datetime

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Charge
from honrai.platform.authority.permissions import check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import announce, record
from honrai.platform.jobs.progress import Note, silent
from honrai.platform.organisations.events import TransfersApplied
from honrai.platform.organisations.models import Assignment, Person, Post, TransferLine, TransferOrder
from honrai.platform.organisations.operations.people import close, save_assignment
from honrai.platform.organisations.transfer_rules import Action, BadFile, Held, Line, Plan, Standing, plan, read_lines

NOTED = 20
"""Lines between two notes of how far a long list is."""


def load_transfers(*, actor: Actor, now: datetime, number: str, effective_on: date, content: bytes) -> int:
    """Read a CSV list of transfers and keep it for preview; return the order's key. Nothing changes yet.

    Args:
        actor: staff with the 分掌 "transfers".
        now: the moment, with zone.
        number: 発令番号, once per city.
        effective_on: the day whose 00:00 the transfers take effect.
        content: the file, UTF-8 or CP932, columns of `transfer_rules.HEADER`.

    Raises:
        Denied: the 分掌 is missing.
        Invalid: the file is no such list.
        Conflict: the 発令番号 has been applied; one that has not is replaced.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    try:
        lines = read_lines(content)
    except BadFile as error:
        raise Invalid(str(error)) from error
    if not number.strip():
        raise Invalid("発令番号を入力してください。")
    with in_city(actor.city):
        old = TransferOrder.objects.select_for_update().filter(number=number).first()
        if old is not None and old.applied_at is not None:
            raise Conflict(f"発令番号「{number}」は適用済みです。別の番号にしてください。")
        if old is not None:
            TransferLine.objects.filter(order=old).delete()
            old.delete()
        order = TransferOrder.objects.create(
            number=number, effective_on=effective_on, loaded_by_id=actor.person, loaded_at=now
        )
        TransferLine.objects.bulk_create(
            TransferLine(
                order=order, line=x.line, number=x.number, name=x.name, kana=x.kana, action=x.action, post_code=x.post
            )
            for x in lines
        )
        data = {"lines": len(lines), "effective_on": effective_on.isoformat()}
        record("organisations.transfers_loaded", who=actor.who, now=now, subject=("transfer", order.pk), data=data)
    return int(order.pk)


def preview_transfers(*, actor: Actor, order: int) -> Plan:
    """Return what the list would do to the organisation as it stands now, with the errors of each line.

    Raises:
        Denied: the 分掌 "transfers" is missing.
        NotFound: no such order.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    with in_city(actor.city):
        return _plan(waiting(order))


def refuse_transfers(order: int, reason: str) -> None:
    """Note why an ordered list was not applied; it waits again."""
    TransferOrder.objects.filter(pk=order).update(ordered_by=None, ordered_at=None, refused_for=reason[:200])


def apply_transfers(*, actor: Actor, now: datetime, order: int, note: Note = silent) -> int:
    """Write all lines of a sound list, or none; return how many. Open work is untouched: it belongs to posts.

    Leavers have no place from the effective day on and so cannot sign in or go on with an open session. `note` is told after
    each few lines; where it raises `Stopped`, nothing may be kept.

    Raises:
        Denied: the 分掌 "transfers" is missing.
        NotFound: no such order.
        Conflict: applied already, or the organisation changed so that a line cannot be applied.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    with in_city(actor.city):
        row = waiting(order)
        planned = sound(row)
        people = _hire(planned)
        posts = dict(Post.objects.values_list("code", "pk"))
        touched = _end(planned, row, people, posts, note) | _start(planned, row, people, posts, note)
        row.applied_by_id, row.applied_at = actor.person, now
        row.save(update_fields=["applied_by", "applied_at"])
        event = TransfersApplied(
            order=row.pk,
            effective_on=row.effective_on.isoformat(),
            posts=sorted(touched),
            leavers=sorted(people[number] for number in planned.leavers),
        )
        announce(event, who=actor.who, now=now, subject=("transfer", row.pk))
    return len(planned.lines)


def sound(row: TransferOrder) -> Plan:
    """Return the plan of a list that may be applied now."""
    if row.applied_at is not None:
        raise Conflict("適用済みの発令です。")
    planned = _plan(row)
    if not planned.sound:
        raise Conflict("誤りのある行があります。事前確認で直してから適用してください。")
    return planned


def waiting(order: int) -> TransferOrder:
    """Return an order, locked for this transaction."""
    row = TransferOrder.objects.select_for_update().filter(pk=order).first()
    if row is None:
        raise NotFound("該当する発令はありません。")
    return row


def _plan(order: TransferOrder) -> Plan:
    lines = [
        Line(x.line, x.number, x.name, x.kana, x.action, x.post_code)
        for x in TransferLine.objects.filter(order=order).order_by("line")
    ]
    return plan(lines, _standing(order.effective_on))


def _standing(day: date) -> Standing:
    people = list(Person.objects.values_list("number", "name", "contractor_id"))
    held = Assignment.objects.filter(post__isnull=False, period__contains=day)
    return Standing(
        names={number: name for number, name, contractor in people if contractor is None},
        outsiders=frozenset(number for number, _, contractor in people if contractor is not None),
        posts=dict(Post.objects.filter(period__contains=day).values_list("code", "title")),
        held=[Held(*row) for row in held.values_list("person__number", "post__code", "kind")],
    )


def _hire(planned: Plan) -> dict[str, int]:
    """Enter the newly hired; return 職員番号 -> key of everybody on the list."""
    hired = [item.line for item in planned.lines if item.line.action == Action.HIRE]
    Person.objects.bulk_create(Person(number=x.number, name=x.name, kana=x.kana) for x in hired)
    numbers = {item.line.number for item in planned.lines}
    return dict(Person.objects.filter(number__in=numbers).values_list("number", "pk"))


def _end(planned: Plan, order: TransferOrder, people: dict[str, int], posts: dict[str, int], note: Note) -> set[int]:
    ends = {(people[held.number], posts[held.post], held.kind) for item in planned.lines for held in item.ends}
    rows = Assignment.objects.select_for_update().filter(
        person_id__in={person for person, _, _ in ends}, period__contains=order.effective_on
    )
    for done, row in enumerate(rows):
        if done % NOTED == 0:
            note("異動・退職", done, len(rows))
        if (row.person_id, row.post_id, row.kind) in ends:
            close(row, order.effective_on)
    return {post for _, post, _ in ends}


def _start(planned: Plan, order: TransferOrder, people: dict[str, int], posts: dict[str, int], note: Note) -> set[int]:
    until = dict(Post.objects.values_list("pk", "period"))
    starts = [item.starts for item in planned.lines if item.starts is not None]
    for done, held in enumerate(starts):
        if done % NOTED == 0:
            note("就任", done, len(starts))
        post = posts[held.post]
        period = (order.effective_on, until[post].upper)
        save_assignment(
            Assignment(person_id=people[held.number], post_id=post, kind=held.kind, period=period, basis=order.number)
        )
    return {posts[held.post] for held in starts}
