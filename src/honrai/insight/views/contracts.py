"""Contracts and what city and contractor deal in: the list, one contract, one dealing; the same pages for both sides."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from honrai.insight.forms import DealingForm
from honrai.insight.permissions import check_can_read_reports
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, NotFound, has_charge
from honrai.platform.errors import Refusal
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.api import OPENINGS, ContractView, DealingKind, Side, Terms
from honrai.platform.organisations.dealing_rules import COMMERCIAL, NEEDS_DUE
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures


@require_GET
def contracts(request: HonraiRequest) -> HttpResponse:
    """List the contracts in force the viewer may know of; a contract's manager goes straight to the own one."""
    actor = request.actor
    if actor.contract is not None:
        return redirect("contracts:contract", actor.contract)
    found = organisations.contracts_on(actor, clock.today())
    return render(request, "insight/contracts.html", {"contracts": found, "now": clock.now()})


@require_GET
def contract(request: HonraiRequest, contract: int) -> HttpResponse:
    """Show a contract's dealings, newest first, and what can be begun."""
    actor = request.actor
    found = contract_seen(actor, contract)
    asked = request.GET.get("kind", "")
    kind = DealingKind(asked) if asked in set(DealingKind) else None
    rows = organisations.dealings_of(actor, contract, kind=kind)
    context = {
        "contract": found,
        "tab": "dealings",
        "rows": rows,
        "kind": asked,
        "kinds": list(DealingKind),
        "openings": _openings(actor, contract),
        "titles": titles(),
        "on_duty": organisations.on_duty(contract, clock.now()),
        "today": clock.today(),
    }
    return render(request, "insight/contract.html", context)


@require_http_methods(["GET", "POST"])
def begin(request: HonraiRequest, contract: int, kind: str) -> HttpResponse:
    """Open a dealing of a kind: an order, a talk on changes, a query, a complaint, an incident, a stop ..."""
    actor = request.actor
    found = contract_seen(actor, contract)
    if kind not in {one.value for one in _openings(actor, contract)}:
        raise NotFound("ここから始められる取扱いではありません。")
    what = DealingKind(kind)
    orders = organisations.dealings_of(actor, contract, kind=DealingKind.ORDER)
    live = [(one.id, f"{one.number} {one.title}") for one in orders if one.state in ("open", "accepted", "objected")]
    options = {"kind": what, "activities": sorted(titles().items()), "orders": live}
    form = DealingForm(request.POST if request.method == "POST" else None, **options)  # type: ignore[arg-type]
    form.fields["due"].required = what in NEEDS_DUE
    if request.method == "POST" and form.is_valid():
        try:
            key = organisations.open_dealing(
                actor=actor, now=clock.now(), terms=Terms(contract=contract, kind=what, **form.cleaned_data)
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{what.label}を送りました。")
            return redirect("contracts:dealing", contract, key)
    waits = any(channel.waits_for_manager for channel in OPENINGS[what].values()) and actor.contract is None
    context = {"contract": found, "kind": what, "form": form, "waits": waits}
    return render(request, "insight/begin.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def dealing(request: HonraiRequest, contract: int, dealing: int) -> HttpResponse:
    """Show one dealing with all that was said; take a step in it."""
    actor = request.actor
    found, row = contract_seen(actor, contract), organisations.dealing(actor, dealing)
    if row.contract != contract:
        raise NotFound("該当する取扱いはありません。")
    error = ""
    if request.method == "POST":
        try:
            _step(request, dealing)
            return redirect(request.path)
        except Refusal as refusal:
            error = str(refusal)
    related = [one for one in organisations.dealings_of(actor, contract) if _related(one, row)]
    charged = row.kind not in COMMERCIAL or actor.contract is not None or has_charge(actor, Charge.CONTRACTS)
    context = {
        "contract": found,
        "row": row,
        "related": related,
        "possible": row.possible if charged else (),
        "activity": titles().get(row.activity, row.activity),
        "may_inspect": row.kind is DealingKind.ORDER and row.state == "accepted" and actor.contract is None and charged,
        "words": request.POST.get("words", ""),
        "error": error,
    }
    return render(request, "insight/dealing.html", context, status=422 if error else 200)


def _step(request: HonraiRequest, dealing: int) -> None:
    organisations.take_step(
        actor=request.actor,
        now=clock.now(),
        dealing=dealing,
        key=request.POST.get("step", ""),
        words=request.POST.get("words", ""),
        candidate=bool(request.POST.get("candidate")),
    )
    messages.success(request, "記録し、相手に送りました。")


def _related(one: organisations.DealingView, row: organisations.DealingView) -> bool:
    return one.concerns == row.id or one.id == row.concerns


def _openings(actor: Actor, contract: int) -> list[DealingKind]:
    """Return the kinds the viewer may begin by a form; inspections and redos begin at the order."""
    side = organisations.side_of(actor, contract)
    kinds = [kind for kind, sides in OPENINGS.items() if side in sides]
    if side is Side.CITY and not has_charge(actor, Charge.CONTRACTS):
        kinds = [kind for kind in kinds if kind not in COMMERCIAL]
    return [kind for kind in kinds if kind not in (DealingKind.INSPECTION, DealingKind.REDO)]


@require_GET
def candidates(request: HonraiRequest) -> HttpResponse:
    """List answers to queries that were kept as candidates for precedents and the manual, of every contract in force."""
    actor = request.actor
    found: list[tuple[ContractView, Any]] = []
    for one in organisations.contracts_on(actor, clock.today()):
        if actor.contract in (None, one.id):
            rows = organisations.dealings_of(actor, one.id, kind=DealingKind.QUERY)
            found += [(one, organisations.dealing(actor, row.id)) for row in rows if row.candidate]
    return render(request, "insight/candidates.html", {"rows": found, "titles": titles()})


def contract_seen(actor: Actor, contract: int) -> ContractView:
    """Return a contract in force for staff of the city and its own managers.

    Raises:
        Denied: anybody else.
        NotFound: not in force.
    """
    check_can_read_reports(actor, contract)
    found = next((one for one in organisations.contracts_on(actor, clock.today()) if one.id == contract), None)
    if found is None:
        raise NotFound("有効な契約ではありません。")
    return found


def titles() -> dict[str, str]:
    """Return the procedures in force by code: the activities of a contract."""
    return {one.code: one.title for one in procedures.in_force(clock.today())}


def day_of(text: str) -> date:
    """Return the day of an address like 2026-04-15 or 2026-04.

    Raises:
        NotFound: no such day.
    """
    try:
        return date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError as error:
        raise NotFound("その日のページはありません。") from error
