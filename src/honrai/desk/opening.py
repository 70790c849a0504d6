"""The box on every screen: a receipt number opens the case at once; anything else finds cases and people, with a purpose."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from honrai.cases import api as cases
from honrai.desk.finding import LABELS, Typed, recognise
from honrai.parties import api as parties
from honrai.platform import clock
from honrai.platform.authority.api import Invalid
from honrai.platform.errors import Refusal
from honrai.platform.events.api import record
from honrai.platform.requests import HonraiRequest
from honrai.ui.tables import Cell


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found: cases as rows of cells, people, and what keeps either from being shown."""

    cases: list[list[Cell]]
    more: bool
    people: parties.Found | None
    trouble: str = ""


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def open_typed(request: HonraiRequest) -> HttpResponse:
    """Open what was typed or read. The search is posted, so that names and birthdays stay out of logs and histories."""
    text = request.POST.get("q", "")
    typed = recognise(text, clock.now().date())
    if typed.kind == "receipt":
        return open_receipt(request, typed.value)
    purpose = request.POST.get("purpose") or request.session.get("search_purpose", "")
    if purpose in parties.PURPOSES and purpose != "other":
        request.session["search_purpose"] = purpose
    found = _search(request, typed, purpose) if typed.kind != "nothing" and purpose else None
    return render(
        request,
        "desk/found.html",
        {
            "text": text,
            "kind": LABELS[typed.kind],
            "found": found,
            "purpose": purpose,
            "purposes": parties.PURPOSES,
            "needs_purpose": typed.kind != "nothing" and not purpose,
            "person_page": parties.ports.person_page,
        },
    )


def open_receipt(request: HonraiRequest, number: str) -> HttpResponse:
    """Open the task one would do in a case, or the case; within a bundle, its place in the pile is remembered."""
    actor, now = request.actor, clock.now()
    case = cases.find_cases(cases.Sought(receipt=number), actor, now).first()
    if case is None:
        messages.error(request, f"受付番号 {number} の案件は、見つからないか、担当ではありません。")
        return redirect("desk:open")
    task = cases.task_to_open(case.pk, actor, now)
    return redirect("desk:task", task=task) if task is not None else redirect("desk:case", case=case.pk)


def _search(request: HonraiRequest, typed: Typed, purpose: str) -> Results:
    """Look for cases and people at once; what was shown and what for is recorded."""
    actor, now = request.actor, clock.now()
    detail = request.POST.get("detail", "")
    try:
        people = _people(request, typed, purpose, detail)
        rows = [] if typed.kind == "number" else list(_cases(request, typed)[: cases.MOST_CASES + 1])
    except Refusal as refusal:
        return Results([], False, None, str(refusal))
    shown = rows[: cases.MOST_CASES]
    data = {"shown": [row.pk for row in shown], "purpose": purpose, "by": typed.kind}
    record("desk.cases_searched", who=actor.who, now=now, subject=("case", None), data=data)
    tasks = cases.tasks_of([row.pk for row in shown], actor)
    cells = [[Cell(row.number), Cell(row.title), Cell(row.name), Cell(row.stage)] for row in shown]
    for row, line in zip(shown, cells, strict=True):
        line.append(Cell(tasks[row.pk].title if row.pk in tasks else ""))
    return Results(cells, len(rows) > len(shown), people)


def _cases(request: HonraiRequest, typed: Typed) -> QuerySet[Any]:
    sought = {
        "born": cases.Sought(born_on=typed.born),
        "kana": cases.Sought(kana=typed.value),
        "address": cases.Sought(address=typed.value),
        "name": cases.Sought(name=typed.value),
    }[typed.kind]
    return cases.find_cases(sought, request.actor, clock.now())


def _people(request: HonraiRequest, typed: Typed, purpose: str, detail: str) -> parties.Found | None:
    if not parties.can_search(request.actor):
        return None
    criteria = {
        "born": parties.Criteria(born_on=typed.born),
        "kana": parties.Criteria(kana=typed.value),
        "address": parties.Criteria(address=typed.value),
        "number": parties.Criteria(number=typed.value),
        "name": parties.Criteria(name=typed.value),
    }[typed.kind]
    if purpose not in parties.PURPOSES:
        raise Invalid("検索の目的を選んでください。")
    return parties.search(criteria, purpose=purpose, detail=detail, actor=request.actor, now=clock.now())
