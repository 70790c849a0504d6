"""Built-in functions on contexts."""

from __future__ import annotations

from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin

Context = dict[str, object]


@builtin("get value(m: context, key: string) -> Any")
def _get_value(rt: Runtime, m: Context, key: str) -> object:
    if key not in m:
        raise Invalid(f"コンテキストに「{key}」がありません")
    return m[key]


@builtin("get entries(m: context) -> list")
def _get_entries(rt: Runtime, m: Context) -> list[object]:
    rt.charge(2 * len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context(entries: list) -> context")
def _context(rt: Runtime, entries: list[object]) -> Context:
    made: Context = {}
    rt.charge(len(entries))
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            raise Invalid("各要素は key と value を持つコンテキストでなければなりません")
        key = entry.get("key")
        if not isinstance(key, str):
            raise Invalid("key は文字列でなければなりません")
        if key in made:
            raise Invalid(f"キー「{key}」が二つあります")
        made[key] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: Any) -> context")
def _context_put(rt: Runtime, context: Context, key: str, value: object) -> Context:
    rt.charge(len(context))
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: Any) -> context")
def _context_put_path(rt: Runtime, context: Context, keys: list[object], value: object) -> Context:
    if not keys:
        raise Invalid("キーのリストが空です")
    return _put(rt, context, keys, value)


def _put(rt: Runtime, context: object, keys: list[object], value: object) -> Context:
    """Return a copy with the value at the end of the path; an entry on the way must be a context or absent."""
    key = keys[0]
    if not isinstance(key, str):
        raise Invalid("キーは文字列でなければなりません")
    if not isinstance(context, dict):
        raise Invalid(f"「{key}」を入れる先がコンテキストではありません")
    rt.charge(len(context))
    if len(keys) == 1:
        return {**context, key: value}
    inner = context.get(key)
    return {**context, key: _put(rt, {} if inner is None else inner, keys[1:], value)}


@builtin("context merge(contexts: list) -> context")
def _context_merge(rt: Runtime, contexts: list[object]) -> Context:
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Invalid("各要素はコンテキストでなければなりません")
        rt.charge(len(context))
        merged.update(context)
    return merged
