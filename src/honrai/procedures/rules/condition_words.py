"""A condition of a form in words for paper and manual: `application.kind = "新規"` is 「申請の区分が「新規」のとき」."""

import re
from collections.abc import Mapping

from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.read_form import CHANNELS
from honrai.procedures.rules.references import CASE_FACTS

_NAME = r"(?P<name>[a-z][a-z0-9_.]*)"
_IS = re.compile(_NAME + r'\s*=\s*(?P<value>"[^"]*"|true|false)')
_IN = re.compile(_NAME + r"\s+in\s*\((?P<values>[^)]*)\)")
_HOLDS = re.compile(r'list contains\(\s*(?P<name>[a-z0-9_.]+)\s*,\s*"(?P<value>[^"]*)"\s*\)')
_GIVEN = re.compile(_NAME + r"\s*!=\s*null")
OTHERWISE = "当てはまるとき"


def labels_of(pack: Pack) -> dict[str, str]:
    """Return what each name a condition may read is called: questions, facts, papers and what the platform supplies."""
    return {
        **{field.id: field.label for field in pack.form.fields},
        **{fact.id: fact.label for fact in pack.facts},
        **{f"attached.{paper.id}": f"{paper.label}の添付" for paper in pack.form.attachments},
        **CASE_FACTS,
    }


def in_words(condition: str, labels: Mapping[str, str]) -> str:
    """Return a condition in words, 「当てはまるとき」 where it is not one of the simple forms.

    Args:
        condition: FEEL, as in `required_if`.
        labels: what each name is called on the form.
    """
    alternatives, together = condition.split(" or "), condition.split(" and ")
    if len(alternatives) > 1 and len(together) > 1:
        return OTHERWISE
    parts = [_part(part.strip(), labels) for part in (alternatives if len(alternatives) > 1 else together)]
    if not all(parts):
        return OTHERWISE
    said = ("、または" if len(alternatives) > 1 else "、かつ").join(parts)
    return said + ("のとき" if said.endswith("」") else "とき")


def _part(text: str, labels: Mapping[str, str]) -> str:
    """Return one comparison in words, empty where it cannot be said simply."""
    for pattern, said in ((_IS, _is), (_IN, _in), (_HOLDS, _holds), (_GIVEN, _given)):
        found = pattern.fullmatch(text)
        if found and found["name"] in labels:
            return said(labels[found["name"]], found)
    return ""


def _value(written: str) -> str:
    bare = written.strip().strip('"')
    return {"true": "はい", "false": "いいえ", **CHANNELS}.get(bare, bare)


def _is(label: str, found: re.Match[str]) -> str:
    return f"{label}が「{_value(found['value'])}」"


def _in(label: str, found: re.Match[str]) -> str:
    return f"{label}が「{'・'.join(_value(value) for value in found['values'].split(','))}」"


def _holds(label: str, found: re.Match[str]) -> str:
    return f"{label}に「{found['value']}」がある"


def _given(label: str, found: re.Match[str]) -> str:
    return f"{label}を書く"
