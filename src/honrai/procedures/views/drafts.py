"""One draft: where it stands, its files and history, and what can be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from honrai.platform import clock
from honrai.platform.authority.api import Invalid, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api, permissions
from honrai.procedures.drafts import contents, visible_draft
from honrai.procedures.models import Draft, DraftEdit, DraftState
from honrai.procedures.operations.drafting import EDITABLE, unzip
from honrai.procedures.operations.gating import last_run
from honrai.procedures.reports import report_of
from honrai.procedures.rules.reading import read_pack
from honrai.procedures.rules.sources import files_of_zip
from honrai.procedures.views.browse import parts_of
from honrai.procedures.views.common import act, names_of, owner_name, uploaded
from honrai.procedures.views.forms import WithdrawForm

STEPS = ("作成", "意見照会", "公開前の検査", "決裁", "公開")


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a draft against the version it started from: `mark` is 追加, 変更 or ""; who changed it last."""

    path: str
    size: int
    mark: str
    person: str
    at: datetime | None


@require_GET
def draft(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show a draft: files, what is open before it can be published, history."""
    row = visible_draft(draft, request.actor)
    files = contents(row.files)
    edits = list(DraftEdit.objects.filter(draft=row).order_by("-at", "path")[:200])
    names = names_of(request.actor, [row.started_by, *(edit.by for edit in edits)])
    context = {
        **frame_of(row, request),
        "files": _file_lines(row, files, edits, names),
        "removed": sorted(_base_files(row).keys() - files.keys()),
        "edits": [(edit, names.get(edit.by or 0, "システム"), _change(edit)) for edit in edits],
        "starter": names.get(row.started_by or 0, "システム"),
        "report": report_of(row),
        "withdraw": WithdrawForm(auto_id="withdraw_%s"),
    }
    return render(request, "procedures/life/draft.html", context)


@require_GET
def inside(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show what a draft says, part by part, as its version would be shown."""
    row = visible_draft(draft, request.actor)
    reading = read_pack(contents(row.files))
    shown = parts_of(request, reading.pack, f"draft/{row.pk}") if reading.pack is not None else {}
    context = {**frame_of(row, request), "problems": reading.problems, **shown}
    return render(request, "procedures/life/inside.html", context)


@require_POST
def do(request: HonraiRequest, draft: int, act_name: str) -> HttpResponse:
    """Take one step with a draft; where it cannot be taken the page says why."""
    row = visible_draft(draft, request.actor)
    if act_name not in _ACTS:
        raise NotFound("その操作はありません。")
    operate, said, back = _ACTS[act_name]
    return act(request, lambda: operate(request, row), said, back, row.pk)


def frame_of(row: Draft, request: HonraiRequest) -> dict[str, object]:
    """Return what every page of a draft shows: owner, tabs, steps, what the viewer may do."""
    editable = row.state in EDITABLE
    return {
        "draft": row,
        "owner": owner_name(row, request.actor),
        "mine": permissions.can_edit(request.actor, row),
        "editable": editable and permissions.can_edit(request.actor, row),
        "steps": [(name, place < _step(row), place == _step(row)) for place, name in enumerate(STEPS)],
        "inner": row.contract is not None,
    }


def _step(row: Draft) -> int:
    if row.state == DraftState.CONSULTING:
        run = last_run(row)
        return 2 if run is not None and run.lock == row.lock else 1
    return {DraftState.DECIDING: 3, DraftState.PUBLISHED: 5}.get(DraftState(row.state), 0)


def _base_files(row: Draft) -> dict[str, bytes]:
    return files_of_zip(bytes(row.base.archive)) if row.base is not None else {}


def _file_lines(row: Draft, files: dict[str, bytes], edits: list[DraftEdit], names: dict[int, str]) -> list[FileLine]:
    base = _base_files(row)
    last = {edit.path: edit for edit in reversed(edits)}
    lines = []
    for path, content in files.items():
        mark = "" if base.get(path) == content or not base else ("変更" if path in base else "追加")
        edit = last.get(path)
        lines.append(
            FileLine(path, len(content), mark, names.get(edit.by or 0, "") if edit else "", edit.at if edit else None)
        )
    return lines


def _change(edit: DraftEdit) -> str:
    if not edit.before:
        return "追加"
    return "変更" if edit.after else "削除"


def _withdraw(request: HonraiRequest, row: Draft) -> None:
    api.withdraw(draft=row.pk, reason=request.POST.get("reason", ""), actor=request.actor, now=clock.now())


def _replace(request: HonraiRequest, row: Draft) -> None:
    lock = request.POST.get("lock", "")
    if not lock.isdigit():
        raise Invalid("画面を開き直してから、もう一度取り込んでください。")
    files = unzip(uploaded(request))
    api.replace_files(draft=row.pk, files=files, lock=int(lock), actor=request.actor, now=clock.now())


def _ask(request: HonraiRequest, row: Draft) -> None:
    api.ask(draft=row.pk, actor=request.actor, now=clock.now(), again=request.POST.get("again") == "1")


def _cancel(request: HonraiRequest, row: Draft) -> None:
    run = last_run(row)
    if run is not None:
        api.cancel_gate(run=run.pk, actor=request.actor, now=clock.now())


_ACTS: dict[str, tuple[Callable[[HonraiRequest, Draft], object], str, str]] = {
    "withdraw": (_withdraw, "案を取り下げました。", "procedures:draft"),
    "replace": (_replace, "zipの内容に置き換えました。", "procedures:draft"),
    "ask": (_ask, "各区と制度主管課に意見を照会しました。", "procedures:consult"),
    "check": (
        lambda request, row: api.start_gate(draft=row.pk, actor=request.actor, now=clock.now()),
        "検査を始めました。画面は自動で更新されます。",
        "procedures:gate",
    ),
    "stop": (_cancel, "検査を中止しました。", "procedures:gate"),
    "submit": (
        lambda request, row: api.submit(draft=row.pk, actor=request.actor, now=clock.now()),
        "起案しました。決裁されると施行日から有効になります。",
        "procedures:draft",
    ),
    "publish": (
        lambda request, row: api.publish_inner(draft=row.pk, actor=request.actor, now=clock.now()),
        "作業手順書を公開しました。",
        "procedures:draft",
    ),
}
