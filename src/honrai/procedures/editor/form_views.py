"""The form editor: sections, questions, checks and papers, beside the applicant's page, the counter's and the paper."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from honrai.kernel import errors
from honrai.platform.authority.api import Invalid
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset.api import TypesetError
from honrai.procedures.editor import items
from honrai.procedures.editor.bench import Findings, as_seen, as_words, bench_of, frame, look, save
from honrai.procedures.editor.pictures import inside
from honrai.procedures.forms import section_form
from honrai.procedures.printing.form import paper_pictures
from honrai.procedures.rules import yaml_edits as edits
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Pack, Section
from honrai.procedures.rules.paper.layout import paper_of

FILE = "form.yaml"
FACES = (("applicant", "申請者の画面"), ("counter", "窓口の画面"), ("paper", "紙"))
_LISTS = (("checks", "確認(不備)"), ("attachments", "添付書類"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline: path as JSON, words, and what is wrong with it."""

    path: str
    label: str
    detail: str
    problems: tuple[str, ...]
    inner: tuple["Entry", ...] = ()
    inner_path: str = ""


@require_GET
def form(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show the outline, the element in hand and the preview."""
    bench = bench_of(draft, FILE, request.actor)
    found = look(bench)
    path, new = path_of(request.GET.get("at", "")), path_of(request.GET.get("new", ""))
    made = _item(bench.text, path, new)
    context = frame(
        bench,
        "form",
        found=found,
        outline=_outline(bench.text, found),
        item=made,
        at=json.dumps(path) if path else "",
        new=json.dumps(new) if new else "",
        **_preview(found.pack, request.GET.get("face", "applicant"), new or path),
    )
    return render(request, "procedures/editor/form.html", context)


@require_POST
def change(request: HonraiRequest, draft: int) -> HttpResponse:
    """Save one change of one element, or show what it would look like."""
    bench = bench_of(draft, FILE, request.actor)
    seen = as_seen(bench, request.POST.get("expected", ""))
    path, new, do = (
        path_of(request.POST.get("at", "")),
        path_of(request.POST.get("new", "")),
        request.POST.get("do", "set"),
    )
    text, at = as_words(lambda: _changed(seen.text, do, path, new, request.POST))
    face = request.POST.get("face", "applicant")
    if "preview" in request.GET:
        found = look(seen.changed(text))
        return render(
            request,
            "procedures/editor/form_preview.html",
            {"found": found, "bench": bench, **_preview(found.pack, face, new or path)},
        )
    back = reverse("procedures_editor:form", args=[draft]) + f"?face={face}" + (f"&at={json.dumps(at)}" if at else "")
    return save(request, bench, text, back)


def _changed(text: str, do: str, path: edits.Path, new: edits.Path, sent: Mapping[str, Any]) -> tuple[str, edits.Path]:
    """Return the text after a change and the element to show next."""
    if do == "up" or do == "down":
        return edits.move(text, path, -1 if do == "up" else 1), ()
    if do == "remove":
        return edits.remove(text, path), ()
    made = _kind(new or path)(sent)
    made.is_valid()
    values = {key: value for key, value in made.values().items() if key in made.order}
    if new:
        count = len(edits.element(text, new) or ()) if text.strip() else 0
        return edits.insert(text, new, values), (*new, count)
    return edits.set_keys(text, path, values, made.order), path


def _kind(path: edits.Path) -> type[items.Item]:
    names = [part for part in path if isinstance(part, str)]
    if not names or names[-1] not in items.FORM_ITEMS:
        raise Invalid("直すところが見つかりません。画面を開き直してください。")
    return items.FORM_ITEMS[names[-1]]


def path_of(typed: str) -> edits.Path:
    """Return a path sent as JSON; () for none."""
    if not typed:
        return ()
    try:
        parts = json.loads(typed)
    except ValueError:
        parts = None
    if not isinstance(parts, list) or not all(isinstance(part, str | int) for part in parts):
        raise Invalid("画面が古くなっています。開き直してください。")
    return tuple(parts)


def _item(text: str, path: edits.Path, new: edits.Path) -> items.Item | None:
    if new:
        return _kind(new)()
    if not path:
        return None
    kind = _kind(path)
    element = as_words(lambda: edits.element(text, path))
    return kind(initial=kind.start(element)) if isinstance(element, Mapping) else None


def _outline(text: str, found: Findings) -> dict[str, Any]:
    """Return the sections with their questions, and the other lists, each line with what is wrong with it."""
    try:
        top = edits.element(text, ()) or {}
    except errors.Invalid:  # an unreadable file has no outline; the problems say why
        return {"sections": (), "lists": ()}
    sections = tuple(_section(place, one, found) for place, one in enumerate(_maps(top, "sections")))
    lists = tuple(
        (name, label, tuple(_line((name, place), one, found) for place, one in enumerate(_maps(top, name))))
        for name, label in _LISTS
    )
    return {"sections": sections, "lists": lists}


def _maps(top: Any, name: str) -> list[Mapping[str, Any]]:
    listed = top.get(name) if isinstance(top, Mapping) else None
    return [one if isinstance(one, Mapping) else {} for one in listed] if isinstance(listed, list) else []


def _section(place: int, section: Mapping[str, Any], found: Findings) -> Entry:
    inner = ("sections", place, "fields")
    entries = tuple(_line((*inner, number), one, found) for number, one in enumerate(_maps(section, "fields")))
    repeat = f"{section['repeat']}件まで" if section.get("repeat") else ""
    problems = _wrong(("sections", place), section, found, own_only=True)
    title = str(section.get("title") or "(見出しなし)")
    return Entry(json.dumps(["sections", place]), title, repeat, problems, entries, json.dumps(inner))


def _line(path: edits.Path, element: Mapping[str, Any], found: Findings) -> Entry:
    label = str(element.get("label") or element.get("when") or element.get("id") or "(名前なし)")
    kind = TYPES.get(str(element.get("type")))
    inner = element.get("deficiency")
    told = f"{inner.get('code', '')} {inner.get('message', '')}" if isinstance(inner, Mapping) else ""
    if told:
        label, detail = told, str(element.get("when", ""))
    else:
        detail = kind.label if kind else str(element.get("type") or "")
        detail += "・必須" if element.get("required") else "・条件" if element.get("required_if") else ""
    return Entry(json.dumps(path), label, detail.strip("・"), _wrong(path, element, found))


def _wrong(path: edits.Path, element: Mapping[str, Any], found: Findings, *, own_only: bool = False) -> tuple[str, ...]:
    """Return the problems named for an element, by its place in the file or by its id."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    named = str(element.get("id") or "\0")
    told = []
    for one in found.here:
        rest = one.element.removeprefix(place)
        by_place = one.element.startswith(place) and rest[:1] in ("", ".")
        by_id = one.element in (named, f"{named}.required_if", f"checks.{named}.when", f"attachments.{named}")
        if (by_place and not (own_only and ".fields" in rest)) or (by_id and not own_only):
            told.append(f"{one.message} → {one.remedy}")
    return tuple(told)


def _preview(pack: Pack, face: str, path: edits.Path) -> dict[str, Any]:
    """Return what the preview shows; on screen the section in hand stands first."""
    sections = tuple(_readable(section) for section in pack.form.sections)
    shown: dict[str, Any] = {"face": face, "faces": FACES}
    if face == "paper":
        return shown | _paper(replace(pack, form=replace(pack.form, sections=sections)))
    hand = path[1] if path[:1] == ("sections",) and len(path) > 1 else None
    ordered = [one for _, one in sorted(enumerate(sections), key=lambda each: each[0] != hand)]
    return shown | {"sheets": tuple(_sheet(section, face == "applicant") for section in ordered), "form": pack.form}


def _readable(section: Section) -> Section:
    """Return a section whose questions can be drawn: an unknown type as a line of text."""
    fields = tuple(field if field.type in TYPES else replace(field, type="text") for field in section.fields)
    return replace(section, fields=fields)


def _sheet(section: Section, public: bool) -> tuple[Section, forms.Form]:
    return section, section_form(section, None, {}, public=public, strict=True)


def _paper(pack: Pack) -> dict[str, Any]:
    if not pack.form.fields:
        return {"told": "まだ欄がありません。"}
    try:
        return {"pages": inside(paper_pictures(paper_of(pack)))}
    except TypesetError as error:
        return {"told": str(error)}
