"""Screens to find and take work: the list, the next task, kept views."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.cases import api as cases
from honrai.desk import saved_views, worklists
from honrai.desk.bulk import own_people
from honrai.desk.words import BULK
from honrai.platform import clock
from honrai.platform.requests import HonraiRequest


@require_GET
def work(request: HonraiRequest) -> HttpResponse:
    """List the open tasks of the person's contract or units."""
    actor, now = request.actor, clock.now()
    asked = request.GET.dict()
    rows = worklists.rows_of(actor, asked).select_related("case")
    table = worklists.work_list(actor, asked, now).page(request, rows)
    shown = {"table": table, "query": request.GET.urlencode(), "actions": BULK, "people": own_people(actor)}
    if request.headers.get("HX-Request"):
        return render(request, "desk/work_part.html", shown)
    return render(request, "desk/work.html", shown | {"views": saved_views.views_of(actor, "work")})


@require_POST
def next_task(request: HonraiRequest) -> HttpResponse:
    """Take the most urgent task one may do and open it."""
    found = cases.claim_next(actor=request.actor, now=clock.now())
    if found is None:
        messages.info(request, "いま取れる作業はありません。")
        return redirect("desk:work")
    return redirect("desk:task", task=found)


@require_POST
def save_view(request: HonraiRequest) -> HttpResponse:
    """Keep the list as it stands now."""
    given = request.POST
    saved_views.save_view(
        name=given.get("name", ""),
        screen="work",
        query=given.get("query", ""),
        shared="shared" in given,
        pinned="pinned" in given,
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, "一覧を保存しました。")
    return redirect(f"{request.path.removesuffix('views/')}?{given.get('query', '')}")


@require_POST
def remove_view(request: HonraiRequest, view: int) -> HttpResponse:
    """Remove a kept view."""
    saved_views.remove_view(view=view, actor=request.actor, now=clock.now())
    messages.success(request, "保存した一覧を消しました。")
    return redirect("desk:work")
