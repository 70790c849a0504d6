"""Names one file of a pack uses must exist in another: letters of outcomes, fields of precedents and checks."""

from collections.abc import Iterator

from honrai.procedures.rules.model import Pack, Precedent
from honrai.procedures.rules.problems import Problem

#: Values the platform supplies to every rule beside the form and the facts.
CASE_FACTS = {"case.received": "到達日", "case.channel": "受付方法", "case.basis": "基準日"}


def dangling(pack: Pack) -> list[Problem]:
    """Return a problem for each name that points nowhere inside the pack."""
    found = [*_letters(pack), *_names(pack), *_items(pack)]
    for precedent in pack.precedents:
        found += _precedent(pack, precedent)
    return found


def _letters(pack: Pack) -> Iterator[Problem]:
    letters = {letter.id for letter in pack.letters}
    for outcome in pack.identity.outcomes:
        for name in outcome.letters:
            if name not in letters:
                yield Problem(
                    "procedure.yaml",
                    f"outcomes.{outcome.id}",
                    f"文書「{name}」がありません",
                    f"letters/{name}.typ を作るか、綴りを直してください",
                )


def _names(pack: Pack) -> Iterator[Problem]:
    fields = {entry.id for entry in pack.form.fields}
    for fact in pack.facts:
        if fact.id in fields:
            yield Problem(
                "facts.yaml", fact.id, "同じ名前の欄が form.yaml にあります", "事実か欄の名前を変えてください"
            )


def _items(pack: Pack) -> Iterator[Problem]:
    fields, sections = pack.form.fields, pack.form.sections
    known = {one.id for one in fields} | {one.id for one in sections} | {one.id for one in pack.form.attachments}
    for check in pack.form.checks:
        for item in check.items:
            if item not in known:
                remedy = "欄・区分・添付のidにしてください"
                yield Problem("form.yaml", f"checks.{check.id}.items", f"「{item}」がありません", remedy)


def _precedent(pack: Pack, precedent: Precedent) -> Iterator[Problem]:
    groups = {section.id for section in pack.form.sections if section.repeat}
    fields = {entry.id for entry in pack.form.fields if not entry.many} | groups
    known = (
        ("values", fields, precedent.values),
        ("facts", {fact.id for fact in pack.facts}, precedent.facts),
        ("attachments", {entry.id for entry in pack.form.attachments}, precedent.attachments),
        ("expect.outcome", {outcome.id for outcome in pack.identity.outcomes}, [precedent.expect.outcome]),
        ("expect.letters", {letter.id for letter in pack.letters}, precedent.expect.letters),
    )
    for part, names, used in known:
        for name in used:
            if name not in names:
                where = f"{precedent.id}.{part}"
                yield Problem(precedent.file, where, f"「{name}」がありません", "綴りを直すか、定義を足してください")
