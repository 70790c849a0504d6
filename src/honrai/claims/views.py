"""Screens of claims: files, exceptions, one claim with its explanation, months."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.claims import explaining
from honrai.claims.forms import FileForm
from honrai.claims.models import Judgement, MonthClose, SourceFault, SourceFile, SourcePiece, StoredClaim
from honrai.claims.operations import closing, receiving
from honrai.claims.permissions import check_can_settle
from honrai.claims.queries import latest
from honrai.claims.rules.findings import Verdict
from honrai.claims.screens import EXCEPTIONS, FILES
from honrai.platform import clock
from honrai.platform.authority.api import Actor
from honrai.platform.errors import NotFound, Refusal
from honrai.platform.events.api import record
from honrai.platform.files import api as store
from honrai.platform.requests import HonraiRequest

_SHOWN = 50


def files(request: HonraiRequest) -> HttpResponse:
    """Show all claim files; a POST takes one in, to be read in the background."""
    actor = _actor(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            key = receiving.receive(
                name=given["file"].name,
                stream=given["file"],
                month=given["month"].replace(day=1),
                actor=actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("claims:file", file=key)
    shown = {"table": FILES.page(request, SourceFile.objects.all()), "form": form}
    return render(request, "claims/files.html", shown, status=422 if form.errors else 200)


@require_GET
def file(request: HonraiRequest, file: int) -> HttpResponse:
    """Show one file: how far it is, and what was wrong where."""
    _actor(request)
    row = SourceFile.objects.filter(pk=file).first()
    if row is None:
        raise NotFound("この請求ファイルは見つかりません。")
    pieces = SourcePiece.objects.filter(file=file)
    shown = {
        "file": row,
        "busy": row.state in ("reading", "judging"),
        "pieces": pieces.count(),
        "read": pieces.filter(read=True).count(),
        "faults": SourceFault.objects.filter(file=file).order_by("line", "position")[:_SHOWN],
    }
    return render(request, "claims/file.html", shown)


@require_POST
def stop(request: HonraiRequest, file: int) -> HttpResponse:
    """Stop a file that is being read."""
    receiving.stop(file, actor=_actor(request), now=clock.now())
    messages.success(request, "読込みを中止しました。")
    return redirect("claims:file", file=file)


@require_GET
def exceptions(request: HonraiRequest) -> HttpResponse:
    """Show the claims that are not paid."""
    _actor(request)
    rows = Judgement.objects.filter(counts=True).exclude(verdict="pay")
    return render(request, "claims/exceptions.html", {"table": EXCEPTIONS.page(request, rows)})


@require_GET
def claim(request: HonraiRequest, claim: int) -> HttpResponse:
    """Show one claim: its result, why, and its lines; the read is recorded."""
    actor, now = _actor(request), clock.now()
    row = StoredClaim.objects.filter(pk=claim).first()
    if row is None:
        raise NotFound("この請求は見つかりません。")
    record("claims.claim_read", who=actor.who, now=now, subject=("claim", claim))
    judged = latest(claim)
    shown = {
        "claim": row,
        "month": date((row.months or 24_000) // 12, (row.months or 24_000) % 12 + 1, 1) if row.months else None,
        "judged": judged,
        "verdict": Verdict(judged.verdict) if judged else None,
        "explained": explaining.explain(row, who=actor.who, now=now),
        "held": judged is not None and judged.verdict == Verdict.HOLD,
    }
    return render(request, "claims/claim.html", shown)


@require_POST
def decide(request: HonraiRequest, judgement: int) -> HttpResponse:
    """Pay or refuse a held claim in the present month."""
    held = Judgement.objects.filter(pk=judgement).first()
    if held is None:
        raise NotFound("この請求は見つかりません。")
    now = clock.now()
    month = max(held.month, now.date().replace(day=1))
    closing.decide_hold(judgement, pay=request.POST.get("pay") == "yes", month=month, actor=_actor(request), now=now)
    messages.success(request, "決めました。月の精算に入ります。")
    return redirect("claims:claim", claim=held.claim)


@require_GET
def months(request: HonraiRequest) -> HttpResponse:
    """Show the statement of each month, closed and open."""
    _actor(request)
    closed = {row.month: row for row in MonthClose.objects.order_by("month").prefetch_related("settlements")}
    known = sorted({*Judgement.objects.filter(counts=True).values_list("month", flat=True).distinct()}, reverse=True)
    rows = [(month, closing.sums_of(month), closed.get(month)) for month in known]
    return render(request, "claims/months.html", {"rows": rows, "agencies": {"1": "支払基金", "2": "国保連"}})


@require_POST
def close(request: HonraiRequest, month: str) -> HttpResponse:
    """Close a month."""
    closing.close_month(date.fromisoformat(month), actor=_actor(request), now=clock.now())
    messages.success(request, "月を締めました。支払先ごとの金額と業務システムへ返すファイルができました。")
    return redirect("claims:months")


@require_GET
def output(request: HonraiRequest, close: int) -> HttpResponse:
    """Give the file for the core system; taking it out is recorded by the file store."""
    actor = _actor(request)
    row = MonthClose.objects.filter(pk=close, output__isnull=False).first()
    if row is None:
        raise NotFound("この月にはファイルがありません。")
    info, content = store.fetch(row.output or 0, who=actor.who, now=clock.now())
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{info.name}"'
    return answer


def _actor(request: HonraiRequest) -> Actor:
    """Return the actor, who must carry the charge."""
    check_can_settle(request.actor)
    return request.actor
