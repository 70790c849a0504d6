"""The class of a recipient: exactly one for each, the same for one person and for columns."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Class(StrEnum):
    """What becomes of a recipient."""

    SAME = "same"
    CHANGES = "changes"
    UNKNOWN = "unknown"
    CHECK = "check"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return {"same": "変わらない", "changes": "変わる", "unknown": "分からない", "check": "要確認"}[self.value]


MOVED, PROTECTED, HOUSEHOLD, DOUBLE = "転出", "支援措置", "世帯変更", "同一人の疑い"
EXCEPTIONS = (MOVED, PROTECTED, HOUSEHOLD, DOUBLE)
"""What only a person may look into, in the order in which it is named."""
CATEGORY, AGAIN = "区分の変更", "再開"
NO_ANSWER = "届が出ていません"


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of one recipient after the tables ran.

    Attributes:
        exception: one of `EXCEPTIONS`, "" for none.
        answered: the yearly answer is there, or the procedure asks for none.
        kind: kind of the proposed outcome (grant, end, refuse, complete, escalate, hold ...).
        outcome: the proposed outcome.
        suspended: the ledger holds the recipient suspended (停止) today.
        was, will: category (助成の区分) in the ledger and as judged; "" where the procedure has none.
    """

    exception: str
    answered: bool
    kind: str
    outcome: str
    suspended: bool
    was: str
    will: str


def classify(judged: Judged) -> tuple[Class, str]:
    """Return the class of a recipient and the word for what changes or is looked into, "" for none.

    Exceptions come first: nobody under 支援措置 and nobody who moved is renewed or ended by a list. A missing answer or fact
    is never taken against the recipient. A suspension that goes on is no change.
    """
    if judged.exception:
        return Class.CHECK, judged.exception
    if not judged.answered:
        return Class.UNKNOWN, NO_ANSWER
    if judged.kind in ("hold", "complete"):
        return Class.UNKNOWN, ""
    if judged.kind == "grant":
        if judged.suspended:
            return Class.CHANGES, AGAIN
        return (Class.CHANGES, CATEGORY) if judged.was != judged.will else (Class.SAME, "")
    if judged.kind in ("end", "refuse"):
        return (Class.SAME, "") if judged.suspended and judged.outcome == "停止" else (Class.CHANGES, judged.outcome)
    return Class.CHECK, judged.outcome


def class_columns() -> tuple[pl.Expr, pl.Expr]:
    """Return `classify` on columns `exception`, `answered`, `kind`, `outcome`, `suspended`, `was`, `will`: class and change."""
    col, text = pl.col, pl.lit
    exception, answered = col("exception") != "", col("answered")
    unknown = col("kind").is_in(["hold", "complete"])
    grant, ends = col("kind") == "grant", col("kind").is_in(["end", "refuse"])
    goes_on = col("suspended") & (col("outcome") == "停止")
    moved = col("was") != col("will")
    kind = (
        pl.when(exception).then(text(Class.CHECK.value))
        .when(~answered | unknown).then(text(Class.UNKNOWN.value))
        .when(grant & (col("suspended") | moved)).then(text(Class.CHANGES.value))
        .when(grant).then(text(Class.SAME.value))
        .when(ends & goes_on).then(text(Class.SAME.value))
        .when(ends).then(text(Class.CHANGES.value))
        .otherwise(text(Class.CHECK.value))
    )  # fmt: skip
    change = (
        pl.when(exception).then(col("exception"))
        .when(~answered).then(text(NO_ANSWER))
        .when(unknown).then(text(""))
        .when(grant & col("suspended")).then(text(AGAIN))
        .when(grant & moved).then(text(CATEGORY))
        .when(grant | (ends & goes_on)).then(text(""))
        .otherwise(col("outcome"))
    )  # fmt: skip
    return kind.alias("class"), change.alias("change")
