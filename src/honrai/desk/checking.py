"""The blind second check on the task screen: keying unseen, then a third person's choice field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from honrai.cases import api as cases
from honrai.desk import queries
from honrai.platform import clock
from honrai.platform.authority.api import Invalid
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures
from honrai.procedures.forms import encoded, section_form, shown

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Differing:
    """One field on which two keyings differ, in words."""

    id: str
    label: str
    first: str
    second: str


def differing(task: int, pack: procedures.Pack) -> list[Differing] | None:
    """Return what a third person has to decide; None where the step is not there yet."""
    found = cases.differences_of(task)
    if found is None:
        return None
    fields = {field.id: field for field in pack.form.fields}
    return [
        Differing(
            one["field"],
            fields[one["field"]].label,
            shown(fields[one["field"]], one["first"]) or "（空欄）",
            shown(fields[one["field"]], one["second"]) or "（空欄）",
        )
        for one in found
    ]


def blank_forms(pack: procedures.Pack, data: Any) -> list[forms.Form]:
    """Return empty forms of the fields a blind check keys again, under the titles of their sections."""
    wanted = frozenset(field.id for field in cases.to_key(pack.form.sections))
    sections = [one for one in pack.form.sections if not one.repeat and any(f.id in wanted for f in one.fields)]
    made = [section_form(one, data, {}, public=False, strict=False, asked=wanted) for one in sections]
    for form, section in zip(made, sections, strict=True):
        form.title = section.title  # type: ignore[attr-defined]
        for field in form.fields.values():
            field.required = False
    return made


def take(request: HonraiRequest, bench: queries.Bench) -> HttpResponse:
    """Take a keying, or a third person's choices; a wrong entry comes back with what was typed."""
    pack = procedures.runnable(bench.case.version).pack
    found = differing(bench.task.id, pack)
    return _third(request, bench, found) if found is not None else _second(request, bench, pack)


def _second(request: HonraiRequest, bench: queries.Bench, pack: procedures.Pack) -> HttpResponse:
    made = blank_forms(pack, request.POST)
    valid = [form.is_valid() for form in made]  # every form is looked at, so that every slip is shown
    if not all(valid):
        return render(request, "desk/task.html", {"bench": bench, "blank": made}, status=422)
    keyed: dict[str, Any] = {}
    for form in made:
        keyed |= encoded(form)
    compared = cases.rekey(task=bench.task.id, keyed=keyed, actor=request.actor, now=clock.now())
    if compared.differences:
        messages.warning(
            request,
            f"{compared.fields}欄のうち{len(compared.differences)}欄が最初の入力と違います。別の人が判定します。",
        )
        return redirect("desk:task", task=bench.task.id)
    messages.success(request, f"{compared.fields}欄すべてが一致しました。")
    return _next(request)


def _third(request: HonraiRequest, bench: queries.Bench, found: Sequence[Differing]) -> HttpResponse:
    choices = {one.id: request.POST.get(f"choice:{one.id}", "") for one in found}
    try:
        cases.settle_differences(
            task=bench.task.id,
            choices=choices,
            result=request.POST.get("result", ""),
            actor=request.actor,
            now=clock.now(),
        )
    except Invalid as refusal:
        shown_again = {"bench": bench, "differing": found, "choices": choices, "error": str(refusal)}
        return render(request, "desk/task.html", shown_again, status=422)
    messages.success(request, "相違を判定しました。")
    return _next(request)


def _next(request: HonraiRequest) -> HttpResponse:
    found = cases.claim_next(actor=request.actor, now=clock.now())
    return redirect("desk:task", task=found) if found is not None else redirect("desk:work")


def precedents_of(pack: procedures.Pack, node: str, view: cases.CaseView) -> list[Any]:
    """Return the precedents that pass this very step, those most like the case first: same deficiencies, same outcome."""
    codes = {one.code for one in view.deficiencies}
    here = [one for one in pack.precedents if node in one.expect.route or codes & set(one.expect.deficiencies)]

    def likeness(one: Any) -> int:
        same = one.expect.outcome == view.proposal.get("outcome")
        return -(2 * len(codes & set(one.expect.deficiencies)) + int(same))

    return sorted(here, key=likeness)[:_SHOWN]
