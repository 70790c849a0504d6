"""The precedent editor: a table of answers and facts with the outcome expected, run on the draft as it is being written."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.kernel import errors
from honrai.platform import clock
from honrai.platform.authority.api import Invalid, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures.editor.bench import Bench, Findings, as_seen, as_words, bench_of, frame, look, save
from honrai.procedures.editor.precedents import PrecedentItem, from_case, lines_of, overrides, run
from honrai.procedures.models import ClosedExample
from honrai.procedures.operations.drafting import write_file
from honrai.procedures.rules import yaml_edits as edits
from honrai.procedures.rules.model import Precedent

_CASES = 50


@require_GET
def precedents(request: HonraiRequest, draft: int) -> HttpResponse:
    """List the precedents file by file; run them all where asked."""
    bench = bench_of(draft, "", request.actor)
    found = look(bench)
    running = "run" in request.GET
    rows = [run(found.pack, one) if running else one for one in found.pack.precedents]
    context = frame(
        bench,
        "precedents",
        found=found,
        files=[
            _listed(path, found.pack.precedents, rows) for path in sorted(bench.files) if path.startswith("precedents/")
        ],
        running=running,
        passed=sum(getattr(one, "holds", False) for one in rows),
        total=len(rows),
        cases=ClosedExample.objects.filter(code=bench.draft.code).order_by("-closed_at")[:_CASES],
    )
    return render(request, "procedures/editor/precedents.html", context)


def _listed(
    path: str, precedents: tuple[Precedent, ...], rows: list[Any]
) -> tuple[str, str, list[tuple[int, Any, Any]]]:
    own = [(one, row) for one, row in zip(precedents, rows, strict=True) if one.file == path]
    return path, _name(path), [(place, one, row) for place, (one, row) in enumerate(own)]


@require_http_methods(["GET", "POST"])
def precedent(request: HonraiRequest, draft: int, name: str, place: int) -> HttpResponse:
    """Edit one precedent beside what the draft makes of it."""
    bench = bench_of(draft, f"precedents/{name}.yaml", request.actor)
    found = look(bench)
    if request.method == "POST":
        seen = as_seen(bench, request.POST.get("expected", ""))
        text = as_words(lambda: _changed(seen, found, place, request.POST))
        if "preview" not in request.GET:
            return save(request, bench, text, reverse("procedures_editor:precedent", args=[draft, name, place]))
        bench = bench.changed(text)
        found = look(bench)
    element = _element(bench.text, place)
    ours = [one for one in found.pack.precedents if one.file == bench.path]
    context = frame(
        bench,
        "precedents",
        found=found,
        name=name,
        place=place,
        item=PrecedentItem(initial=PrecedentItem.start(element)),
        lines=lines_of(found.pack, _base(bench.text), element),
        outcomes=[one.id for one in found.pack.identity.outcomes],
        row=run(found.pack, ours[place]) if place < len(ours) else None,
    )
    template = "precedent_preview" if "preview" in request.GET else "precedent"
    return render(request, f"procedures/editor/{template}.html", context)


@require_POST
def add(request: HonraiRequest, draft: int, name: str) -> HttpResponse:
    """Add a precedent to a file: a copy of another one, one made from a closed case, or an empty one."""
    bench = bench_of(draft, f"precedents/{name}.yaml", request.actor)
    seen = as_seen(bench, request.POST.get("expected", ""))
    number = request.POST.get("id", "").strip()
    if not number:
        raise Invalid("新しい判断事例の番号を入力してください。例: N-13")
    made = _made(seen.text, number, request.POST)
    text = as_words(lambda: edits.insert(seen.text, ("precedents",), made))
    count = len(as_words(lambda: edits.element(text, ("precedents",)))) - 1
    return save(request, bench, text, reverse("procedures_editor:precedent", args=[draft, name, count]))


@require_POST
def remove(request: HonraiRequest, draft: int, name: str, place: int) -> HttpResponse:
    """Take a precedent out."""
    bench = bench_of(draft, f"precedents/{name}.yaml", request.actor)
    seen = as_seen(bench, request.POST.get("expected", ""))
    text = as_words(lambda: edits.remove(seen.text, ("precedents", place)))
    return save(request, bench, text, reverse("procedures_editor:precedents", args=[draft]))


@require_POST
def new_file(request: HonraiRequest, draft: int) -> HttpResponse:
    """Begin a file of precedents."""
    path = f"precedents/{request.POST.get('name', '').strip()}.yaml"
    given: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    write_file(draft=draft, path=path, content=b"base: {}\nprecedents: []\n", expected="", **given)
    return redirect(reverse("procedures_editor:precedents", args=[draft]))


def _made(text: str, number: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    if case := sent.get("case"):
        kept = ClosedExample.objects.filter(pk=int(case) if str(case).isdigit() else 0).first()
        if kept is None:
            raise NotFound("案件が見つかりません。")
        about = {"values": kept.values, "facts": kept.facts, "attachments": kept.attachments}
        return from_case(number, about, kept.received_on, kept.channel, kept.outcome)
    copied = str(sent.get("copy", ""))
    if copied.isdigit():
        return {**_element(text, int(copied)), "id": number}
    return {"id": number, "title": "新しい事例", "expect": {"outcome": ""}}


def _changed(bench: Bench, found: Findings, place: int, sent: Mapping[str, Any]) -> str:
    """Return the file with one precedent as it was sent, changing nothing that was not typed."""
    text, path = bench.text, ("precedents", place)
    element = _element(text, place)
    item = PrecedentItem(sent)
    item.is_valid()
    changes = overrides(found.pack, lines_of(found.pack, _base(text), element), sent)
    text = edits.set_keys(text, path, item.head(), PrecedentItem.order)
    for part, values in changes.items():
        text = _part(text, (*path, part), values)
    return _part(text, (*path, "expect"), item.expectation())


def _part(text: str, path: edits.Path, values: dict[str, Any]) -> str:
    """Return the text with keys of an inner mapping set; the mapping is made where there is none."""
    if isinstance(edits.element(text, path), Mapping):
        return edits.set_keys(text, path, values)
    said = {name: value for name, value in values.items() if value not in (None, "", [])}
    return edits.set_keys(text, path[:-1], {str(path[-1]): said}, PrecedentItem.order) if said else text


def _element(text: str, place: int) -> dict[str, Any]:
    found = as_words(lambda: edits.element(text, ("precedents", place)))
    if not isinstance(found, Mapping):
        raise NotFound("この判断事例はありません。")
    return dict(found)


def _base(text: str) -> Mapping[str, Any]:
    try:
        found = edits.element(text, ("base",))
    except errors.Invalid:
        return {}
    return found if isinstance(found, Mapping) else {}


def _name(path: str) -> str:
    return path.removeprefix("precedents/").removesuffix(".yaml")
