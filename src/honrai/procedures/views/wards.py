"""Ward variants of one procedure in one matrix; each difference is kept with a reason or dropped."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from honrai.platform import clock
from honrai.platform.authority.api import Conflict, Invalid
from honrai.platform.organisations.api import units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api
from honrai.procedures.drafts import visible_draft
from honrai.procedures.models import Draft, Variant
from honrai.procedures.operations.drafting import unzip
from honrai.procedures.rules.differences import PARTS
from honrai.procedures.rules.wards import MatrixRow
from honrai.procedures.variants import compared
from honrai.procedures.views.common import act, uploaded
from honrai.procedures.views.drafts import frame_of


@require_http_methods(["GET", "POST"])
def wards(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show the matrix; take in a ward's zip or what was decided of one difference."""
    row = visible_draft(draft, request.actor)
    if request.method == "POST" and "element" in request.POST:
        return _decide(request, row)
    if request.method == "POST":
        return act(request, lambda: _import(request, row), "区の運用を取り込みました。", "procedures:wards", row.pk)
    return _page(request, row, {}, 200)


def _page(request: HonraiRequest, row: Draft, typed: dict[str, str], status: int) -> HttpResponse:
    rows = compared(row)
    only_open = request.GET.get("show") == "open"
    variants = list(Variant.objects.filter(draft=row).order_by("pk"))
    context = {
        **frame_of(row, request),
        "variants": variants,
        "rows": [(PARTS[one.part], one) for one in rows if one.open or not only_open],
        "total": len(rows),
        "open_count": sum(one.open for one in rows),
        "only_open": only_open,
        "names": [unit.name for unit in units_on(request.actor.day) if unit.kind == "ward"],
        "typed": typed,
    }
    return render(request, "procedures/life/wards.html", context, status=status)


def _import(request: HonraiRequest, row: Draft) -> None:
    ward = request.POST.get("ward", "")
    api.import_variant(draft=row.pk, ward=ward, files=unzip(uploaded(request)), actor=request.actor, now=clock.now())


def _decide(request: HonraiRequest, row: Draft) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("part", "element", "ward", "reason", "keep")}
    try:
        with transaction.atomic():
            for ward in _wards_meant(row, typed):
                api.decide_difference(
                    draft=row.pk,
                    ward=ward,
                    part=typed["part"],
                    element=typed["element"],
                    keep=typed["keep"] == "1",
                    reason=typed["reason"],
                    actor=request.actor,
                    now=clock.now(),
                )
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
        return _page(request, row, typed, 422)
    messages.success(request, "残すことにしました。" if typed["keep"] == "1" else "そろえることにしました。")
    return redirect("procedures:wards", row.pk)


def _wards_meant(row: Draft, typed: dict[str, str]) -> list[str]:
    """Return the one ward named, or every ward that differs in the element."""
    if typed["ward"]:
        return [typed["ward"]]
    lines: list[MatrixRow] = [
        one for one in compared(row) if (one.part, one.element) == (typed["part"], typed["element"])
    ]
    found = [cell.ward for line in lines for cell in line.cells if cell.differs]
    if not found:
        raise Conflict("この違いはもうありません。画面を更新してください。")
    return found
