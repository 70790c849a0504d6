"""The life of a draft up to the gate: begun, written file by file, taken back."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.organisations.api import display_names, units_on
from honrai.procedures import permissions
from honrai.procedures.events import DraftChanged, DraftStarted, DraftWithdrawn
from honrai.procedures.models import Content, Draft, DraftEdit, DraftState, PackVersion
from honrai.procedures.rules.problems import PackError
from honrai.procedures.rules.read_identity import read_identity
from honrai.procedures.rules.shape import Problems
from honrai.procedures.rules.sources import files_of_zip, missing_and_unknown

#: States in which files may change.
EDITABLE = frozenset({DraftState.DRAFTING, DraftState.CONSULTING})


def start_draft(
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    files: Mapping[str, bytes] | None = None,
    unit: int | None = None,
    contract: int | None = None,
) -> int:
    """Begin a draft and return its key.

    Args:
        actor: staff of the section, or for an inner pack the contract's 管理責任者.
        now: the moment.
        version: the published version it starts from; it gives the files and the owner.
        files: the files of a pack (see `files_of_folder`, `files_of_zip`), read well or not; empty for an empty draft.
        unit: the section it belongs to; where not given, the one procedure.yaml names, else the actor's own.
        contract: the contract whose inner pack it is; a contractor's own where not given.

    Raises:
        Denied: another section, or a contract's inner pack for anybody but its managers.
        NotFound: no such version.
        Invalid: no section can be found for it.
    """
    base = _base(version, actor)
    given = dict(files) if files is not None else _files_of(base)
    contract = base.contract if base is not None else (actor.contract if contract is None else contract)
    if contract is None and unit is None:
        unit = _section(given, actor)
    permissions.check_can_keep(actor, unit=None if contract is not None else unit, contract=contract)
    code, title = _names(given)
    row = Draft.objects.create(
        code=base.code if base else code,
        title=title or (base.title if base else "新しい手続"),
        unit=None if contract is not None else unit,
        contract=contract,
        base=base,
        files={_path(path): put(content) for path, content in given.items()},
        started_by=actor.person,
        started_at=now,
        changed_at=now,
    )
    event = DraftStarted(draft=row.pk, code=row.code, base=base.pk if base else None)
    announce(event, who=actor.who, now=now, subject=("draft", row.pk))
    return int(row.pk)


def start_draft_from_zip(*, raw: bytes, actor: Actor, now: datetime, version: int | None = None) -> int:
    """Begin a draft from a zip; with `version`, as the next version of that one.

    Raises:
        Invalid: not a usable zip.
    """
    return start_draft(actor=actor, now=now, files=unzip(raw), version=version)


def unzip(raw: bytes) -> dict[str, bytes]:
    """Return the files of a zip; what is wrong with it as words for a person.

    Raises:
        Invalid: not a usable zip.
    """
    try:
        return files_of_zip(raw)
    except PackError as error:
        raise Invalid("\n".join(str(problem) for problem in error.problems)) from error


def write_file(*, draft: int, path: str, content: bytes, expected: str | None, actor: Actor, now: datetime) -> str:
    """Write one file of a draft and return the address of its content.

    Args:
        draft: key of the draft.
        path: path inside the pack, such as `form.yaml` or `letters/certificate.typ`.
        content: the bytes; whether they are a good pack is the gate's question.
        expected: address of the content the editor started from, "" for a new file; None overwrites whatever is there.
        actor: who writes.
        now: the moment.

    Raises:
        Conflict: somebody else changed the file meanwhile, or the draft is no longer editable.
        Denied: not an editor of this draft.
        Invalid: a path the format does not know.
    """
    row = _editable(draft, actor)
    name = _path(path)
    before = row.files.get(name, "")
    _check_expected(row, name, before, expected, actor)
    after = put(content)
    if after != before:
        change_files(row, {name: after}, actor, now)
    return after


def remove_file(*, draft: int, path: str, expected: str | None, actor: Actor, now: datetime) -> None:
    """Take a file out of a draft; arguments and errors as for `write_file`."""
    row = _editable(draft, actor)
    before = row.files.get(path, "")
    _check_expected(row, path, before, expected, actor)
    if before:
        change_files(row, {path: ""}, actor, now)


def replace_files(*, draft: int, files: Mapping[str, bytes], lock: int, actor: Actor, now: datetime) -> None:
    """Replace all files of a draft, e.g. by an uploaded zip.

    Args:
        draft: key of the draft.
        files: all files it shall have.
        lock: number of changes the editor has seen.
        actor: who writes.
        now: the moment.

    Raises:
        Conflict, Denied, Invalid: as for `write_file`.
    """
    row = _editable(draft, actor)
    if row.lock != lock:
        raise Conflict("この案はほかの人が先に変えました。画面を更新して、もう一度行ってください。")
    wanted = {_path(path): put(content) for path, content in files.items()}
    changes = dict.fromkeys(row.files.keys() - wanted.keys(), "") | {
        path: address for path, address in wanted.items() if row.files.get(path) != address
    }
    if changes:
        change_files(row, changes, actor, now)


def withdraw(*, draft: int, reason: str, actor: Actor, now: datetime) -> None:
    """Give a draft up; it stays readable, with the reason.

    Raises:
        Conflict: published, withdrawn, or before the decider (take the 起案文書 back first).
        Invalid: no reason.
    """
    row = _editable(draft, actor)
    if not reason.strip():
        raise Invalid("取り下げる理由を入力してください。")
    row.state, row.reason, row.changed_at = DraftState.WITHDRAWN, reason.strip(), now
    row.save(update_fields=["state", "reason", "changed_at"])
    announce(DraftWithdrawn(draft=row.pk, code=row.code), who=actor.who, now=now, subject=("draft", row.pk))


def put(content: bytes) -> str:
    """Keep the bytes of a file and return their address."""
    address = hashlib.sha256(content).hexdigest()
    Content.objects.bulk_create([Content(address=address, content=content)], ignore_conflicts=True)
    return address


def locked(draft: int) -> Draft:
    """Return the draft, held until the end of the transaction.

    Raises:
        NotFound: no such draft.
    """
    row = Draft.objects.select_for_update().filter(pk=draft).first()
    if row is None:
        raise NotFound("手続の案が見つかりません。")
    return row


def _editable(draft: int, actor: Actor) -> Draft:
    row = locked(draft)
    permissions.check_can_edit(actor, row)
    if row.state not in EDITABLE:
        raise Conflict(f"この案は「{row.get_state_display()}」のため、変えられません。")
    return row


def _check_expected(row: Draft, path: str, before: str, expected: str | None, actor: Actor) -> None:
    if expected is None or expected == before:
        return
    last = DraftEdit.objects.filter(draft=row, path=path).order_by("-at", "-pk").first()
    name = display_names(actor, [last.by], actor.day).get(last.by) if last is not None and last.by else None
    raise Conflict(
        f"{path} は{name or 'ほかの人'}が先に変えました。今の内容を開き直し、入力した内容を写して保存してください。"
    )


def change_files(row: Draft, changes: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Write changed addresses ("" takes a file out) of a locked draft, with history; the caller has checked the right to."""
    edits = [
        DraftEdit(draft=row, path=path, before=row.files.get(path, ""), after=after, by=actor.person, at=now)
        for path, after in sorted(changes.items())
    ]
    DraftEdit.objects.bulk_create(edits)
    row.files = {path: address for path, address in {**row.files, **changes}.items() if address}
    row.lock += 1
    row.changed_at = now
    if changes.get("procedure.yaml"):
        _rename(row)
    row.save(update_fields=["files", "lock", "changed_at", "code", "title"])
    event = DraftChanged(draft=row.pk, code=row.code, paths=tuple(sorted(changes)), lock=row.lock)
    announce(event, who=actor.who, now=now, subject=("draft", row.pk))


def _rename(row: Draft) -> None:
    """Follow procedure.yaml, but never away from the procedure the draft continues."""
    content = Content.objects.get(address=row.files["procedure.yaml"]).content
    code, title = _names({"procedure.yaml": bytes(content)})
    row.title = title or row.title
    if row.base is None and code:
        row.code = code


def _base(version: int | None, actor: Actor) -> PackVersion | None:
    if version is None:
        return None
    row = PackVersion.objects.filter(pk=version).first()
    if row is None or not permissions.can_see(actor, row):
        raise NotFound("手続の版が見つかりません。")
    return row


def _files_of(base: PackVersion | None) -> dict[str, bytes]:
    return files_of_zip(bytes(base.archive)) if base is not None else {}


def _names(files: Mapping[str, bytes]) -> tuple[str, str]:
    if "procedure.yaml" not in files:
        return "", ""
    said = read_identity(files["procedure.yaml"], Problems("procedure.yaml"))
    return said.code[:60], said.title[:120]


def _section(files: Mapping[str, bytes], actor: Actor) -> int:
    """Return the section procedure.yaml names as 制度主管, else the one the actor sits in."""
    owner = read_identity(files["procedure.yaml"], Problems("procedure.yaml")).owner if files else ""
    named = [unit.id for unit in units_on(actor.day) if unit.name == owner]
    own = sorted(actor.units)
    if not named and not own:
        raise Invalid(f"制度主管の課「{owner}」が組織にありません。procedure.yaml の owner を直してください。")
    return named[0] if named else own[0]


def _path(path: str) -> str:
    problems = missing_and_unknown({path: b""}, ())
    if problems:
        raise Invalid(str(problems[0]))
    return path
