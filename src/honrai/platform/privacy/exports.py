"""Taking lists out of the house: denied by default, allowed by a duty laid on a post, marked, recorded, and above a number of
rows only with a decision behind it."""

from datetime import datetime

from honrai.platform.authority.api import Actor, Denied, has_charge
from honrai.platform.events.api import record
from honrai.platform.privacy.limits import limits

EXPORT = "export"  #: 事務分掌: データの持出し


def can_export(actor: Actor) -> bool:
    """Say whether the actor may take lists out at all; nobody may unless the duty is laid on a post."""
    return has_charge(actor, EXPORT)


def release(*, actor: Actor, what: str, rows: int, decision: str = "", now: datetime) -> str:
    """Allow one export, record it, and return the line that stands at the top of the file.

    Args:
        actor: who takes it out.
        what: which list, for the record.
        rows: how many rows.
        decision: number of the 決裁 that allows more rows than the city's limit; checked by the caller.
        now: the moment.

    Raises:
        Denied: the duty is missing, or the rows pass the limit without a decision.
    """
    if not can_export(actor):
        raise Denied("データの持出しは、持出しの分掌がある職の人だけができます。所属長に相談してください")
    most = limits().export_limit
    if rows > most and not decision:
        raise Denied(
            f"{rows}件の持出しには決裁が要ります（決裁なしは{most}件まで）。条件でしぼり込むか、決裁を受けてください"
        )
    data = {"what": what, "rows": rows, "decision": decision}
    record("privacy.exported", who=actor.who, now=now, subject=("export", None), data=data)
    return f"持出し {now:%Y/%m/%d %H:%M} 職員番号 {actor.person} {what} {rows}件 取扱注意・用済み後は廃棄"
