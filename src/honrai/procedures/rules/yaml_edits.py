"""Changes one element of a YAML file and leaves every other byte alone: comments, order, quotes, line breaks.

An element is named by a path such as ("sections", 2, "fields", 0).
"""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from honrai.kernel.errors import Invalid

Path = tuple[str | int, ...]
_WIDE = 100_000
_DEEP = 60


def element(text: str, path: Path) -> Any:
    """Return the value at a path, None where there is none.

    Raises:
        Invalid: the file is no YAML.
    """
    value: Any = _read(text)
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def set_keys(text: str, path: Path, values: Mapping[str, Any], order: Sequence[str] = ()) -> str:
    """Return the file with keys of one mapping set; an empty value takes the key out, an equal one changes nothing.

    Args:
        text: the file.
        path: of the mapping; () for the whole file.
        values: key -> str, int, bool, date, Decimal text made by `scalar`, list or mapping; None or "" takes it out.
        order: the usual order of the keys, to know where a new one goes.

    Raises:
        Invalid: no YAML, or no mapping at this path.
    """
    top = _load(text)
    found = _at(top, path)
    if not isinstance(found, CommentedMap):
        raise Invalid("yaml-path", "直すところが見つかりません。画面を開き直してください。")
    _set(found, values, order)
    return _dump(top)


def insert(text: str, path: Path, item: Mapping[str, Any], at: int | None = None) -> str:
    """Return the file with a mapping put into the list at a path, at the end unless said otherwise.

    Raises:
        Invalid: no YAML, or no list can stand at this path.
    """
    top = _load(text) if text.strip() else CommentedMap()
    parent = _at(top, path[:-1])
    if not isinstance(parent, CommentedMap | CommentedSeq):
        raise Invalid("yaml-path", "足すところが見つかりません。画面を開き直してください。")
    found = element_of(parent, path[-1])
    if found is None:
        found = parent[path[-1]] = CommentedSeq()
    if not isinstance(found, CommentedSeq):
        raise Invalid("yaml-path", "足すところが並びではありません。ファイルの形を確かめてください。")
    made = CommentedMap((key, _value(value)) for key, value in item.items() if not _empty(value))
    if not found or (isinstance(found[-1], CommentedMap) and found[-1].fa.flow_style()):
        _flow_if_simple(made)
    found.insert(len(found) if at is None else at, made)
    return _dump(top)


def put_key(text: str, key: str, value: Mapping[str, Any]) -> str:
    """Return the file with a new entry of the top mapping at its end.

    Raises:
        Invalid: no YAML, or there is such a key.
    """
    top = _load(text) if text.strip() else CommentedMap()
    if not isinstance(top, CommentedMap) or key in top:
        raise Invalid("yaml-key", f"「{key}」はもうあります。別の名前にしてください。")
    top[key] = _value(value)
    return _dump(top)


def remove(text: str, path: Path) -> str:
    """Return the file without the element at a path.

    Raises:
        Invalid: no YAML, or nothing at this path.
    """
    top = _load(text)
    parent = _at(top, path[:-1])
    if element_of(parent, path[-1]) is None:
        raise Invalid("yaml-path", "消すところが見つかりません。画面を開き直してください。")
    del parent[path[-1]]
    return _dump(top)


def move(text: str, path: Path, by: int) -> str:
    """Return the file with one entry of a list moved up (-1) or down (1); at the end of the list nothing changes.

    Raises:
        Invalid: no YAML, or no list entry at this path.
    """
    top = _load(text)
    parent, at = _at(top, path[:-1]), path[-1]
    if not isinstance(parent, CommentedSeq) or not isinstance(at, int) or not 0 <= at < len(parent):
        raise Invalid("yaml-path", "動かすところが見つかりません。画面を開き直してください。")
    to = at + by
    if 0 <= to < len(parent):
        entry = parent[at]
        del parent[at]
        parent.insert(to, entry)
    return _dump(top)


def scalar(typed: str) -> Any:
    """Return what a typed value means in YAML: 700, 1.05, 2026-04-01, true, [1, 2]; a decimal stays exactly as written.

    Raises:
        Invalid: it is no YAML value.
    """
    try:
        return _yaml().load(typed)
    except YAMLError as error:
        raise Invalid("yaml-value", "値として読めません。数、日付、true・false、文字で書いてください。") from error


def element_of(within: Any, part: str | int) -> Any:
    """Return an entry of a mapping or list, None where there is none."""
    try:
        return within[part]
    except (KeyError, IndexError, TypeError):
        return None


def _at(top: Any, path: Path) -> Any:
    found = top
    for part in path:
        found = element_of(found, part)
    return found


def _yaml() -> YAML:
    made = YAML()
    made.preserve_quotes = True
    made.width = _WIDE
    made.indent(mapping=2, sequence=4, offset=2)
    made.max_depth = _DEEP
    return made


def _load(text: str) -> Any:
    try:
        return _yaml().load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"{line + 1}行目" if line is not None else "このファイル"
        raise Invalid("yaml", f"{where}がYAMLとして読めません。「ファイルのまま直す」で直してください。") from error


@lru_cache(maxsize=32)
def _read(text: str) -> Any:
    """Load a file to look at it; nobody changes what comes back."""
    return _load(text)


def _dump(top: Any) -> str:
    out = io.StringIO()
    _yaml().dump(top, out)
    return out.getvalue()


def _set(found: CommentedMap, values: Mapping[str, Any], order: Sequence[str]) -> None:
    for key, value in values.items():
        old = found.get(key)
        if _empty(value):
            found.pop(key, None)
        elif isinstance(old, CommentedMap) and isinstance(value, Mapping):
            _set(old, {**dict.fromkeys(old), **value}, ())
        elif key not in found:
            found.insert(_place(found, key, order), key, _value(value))
        elif old != value or isinstance(old, bool) != isinstance(value, bool):
            found[key] = _value(value)
            if isinstance(old, CommentedSeq) and not old.fa.flow_style():
                found[key].fa.set_block_style()


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, list | dict | tuple) and not value)


def _place(found: CommentedMap, key: str, order: Sequence[str]) -> int:
    """Return where a new key goes: after the last key that usually stands before it."""
    if key not in order:
        return len(found)
    before = set(order[: order.index(key)])
    return max((place + 1 for place, name in enumerate(found) if name in before), default=0)


def _value(value: Any) -> Any:
    """Return a value as it is written; a text that plain YAML would read as something else is quoted."""
    if isinstance(value, str):
        return value if "\n" in value or _plain(value) else SingleQuotedScalarString(value)
    if isinstance(value, list | tuple):
        entries = CommentedSeq(_value(one) for one in value)
        if not any(isinstance(one, Mapping) for one in value):
            entries.fa.set_flow_style()
        return entries
    if isinstance(value, Mapping) and not isinstance(value, CommentedMap):
        made = CommentedMap((key, _value(one)) for key, one in value.items())
        return made
    return value


def _plain(value: str) -> bool:
    """Say whether a text means itself without quotes, also inside braces and also to a reader of YAML 1.1."""
    try:
        return bool(yaml.safe_load(f"{{a: {value}}}") == {"a": value})
    except (yaml.YAMLError, ValueError):
        return False


def _flow_if_simple(made: CommentedMap) -> None:
    """Write a mapping on one line where it holds no mapping of its own."""
    if not any(
        isinstance(one, Mapping) or (isinstance(one, list) and one and isinstance(one[0], Mapping))
        for one in made.values()
    ):
        made.fa.set_flow_style()


def one_line(value: Any) -> str:
    """Return a list or mapping on one line, as it can be typed and read back by `scalar`."""
    return yaml.safe_dump(_bare(value), allow_unicode=True, default_flow_style=True, width=_WIDE).strip()


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _bare(one) for key, one in value.items()}
    return [_bare(one) for one in value] if isinstance(value, list) else value
