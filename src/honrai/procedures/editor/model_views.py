"""Diagram and tables: drawn and printed, taken out for any modeller, put back in; what is not supported is refused by name."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from honrai.engines.decision import api as dmn
from honrai.engines.feel.errors import FeelError
from honrai.engines.flow import api as bpmn
from honrai.platform import clock
from honrai.platform.authority.api import Invalid, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures.drafts import contents
from honrai.procedures.editor.bench import Bench, bench_of, frame, look, save
from honrai.procedures.rules.differences import Difference, differences
from honrai.procedures.rules.flowview import model_of
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.reading import read_lenient
from honrai.procedures.rules.tables import program

FILES = {"flow": ("flow.bpmn", "流れ", "BPMN"), "decisions": ("decisions.dmn", "決定表", "DMN")}
_UNREADABLE = (bpmn.FlowError, dmn.DecisionError, FeelError)


@require_http_methods(["GET", "POST"])
def model(request: HonraiRequest, draft: int, key: str) -> HttpResponse:
    """Show a diagram or the tables; take in a new file when everything in it is supported."""
    path, title, kind = FILES[key]
    bench = bench_of(draft, path, request.actor)
    refused: tuple[Problem, ...] = ()
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None:
            raise Invalid("ファイルを選んでください。")
        raw = sent.read()
        refused = tuple(_refused(key, path, raw))
        if not refused:
            text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
            return save(request, bench, text, reverse(f"procedures_editor:{key}", args=[draft]))
    context = frame(
        bench,
        key,
        title=title,
        kind=kind,
        key=key,
        refused=refused,
        found=look(bench),
        **(_flow(bench) if key == "flow" else _tables(bench)),
        changes=_changes(bench),
    )
    return render(request, "procedures/editor/model.html", context, status=422 if refused else 200)


@require_GET
def download(request: HonraiRequest, draft: int, key: str) -> HttpResponse:
    """Hand out the file as it is."""
    path, _, _ = FILES[key]
    bench = bench_of(draft, path, request.actor)
    if not bench.address:
        raise NotFound("このファイルはまだありません。")
    answer = HttpResponse(bench.files[path], content_type="application/xml")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(bench.draft.code + '-' + path)}"
    return answer


def _refused(key: str, path: str, raw: bytes) -> Iterator[Problem]:
    """Yield every reason why a file is not taken in: unreadable, or something in it that is not run exactly."""
    try:
        raw.decode("utf-8")
        if key == "flow":
            for one in bpmn.refusals(bpmn.read(raw, file=path)):
                yield Problem(
                    path, f"{one.line}行目 {one.element} {one.id}", one.message, "対応する書き方に変えてください"
                )
        else:
            for wrong in dmn.prepare(dmn.read(raw, path)).problems:
                yield Problem(path, f"{wrong.line}行目 {wrong.element}", wrong.what, wrong.remedy)
    except UnicodeDecodeError:
        yield Problem(path, "", "文字コードが UTF-8 ではありません", "UTF-8 で保存し直してください")
    except _UNREADABLE as error:
        yield Problem(path, "", str(error), "示された行を直してください")


def _flow(bench: Bench) -> dict[str, Any]:
    try:
        now = model_of(bench.files.get("flow.bpmn", b""))
        before = _before(bench)
        marks = bpmn.difference(model_of(before), now)[1] if before else {}
        return {"picture": bpmn.draw(now, title=f"{bench.draft.title}の流れ", overlay=bpmn.Overlay(marks=marks))}
    except bpmn.FlowError as error:
        return {"told": str(error)}


def _tables(bench: Bench) -> dict[str, Any]:
    pack, _ = read_lenient(bench.files)
    try:
        ready = program(pack.decisions)
        return {"tables": list(_printed(ready, pack.parameters.at(clock.today())))}
    except _UNREADABLE as error:
        return {"told": str(error)}


def _printed(ready: dmn.Program, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for decision in ready.model.decisions:
        try:
            yield decision.name, dmn.print_html(ready, decision.name, parameters=values, level=3)
        except dmn.DecisionError:
            continue  # a formula, not a table


def _before(bench: Bench) -> bytes:
    """Return the file before the last change; b"" where there is none."""
    address = bench.undo_address()
    return contents({bench.path: address})[bench.path] if address else b""


def _changes(bench: Bench) -> tuple[Difference, ...]:
    """Return what the last change of the file changed, element by element."""
    before = _before(bench)
    if not before:
        return ()
    try:
        old, new = read_lenient({**bench.files, bench.path: before})[0], read_lenient(bench.files)[0]
        return tuple(one for one in differences(old, new) if one.part == bench.path)
    except _UNREADABLE:
        return ()
