"""Gate point 5: every name a rule, flow or letter uses exists, is typed, and is collected before it is used."""

from collections.abc import Iterable, Iterator

from honrai.engines.decision import model as dmn
from honrai.engines.feel.errors import FeelError
from honrai.procedures.rules.expressions import used_names
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.flowview import model_of, next_nodes, reachable, starts_of, tasks_of
from honrai.procedures.rules.gate_entries import check_entries
from honrai.procedures.rules.model import Fact, Field, Pack
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.references import CASE_FACTS
from honrai.procedures.rules.tables import program
from honrai.procedures.rules.tables import used_names as names_of_decisions

#: What a condition in the flow may read beside the rule context.
FLOW_NAMES = frozenset({"case.deficiencies", "case.holds", "proposal.outcome", "proposal.kind"})
_PROPERTIES = frozenset({"year", "month", "day", "years", "months", "days"})


def check_names(pack: Pack) -> Iterator[Problem]:
    """Yield every name that points nowhere, has another type in the tables, or is used too early."""
    known = declared(pack)
    yield from _form(pack, known)
    if pack.decisions:
        yield from _decisions(pack, known)
    yield from _flow(pack, known)
    yield from _letters(pack)
    yield from _too_early(pack)
    if pack.decisions:
        yield from _unused(pack)
    yield from check_entries(pack, known)


def declared(pack: Pack) -> frozenset[str]:
    """Return every dotted name rules may read: fields, sections that repeat, facts, parameters and the platform's own."""
    fields = [entry.id for entry in pack.form.fields if not entry.many]
    repeated = [section.id for section in pack.form.sections if section.repeat]
    rows = [f"row.{entry.id.split('.', 1)[1]}" for entry in pack.form.fields if entry.many]
    columns = [entry.id for entry in pack.form.fields if entry.many]
    readings = [f"reading.{entry.id}" for entry in pack.form.fields if entry.type in ("kana", "account_holder")]
    attached = [f"attached.{entry.id}" for entry in pack.form.attachments]
    parameters = [f"p.{entry.name}" for entry in pack.parameters]
    facts = [fact.id for fact in pack.facts]
    return frozenset([*fields, *repeated, *rows, *columns, *readings, *attached, *parameters, *facts, *CASE_FACTS])


def unknown(names: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    """Yield the names that are not declared; a part of a date (`child.born.year`) counts as the date."""
    for name in sorted(names):
        base, _, last = name.rpartition(".")
        if name not in known and not (last in _PROPERTIES and base in known):
            yield name


def _expression(file: str, element: str, text: str, known: frozenset[str]) -> Iterator[Problem]:
    try:
        for name in unknown(used_names(text), known):
            yield Problem(
                file, element, f"「{name}」がありません", "綴りを直すか、欄・事実・パラメータを足してください"
            )
    except FeelError as error:
        yield Problem(file, element, f"式として読めません: {error}", "FEEL の書き方を確かめてください")


def _form(pack: Pack, known: frozenset[str]) -> Iterator[Problem]:
    for entry in pack.form.fields:
        if entry.required_if:
            yield from _expression("form.yaml", f"{entry.id}.required_if", entry.required_if, known)
    for check in pack.form.checks:
        yield from _expression("form.yaml", f"checks.{check.id}.when", check.when, known)
    for attachment in pack.form.attachments:
        if attachment.required_if:
            yield from _expression("form.yaml", f"attachments.{attachment.id}", attachment.required_if, known)


def _decisions(pack: Pack, known: frozenset[str]) -> Iterator[Problem]:
    ready = program(pack.decisions)
    for problem in ready.problems:
        yield Problem("decisions.dmn", f"{problem.element}({problem.line}行目)", problem.what, problem.remedy)
    if ready.problems:
        return
    results = {decision.name for decision in ready.model.decisions}
    for decision, names in names_of_decisions(pack.decisions).items():
        outside = {name for name in names if name.split(".")[0] not in results}
        for name in unknown(outside, known):
            yield Problem(
                "decisions.dmn",
                decision,
                f"「{name}」がありません",
                "綴りを直すか、欄・事実・パラメータを足してください",
            )
    proposal = ready.model.decision(pack.identity.proposal)
    if not proposal.basis:
        remedy = f"honrai:basis(名前空間 {dmn.HONRAI_NS})に日付の欄か決定の名前を書いてください"
        yield Problem("decisions.dmn", proposal.name, "決定案に基準日がありません", remedy)
    for one in ready.model.decisions:
        if one.basis and one.basis not in known | results:
            yield Problem(
                "decisions.dmn", one.name, f"基準日「{one.basis}」がありません", "日付の欄か決定の名前にしてください"
            )
    yield from _typed(pack, ready.model)


def _typed(pack: Pack, model: dmn.Model) -> Iterator[Problem]:
    """The types written in the DMN file, for other tools, are those of the form, the facts and the attachments."""
    every: tuple[Field | Fact, ...] = (*pack.form.fields, *pack.facts)
    kinds = {entry.id: TYPES[entry.type].feel for entry in every}
    options = {entry.id: entry.options for entry in every if entry.type == "choice"}
    items = {item.name: item for item in model.items}
    for entry in model.inputs:
        reference = entry.variable.type_ref if entry.variable else None
        item = items.get(reference or "")
        for name, part in _components(item, entry.name) if item else ():
            wanted = kinds.get(name)
            found = "list" if part.is_collection else part.type_ref
            if wanted is not None and found != wanted:
                message = f"「{name}」の型が {found} です(欄では {wanted})"
                yield Problem(
                    "decisions.dmn", f"{item.name if item else ''}", message, "form.yaml の型に合わせてください"
                )
            if part.allowed is not None and name in options:
                yield from _same_options(name, part.allowed.text, options[name])


def _same_options(name: str, text: str, options: tuple[str, ...]) -> Iterator[Problem]:
    listed = tuple(word.strip().strip('"') for word in text.split(","))
    if set(listed) != set(options):
        yield Problem(
            "decisions.dmn",
            name,
            "選択肢が form.yaml・facts.yaml と違います",
            "・".join(options) + " にそろえてください",
        )


def _components(item: dmn.ItemDefinition, prefix: str) -> Iterator[tuple[str, dmn.ItemDefinition]]:
    for part in item.components:
        name = f"{prefix}.{part.name}"
        if part.components:
            yield from _components(part, name)
        else:
            yield name, part


def _flow(pack: Pack, known: frozenset[str]) -> Iterator[Problem]:
    model = model_of(pack.flow)
    results = {f"results.{task.id}" for task in tasks_of(model) if task.by_hand}
    for process in model.processes.values():
        for arrow in process.body.all_flows():
            if arrow.condition is not None:
                allowed = known | FLOW_NAMES | results
                yield from _expression("flow.bpmn", f"{arrow.id}({arrow.name})", arrow.condition.text, allowed)


def _letters(pack: Pack) -> Iterator[Problem]:
    decisions = program(pack.decisions).model.decisions if pack.decisions else ()
    known: dict[str, set[str]] = {
        "value": {entry.id for entry in pack.form.fields if not entry.many},
        "rows": {section.id for section in pack.form.sections if section.repeat},
        "fact": {fact.id for fact in pack.facts},
        "param": {entry.name for entry in pack.parameters},
        "result": {one.name for one in decisions},
    }
    for letter in pack.letters:
        for kind, name in letter.uses:
            if name not in known[kind]:
                yield Problem(
                    f"letters/{letter.id}.typ", f'{kind}("{name}")', "この名前はありません", "綴りを直してください"
                )


def _too_early(pack: Pack) -> Iterator[Problem]:
    """On every way to a proposal or to a condition over answers, a task that takes the form comes first."""
    model = model_of(pack.flow)
    following = next_nodes(model)
    forms = {task.id for task in tasks_of(model) if task.attributes.get("form")}
    cut = {name: () if name in forms else targets for name, targets in following.items()}
    before_form = reachable(cut, starts_of(model)) - forms
    for task in tasks_of(model):
        if task.id in before_form and task.attributes.get("proposes"):
            message = "申請の内容を受け付ける前に決定案を作る道があります"
            yield Problem("flow.bpmn", task.id, message, "form を付けた作業を必ず先に置いてください")
    answers = {entry.id for entry in pack.form.fields} | {section.id for section in pack.form.sections}
    for process in model.processes.values():
        for arrow in process.body.all_flows():
            if arrow.source in before_form and arrow.condition and _reads(arrow.condition.text) & answers:
                message = "まだ受け付けていない欄を条件に使っています"
                yield Problem("flow.bpmn", arrow.id, message, "form を付けた作業を先に置いてください")


def _reads(text: str) -> frozenset[str]:
    """Return the names of a condition, none when it cannot be read (which is reported elsewhere)."""
    try:
        return used_names(text)
    except FeelError:
        return frozenset()


def _unused(pack: Pack) -> Iterator[Problem]:
    """A fact or parameter nobody reads is a leftover or a misspelling; a clerk would look it up for nothing."""
    conditions = [check.when for check in pack.form.checks]
    conditions += [entry.required_if for entry in pack.form.fields if entry.required_if]
    conditions += [paper.required_if for paper in pack.form.attachments if paper.required_if]
    processes = model_of(pack.flow).processes.values()
    conditions += [arrow.condition.text for one in processes for arrow in one.body.all_flows() if arrow.condition]
    used = {name for text in conditions for name in _reads(text)}
    if not program(pack.decisions).problems:
        used |= {name for names in names_of_decisions(pack.decisions).values() for name in names}
    used |= {name for text in _told(pack) for name in _reads(text)}
    used |= {f"p.{name}" if kind == "param" else name for letter in pack.letters for kind, name in letter.uses}
    remedy = "使うところの綴りを確かめるか、消してください"
    for fact in pack.facts:
        if fact.id not in used:
            yield Problem("facts.yaml", fact.id, "この事実はどこにも使われていません", remedy)
    for parameter in pack.parameters:
        if f"p.{parameter.name}" not in used:
            yield Problem("parameters.yaml", parameter.name, "このパラメータはどこにも使われていません", remedy)


def _told(pack: Pack) -> Iterator[str]:
    """Every expression of entries.yaml."""
    for entry in pack.entries.entries:
        yield from filter(None, [entry.when, entry.each, *entry.fields.values()])
    for payable in pack.entries.payables:
        yield from filter(None, [payable.when, payable.amount, payable.school])
