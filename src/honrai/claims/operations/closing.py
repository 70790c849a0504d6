"""Closes a month: the statement, what each payee gets, and the file for the core system. Decides what was held."""

from datetime import date, datetime

import polars as pl
from django.db import connection

from honrai.claims.events import HoldDecided, MonthClosed
from honrai.claims.models import Judgement, Judging, MonthClose, Settlement, SourceFile
from honrai.claims.operations.bulk import take
from honrai.claims.permissions import check_can_decide, check_can_settle
from honrai.claims.rules.findings import Verdict
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.platform.files.api import Limits
from honrai.platform.files.rules import MEGABYTE

_MADE = Limits(frozenset({"text/plain", "application/octet-stream"}), 1024 * MEGABYTE)
#: Sums of one month: what came in, paid and refused in it, what was carried into it, and what is open at its end.
_SUMS = """WITH j AS (SELECT * FROM claims_judgement WHERE counts AND month <= %(month)s)
SELECT coalesce(sum(pending) FILTER (WHERE month < %(month)s AND NOT EXISTS (
        SELECT FROM j n WHERE n.previous = j.id AND n.month < %(month)s)), 0),
    coalesce(sum(asked) FILTER (WHERE month = %(month)s AND previous IS NULL), 0),
    coalesce(sum(paid) FILTER (WHERE month = %(month)s), 0), coalesce(sum(refused) FILTER (WHERE month = %(month)s), 0),
    coalesce(sum(pending) FILTER (WHERE NOT EXISTS (SELECT FROM j n WHERE n.previous = j.id)), 0),
    count(*) FILTER (WHERE month = %(month)s)
FROM j"""
_PAYEES = """INSERT INTO claims_settlement (city_id, close_id, route, payee, count, amount)
SELECT j.city_id, %(close)s, c.route, CASE c.route WHEN 'combined' THEN c.agency WHEN 'paper' THEN c.institution ELSE c.person END,
    count(*), sum(j.paid)
FROM claims_judgement j JOIN claims_storedclaim c ON c.city_id = j.city_id AND c.id = j.claim
WHERE j.counts AND j.month = %(month)s AND j.verdict = 'pay' GROUP BY 1, 2, 3, 4"""
_OUTPUT = {
    "制度": pl.String, "受給者番号": pl.String, "診療年月": pl.String, "医療機関コード": pl.String, "入外": pl.String,
    "一部負担金": pl.String, "高額療養費": pl.String, "附加給付": pl.String, "受給者負担": pl.String, "市助成額": pl.String,
}  # fmt: skip
_OUTPUT_SQL = """SELECT c.family, c.person, to_char(make_date(c.months / 12, c.months %% 12 + 1, 1), 'YYYYMM'),
    c.institution, c.care,
    j.share, j.high_cost, j.supplement, j.patient, j.paid
FROM claims_judgement j JOIN claims_storedclaim c ON c.city_id = j.city_id AND c.id = j.claim
WHERE j.counts AND j.month = %s AND j.verdict = 'pay' ORDER BY c.id"""


def decide_hold(judgement_id: int, *, pay: bool, month: date, actor: Actor, now: datetime) -> int:
    """Pay or refuse a held claim in a month; return the key of the new result.

    Args:
        judgement_id: the result that holds it.
        pay: pay the whole amount asked; otherwise refuse it.
        month: first day of the month in which it counts; not closed yet.
        actor: an official with the charge.
        now: the moment.

    Raises:
        Conflict: it is not held, decided already, or the month is closed.
    """
    check_can_decide(actor)
    held = Judgement.objects.filter(pk=judgement_id).first()
    if held is None:
        raise NotFound("この請求は見つかりません。")
    lock_month(month)
    if held.verdict != Verdict.HOLD or Judgement.objects.filter(previous=held.pk).exists():
        raise Conflict("この請求は保留ではありません。一覧を開き直してください。")
    if month < held.month or MonthClose.objects.filter(month__gte=month).exists():
        raise Conflict("その月は締めてあります。締めていない月を選んでください。")
    run, _ = Judging.objects.get_or_create(kind="release", month=month, defaults={"at": now, "by": actor.person})
    verdict = Verdict.PAY if pay else Verdict.REFUSE
    new = Judgement.objects.create(
        judging=run, claim=held.claim, previous=held.pk, month=month, counts=True, share=held.share,
        after_others=held.after_others, high_cost=held.high_cost, supplement=held.supplement, patient=held.patient,
        city_part=held.city_part, asked=held.pending, paid=held.pending if pay else 0,
        refused=0 if pay else held.pending, pending=0,
        verdict=verdict, findings=held.findings,
    )  # fmt: skip
    announce(
        HoldDecided(judgement=new.pk, verdict=verdict.value), who=actor.who, now=now, subject=("claim", held.claim)
    )
    return new.pk


def lock_month(month: date) -> None:
    """Have whoever decides or closes the same month wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('claims/month'), %s)", [month.year * 12 + month.month])


def sums_of(month: date) -> tuple[int, int, int, int, int, int]:
    """Return carried, received, paid, refused, pending (yen) and how many results of a month."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"month": month})
        carried, received, paid, refused, pending, count = map(int, cursor.fetchone())
    return carried, received, paid, refused, pending, count


def close_month(month: date, *, actor: Actor, now: datetime) -> int:
    """Close a month once; return the key of its statement. The database refuses a statement that does not add up.

    Raises:
        Conflict: closed already, an earlier month is open, or a file of the month is still being read.
    """
    check_can_settle(actor)
    lock_month(month)
    if MonthClose.objects.filter(month__gte=month).exists():
        raise Conflict("この月か、後の月が締めてあります。")
    if SourceFile.objects.filter(month__lte=month, state__in=("reading", "judging")).exists():
        raise Conflict("読込み中か審査中の請求ファイルがあります。終わってから締めてください。")
    earlier = (
        Judgement.objects.filter(counts=True, month__lt=month)
        .order_by("month")
        .values_list("month", flat=True)
        .distinct()
    )
    closed = set(MonthClose.objects.values_list("month", flat=True))
    if any(each not in closed for each in earlier):
        raise Conflict("前の月が締めてありません。古い月から順に締めてください。")
    carried, received, paid, refused, pending, count = sums_of(month)
    if not count and not carried:
        raise Invalid("この月には締める請求がありません。")
    close = MonthClose.objects.create(
        month=month, carried=carried, received=received, paid=paid, refused=refused, pending=pending, claims=count,
        output=_output(month, actor, now), closed_by=actor.person, closed_at=now,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PAYEES, {"close": close.pk, "month": month})
    if sum(Settlement.objects.filter(close=close).values_list("amount", flat=True)) != paid:
        raise Conflict("支払先ごとの合計が支給額と合いません。締めを取りやめました。")
    announce(
        MonthClosed(close=close.pk, month=month, amount=paid), who=actor.who, now=now, subject=("claim_month", close.pk)
    )
    return close.pk


def _output(month: date, actor: Actor, now: datetime) -> int | None:
    """Make the file with the paid claims for the core system, whole or not at all; it never changes afterwards."""
    rows = take(_OUTPUT_SQL, _OUTPUT, [str(month)])
    if rows.is_empty():
        return None
    content = rows.write_csv(line_terminator="\r\n").encode("cp932")
    return files.store(content, name=f"iryo-josei-{month:%Y%m}.csv", limits=_MADE, who=actor.who, now=now).id
