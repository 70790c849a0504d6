"""The parameter editor: dated values with unit and source, each parameter drawn through time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from honrai.kernel import errors
from honrai.kernel.units import Unit
from honrai.platform.authority.api import Invalid
from honrai.platform.requests import HonraiRequest
from honrai.procedures.editor import items
from honrai.procedures.editor.bench import Bench, Findings, as_seen, as_words, bench_of, frame, look, save
from honrai.procedures.editor.form_views import path_of
from honrai.procedures.editor.graph import drawn, spans_of
from honrai.procedures.rules import yaml_edits as edits

FILE = "parameters.yaml"


@dataclass(frozen=True, slots=True)
class Shown:
    """One parameter as the page shows it: rows are (path as JSON, the row, 要確認)."""

    name: str
    path: str
    values_path: str
    label: str
    unit: str
    source: str
    rows: tuple[tuple[str, Mapping[str, Any], bool], ...]
    picture: str
    problems: tuple[str, ...]


@require_GET
def parameters(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show every parameter, and the one in hand."""
    bench = bench_of(draft, FILE, request.actor)
    path, new = path_of(request.GET.get("at", "")), path_of(request.GET.get("new", ""))
    found = look(bench)
    shown = _shown(bench.text, found)
    hand = (new or path or ("",))[0]
    context = frame(
        bench,
        "parameters",
        found=found,
        shown=shown,
        one=next((each for each in shown if each.name == hand), None),
        item=_item(bench.text, path, new),
        at=json.dumps(path, ensure_ascii=False) if path else "",
        new=json.dumps(new, ensure_ascii=False) if new else "",
        head=items.ParameterItem() if "add" in request.GET else None,
        first=items.ValueItem(prefix="first") if "add" in request.GET else None,
    )
    return render(request, "procedures/editor/parameters.html", context)


@require_POST
def change(request: HonraiRequest, draft: int) -> HttpResponse:
    """Save one change of one parameter or value, or show what it would look like."""
    bench = bench_of(draft, FILE, request.actor)
    seen = as_seen(bench, request.POST.get("expected", ""))
    path, new = path_of(request.POST.get("at", "")), path_of(request.POST.get("new", ""))
    text, name = as_words(lambda: _changed(seen.text, path, new, request.POST))
    if "preview" in request.GET:
        return _previewed(request, seen.changed(text), name)
    return save(request, bench, text, reverse("procedures_editor:parameters", args=[draft]) + f"#p-{name}")


def _previewed(request: HonraiRequest, bench: Bench, name: str) -> HttpResponse:
    found = look(bench)
    one = next((shown for shown in _shown(bench.text, found) if shown.name == name), None)
    return render(request, "procedures/editor/parameter_preview.html", {"bench": bench, "found": found, "one": one})


def _changed(text: str, path: edits.Path, new: edits.Path, sent: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text after a change and the name of the parameter it is about."""
    do = sent.get("do", "set")
    if do == "remove":
        return edits.remove(text, path), str(path[0])
    if do == "add":
        return _added(text, sent)
    made = _kind(new or path)(sent)
    made.is_valid()
    values = made.values()
    if not new:
        return edits.set_keys(text, path, values, made.order), str(path[0])
    return edits.insert(text, new, _ordered(values, made.order), _place(text, new, values)), str(new[0])


def _added(text: str, sent: Mapping[str, Any]) -> tuple[str, str]:
    name = str(sent.get("name", "")).strip()
    if not name:
        raise Invalid("パラメータのid(英小文字。例: copay.child)を入力してください。")
    head, value = items.ParameterItem(sent), items.ValueItem(sent, prefix="first")
    head.is_valid()
    value.is_valid()
    row = {key: entry for key, entry in _ordered(value.values(), value.order).items() if entry not in (None, "")}
    made = {key: entry for key, entry in _ordered(head.values(), head.order).items() if entry not in (None, "")}
    return edits.put_key(text, name, {**made, "values": [row]}), name


def _ordered(values: Mapping[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    return {key: values[key] for key in order if key in values}


def _place(text: str, path: edits.Path, values: Mapping[str, Any]) -> int | None:
    """Return where a value belongs by its day; at the end where it has none."""
    day = values.get("from")
    if not isinstance(day, date):
        return None
    rows = edits.element(text, path) or ()
    return sum(1 for row in rows if isinstance(row, Mapping) and _before(row, day))


def _before(row: Mapping[str, Any], day: date) -> bool:
    start = row.get("from")
    return isinstance(start, date) and start < day


def _kind(path: edits.Path) -> type[items.Item]:
    return items.ValueItem if "values" in path[1:] else items.ParameterItem


def _item(text: str, path: edits.Path, new: edits.Path) -> items.Item | None:
    if new:
        return _kind(new)()
    element = as_words(lambda: edits.element(text, path)) if path else None
    return _kind(path)(initial=_kind(path).start(element)) if isinstance(element, Mapping) else None


def _shown(text: str, found: Findings) -> tuple[Shown, ...]:
    try:
        top = edits.element(text, ()) or {}
    except errors.Invalid:
        return ()
    return tuple(_one(str(name), said, found) for name, said in top.items() if isinstance(said, Mapping))


def _one(name: str, said: Mapping[str, Any], found: Findings) -> Shown:
    listed = said.get("values")
    rows = [row if isinstance(row, Mapping) else {} for row in listed] if isinstance(listed, list) else []
    unit = str(said.get("unit", ""))
    word = Unit(unit).label if unit in {one.value for one in Unit} else ""
    return Shown(
        name=name,
        path=json.dumps([name], ensure_ascii=False),
        values_path=json.dumps([name, "values"], ensure_ascii=False),
        label=str(said.get("label", name)),
        unit=word or unit,
        source=str(said.get("source", "")),
        rows=tuple(
            (json.dumps([name, "values", place], ensure_ascii=False), row, _to_confirm(row))
            for place, row in enumerate(rows)
        ),
        picture=drawn(str(said.get("label", name)), spans_of(rows), word),
        problems=tuple(
            f"{one.element}: {one.message} → {one.remedy}"
            for one in found.here
            if one.element == name or one.element.startswith(f"{name}(")
        ),
    )


def _to_confirm(row: Mapping[str, Any]) -> bool:
    return bool(row.get("to_confirm", row.get("confidence", "high") != "high"))
