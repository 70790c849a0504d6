"""The roll as a frame: every recipient with the facts of the pack, typed, and what only a person may look into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from honrai.cases import api as cases
from honrai.exchange import api as exchange
from honrai.parties import api as parties
from honrai.platform.errors import Invalid
from honrai.procedures import api as procedures
from honrai.renewals.rules.classes import DOUBLE, HOUSEHOLD, MOVED, PROTECTED
from honrai.renewals.rules.plan import Filled, Plan

ADULT = 18
"""From this age on a member of the household counts as 扶養義務者 here; who of them really is, an official looks into."""
_TYPED: Mapping[str, Any] = {
    "found": pl.Boolean, "protected": pl.Boolean, "welfare": pl.Boolean, "undeclared": pl.Boolean, "born": pl.Date,
    "since": pl.Date, "until": pl.Date, "resident_since": pl.Date, "adults": pl.Int64, "incomes_known": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """Recipients: `people` as the extracts know them with `exception`, `answered`; `facts` for the tables, row by row alike."""

    people: pl.DataFrame
    facts: pl.DataFrame
    sources: dict[str, str]


def gather(plan: Plan, pack: procedures.Pack, procedure: str, basis: date) -> Gathered:
    """Return everybody the ledger holds who has not lost it (喪失), with facts as the pack wants them.

    Raises:
        Invalid: the ledger or the incomes were never loaded, or nobody is in the ledger.
    """
    sources = _sources(plan)
    adult = date(basis.year - ADULT, basis.month, min(basis.day, 28))
    told = parties.roll(ledger=plan.ledger, fields=plan.ledger_fields, incomes=plan.incomes, adults_born_until=adult)
    schema = {name: _TYPED.get(name, pl.String) for name in told.columns}
    frame = pl.DataFrame(told.rows, schema=schema, orient="row").filter(pl.col("ledger.state") != "喪失")
    if not frame.height:
        raise Invalid("受給者台帳に対象の人がいません。「データ連携」で台帳を取り込んでください。")
    people = frame.with_columns(*_derived()).with_columns(_exception())
    facts = people.select([_filled(one, people, pack) for one in plan.values])
    if not plan.answers:
        return Gathered(people.with_columns(pl.lit(value=True).alias("answered")), facts, sources)
    answers = _answers(plan, pack, procedure, basis, people["number"].to_list())
    people = people.with_columns(answers["answered"])
    return Gathered(people, facts.hstack(answers.select(pl.exclude("answered", *facts.columns))), sources)


def _sources(plan: Plan) -> dict[str, str]:
    found = {}
    for source in (plan.ledger, plan.incomes, "residents", "households"):
        day = exchange.present_day(source)
        if day is None:
            raise Invalid(f"「{source}」がまだ取り込まれていません。「データ連携」で取り込んでから始めてください。")
        found[source] = day.isoformat()
    return found


def _derived() -> list[pl.Expr]:
    """Facts about the household as one: its returns, its other adults, the most any of them earns where all are known."""
    col, found = pl.col, pl.col("found")
    own = col("own.declared")
    declared = pl.when(own.is_null()).then(None).otherwise((own == "true") & ~col("undeclared").fill_null(value=False))
    return [
        declared.alias("household.declared"),
        pl.when(found).then(col("adults") > 0).alias("supporter.exists"),
        pl.when(col("incomes_known") >= col("adults")).then(col("supporter.total")).alias("supporter.known_total"),
    ]


def _exception() -> pl.Expr:
    """Who must be looked into: merged or double numbers, gone from the register, 支援措置, another household than decided on."""
    col = pl.col
    same_person = pl.struct("name_key", "born").is_duplicated() & col("found") & (col("name_key") != "")
    double = (col("merged_into") != "") | col("number").is_duplicated() | same_person
    recorded = col("ledger.household_no").fill_null("")
    moved_house = (recorded != "") & (recorded != col("household_no"))
    return (
        pl.when(double).then(pl.lit(DOUBLE))
        .when(~col("found")).then(pl.lit(MOVED))
        .when(col("protected").fill_null(value=True)).then(pl.lit(PROTECTED))
        .when(moved_house).then(pl.lit(HOUSEHOLD))
        .otherwise(pl.lit(""))
    ).alias("exception")  # fmt: skip


def _filled(one: Filled, people: pl.DataFrame, pack: procedures.Pack) -> pl.Expr:
    """Return the column of a field or fact, typed as the tables want it."""
    kinds = {entry.id: entry.type for entry in pack.form.fields} | {fact.id: fact.type for fact in pack.facts}
    dtype = procedures.column_type(kinds[one.name])
    if not one.column:
        return pl.lit(one.value, dtype=dtype).alias(one.name)
    if one.column not in people.columns:
        raise Invalid(f"renewal.yaml の「{one.column}」という列は名簿にありません。")
    column = pl.col(one.column)
    if one.read_as:
        read = parties.answers()[one.read_as]
        seen = people[one.column].unique().to_list()
        column = column.replace_strict(seen, [read.read(value) for value in seen], return_dtype=dtype)
    elif people.schema[one.column] == pl.String:
        column = _typed(pl.when(column != "").then(column), dtype)
    return column.cast(dtype).alias(one.name)


def _typed(text: pl.Expr, dtype: Any) -> pl.Expr:
    if dtype == pl.Boolean:
        return text == "true"
    return text.str.to_date("%Y-%m-%d") if dtype == pl.Date else text.cast(dtype)


def _answers(plan: Plan, pack: procedures.Pack, procedure: str, basis: date, numbers: list[str]) -> pl.DataFrame:
    """Return for each recipient whether the yearly answer came back, and what it says, in typed columns."""
    since = date(basis.year - 1, basis.month, min(basis.day, 28))
    found = list(cases.answered(procedure=procedure, kind=plan.answers, since=since, until=basis))
    owner = parties.numbers_of_cases([one.case for one in found])
    said = {owner[one.case]: one for one in found if one.case in owner}  # the latest counts
    typed = {number: procedures.fill(pack.form, one.values).values for number, one in said.items()}
    columns = {"answered": pl.Series([number in said for number in numbers], dtype=pl.Boolean)}
    for name, dtype in _answer_types(pack):
        cells = [typed[number].get(name) if number in typed else None for number in numbers]
        columns[name] = pl.Series(name, cells, dtype=dtype)
    for paper in pack.form.attachments:
        name = f"attached.{paper.id}"
        columns[name] = pl.Series([number in said and paper.id in said[number].attached for number in numbers])
    return pl.DataFrame(columns)


def _answer_types(pack: procedures.Pack) -> Iterator[tuple[str, Any]]:
    for section in pack.form.sections:
        if section.repeat:
            inner = [
                pl.Field(entry.id.removeprefix(section.id + "."), procedures.column_type(entry.type))
                for entry in section.fields
            ]
            yield section.id, pl.List(pl.Struct(inner))
            continue
        for entry in section.fields:
            if entry.type not in ("choices", "signature"):
                yield entry.id, procedures.column_type(entry.type)
