"""Two packs side by side: versions or drafts, each named as version-3 or draft-5."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from honrai.engines.flow.api import FlowError, Overlay, difference
from honrai.platform.authority.api import Invalid, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures import listings
from honrai.procedures.printing.sources import KINDS, Source, source_of
from honrai.procedures.rules.differences import PARTS
from honrai.procedures.rules.flowview import model_of
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.sidebyside import compare as compare_packs
from honrai.procedures.views.common import picture


@require_GET
def compare(request: HonraiRequest) -> HttpResponse:
    """Show what two packs say differently."""
    before, after = (_source(request, name) for name in ("a", "b"))
    old, new = before.pack(), after.pack()
    found = compare_packs(old, new)
    context = {
        "before": before,
        "after": after,
        "found": found,
        "values": [(PARTS[part], rows) for part, rows in found.values.items()],
        "pictures": _pictures(old, new) if found.flow else (),
        "choices": _choices(request, before.code),
        "a": request.GET.get("a", ""),
        "b": request.GET.get("b", ""),
    }
    return render(request, "procedures/life/compare.html", context)


def _source(request: HonraiRequest, name: str) -> Source:
    kind, _, key = request.GET.get(name, "").partition("-")
    if kind not in KINDS or not key.isascii() or not key.isdigit() or len(key) > 18:
        raise NotFound("比べる二つの版を選んでください。")
    return source_of(kind, int(key), request.actor)


def _choices(request: HonraiRequest, code: str) -> list[tuple[str, str]]:
    versions = listings.visible_versions(request.actor).filter(code=code).order_by("-number")
    drafts = listings.visible_drafts(request.actor).filter(code=code).exclude(state="withdrawn").order_by("-pk")
    return [(f"version-{one.pk}", f"第{one.number}版（{one.effective_from}から）") for one in versions] + [
        (f"draft-{one.pk}", f"案 {one.pk}（{one.get_state_display()}）") for one in drafts
    ]


def _pictures(old: Pack, new: Pack) -> tuple[tuple[str, str], ...]:
    try:
        gone, come = difference(model_of(old.flow), model_of(new.flow))
    except FlowError as error:
        raise Invalid(f"流れを読めません。{error}") from error
    return (
        ("変更前", picture(old.flow, Overlay(marks=gone), title="変更前の流れ", key="before")),
        ("変更後", picture(new.flow, Overlay(marks=come), title="変更後の流れ", key="after")),
    )
