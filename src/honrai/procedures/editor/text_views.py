"""Editing a file as text: the manual beside its page, a letter beside its pages, any other file beside its problems."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.engines.flow.api import FlowError
from honrai.platform import clock
from honrai.platform.authority.api import Invalid, NotFound
from honrai.platform.organisations.api import display_names
from honrai.platform.requests import HonraiRequest
from honrai.procedures.drafts import contents
from honrai.procedures.editor.bench import TABS, Bench, bench_of, frame, look, restore, save
from honrai.procedures.editor.samples import letter_pages, sample_names
from honrai.procedures.models import DraftEdit
from honrai.procedures.operations.drafting import remove_file, write_file
from honrai.procedures.printing.markdown import to_html
from honrai.procedures.rules.flowview import Task, model_of, tasks_of
from honrai.procedures.rules.model import Pack

_NEW_LETTER = """// title: {title}
#import "/honrai/letter.typ": *

#letter("{title}")[
  次のとおり通知します。

  #particulars(
    ("受付番号", data.case.number),
  )
]
"""


@require_GET
def tab(request: HonraiRequest, draft: int, key: str) -> HttpResponse:
    """Go to one part of the draft."""
    known = {name: path for name, _, path in TABS}
    if key not in known:
        raise NotFound("この画面はありません。")
    return redirect(reverse(f"procedures_editor:{key}", args=[draft]))


@require_http_methods(["GET", "POST"])
def manual(request: HonraiRequest, draft: int) -> HttpResponse:
    """Edit the manual beside what readers see; tasks without a section are listed, each with a button that adds one."""
    bench = bench_of(draft, "manual.md", request.actor)
    if request.method == "POST":
        text = request.POST.get("text", "")
        if task := request.POST.get("add"):
            text = text.rstrip() + f"\n\n## {_task_name(bench, task)} {{#{task}}}\n\n"
        if "preview" not in request.GET:
            return save(request, bench, text, reverse("procedures_editor:manual", args=[draft]))
        bench = bench.changed(text)
    found = look(bench)
    context = frame(bench, "manual", found=found, sections=_sections(found.pack), tasks=tuple(_tasks(found.pack)))
    return render(request, _template(request, "manual"), context)


@require_GET
def letters(request: HonraiRequest, draft: int) -> HttpResponse:
    """List the letters with the outcomes that use them."""
    bench = bench_of(draft, "", request.actor)
    found = look(bench)
    uses = {
        letter.id: "、".join(one.id for one in found.pack.identity.outcomes if letter.id in one.letters)
        for letter in found.pack.letters
    }
    return render(
        request,
        "procedures/editor/letters.html",
        frame(bench, "letters", rows=[(letter, uses[letter.id]) for letter in found.pack.letters]),
    )


@require_POST
def new_letter(request: HonraiRequest, draft: int) -> HttpResponse:
    """Begin a letter."""
    name, title = request.POST.get("name", "").strip(), request.POST.get("title", "").strip()
    if not name or not title or '"' in title:
        raise Invalid("文書のid(英小文字)と題名を入力してください。題名に引用符は使えません。")
    content = _NEW_LETTER.format(title=title).encode()
    path = f"letters/{name}.typ"
    write_file(draft=draft, path=path, content=content, expected="", actor=request.actor, now=clock.now())
    return redirect(reverse("procedures_editor:letter", args=[draft, name]))


@require_http_methods(["GET", "POST"])
def letter(request: HonraiRequest, draft: int, name: str) -> HttpResponse:
    """Edit one letter beside its pages, printed from a precedent; unknown names and typst's own words stand above."""
    bench = bench_of(draft, f"letters/{name}.typ", request.actor)
    if request.method == "POST":
        text = request.POST.get("text", "")
        if "preview" not in request.GET:
            return save(request, bench, text, reverse("procedures_editor:letter", args=[draft, name]))
        bench = bench.changed(text)
    elif not bench.address:
        raise NotFound("この文書はありません。")
    found = look(bench)
    chosen = request.POST.get("sample", request.GET.get("sample", ""))
    pages, told = letter_pages(found.pack, name, bench.text, chosen)
    more = {"found": found, "pages": pages, "told": told, "samples": sample_names(found.pack, name), "chosen": chosen}
    return render(request, _template(request, "letter"), frame(bench, "letters", name=name, **more))


@require_POST
def remove(request: HonraiRequest, draft: int) -> HttpResponse:
    """Take a file out of the draft; it can be had back from the history."""
    path = request.POST.get("path", "")
    given: dict[str, Any] = {"draft": draft, "path": path, "actor": request.actor, "now": clock.now()}
    remove_file(expected=request.POST.get("expected", ""), **given)
    return redirect(_home(draft, path))


@require_GET
def files(request: HonraiRequest, draft: int) -> HttpResponse:
    """List every file of the draft with what is wrong with it."""
    bench = bench_of(draft, "", request.actor)
    found = look(bench)
    problems = found.problems
    rows = [(path, len(content), sum(one.file == path for one in problems)) for path, content in bench.files.items()]
    return render(request, "procedures/editor/files.html", frame(bench, "files", rows=rows, problems=problems))


@require_http_methods(["GET", "POST"])
def file(request: HonraiRequest, draft: int) -> HttpResponse:
    """Edit any file as text."""
    path = request.POST.get("path", request.GET.get("path", ""))
    bench = bench_of(draft, path, request.actor)
    if request.method == "POST":
        text = request.POST.get("text", "")
        if "preview" not in request.GET:
            return save(request, bench, text, f"{reverse('procedures_editor:file', args=[draft])}?path={quote(path)}")
        bench = bench.changed(text)
    return render(request, _template(request, "file"), frame(bench, "files", found=look(bench)))


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a file: who, when, the lines that changed, and the content before and after."""

    edit: DraftEdit
    who: str
    lines: tuple[str, ...]


@require_GET
def history(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show every change of a file, newest first, each to be gone back to."""
    bench = bench_of(draft, request.GET.get("path", ""), request.actor)
    edits = list(DraftEdit.objects.filter(draft_id=draft, path=bench.path).order_by("-at", "-pk")[:50])
    names = display_names(request.actor, [one.by for one in edits if one.by], request.actor.day)
    texts = contents({one: one for edit in edits for one in (edit.before, edit.after) if one})
    shown = [Revision(one, names.get(one.by, "") if one.by else "", _lines(texts, one)) for one in edits]
    return render(request, "procedures/editor/history.html", frame(bench, _tab_of(bench.path), revisions=shown))


@require_POST
def go_back(request: HonraiRequest, draft: int) -> HttpResponse:
    """Put an earlier content of a file back."""
    bench = bench_of(draft, request.POST.get("path", ""), request.actor)
    asked = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return restore(request, bench, request.POST.get("address", ""), asked if safe else _home(draft, bench.path))


def _lines(texts: dict[str, bytes], edit: DraftEdit) -> tuple[str, ...]:
    before, after = (texts.get(one, b"").decode("utf-8", "replace").splitlines() for one in (edit.before, edit.after))
    return tuple(difflib.unified_diff(before, after, n=1, lineterm=""))[2:400]


def _home(draft: int, path: str) -> str:
    return reverse(f"procedures_editor:{_tab_of(path)}", args=[draft])


def _tab_of(path: str) -> str:
    return next((key for key, _, start in TABS if start and path.startswith(start)), "files")


def _template(request: HonraiRequest, name: str) -> str:
    return f"procedures/editor/{name}{'_preview' if 'preview' in request.GET else ''}.html"


def _sections(pack: Pack) -> list[dict[str, Any]]:
    return [{"task": one.task, "title": one.title, "html": to_html(one.text)} for one in pack.manual]


def _tasks(pack: Pack) -> Iterator[tuple[Task, bool]]:
    """Yield every task of the flow and whether the manual has a section for it."""
    written = {section.task for section in pack.manual}
    try:
        found = tasks_of(model_of(pack.flow))
    except FlowError:
        return
    for task in found:
        yield task, task.id in written


def _task_name(bench: Bench, task: str) -> str:
    try:
        found = tasks_of(model_of(bench.files.get("flow.bpmn", b"")))
    except FlowError as error:
        raise Invalid(f"流れが読めないため、節を作れません。{error}") from error
    name = next((one.name for one in found if one.id == task), "")
    if not name:
        raise Invalid("この作業は流れにありません。画面を開き直してください。")
    return name
