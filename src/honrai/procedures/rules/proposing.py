"""What the tables of a pack propose for one case, with the reasons a letter gives; the decision itself is an official's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.engines.decision.explain import Explanation, Fired, Step, explain
from honrai.procedures.rules.contexts import case_values, context, fill, lookup, read_facts
from honrai.procedures.rules.model import Fact, Pack
from honrai.procedures.rules.tables import basis_date, program, rests_on, tested_for_null, used_names, work_out_all

REASON, BASIS = "理由", "根拠"


@dataclass(frozen=True)
class Reason:
    """One ground of the outcome: the sentence for the letter, the provision, and the row of the table."""

    text: str
    basis: str
    row: str


@dataclass(frozen=True)
class Proposal:
    """決定案.

    Attributes:
        outcome: id of an outcome of the pack; empty when no row applies or a fact is missing.
        kind: its kind (`nature.KINDS`); `hold` when a fact is missing.
        reasons: every ground of this outcome, in the order of the table.
        results: value of every decision of the model by name (資格の始まる日, 助成額 ...), null where undefined.
        basis: the date whose parameters were used.
        missing: facts that must be known before anything can be proposed.
        explanation: how the outcome came about, step by step; None when it was not worked out.
    """

    outcome: str
    kind: str
    reasons: tuple[Reason, ...]
    results: Mapping[str, Any]
    basis: date
    missing: tuple[Fact, ...] = ()
    explanation: Explanation | None = None


class NoProposalError(Exception):
    """The tables give no outcome of the pack for these facts; the gate should have refused this pack."""


def propose(
    pack: Pack,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    received: date,
    *,
    channel: str = "",
    attached: Iterable[str] = (),
) -> Proposal:
    """Return what the pack proposes for a case.

    Nothing is guessed: as long as a fact the proposal rests on is unknown, the proposal is to hold and names the facts.

    Args:
        pack: the version in force.
        values: raw answers by field id.
        facts: outside facts by id; what is not known is left out.
        received: day the application arrived (到達日).
        channel: how it arrived.
        attached: ids of the attachments handed in.

    Raises:
        NoProposalError: no row applies; the pack has a gap.
        Invalid: a fact does not suit its type, or a parameter has no value on the basis date.
    """
    ready = program(pack.decisions)
    known = read_facts(pack, facts)
    answers = fill(pack.form, values).values
    plain = context(pack, answers, known, case_values(received, channel), attached)
    basis = basis_date(ready, ready.model.decision(pack.identity.proposal), plain) or received
    parameters = pack.parameters.at(basis)
    seen = context(pack, answers, known, case_values(received, channel, basis), attached, parameters)
    missing = tuple(fact for fact in needed_facts(pack) if lookup(seen, fact.id) is None)
    results = _results(pack, seen)
    if missing:
        return Proposal("", "hold", (), results, basis, missing)
    told = explain(ready, pack.identity.proposal, seen, parameters=parameters)
    outcome, reasons = _outcome(pack, told)
    return Proposal(outcome, _kind(pack, outcome), reasons, results, basis, (), told)


def needed_facts(pack: Pack) -> Iterator[Fact]:
    """Yield the facts without which nothing can be proposed.

    They are read by the proposal or by a decision it rests on, and that decision does not say itself (`= null`) what
    holds while they are unknown.
    """
    used, excused = used_names(pack.decisions), tested_for_null(pack.decisions)
    graph = rests_on(program(pack.decisions), pack.identity.proposal)
    for fact in pack.facts:
        readers = [name for name in graph if fact.id in used.get(name, ()) and (name, fact.id) not in excused]
        if readers:
            yield fact


def _results(pack: Pack, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Work out every decision of the model but the proposal, each with the parameters of its own basis date."""
    ready = program(pack.decisions)
    by_basis: dict[date | None, list[str]] = {}
    names = [one.name for one in ready.model.decisions if one.id != pack.identity.proposal]
    for decision in ready.model.decisions:
        if decision.name in names:
            by_basis.setdefault(basis_date(ready, decision, seen), []).append(decision.name)
    results: dict[str, Any] = {}
    for basis, group in by_basis.items():
        parameters = pack.parameters.at(basis) if basis else seen["p"]
        results |= work_out_all(ready, group, {**seen, "p": parameters}, parameters)
    return {name: results[name] for name in names}


def _outcome(pack: Pack, told: Explanation) -> tuple[str, tuple[Reason, ...]]:
    """Return the outcome that wins and every reason that gives it."""
    final = told.steps[-1]
    values = told.value if isinstance(told.value, list) else [told.value]
    outcome = str(values[0]) if values and values[0] is not None else ""
    if outcome not in {one.id for one in pack.identity.outcomes}:
        raise NoProposalError(f"{pack.identity.title}: 決定表に当てはまる結果がありません({told.value})")
    rows = zip(final.fired, values, strict=True) if len(values) == len(final.fired) else _same(final, outcome)
    return outcome, tuple(_reason(fired) for fired, value in rows if value == outcome)


def _same(step: Step, outcome: str) -> Iterator[tuple[Fired, str]]:
    yield from ((fired, outcome) for fired in step.fired)


def _reason(fired: Fired) -> Reason:
    notes = dict(fired.annotations)
    return Reason(notes.get(REASON, ""), notes.get(BASIS, ""), fired.id or str(fired.row))


def _kind(pack: Pack, outcome: str) -> str:
    return next(one.kind for one in pack.identity.outcomes if one.id == outcome)
