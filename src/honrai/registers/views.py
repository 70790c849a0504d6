"""Screens of registers: which there are and how old, their lines, what one code stood for through time."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from honrai.exchange.api import layouts
from honrai.kernel.wareki import Wareki
from honrai.platform import clock
from honrai.platform.errors import NotFound
from honrai.platform.requests import HonraiRequest
from honrai.registers.models import RegisterLine
from honrai.registers.permissions import check_can_look_up
from honrai.registers.queries import as_of, lines_on
from honrai.registers.rules.kinds import Register, registers
from honrai.ui.tables import Cell, Column, Filter, Listing


@require_GET
def overview(request: HonraiRequest) -> HttpResponse:
    """Show every register: how many lines are in force today and of which day they are."""
    check_can_look_up(request.actor)
    today = clock.today()
    shown = [(one, as_of(one.code), lines_on(one.code, today).count()) for one in registers().values()]
    return render(request, "registers/overview.html", {"registers": shown})


@require_GET
def lines(request: HonraiRequest, register: str) -> HttpResponse:
    """Show the lines of a register in force today; searched by code, name and reading."""
    check_can_look_up(request.actor)
    found = _register(register)
    today = clock.today()
    table = _listing(found).page(request, lines_on(register, today))
    return render(request, "registers/lines.html", {"register": found, "table": table, "as_of": as_of(register)})


@require_GET
def history(request: HonraiRequest, register: str, code: str) -> HttpResponse:
    """Show what a code stood for, newest first."""
    check_can_look_up(request.actor)
    found = _register(register)
    rows = list(RegisterLine.objects.filter(register=register, code=code).order_by("-since", "-id"))
    if not rows:
        raise NotFound("この番号は台帳にありません。")
    labels = _labels(found)
    shown = [(row, [(labels.get(name, name), value) for name, value in row.values.items()]) for row in rows]
    return render(request, "registers/history.html", {"register": found, "code": code, "rows": shown})


def _register(code: str) -> Register:
    found = registers().get(code)
    if found is None:
        raise Http404
    return found


def _labels(register: Register) -> dict[str, str]:
    return {field.id: field.label for one in layouts() if one.source == register.source for field in one.fields}


def _listing(register: Register) -> Listing:
    labels = _labels(register)
    return Listing(
        id="lines",
        caption=register.title,
        columns=(
            Column("コード", lambda row: row.code, ("code",)),
            Column("名称", _name, ("name",)),
            *([Column("カナ", lambda row: row.kana, ("kana",))] if register.kana else []),
            *(Column(labels.get(name, name), _value(name)) for name in register.columns),
        ),
        filters=(Filter("q", "コード・名称・カナ", _matching),),
        order=("code", "id"),
        empty="まだ取り込まれていません。「データ連携」から取り込むと、ここに並びます。",
    )


def _name(row: RegisterLine) -> Cell:
    return Cell(row.name, reverse("registers:history", args=[row.register, row.code]))


def _value(name: str) -> Callable[[RegisterLine], str]:
    def shown(row: RegisterLine) -> str:
        value = str(row.values.get(name, ""))
        if len(value) == 10 and value[4] == value[7] == "-":
            return Wareki.of(row.since.fromisoformat(value)).short
        return {"true": "はい", "false": "いいえ"}.get(value, value)

    return shown


def _matching(rows: QuerySet[RegisterLine], text: str) -> QuerySet[RegisterLine]:
    return rows.filter(Q(code__startswith=text) | Q(name__contains=text) | Q(kana__contains=text))
