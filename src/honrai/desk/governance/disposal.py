"""Lists of disposal: drawn up, looked through, approved, and what remains of them as 廃棄記録."""

from collections.abc import Mapping
from importlib.resources import files as package_files
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from honrai.desk.governance.forms import ProposeForm
from honrai.desk.governance.keeping import CHARGE, kind_filter, person
from honrai.desk.governance.sheets import Set, Sheet
from honrai.desk.governance.tabs import tabs_for
from honrai.kernel.wareki import format_wareki
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound, check_has_charge
from honrai.platform.events.api import record
from honrai.platform.privacy import api as privacy
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset import api as typeset
from honrai.ui.tables import Cell, Column, Filter, Listing
from honrai.ui.templatetags.honrai import moment

_BADGES = {"proposed": "warn", "approved": "info", "done": "ok"}
_ITEM_BADGES = {"due": "info", "disposed": "ok", "held": "warn", "spared": "warn"}


@require_http_methods(["GET", "POST"])
def disposals(request: HonraiRequest) -> HttpResponse:
    """Show all lists of disposal; look through what is due today."""
    check_has_charge(request.actor, CHARGE)
    kinds = privacy.kinds()
    listing = _lists(request.actor, kinds)
    form = ProposeForm(request.POST or None, kinds=kinds.items())
    intro = (
        "保存期間が満了したものを洗い出し、ほかの職員が承認してから廃棄します。"
        "保留中のものは載りません。"
        "廃棄のあとも、この一覧が廃棄記録として残ります。"
    )
    new = Set(
        form,
        "今日までに満了したものを洗い出す",
        "洗い出す",
        lambda data: _propose(request, data["kind"]),
        "一覧を作りました。ほかの職員の承認を受けてください。",
    )
    return Sheet("governance:disposals", CHARGE, "廃棄", intro, listing, privacy.disposal_lists(), new).answer(request)


def _lists(actor: Actor, kinds: Mapping[str, str]) -> Listing:
    return Listing(
        id="disposals",
        caption="廃棄の一覧",
        columns=(
            Column("番号", lambda row: Cell(f"廃棄{row.pk}", url=reverse("governance:disposal", args=[row.pk]))),
            Column("文書の種類", lambda row: kinds.get(row.kind, row.kind), order=("kind",)),
            Column("基準日", lambda row: f"{row.day:%Y/%m/%d}", order=("day",)),
            Column("件数", lambda row: f"{row.size}件", order=("size",), numeric=True),
            Column("洗い出した人", lambda row: person(actor, row.proposed_by)),
            Column(
                "状態", lambda row: Cell(row.get_state_display(), badge=_BADGES.get(row.state, "")), order=("state",)
            ),
            Column("廃棄した日時", lambda row: moment(row.done_at), order=("done_at",)),
        ),
        filters=(kind_filter(),),
        order=("-pk",),
        empty="廃棄の一覧はまだありません。毎月1日に自動で洗い出します。",
    )


def _propose(request: HonraiRequest, kind: str) -> None:
    if privacy.propose(kind=kind, day=clock.today(), actor=request.actor, now=clock.now()) is None:
        raise Invalid("今日までに保存期間が満了したものはありません（保留中のもの・ほかの一覧にあるものを除く）。")


@require_http_methods(["GET", "POST"])
def disposal(request: HonraiRequest, listed: int) -> HttpResponse:
    """Show one list; spare single things, approve it, or take it back."""
    check_has_charge(request.actor, CHARGE)
    row = _list(listed)
    error = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, listed))
            return redirect("governance:disposal", listed)
        except (Conflict, Invalid) as refusal:
            error = str(refusal)
    table = _items().page(request, privacy.disposal_items(listed))
    if request.headers.get("HX-Request"):
        return render(request, "ui/table.html", {"table": table})
    waiting = row.state == "proposed"
    context = {
        "row": row,
        "kind": privacy.kinds().get(row.kind, row.kind),
        "proposed_by": person(request.actor, row.proposed_by),
        "answered_by": person(request.actor, row.answered_by) if row.answered_by else "",
        "table": table,
        "waiting": waiting,
        "own": row.proposed_by is not None and row.proposed_by == request.actor.person,
        "spareable": privacy.disposal_items(listed).filter(state="due").order_by("pk")[:200] if waiting else (),
        "error": error,
        "tabs": tabs_for(request.actor, "governance:disposals"),
    }
    return render(request, "governance/disposal.html", context, status=422 if error else 200)


def _act(request: HonraiRequest, listed: int) -> str:
    """Do what the button says; return what is said after."""
    given: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    what, note = request.POST.get("what", ""), request.POST.get("note", "")
    if what == "spare":
        item = request.POST.get("item", "")
        privacy.spare(item=int(item) if item.isascii() and item.isdigit() else 0, reason=note, **given)
        return "一覧から除きました。"
    if what == "withdraw":
        privacy.withdraw(listed=listed, note=note, **given)
        return "一覧を取り下げました。何も廃棄していません。"
    privacy.approve(listed=listed, note=note, **given)
    return "承認しました。廃棄を始めます。"


def _items() -> Listing:
    return Listing(
        id="items",
        caption="対象",
        columns=(
            Column("番号", lambda row: row.number, order=("number",)),
            Column("件名", lambda row: row.title, order=("title",)),
            Column("完結日", lambda row: f"{row.closed_on:%Y/%m/%d}", order=("closed_on",)),
            Column("保存期間満了日", lambda row: f"{row.kept_until:%Y/%m/%d}", order=("kept_until",)),
            Column("根拠", lambda row: row.basis),
            Column("状態", lambda row: Cell(row.get_state_display(), badge=_ITEM_BADGES.get(row.state, ""))),
            Column("除外・保留の理由", lambda row: row.reason),
        ),
        filters=(Filter("q", "番号", lambda rows, value: rows.filter(number__startswith=value)),),
        order=("closed_on", "pk"),
    )


@require_GET
def disposal_record(request: HonraiRequest, listed: int) -> HttpResponse:
    """Print the 廃棄記録 of a list that was disposed of."""
    check_has_charge(request.actor, CHARGE)
    row = _list(listed)
    if row.state != "done":
        raise Conflict("廃棄が終わってから印刷できます。")
    items = list(privacy.disposal_items(listed).order_by("closed_on", "pk"))
    data = {
        "city": request.city.name,
        "number": f"廃棄{row.pk}",
        "kind": privacy.kinds().get(row.kind, row.kind),
        "day": format_wareki(row.day),
        "proposed": f"{moment(row.proposed_at)}　{person(request.actor, row.proposed_by)}",
        "approved": f"{moment(row.answered_at)}　{person(request.actor, row.answered_by)}",
        "done": moment(row.done_at),
        "count": sum(1 for item in items if item.state == "disposed"),
        "items": [
            [item.number, item.title, f"{item.closed_on:%Y/%m/%d}", f"{item.kept_until:%Y/%m/%d}", item.basis,
             item.get_state_display(), str(item.files), item.reason]
            for item in items
        ],
    }  # fmt: skip
    record("privacy.record_printed", who=request.actor.who, now=clock.now(), subject=("disposal_list", listed))
    template = (package_files("honrai.desk.governance") / "typst" / "disposal.typ").read_text(encoding="utf-8")
    answer = HttpResponse(typeset.pdf(template, data), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="disposal-{listed}.pdf"'
    return answer


def _list(listed: int) -> Any:
    row = privacy.disposal_lists().filter(pk=listed).first()
    if row is None:
        raise NotFound("この廃棄の一覧は見つかりません。一覧から選び直してください。")
    return row
