"""Who decides what up to which amount (専決), how documents go round (回議・合議), and how much of a stack is opened."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from honrai.approvals import api as approvals
from honrai.desk.governance.forms import EndForm, LevelForm, RouteForm, SamplingForm
from honrai.desk.governance.sheets import Set, Sheet, run_form, span, standing, standing_filter
from honrai.desk.governance.tabs import tabs_for
from honrai.platform import clock
from honrai.platform.authority.api import (
    Act,
    Charge,
    NotFound,
    Rank,
    check_has_charge,
    end_level,
    level_rows,
    set_level,
)
from honrai.platform.organisations.api import units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures
from honrai.ui.tables import Cell, Column, Filter, Listing

_CHARGE = Charge.CITY_SETTINGS


def procedure_choices() -> list[tuple[str, str]]:
    """Return the procedures in force today, code and title."""
    return [(one.code, one.title) for one in procedures.in_force(clock.today())]


def _procedure_column() -> Column:
    titles = dict(procedure_choices())
    return Column("手続", lambda row: titles.get(row.procedure, row.procedure) or "すべて", order=("procedure",))


def _procedure_filter() -> Filter:
    choices = (("", "すべて"), ("-", "個別の定めのない手続"), *procedure_choices())
    return Filter("procedure", "手続", lambda rows, value: rows.filter(procedure=value.strip("-")), choices=choices)


def _yen(value: int | None, none: str) -> str:
    return none if value is None else f"{value:,}円"


@require_http_methods(["GET", "POST"])
def levels(request: HonraiRequest) -> HttpResponse:
    """Show the 専決規程 with its history; put a new row into force."""
    check_has_charge(request.actor, _CHARGE)
    today = clock.today()
    form = LevelForm(request.POST or None, procedures=procedure_choices())
    listing = Listing(
        id="levels",
        caption="専決区分",
        columns=(
            _procedure_column(),
            Column("決定の種類", lambda row: Act(row.act).label if row.act else "どちらも"),
            Column("専決者", _end_link("governance:level", lambda row: Rank(row.rank).label), order=("rank",)),
            Column("上限額", lambda row: _yen(row.up_to, "上限なし"), order=("up_to",), numeric=True),
            Column("適用期間", span, order=("period",)),
            Column("状態", lambda row: standing(row, today)),
            Column("規程の条項", lambda row: row.source),
        ),
        filters=(_procedure_filter(), standing_filter(today)),
        order=("procedure", "act", "rank", "-period", "pk"),
        empty="まだ定めがありません。定めるまで、すべて市長の決裁になります。",
    )
    run = partial(_with_circumstances, request, set_level)
    intro = (
        "どの職が、いくらまで決裁してよいか。"
        "手続に個別の定めがあるときは、それだけが使われます。"
        "どれにも当たらない決定は市長の決裁です。"
    )
    new = Set(form, "新しい定め", "適用する", run, "専決区分を定めました。前の定めは適用日の前日で終わります。")
    return Sheet("governance:levels", _CHARGE, "専決区分", intro, listing, level_rows(), new).answer(request)


@require_http_methods(["GET", "POST"])
def routes(request: HonraiRequest) -> HttpResponse:
    """Show the rules on 回議・合議 with their history; put a new line into force."""
    check_has_charge(request.actor, _CHARGE)
    today = clock.today()
    names = {unit.id: unit.name for unit in units_on(today)}
    units = [(str(key), name) for key, name in names.items()]
    form = RouteForm(request.POST or None, procedures=procedure_choices(), units=units)
    listing = _routes_listing(names, today)
    run = partial(_with_circumstances, request, approvals.set_route_line)
    intro = (
        "起案文書が決裁者に届く前に、どこを回るか。"
        "回議は起案した課の中、合議はほかの課です。"
        "すでに起案された文書の回り方は変わりません。"
    )
    new = Set(form, "新しい定め", "適用する", run, "回議・合議を定めました。")
    return Sheet("governance:routes", _CHARGE, "回議・合議", intro, listing, approvals.route_rules(), new).answer(
        request
    )


def _routes_listing(names: Mapping[int, str], today: date) -> Listing:
    return Listing(
        id="routes",
        caption="回議・合議の定め",
        columns=(
            _procedure_column(),
            Column("順番", lambda row: str(row.turn), order=("turn",), numeric=True),
            Column("種別", _end_link("governance:route", lambda row: row.get_kind_display())),
            Column("課", lambda row: names.get(row.unit, f"課{row.unit}") if row.unit else "起案した課"),
            Column("職位", lambda row: Rank(row.rank).label),
            Column("対象", _matters),
            Column("適用期間", span, order=("period",)),
            Column("状態", lambda row: standing(row, today)),
            Column("規程の条項", lambda row: row.source),
        ),
        filters=(_procedure_filter(), standing_filter(today)),
        order=("procedure", "turn", "rank", "-period", "pk"),
        empty="まだ定めがありません。起案文書は決裁者へ直接回ります。",
    )


def _matters(row: Any) -> str:
    over = "" if row.over is None else f"{row.over:,}円を超えるもの"
    return "、".join(part for part in (over, "拒否処分のみ" if row.refusals_only else "") if part) or "すべて"


@require_http_methods(["GET", "POST"])
def sampling(request: HonraiRequest) -> HttpResponse:
    """Show how many documents of a stack are drawn to be opened, with history; set a new part."""
    check_has_charge(request.actor, _CHARGE)
    today = clock.today()
    listing = Listing(
        id="sampling",
        caption="抽出の定め",
        columns=(
            Column("抽出割合", lambda row: f"{row.percent}%", numeric=True),
            Column("最少件数", lambda row: f"{row.at_least}件", numeric=True),
            Column("適用期間", span, order=("period",)),
            Column("状態", lambda row: standing(row, today)),
            Column("規程の条項", lambda row: row.source),
        ),
        filters=(standing_filter(today),),
        order=("-period", "pk"),
        empty="まだ定めがありません。定めるまで、一覧決裁では全件を開きます。",
    )
    run = partial(_with_circumstances, request, approvals.set_sampling)
    intro = (
        "一覧決裁の束から、くじで何件を抜き出して開くか。要確認のもの・拒否処分は、この割合にかかわらず全件を開きます。"
    )
    form = SamplingForm(request.POST or None)
    new = Set(form, "新しい定め", "適用する", run, "抽出を定めました。前の定めは適用日の前日で終わります。")
    sheet = Sheet("governance:sampling", _CHARGE, "一覧決裁の抽出", intro, listing, approvals.sampling_rules(), new)
    return sheet.answer(request)


@require_http_methods(["GET", "POST"])
def level(request: HonraiRequest, level: int) -> HttpResponse:
    """End one row of the 専決規程."""
    row = _row(request, level_rows(), level)
    facts = {
        "職位": Rank(row.rank).label,
        "上限額": _yen(row.up_to, "上限なし"),
        "適用期間": span(row),
        "条項": row.source,
    }
    run = partial(_with_circumstances, request, partial(end_level, level=level))
    return _end(request, "governance:levels", "専決区分を終える", facts, run)


@require_http_methods(["GET", "POST"])
def route(request: HonraiRequest, line: int) -> HttpResponse:
    """End one line on 回議・合議."""
    row = _row(request, approvals.route_rules(), line)
    facts = {"種別": row.get_kind_display(), "職位": Rank(row.rank).label, "適用期間": span(row), "条項": row.source}
    run = partial(_with_circumstances, request, partial(approvals.end_route_line, line=line))
    return _end(request, "governance:routes", "回議・合議の定めを終える", facts, run)


def _row(request: HonraiRequest, rows: Any, key: int) -> Any:
    check_has_charge(request.actor, _CHARGE)
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotFound("この定めは見つかりません。一覧から選び直してください。")
    return row


def _end(request: HonraiRequest, back: str, heading: str, facts: dict[str, str], run: Any) -> HttpResponse:
    form = EndForm(request.POST or None)
    if request.method == "POST" and run_form(form, run):
        messages.success(request, "この定めを終えました。")
        return redirect(back)
    context = {
        "heading": heading,
        "facts": facts,
        "form": form,
        "tabs": tabs_for(request.actor, back),
        "button": "終える",
    }
    return render(request, "governance/one.html", context, status=422 if form.errors else 200)


def _end_link(screen: str, text: Any) -> Any:
    """A cell that leads to ending the row where it has no end yet."""
    return lambda row: text(row) if row.period.upper else Cell(text(row), url=reverse(screen, args=[row.pk]))


def _with_circumstances(request: HonraiRequest, operation: Any, data: Any) -> object:
    """Run an operation with what was typed, in the name of whoever asks, now."""
    return operation(**data, actor=request.actor, now=clock.now())
