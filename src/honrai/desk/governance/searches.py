"""Who searched for people, what for, and where the repetition is conspicuous: for the official who watches over it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from honrai.desk.governance.sheets import Sheet
from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import parse_date
from honrai.parties import api as parties
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, check_has_charge
from honrai.platform.events.api import record
from honrai.platform.organisations.api import display_names
from honrai.platform.requests import HonraiRequest
from honrai.ui.tables import Cell, Column, Filter, Listing
from honrai.ui.templatetags.honrai import moment

_BY = {
    "number": "宛名番号",
    "name": "氏名",
    "kana": "フリガナ",
    "born_on": "生年月日",
    "address": "住所",
    "case": "案件",
}


@require_GET
def searches(request: HonraiRequest) -> HttpResponse:
    """Show the searches for people, conspicuous ones on demand; looking is itself recorded. Whom was found is not shown."""
    actor = request.actor
    check_has_charge(actor, Charge.AUDIT)
    record("parties.searches_read", who=actor.who, now=clock.now(), subject=("search", None), data=_asked(request))
    intro = (
        "人の検索の記録です。"
        "くり返しが多いものに印が付きます。"
        "印は不正を意味しません。"
        "業務で説明がつくかを、本人の所属長または契約の管理責任者に確かめてください。"
    )
    rows = parties.searches()
    return Sheet("governance:searches", Charge.AUDIT, "人の検索", intro, _listing(actor), rows).answer(request)


def _asked(request: HonraiRequest) -> dict[str, str]:
    return {key: request.GET[key] for key in ("alert", "purpose", "day") if request.GET.get(key)}


def _listing(actor: Actor) -> Listing:
    def by(row: Any) -> str:
        return display_names(actor, [row.person], actor.day).get(row.person, "") if row.person else "自動処理"

    def alert(row: Any) -> Cell:
        return Cell(parties.ALERTS.get(row.alert, row.alert), badge="bad" if row.alert else "")

    return Listing(
        id="searches",
        caption="人の検索",
        columns=(
            Column("日時", lambda row: moment(row.at), order=("at",)),
            Column("検索した人", by),
            Column("目的", lambda row: _purpose(row)),
            Column("検索した項目", lambda row: "、".join(_BY.get(one, one) for one in row.by.split(","))),
            Column("見つかった人数", lambda row: f"{row.found}人", order=("found",), numeric=True),
            Column("注意", alert),
        ),
        filters=(
            Filter("alert", "注意", _with_alert, choices=(("", "すべて"), ("1", "注意のあるもの"))),
            Filter(
                "purpose",
                "目的",
                lambda rows, value: rows.filter(purpose=value),
                choices=(("", "すべて"), *parties.PURPOSES.items()),
            ),
            Filter("day", "日", _on_day),
        ),
        order=("-pk",),
        empty="検索はまだありません。",
    )


def _purpose(row: Any) -> str:
    said = parties.PURPOSES.get(row.purpose, row.purpose)
    return f"{said}：{row.detail}" if row.detail else said


def _with_alert(rows: Any, value: str) -> Any:
    return rows.exclude(alert="")


def _on_day(rows: Any, value: str) -> Any:
    try:
        day: date = parse_date(value)
    except Invalid:
        return rows.none()
    return rows.filter(at__date=day)
