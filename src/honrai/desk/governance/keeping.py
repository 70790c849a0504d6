"""How long things are kept, what holds them back, and what is disposed of."""

from dataclasses import asdict
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from honrai.desk.governance.deciding import procedure_choices
from honrai.desk.governance.forms import HoldForm, LimitsForm, ReasonForm, RetentionForm
from honrai.desk.governance.sheets import Set, Sheet, run_form, span, standing, standing_filter
from honrai.desk.governance.tabs import tabs_for
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, NotFound, check_has_charge
from honrai.platform.organisations.api import display_names
from honrai.platform.privacy import api as privacy
from honrai.platform.requests import HonraiRequest
from honrai.ui.tables import Cell, Column, Filter, Listing
from honrai.ui.templatetags.honrai import moment

CHARGE = Charge.DISPOSAL


@require_http_methods(["GET", "POST"])
def retention(request: HonraiRequest) -> HttpResponse:
    """Show how long each kind of thing is kept, with history; set a new period."""
    check_has_charge(request.actor, CHARGE)
    today, kinds, titles = clock.today(), privacy.kinds(), dict(procedure_choices())
    listing = Listing(
        id="retention",
        caption="市が定めた保存期間",
        columns=(
            Column("文書の種類", lambda row: kinds.get(row.kind, row.kind), order=("kind",)),
            Column("手続", lambda row: titles.get(row.procedure, row.procedure) or "すべて", order=("procedure",)),
            Column("保存期間", lambda row: f"{row.length}{'年' if row.unit == 'year' else '日'}", numeric=True),
            Column("適用期間", span, order=("period",)),
            Column("状態", lambda row: standing(row, today)),
            Column("規程の条項", lambda row: row.source),
        ),
        filters=(kind_filter(), standing_filter(today)),
        order=("kind", "procedure", "-period", "pk"),
        empty="市の定めはまだありません。手続の定めと、下の初期値で数えます。",
    )
    form = RetentionForm(request.POST or None, kinds=kinds.items(), procedures=procedure_choices())
    intro = (
        "使われる順：①手続ごとの市の定め　②手続そのものの定め　③市の定め（すべての手続）　④初期値。"
        "年で数えるものは、完結した年度の翌年度4月1日から数えます。"
    )
    new = Set(form, "新しい定め", "適用する", _run(request, privacy.set_retention), "保存期間を定めました。")
    sheet = Sheet("governance:retention", CHARGE, "保存期間", intro, listing, privacy.retention_rules(), new)
    return sheet.answer(
        request, defaults=[(label, privacy.default_period(kind, today)) for kind, label in kinds.items()]
    )


@require_http_methods(["GET", "POST"])
def holds(request: HonraiRequest) -> HttpResponse:
    """Show what is held back from disposal and why; hold something back."""
    check_has_charge(request.actor, CHARGE)
    kinds, titles = privacy.kinds(), dict(procedure_choices())
    listing = Listing(
        id="holds",
        caption="廃棄の保留",
        columns=(
            Column("対象", lambda row: Cell(_covers(row, titles), url=reverse("governance:hold", args=[row.pk]))),
            Column("文書の種類", lambda row: kinds.get(row.kind, row.kind), order=("kind",)),
            Column("理由", lambda row: row.reason),
            Column("保留した人", lambda row: person(request.actor, row.set_by)),
            Column("保留した日時", lambda row: moment(row.set_at), order=("set_at",)),
            Column("状態", lambda row: Cell("解除") if row.lifted_at else Cell("保留中", badge="warn")),
        ),
        filters=(
            kind_filter(),
            Filter("lifted", "状態", _by_lifted, choices=(("", "すべて"), ("0", "保留中"), ("1", "解除"))),
        ),
        order=("lifted_at", "-set_at", "pk"),
        empty="保留しているものはありません。",
    )
    form = HoldForm(request.POST or None, kinds=kinds.items(), procedures=procedure_choices())
    intro = "保存期間が過ぎても廃棄してはならないもの。審査請求・訴訟・開示請求・監査などが終わるまで残します。"
    new = Set(form, "保留する", "保留する", _run(request, privacy.set_hold), "保留しました。")
    return Sheet("governance:holds", CHARGE, "廃棄の保留", intro, listing, privacy.holds(), new).answer(request)


@require_http_methods(["GET", "POST"])
def hold(request: HonraiRequest, hold: int) -> HttpResponse:
    """Show one hold; lift it with a reason."""
    actor = request.actor
    check_has_charge(actor, CHARGE)
    row = privacy.holds().filter(pk=hold).first()
    if row is None:
        raise NotFound("この保留は見つかりません。一覧から選び直してください。")
    form = None if row.lifted_at else ReasonForm(request.POST or None)
    if request.method == "POST" and form and run_form(form, _run(request, partial(privacy.lift_hold, hold=hold))):
        messages.success(request, "保留を解除しました。次の洗い出しから、廃棄の対象になります。")
        return redirect("governance:holds")
    facts = {
        "対象": _covers(row, dict(procedure_choices())),
        "文書の種類": privacy.kinds().get(row.kind, row.kind),
        "理由": row.reason,
        "保留": f"{moment(row.set_at)}　{person(actor, row.set_by)}",
    }
    if row.lifted_at:
        facts["解除"] = f"{moment(row.lifted_at)}　{person(actor, row.lifted_by)}　{row.lifted_for}"
    context: dict[str, Any] = {"heading": "廃棄の保留", "facts": facts, "form": form, "button": "保留を解除する"}
    context |= {"tabs": tabs_for(actor, "governance:holds")}
    return render(request, "governance/one.html", context, status=422 if form is not None and form.errors else 200)


@require_http_methods(["GET", "POST"])
def limits(request: HonraiRequest) -> HttpResponse:
    """Show and set how long contractors see closed cases, and how many rows leave without a decision."""
    check_has_charge(request.actor, Charge.CITY_SETTINGS)
    now = privacy.limits()
    form = LimitsForm(request.POST or None, initial=asdict(now))
    if request.method == "POST" and run_form(form, _run(request, privacy.set_limits)):
        messages.success(request, "閲覧と持出しの限度を改めました。")
        return redirect("governance:limits")
    facts = {"受託者の閲覧": f"完結から{now.contractor_days}日まで", "持出し": f"決裁なしで{now.export_limit}件まで"}
    context = {"heading": "閲覧と持出し", "facts": facts, "form": form, "button": "改める"}
    context |= {"tabs": tabs_for(request.actor, "governance:limits")}
    return render(request, "governance/one.html", context, status=422 if form.errors else 200)


def person(actor: Actor, key: int | None) -> str:
    """Return how the viewer may call a person; the system's own work is named as that."""
    return display_names(actor, [key], actor.day).get(key, "") if key is not None else "自動処理"


def kind_filter() -> Filter:
    """Filter rows by the kind of thing."""
    choices = (("", "すべて"), *privacy.kinds().items())
    return Filter("kind", "文書の種類", lambda rows, value: rows.filter(kind=value), choices=choices)


def _covers(row: Any, titles: dict[str, str]) -> str:
    if row.number:
        return str(row.number)
    return f"{titles.get(row.procedure, row.procedure)}の全部" if row.procedure else "この種類の全部"


def _by_lifted(rows: Any, value: str) -> Any:
    return rows.filter(lifted_at__isnull=value == "0")


def _run(request: HonraiRequest, operation: Any) -> Any:
    return lambda data: operation(**data, actor=request.actor, now=clock.now())
