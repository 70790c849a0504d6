"""What the resources share: documented answers, the case behind an address, papers and answers sent along."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ninja import Schema

from honrai.cases import api as cases
from honrai.intake.api import Incomplete, SentPaper
from honrai.platform.authority.api import Actor, Invalid
from honrai.platform.events.api import record
from honrai.procedures import api as procedures
from honrai.procedures.forms import read_answers
from honrai.rest.calling import tag_of
from honrai.rest.schemas import CaseOut, FileIn, ProblemOut

PAGE = 50
_READING = (401, 403, 404, 422, 429, 500)
_CHANGING = (400, 401, 403, 404, 409, 412, 413, 422, 428, 429, 500)


def reading(shown: type[Schema]) -> dict[Any, Any]:
    """Return the documented answers of an endpoint that reads."""
    return {200: shown} | dict.fromkeys(_READING, ProblemOut)


def changing(shown: type[Schema], status: int = 200) -> dict[Any, Any]:
    """Return the documented answers of an endpoint that changes something."""
    return {status: shown} | dict.fromkeys(_CHANGING, ProblemOut)


def case_out(row: Any, actor: Actor, now: datetime) -> CaseOut:
    """Return a case as shown, with its tag."""
    view = cases.view_case(row, actor, now=now)
    out = CaseOut.model_validate(view)
    out.tag = tag_of(out)
    return out


def record_read(actor: Actor, case: int, now: datetime) -> None:
    """Write down that a case was read, as the screens do."""
    record("cases.read", who=actor.who, now=now, subject=("case", case), case=case)


def papers(sent: Sequence[FileIn]) -> list[SentPaper]:
    """Return the papers sent along.

    Raises:
        Invalid: bytes that are no base64.
    """
    return [SentPaper(one.kind, one.name, _bytes(one)) for one in sent]


def _bytes(one: FileIn) -> bytes:
    try:
        return base64.b64decode(one.content, validate=False)
    except (binascii.Error, ValueError) as error:
        raise Invalid(f"書類「{one.name}」のcontentがBase64として読めません") from error


def answers(pack: procedures.Pack, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers in the form they are kept in.

    Raises:
        Incomplete: fields the form does not have, or values that cannot be read.
    """
    read, wrong = read_answers(pack, values)
    if wrong:
        raise Incomplete(wrong)
    return {name: value for name, value in read.items() if name in values}
