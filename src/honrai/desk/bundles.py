"""Screens for paper in the hand: make a bundle by reading receipts, work it in the order of the pile, hand it on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from honrai.cases import api as cases
from honrai.desk.finding import receipt_of
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Invalid
from honrai.platform.organisations.api import display_names, organisation_on, people_of_contract
from honrai.platform.requests import HonraiRequest

IN_HAND = "bundle"


@require_http_methods(["GET", "POST"])
def bundles(request: HonraiRequest) -> HttpResponse:
    """List the bundles of one's contract or section: who has them, where they stand, how far they are; start one."""
    actor, now = request.actor, clock.now()
    if request.method == "POST":
        made = cases.make_bundle(
            name=request.POST.get("name", ""), place=request.POST.get("place", ""), actor=actor, now=now
        )
        return redirect("desk:bundle", bundle=made)
    rows = cases.bundles_of(actor)
    names = display_names(actor, {row.holder for row in rows if row.holder is not None}, actor.day)
    shown = [(row, names.get(row.holder or 0, "")) for row in rows]
    return render(request, "desk/bundles.html", {"bundles": shown, "suggested": f"{now.month}月{now.day}日の束"})


@require_http_methods(["GET", "POST"])
def bundle(request: HonraiRequest, bundle: int) -> HttpResponse:
    """Show a bundle in the order of its pile; each receipt read is laid on it."""
    actor, now = request.actor, clock.now()
    row = cases.own_bundle(bundle, actor)
    if request.method == "POST":
        number = receipt_of(request.POST.get("receipt", ""), now.date())
        if not number:
            raise Invalid("受付番号を読み取れません。QRコードを読むか、08-000123 のように入力してください")
        place = cases.add_to_bundle(bundle=bundle, receipt=number, actor=actor, now=now)
        messages.success(request, f"{place}番目に {number} を加えました。")
        return redirect("desk:bundle", bundle=bundle)
    return render(
        request,
        "desk/bundle.html",
        {
            "bundle": row,
            "lines": cases.pile(bundle, actor, now),
            "people": _colleagues(actor, row.contract, row.unit),
            "in_hand": request.session.get(IN_HAND) == bundle,
        },
    )


@require_POST
def hand_over(request: HonraiRequest, bundle: int) -> HttpResponse:
    """Hand a bundle to a colleague, or lay it down somewhere."""
    person = request.POST.get("person", "")
    cases.hand_over_bundle(
        bundle=bundle,
        person=int(person) if person.isascii() and person.isdigit() else None,
        place=request.POST.get("place", ""),
        actor=request.actor,
        now=clock.now(),
    )
    if request.session.get(IN_HAND) == bundle:
        del request.session[IN_HAND]
    messages.success(request, "束の持ち主と置き場所を改めました。")
    return redirect("desk:bundles")


@require_POST
def take(request: HonraiRequest, bundle: int) -> HttpResponse:
    """Take a bundle in hand and open its next case."""
    request.session[IN_HAND] = bundle
    return _go_on(request, None)


@require_POST
def lay_down(request: HonraiRequest) -> HttpResponse:
    """Stop working a bundle; after a task the most urgent one follows again."""
    request.session.pop(IN_HAND, None)
    return redirect("desk:bundles")


def after_task(request: HonraiRequest, case: int) -> HttpResponse:
    """Lead on after a task: to the next case of the bundle in hand, else to the most urgent task."""
    if IN_HAND in request.session:
        return _go_on(request, case)
    found = cases.claim_next(actor=request.actor, now=clock.now())
    return redirect("desk:task", task=found) if found is not None else redirect("desk:work")


def _go_on(request: HonraiRequest, case: int | None) -> HttpResponse:
    actor, now = request.actor, clock.now()
    bundle = request.session[IN_HAND]
    found = cases.next_in_bundle(bundle=bundle, case=case, actor=actor, now=now)
    if found is None:
        del request.session[IN_HAND]
        messages.success(request, "束が終わりました。")
        return redirect("desk:bundle", bundle=bundle)
    task = cases.task_to_open(found, actor, now)
    if task is None:
        messages.info(request, "この案件には、いま自分ができる作業がありません。")
        return redirect("desk:case", case=found)
    cases.claim(task=task, actor=actor, now=now)
    return redirect("desk:task", task=task)


def _colleagues(actor: Actor, contract: int | None, unit: int | None) -> list[tuple[int, str]]:
    if contract is not None:
        return [(one.person, one.label) for one in people_of_contract(actor, contract, actor.day)]
    people = list(dict.fromkeys(place.person for place in organisation_on(actor.day) if place.unit == unit))
    names = display_names(actor, people, actor.day)
    return [(person, names[person]) for person in people]
