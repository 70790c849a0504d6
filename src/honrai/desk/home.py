"""The home page: what is urgent today for this person in this role, exact, one click from the next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.desk.board import stuck_lines
from honrai.desk.saved_views import pinned_of
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, Kind, Rank, has_charge
from honrai.platform.events.sealing import unsealed
from honrai.platform.jobs.api import count_jobs
from honrai.platform.organisations.api import messages_for, on_duty, units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures


@dataclass(frozen=True, slots=True)
class Card:
    """One figure and where it leads; `badge` shouts where it is not nought."""

    label: str
    figure: int
    url: str
    badge: str = ""


@require_GET
def home(request: HonraiRequest) -> HttpResponse:
    """Show what waits for this person today."""
    actor, now = request.actor, clock.now()
    shown = {
        "cards": [card for part in _PARTS for card in part(actor, now) if card.figure or card.label not in _QUIET],
        "views": pinned_of(actor, now),
        "stuck": stuck_lines(actor, now)[:8] if _leads(actor) else None,
        "takes": actor.contract is not None or bool(actor.units),
        "totals": _totals(actor, now) if _plans(actor) else None,
    }
    return render(request, "desk/home.html", shown)


def _tasks(actor: Actor, now: datetime) -> list[Card]:
    """Work one could take, for everybody who takes work."""
    counts, work = cases.count_tasks(actor, now=now), reverse("desk:work")
    if not any(counts.values()) and _keeps_house(actor):
        return []
    return [
        Card("期限を過ぎた作業", counts["late"], f"{work}?due=late", "bad"),
        Card("3日以内に期限の作業", counts["soon"], f"{work}?due=soon"),
        Card("待っている作業", counts["waiting"], work),
        Card("自分が作業中", counts["mine"], f"{work}?whose=mine"),
        Card("自分に割り当てられた作業", counts["given"], f"{work}?whose=to-me"),
        Card("保留", counts["held"], f"{work}?whose=held"),
        *([Card("いま作業中の全員", counts["busy"], f"{work}?whose=busy")] if actor.manages_contract else []),
    ]


def _contract(actor: Actor, now: datetime) -> list[Card]:
    """What the city sent, for the contract's managers."""
    if actor.contract is None or not actor.manages_contract:
        return []
    waiting = messages_for(actor, actor.contract)
    page = reverse("contract", args=[actor.contract])
    absent = [] if on_duty(actor.contract, now) else [Card("管理責任者が不在です（着任を記録）", 0, page, "always")]
    return [Card("市からの発注・照会など", sum(1 for one in waiting if one.channel.from_city), page), *absent]


def _approvals(actor: Actor, now: datetime) -> list[Card]:
    """What waits for a decision, for officials."""
    if actor.kind is not Kind.STAFF:
        return []
    counts = approvals.counts(actor)
    cards = [
        Card("決裁を待つ文書", counts.decide, reverse("approvals:inbox"), "warn"),
        Card("確認（回議）を待つ文書", counts.agree, reverse("approvals:route")),
        Card("後閲", counts.see, reverse("approvals:afterwards")),
    ]
    return [card for card in cards if card.figure or _leads(actor)]


def _cases(actor: Actor, now: datetime) -> list[Card]:
    """The cases one answers for, for officials: what waits for applicants, what is late, what came today."""
    if actor.kind is not Kind.STAFF or _keeps_house(actor):
        return []
    counts, page = cases.count_cases(actor, now=now), reverse("desk:cases")
    if not counts["open"] and not _leads(actor):
        return []
    return [
        Card("期限を過ぎた案件", counts["late"], f"{page}?open=late", "bad"),
        Card("申請者の回答を待つ案件", counts["waiting"], f"{page}?open=waiting"),
        Card("今日届いた案件", counts["today"], f"{page}?sort=-5"),
        Card("処理中の案件", counts["open"], f"{page}?open=1"),
    ]


def _counter(actor: Actor, now: datetime) -> list[Card]:
    """For ward counters: the forms, at hand."""
    wards = {unit.id for unit in units_on(now.date()) if unit.kind == "ward"}
    at_counter = any(unit.parent in wards for unit in units_on(now.date()) if unit.id in actor.units)
    if not at_counter:
        return []
    return [Card("受け付けられる手続", len(procedures.in_force(now.date())), reverse("intake:choose"))]


def _house(actor: Actor, now: datetime) -> list[Card]:
    """For those who keep the house running: what has stopped."""
    cards = []
    if has_charge(actor, Charge.JOBS):
        counts = count_jobs(actor.city)
        cards += [
            Card("止まった裏側の処理", counts.get("failed", 0), reverse("desk:jobs"), "bad"),
            Card("待っている裏側の処理", counts.get("todo", 0), reverse("desk:jobs")),
        ]
    if has_charge(actor, Charge.AUDIT):
        cards.append(Card("まだ封印していない記録", unsealed(), reverse("desk:log")))
    if has_charge(actor, Charge.EXCHANGE):
        cards.append(Card("データ連携を見る", 0, reverse("exchange:loads"), "link"))
    return cards


def _keeps_house(actor: Actor) -> bool:
    return has_charge(actor, Charge.JOBS) or has_charge(actor, Charge.AUDIT)


def _leads(actor: Actor) -> bool:
    return actor.manages_contract or any(seat.rank >= Rank.SUBSECTION_HEAD for seat in actor.seats)


def _plans(actor: Actor) -> bool:
    """Planners have no cases of their own: they look at everything as counts."""
    return actor.kind is Kind.STAFF


def _totals(actor: Actor, now: datetime) -> list[tuple[cases.Total, str]]:
    titles = {one.code: one.title for one in procedures.in_force(now.date())}
    return [(one, titles.get(one.procedure, one.procedure)) for one in cases.totals(actor, now)]


#: Cards that say nothing at nought.
_QUIET = frozenset({"自分が作業中", "自分に割り当てられた作業", "保留", "後閲", "確認（回議）を待つ文書"})
_PARTS: tuple[Callable[[Actor, datetime], list[Card]], ...] = (
    _approvals,
    _tasks,
    _contract,
    _cases,
    _counter,
    _house,
)
