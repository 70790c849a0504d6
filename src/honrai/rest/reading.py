"""Reading bodies and addresses: strict JSON, and nothing the database cannot hold."""

import json
import math
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from honrai.rest.problems import Unreadable

MOST_BYTES = 48 * 2**20
_DEEPEST = 20


class StrictParser(Parser):
    """Reads JSON without NaN, numbers beyond all bounds, NUL and half characters; refuses the same in the address."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body."""
        try:
            found = json.loads(request.body, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise Unreadable("本文をUTF-8のJSONで送ってください") from error
        check(found)
        if not isinstance(found, dict):
            raise Unreadable("本文はJSONのオブジェクト（{…}）で送ってください")
        return found


def check(value: Any, depth: int = 0) -> None:
    """Raise `Unreadable` where a value holds what cannot be stored."""
    if depth > _DEEPEST:
        raise Unreadable(f"本文の入れ子は{_DEEPEST}段までです")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unreadable("大きすぎる数があります")
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_text(name)
            check(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            check(each, depth + 1)


def _check_text(text: str) -> None:
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("使えない文字（NULまたはサロゲートの片割れ）があります")


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
