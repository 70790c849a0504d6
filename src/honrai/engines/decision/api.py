"""Decision models for other programs. This is the whole door: read, write, prepare, evaluate, explain, check, columns, print.

```python
model = read(data, "decisions.dmn")
program = prepare(model)
evaluate(program, "助成額", {"年齢": 3}, parameters={"上限": 2000}).value
explain(program, "助成額", {"年齢": 3}, parameters={"上限": 2000}).reasons
check(program, parameters={"上限": 2000})          # () when every table is proved sound
columns(program, ["助成額"], frame.schema).run(frame)
print_html(program, "助成額", parameters={"上限": 2000})
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from honrai.engines.decision.case import Outcome, evaluate
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.explain import Condition, Explanation, Fact, Fired, Step, explain
from honrai.engines.decision.logic import Problem
from honrai.engines.decision.model import Model
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.printing.html import print_html
from honrai.engines.decision.printing.typst import print_typst
from honrai.engines.decision.program import Program
from honrai.engines.decision.proof.check import Finding, check
from honrai.engines.decision.proof.grid import Example
from honrai.engines.decision.read import read
from honrai.engines.decision.run import Notice
from honrai.engines.decision.write import write

if TYPE_CHECKING:
    import polars as pl

    from honrai.engines.decision.columns.plan import Plan

__all__ = [
    "Condition",
    "DecisionError",
    "Example",
    "Explanation",
    "Fact",
    "Finding",
    "Fired",
    "Model",
    "Notice",
    "Outcome",
    "Problem",
    "Program",
    "Step",
    "check",
    "columns",
    "evaluate",
    "explain",
    "prepare",
    "print_html",
    "print_typst",
    "read",
    "write",
]


def columns(
    program: Program,
    decisions: Sequence[str],
    schema: Mapping[str, pl.DataType],
    *,
    parameters: Mapping[str, object] | None = None,
) -> Plan:
    """Plan decisions for a whole frame: `plan.run(frame)` gives one row of results for each row.

    Args:
        program: the prepared model.
        decisions: names of the decisions wanted.
        schema: the columns of the frame by input name: integers, Decimal, String, Boolean, Date, Datetime, Struct.
        parameters: the dated parameters `p`, the same for every row.

    Returns:
        A plan. Its `outputs` name the result columns; a number comes as an integer to be divided by 10^scale.

    Raises:
        DecisionError: Polars (extra `columns`) is not installed, an input has no column, or a part of the model cannot run
            exactly on columns; the message names decision, line and reason.
    """
    try:
        from honrai.engines.decision.columns.plan import plan
    except ModuleNotFoundError as error:
        raise DecisionError(
            f"列の計算に要る部品「{error.name}」がありません。", "honrai-engines[columns] を入れてください。"
        ) from None
    return plan(program, decisions, schema, parameters=parameters)
