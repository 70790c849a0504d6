"""Approvals decided from values: the route, the sample, what must be opened, the written form of numbers and codes."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.kernel.fiscal_year import FiscalYear
from honrai.kernel.wareki import list_eras
from honrai.platform.authority.api import Actor, Kind, Rank, Seat

_CODE = re.compile(r"K(\d{1,18})-(\d{2})")


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One line of the city's rules on 回議・合議 in force on the day asked.

    Attributes:
        kind: "circulate" (回議, own line) or "consult" (合議, another section).
        unit: key of the section; None for the drafting section.
        rank: 職位 that looks at it there.
        turn: order; lines of one turn are open together.
        over: only for amounts above so many yen; None for all.
        refusals_only: only where the proposal refuses.
        procedure: its procedure; "" for all without lines of their own.
    """

    kind: str
    unit: int | None
    rank: Rank
    turn: int
    over: int | None = None
    refusals_only: bool = False
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a route: kind, section, 職位, order."""

    kind: str
    unit: int
    rank: Rank
    turn: int


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason of a proposal: the sentence and the provision behind it, "" without."""

    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the route depends on: procedure, drafting section, amount in whole yen, whether it refuses, who decides."""

    procedure: str
    unit: int
    amount: int | None
    refusal: bool
    decider: Rank


def route_of(
    lines: Iterable[RouteLine], question: Question, ranks_of: Mapping[int, Collection[Rank]]
) -> tuple[Stop, ...]:
    """Return the stops of a document in order.

    Lines of the procedure itself replace the general ones. Within the own section a stop is left out where no post has its
    職位, or where that 職位 is the decider's or a higher one (whoever decides need not be asked before).

    Args:
        lines: the city's lines in force.
        question: what the route depends on.
        ranks_of: 職位 of the posts that exist in each section on the day.
    """
    rows = list(lines)
    own = [row for row in rows if row.procedure == question.procedure] or [row for row in rows if not row.procedure]
    stops = {
        Stop(row.kind, question.unit if row.unit is None else row.unit, row.rank, row.turn)
        for row in own
        if (row.over is None or (question.amount or 0) > row.over) and (question.refusal or not row.refusals_only)
    }
    kept = (stop for stop in stops if stop.unit != question.unit or _asked(stop, question, ranks_of))
    return tuple(sorted(kept, key=lambda stop: (stop.turn, stop.rank, stop.unit)))


def _asked(stop: Stop, question: Question, ranks_of: Mapping[int, Collection[Rank]]) -> bool:
    return stop.rank < question.decider and stop.rank in ranks_of.get(stop.unit, ())


def desk_of(needed: Rank, ranks: Iterable[Rank]) -> Rank:
    """Return the lowest 職位 that exists in the line and may decide: on that desk the document lies.

    Where no post of the line reaches it, the needed 職位 itself.
    """
    return min((rank for rank in ranks if rank >= needed), default=needed)


def sample_size(count: int, percent: int, at_least: int) -> int:
    """Return how many of `count` documents are drawn: that part of a hundred, rounded up, and never fewer than `at_least`."""
    return min(count, max(at_least, -(-count * percent // 100)))


def sample(keys: Iterable[int], seed: int, size: int) -> frozenset[int]:
    """Return the drawn keys: those with the smallest SHA-256 of "seed:key", so that anybody can draw the same again."""
    ordered = sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    return frozenset(ordered[:size])


def deciding_seat(actor: Actor, units: Collection[int], rank: Rank) -> Seat | None:
    """Return the seat the actor decides with: one held before one acted for, the lowest sufficient 職位 first."""
    seats = [seat for seat in actor.seats if seat.unit in units and seat.rank >= rank]
    return min(seats, key=lambda seat: (seat.acting, seat.rank), default=None)


def why_not_agree(actor: Actor, stop: Stop, worked_by: Collection[int]) -> str | None:
    """Say why the actor may not agree at a stop of the route; None where nothing is against it."""
    if actor.kind is not Kind.STAFF:
        return f"回議・合議は市の職員だけが行えます。{actor.kind.label}は行えません。"
    if not any(seat.unit == stop.unit and seat.rank >= stop.rank for seat in actor.seats):
        return f"この回議・合議は担当課の{stop.rank.label}以上が行います。"
    if actor.person in worked_by:
        return "起案した本人や前の段階を行った人は、この文書を確認できません。ほかの人へ回してください。"
    return None


def why_not_draw(actor: Actor, units: Collection[int]) -> str | None:
    """Say why the actor may not draw up, handle or look at documents of a section; None where nothing is.

    The system may: a flow reaches its decision step by itself. Contractors prepare decisions in their own steps, but the
    document is the city's.

    Args:
        actor: who acts.
        units: the section and all units above it.

    Source: 起案(職員) in domain/benefits.md 9; the line between support and public authority in domain/centre.md 2.2.
    """
    if actor.kind is Kind.SYSTEM:
        return None
    if actor.kind is not Kind.STAFF:
        return f"起案文書は市の職員だけが扱えます。{actor.kind.label}は扱えません。担当課へ連絡してください。"
    if not actor.units & set(units):
        return "ほかの課の起案文書です。担当課の職員が扱ってください。"
    return None


def number_label(symbol: str, year: int, number: int) -> str:
    """Return a 文書番号 as printed: 「R8こ支第123号」 - fiscal year by era, the section's 文書記号, the running number.

    Source: domain/benefits.md 9, 文書番号.
    """
    named = str(FiscalYear(year))
    era = next(era for era in list_eras() if named.startswith(era.name))
    counted = named.removeprefix(era.name).removesuffix("年度").replace("元", "1")
    return f"{era.letter}{counted}{symbol}第{number}号"


def fiscal_year_of(on: date) -> int:
    """Return the western year of the April a day's fiscal year begins in."""
    return FiscalYear.of(on).year


def paper_code(document: int) -> str:
    """Return what the QR code of a printed document says: K, its key, two check digits (98 - remainder of key x 100 by 97)."""
    return f"K{document}-{98 - document * 100 % 97:02}"


def read_paper_code(text: str) -> int | None:
    """Return the key of the document a scanned or typed code names; None where it is no such code."""
    match = _CODE.fullmatch(text.strip().upper())
    if match is None or paper_code(int(match[1])) != match[0]:
        return None
    return int(match[1])


def must_open(documents: Sequence[tuple[int, bool]], read: Collection[int]) -> tuple[int, ...]:
    """Return the keys of documents that must be opened and were not.

    Args:
        documents: key, and whether it must be opened (flagged, refusal or drawn).
        read: keys the decider opened.
    """
    return tuple(key for key, needed in documents if needed and key not in read)


def why_not_dated(decided_on: date, drawn_on: date, today: date) -> str | None:
    """Say why a 決裁日 cannot be right: before the draft, or later than today; None where it can."""
    if decided_on < drawn_on:
        return "決裁日が起案日より前です。"
    if decided_on > today:
        return "決裁日が今日より後です。"
    return None


def deciding_label(rank: Rank) -> str:
    """Return the 専決区分 as people write it: 課長専決; 市長決裁 where nothing was delegated."""
    return f"{rank.label}決裁" if rank is Rank.MAYOR else f"{rank.label}専決"


def grounds(proposal: Mapping[str, Any]) -> list[Ground]:
    """Return the reasons of a proposal, whether given as sentences or as `text` with `basis`."""
    return [
        Ground(str(reason.get("text") or ""), str(reason.get("basis") or ""))
        if isinstance(reason, Mapping)
        else Ground(str(reason), "")
        for reason in proposal.get("reasons", [])
    ]
