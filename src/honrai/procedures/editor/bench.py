"""One file of a draft on the bench: its text, what is wrong with it, how to go back, and saving without overwriting anybody."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect, render

from honrai.engines.decision.errors import DecisionError
from honrai.engines.feel.errors import FeelError
from honrai.engines.flow.api import FlowError
from honrai.kernel import errors
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.requests import HonraiRequest
from honrai.procedures.drafts import DraftView, contents, draft_view
from honrai.procedures.models import Content, DraftEdit
from honrai.procedures.operations.drafting import remove_file, write_file
from honrai.procedures.rules.gate_names import check_names
from honrai.procedures.rules.gate_words import check_words
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.reading import read_lenient
from honrai.procedures.rules.revisions import undo_stack

T = TypeVar("T")
#: Largest file written in the browser.
MAX_BYTES = 2_000_000
TABS = (
    ("form", "様式", "form.yaml"),
    ("parameters", "パラメータ", "parameters.yaml"),
    ("manual", "手引き", "manual.md"),
    ("letters", "文書", "letters/"),
    ("precedents", "判断事例", "precedents/"),
    ("flow", "流れ", "flow.bpmn"),
    ("decisions", "決定表", "decisions.dmn"),
    ("files", "ファイル", ""),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """A draft with one of its files in hand.

    Attributes:
        draft: the draft.
        path: of the file inside the pack.
        files: path -> content of all files.
        address: of the file's content, "" where the draft has no such file.
    """

    draft: DraftView
    path: str
    files: Mapping[str, bytes]
    address: str

    @property
    def text(self) -> str:
        """The file as text."""
        return self.files.get(self.path, b"").decode("utf-8", "replace")

    def undo_address(self) -> str | None:
        """Return the address of the content before the last change, "" for no file, None where there is nothing to undo."""
        changes = DraftEdit.objects.filter(draft_id=self.draft.id, path=self.path).order_by("at", "pk")
        stack = undo_stack(changes.values_list("before", "after"))
        return stack[-2] if len(stack) > 1 else None

    def changed(self, text: str) -> "Bench":
        """Return the bench as it would be with another text of the file, nothing saved."""
        return Bench(self.draft, self.path, {**self.files, self.path: text.encode()}, self.address)


@dataclass(frozen=True, slots=True)
class Findings:
    """What reading a draft gave: the pack as far as it goes, every problem, those of the file in hand."""

    pack: Pack
    problems: tuple[Problem, ...]
    here: tuple[Problem, ...]

    @property
    def elsewhere(self) -> int:
        """How many problems other files have."""
        return len(self.problems) - len(self.here)


def bench_of(draft: int, path: str, actor: Actor) -> Bench:
    """Return a file of a draft the actor may see.

    Raises:
        NotFound: no such draft, or not for the actor's eyes.
    """
    view = draft_view(draft, actor)
    return Bench(view, path, contents(view.files), view.files.get(path, ""))


def look(bench: Bench) -> Findings:
    """Read the draft and return what is wrong, as far as it can be said without running it."""
    pack, problems = read_lenient(bench.files)
    found = list(problems)
    if not found:
        try:
            found += [*check_names(pack), *check_words(pack)]
        except (DecisionError, FeelError, FlowError) as error:
            found.append(Problem(getattr(error, "file", "") or "", "", str(error), "示された行を直してください"))
    here = tuple(one for one in found if one.file == bench.path)
    return Findings(pack, tuple(found), here)


def frame(bench: Bench, tab: str, **more: object) -> dict[str, object]:
    """Return what every page of the editor shows around its own part."""
    return {"bench": bench, "tab": tab, "tabs": TABS, "undo": bench.undo_address(), **more}


def as_seen(bench: Bench, expected: str) -> Bench:
    """Return the bench with the file as the editor saw it, also where somebody changed it meanwhile.

    Raises:
        Invalid: what was seen is no content of this city.
    """
    if expected == bench.address:
        return bench
    row = Content.objects.filter(address=expected).first() if expected else None
    if expected and row is None:
        raise Invalid("この画面は古くなっています。開き直してください。")
    return Bench(
        bench.draft, bench.path, {**bench.files, bench.path: bytes(row.content) if row else b""}, bench.address
    )


def save(request: HonraiRequest, bench: Bench, text: str, back: str) -> HttpResponse:
    """Save the text of the file and go back; where somebody else was faster, show both texts.

    Raises:
        Denied, Conflict, Invalid: see `write_file`.
    """
    expected = request.POST.get("expected", "")
    content = text.replace("\r\n", "\n").encode()
    if len(content) > MAX_BYTES:
        raise Invalid("ファイルが大きすぎます。2MBまでにしてください。")
    try:
        write_file(
            draft=bench.draft.id,
            path=bench.path,
            content=content,
            expected=expected,
            actor=request.actor,
            now=clock.now(),
        )
    except Conflict as conflict:
        if expected == bench.address:
            raise
        return _both(request, bench, text, str(conflict), back)
    return redirect(back)


def restore(request: HonraiRequest, bench: Bench, address: str, back: str) -> HttpResponse:
    """Put an earlier content of the file back; "" takes the file out.

    Raises:
        Invalid: the content never was one of this file.
    """
    edits = DraftEdit.objects.filter(draft_id=bench.draft.id, path=bench.path)
    if not (edits.filter(before=address).exists() or edits.filter(after=address).exists()):
        raise Invalid("このファイルの前の内容ではありません。履歴から選び直してください。")
    given: dict[str, Any] = {"draft": bench.draft.id, "path": bench.path, "actor": request.actor, "now": clock.now()}
    expected = request.POST.get("expected", "")
    if address:
        write_file(content=bytes(Content.objects.get(address=address).content), expected=expected, **given)
    else:
        remove_file(expected=expected, **given)
    return redirect(back)


def _both(request: HonraiRequest, bench: Bench, mine: str, told: str, back: str) -> HttpResponse:
    lines = difflib.unified_diff(
        bench.text.splitlines(), mine.splitlines(), "今の内容", "入力した内容", n=2, lineterm=""
    )
    context = frame(bench, "", told=told, mine=mine, lines=tuple(lines), back=back)
    return render(request, "procedures/editor/both.html", context, status=409)


def as_words(call: Callable[[], T]) -> T:
    """Call an edit and turn the kernel's refusal into one the middleware shows.

    Raises:
        Invalid: what the edit said.
    """
    try:
        return call()
    except errors.Invalid as error:
        raise Invalid(error.message) from error
