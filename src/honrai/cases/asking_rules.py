"""Deficiencies and calls decided from values: what stops the clock, who may mend or accept what, when to call again."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.cases.rules import OpenDays
from honrai.procedures.api import FIELD_TYPES, Field, Form

#: Ways an application comes that the centre keys from paper or by ear; elsewhere the applicant keyed it.
KEYED = frozenset({"counter", "post", "phone", "school", "bank"})
#: Deficiencies the applicant has to mend before the case can go on.
_STOPPING = frozenset({"incomplete", "reject-candidate", "confirm"})
#: Statements nobody but the applicant makes.
_OWN_STATEMENTS = frozenset({"consent", "signature"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the list a clerk picks a deficiency from."""

    code: str
    label: str
    message: str
    severity: str
    fix_by: str
    items: tuple[str, ...]
    ask: tuple[str, ...] = ()


def choices(form: Form) -> list[Choice]:
    """Return what a clerk may add by hand: the pack's checks, every paper missing or unreadable, every field unreadable."""
    found = [
        Choice(one.code, one.message, one.message, one.severity, one.fix_by, one.items, one.ask) for one in form.checks
    ]
    for paper in form.attachments:
        unreadable = f"「{paper.label}」が読み取れません。もう一度、全体がはっきり写るように出してください。"
        missing = f"「{paper.label}」がありません。"
        found.append(Choice(f"X-{paper.id}", unreadable, unreadable, "incomplete", "applicant", (paper.id,)))
        found.append(Choice(f"M-{paper.id}", missing, missing, "incomplete", "applicant", (paper.id,)))
    for field in form.fields:
        if not field.many:
            wrong = f"「{field.label}」が読み取れないか、書類と違います。もう一度書いてください。"
            found.append(Choice(f"R-{field.id}", wrong, wrong, "incomplete", "applicant", (field.id,)))
    return found


def stops(severity: str, fix_by: str) -> bool:
    """Say whether a deficiency is the applicant's to mend before the case goes on, so that the clock stands for it."""
    return fix_by == "applicant" and severity in _STOPPING


def channel_for(channel: str, ask: Sequence[str]) -> str:
    """Return how an applicant is asked: as he or she applied, unless the pack names other ways; web, phone or post.

    Whoever came to the counter, or through a school or bank, gets a letter.
    """
    wanted = channel if not ask or channel in ask else ask[0]
    return wanted if wanted in {"web", "phone"} else "post"


def digest(items: Iterable[str], values: Mapping[str, Any], papers: Iterable[Mapping[str, Any]]) -> str:
    """Return a digest of what stands in the fields and papers an item is about; it changes when any of them does."""
    names = sorted({item.partition("[")[0] for item in items})
    files = [[one["id"], one["file"]] for one in papers if one["id"] in names]
    stands = json.dumps([[name, values.get(name)] for name in names] + [files], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(stands.encode()).hexdigest()


def answered(items: Sequence[str], values: Mapping[str, Any], papers: Collection[str]) -> bool:
    """Say whether an answer touches a deficiency; one that names no field is answered by anything sent."""
    names = {item.partition("[")[0] for item in items}
    if not names:
        return bool(values or papers)
    return any(values.get(name) not in (None, "", []) for name in names) or bool(names & set(papers))


def why_not_accept(fix_by: str, severity: str, state: str, *, contractor: bool) -> str | None:
    """Say why somebody may not accept a deficiency as mended; None where nothing is against it.

    The centre accepts what was answered, what it added itself and has not sent, and what only had to be confirmed. What stands with
    the city, candidates for refusal and unanswered requests are the city's.
    """
    if not contractor:
        return None
    if fix_by == "city" or severity in {"hold", "reject-candidate"}:
        return "この不備は市の職員が確かめます。担当課に照会してください"
    if fix_by == "applicant" and severity != "confirm" and state != "answered":
        return "申請者の回答がまだ届いていません。回答を待つか、電話で確かめて記録してください"
    return None


def why_not_repair(field: Field, before: Any, *, channel: str, contractor: bool, heard: Collection[str]) -> str | None:
    """Say why a value may not be changed by whoever processes the case; None where nothing is against it.

    Keying from paper is no change. An obvious slip is mended where the pack says `fix_by: centre`; otherwise only what the
    applicant said in a recorded call (聴取), and never an account, an amount, consent, a signature or a statement of fact.

    Args:
        field: of the form.
        before: what stands there.
        channel: how the application came.
        contractor: whether a contractor does it.
        heard: fields the applicant answered about in a recorded call.

    Source: design of the procedure pack, `fix_by`.
    """
    empty = before in (None, "", [])
    if empty and channel in KEYED:
        return None
    if field.type in _OWN_STATEMENTS:
        return f"「{field.label}」は本人だけが行えます。不備として申請者に連絡してください"
    if not contractor or (field.fix_by == "centre" and FIELD_TYPES[field.type].centre_may_fix):
        return None
    if field.fix_by == "city":
        return f"「{field.label}」は市の職員が直す欄です。担当課に照会してください"
    if not FIELD_TYPES[field.type].centre_may_fix:
        return f"「{field.label}」は申請者に確かめて直す欄です。不備として申請者に連絡してください"
    if field.id not in heard:
        return f"「{field.label}」は申請者に確かめて直す欄です。不備として連絡するか、電話で聴取して記録してください"
    return None


#: How far a call got, and what may come of it; each with the key that says it.
REACHES: Mapping[str, tuple[str, str]] = {
    "absent": ("1", "不在"),
    "busy": ("2", "話し中"),
    "spoke": ("3", "話した"),
    "wrong": ("4", "番号が違う"),
}
RESULTS: Mapping[str, tuple[str, str, str]] = {
    "no-answer": ("a", "absent", "応答なし"),
    "message": ("m", "absent", "折り返しをお願いした"),
    "again": ("b", "busy", "かけ直す"),
    "sends": ("d", "spoke", "出してもらえる"),
    "heard": ("k", "spoke", "聴取した"),
    "later": ("l", "spoke", "後でかけ直す"),
    "withdraws": ("w", "spoke", "取り下げたい"),
    "refuses": ("x", "spoke", "出さないとのこと"),
    "letter": ("t", "wrong", "文書に切り替える"),
}
#: Results after which nobody was reached.
UNREACHED = frozenset({"no-answer", "message", "again"})


def why_not_result(reach: str, result: str) -> str | None:
    """Say that a result does not go with how far the call got; None where it does."""
    if reach not in REACHES:
        return "つながり方（不在・話し中・話した・番号が違う）を選んでください"
    if result not in RESULTS or RESULTS[result][1] != reach:
        return f"「{REACHES[reach][1]}」のときの結果を選んでください"
    return None


def next_call(result: str, on: date, calendar: OpenDays) -> date | None:
    """Return the day to call again: today when the line was busy, the next open day when nobody answered or wanted it later."""
    if result == "again":
        return on
    return calendar.add(on, 1) if result in {"no-answer", "message", "later"} else None


def turns_to_letter(result: str, unreached: int, calls: int) -> bool:
    """Say whether a letter goes out instead of another call: wrong number, or `calls` calls in a row that reached nobody."""
    return result == "letter" or (result in UNREACHED and unreached >= calls)


def may_refuse(nature: str) -> bool:
    """Say whether silence may lead to a proposal of 却下: for applications and claims; never for notifications or contracts.

    Legal source:
        行政手続法7条 (申請), 37条 (届出は到達で義務が果たされる); a contract is not a disposition.
    """
    return nature in {"申請", "請求"}
