"""Reads YAML against an expected shape and collects every problem instead of stopping at the first."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from honrai.procedures.rules.problems import Problem

T = TypeVar("T")
MAX_ALIASES = 20

_WORDS: dict[type, str] = {
    str: "文字",
    int: "整数",
    bool: "true か false",
    list: "並び(- で始まる行)",
    dict: "項目: 値 の組",
    date: "日付(2026-04-01 の形)",
    Decimal: "数",
}


class _Loader(yaml.SafeLoader):
    """Plain YAML, numbers with a point as exact decimals, and no key written twice."""

    aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Count aliases so that a small file cannot unfold into a huge one."""
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > MAX_ALIASES:
                raise yaml.YAMLError("別名(*名前)が多すぎます")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Refuse a mapping in which one key appears twice; YAML itself would silently keep the last."""
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | bool | date):
                raise yaml.YAMLError(f"{node.start_mark.line + 1}行目: 項目名に使えない値です")
            if key in seen:
                raise yaml.YAMLError(f"{key_node.start_mark.line + 1}行目: 項目「{key}」が二度書かれています")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    with suppress(InvalidOperation):
        return Decimal(str(loader.construct_scalar(node)).replace("_", ""))
    raise yaml.YAMLError(f"{node.start_mark.line + 1}行目: 数として読めません")


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
# Only `true` and `false` are booleans, as in YAML 1.2: a field called `on` and an answer `no` stay what they are.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class Problems:
    """Collects problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, element: str, message: str, remedy: str) -> None:
        """Record one problem of this file."""
        self.found.append(Problem(self.file, element, message, remedy))


def load_yaml(raw: bytes, problems: Problems) -> Any:
    """Return the YAML value of a file, or None with a problem recorded when it cannot be read."""
    try:
        return _parsed(raw)
    except UnicodeDecodeError:
        problems.add("", "文字コードが UTF-8 ではありません", "UTF-8 で保存し直してください")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.add("", f"YAML として読めません: {error}", "字下げ、コロン、引用符を確かめてください")
    return None


@lru_cache(maxsize=256)
def _parsed(raw: bytes) -> Any:
    """Parse a file once however often it is read: an editor reads a whole pack at every change of one file.

    What comes back is shared; readers make their own values of it and change nothing in it.
    """
    return yaml.load(raw.decode("utf-8"), Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader


class Node:
    """A mapping being read: hands out typed values, remembers what was taken, reports what is left."""

    def __init__(self, value: Any, path: str, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self.value: dict[str, Any] = {}
        self._taken: set[str] = set()
        if isinstance(value, dict):
            self.value = {str(key): item for key, item in value.items()}
        else:
            problems.add(
                path or "(先頭)", "「項目: 値」の組ではありません", "docs/reference/pack-format.md の形にしてください"
            )

    def at(self, key: str) -> str:
        """Return the path of an entry, as problems name it."""
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, kind: type[T], default: T | None = None, *, required: bool = True) -> T:
        """Return one entry of the wanted kind; a missing or wrong one is a problem and gives the default.

        Args:
            key: name of the entry.
            kind: str, int, bool, date, Decimal, list or dict.
            default: value when absent; giving one makes the entry optional.
            required: report an absent entry even though a default exists for going on.
        """
        self._taken.add(key)
        fallback: Any = default if default is not None else _empty(kind)
        if key not in self.value or self.value[key] is None:
            if required and default is None:
                self.problems.add(self.at(key), "書かれていません", f"{_WORDS[kind]}で書いてください")
            return fallback  # type: ignore[no-any-return]
        value = self.value[key]
        if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problems.add(self.at(key), f"{_WORDS[kind]}ではありません", f"{_WORDS[kind]}で書いてください")
            return fallback  # type: ignore[no-any-return]
        return value

    def any(self, key: str) -> Any:
        """Return an entry of any kind, None when absent."""
        self._taken.add(key)
        return self.value.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; whole numbers are accepted and read as text."""
        if isinstance(self.value.get(key), int) and not isinstance(self.value[key], bool):
            self._taken.add(key)
            return str(self.value[key])
        return self.take(key, str, default).strip()

    def one_of(self, key: str, allowed: Any, default: str | None = None) -> str:
        """Return a text out of a closed list."""
        value = self.text(key, default)
        if value and value not in allowed:
            listed = "・".join(sorted(allowed))
            self.problems.add(self.at(key), f"「{value}」は使えません", f"次のどれかにしてください: {listed}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return an optional list of texts; a single text counts as a list of one."""
        value = self.any(key)
        if value is None:
            return ()
        entries = value if isinstance(value, list) else [value]
        if any(isinstance(entry, dict | list) for entry in entries):
            self.problems.add(self.at(key), "文字の並びではありません", "1行に1つ書いてください")
            return ()
        return tuple(str(entry) for entry in entries)

    def nodes(self, key: str, *, required: bool = True) -> Iterator["Node"]:
        """Yield each mapping of a list."""
        entries = self.take(key, list) if required else self.take(key, list, [])
        for index, entry in enumerate(entries):
            yield Node(entry, f"{self.at(key)}[{index}]", self.problems)

    def node(self, key: str) -> "Node":
        """Return a compulsory inner mapping."""
        return Node(self.take(key, dict), self.at(key), self.problems)

    def finish(self) -> None:
        """Report every entry nobody asked for: a misspelt key must not be ignored."""
        for key in self.value:
            if key not in self._taken:
                self.problems.add(self.at(key), "知らない項目です", "綴りを確かめるか、消してください")


def _empty(kind: type[Any]) -> Any:
    return {Decimal: Decimal(0), date: date(1, 1, 1)}.get(
        kind, kind() if kind is not date and kind is not Decimal else None
    )


def unique(nodes: list[T], key: Callable[[T], str], what: str, problems: Problems) -> None:
    """Report ids used twice."""
    seen: set[str] = set()
    for entry in nodes:
        name = key(entry)
        if name in seen:
            problems.add(name, f"{what}のidが二度使われています", "別のidにしてください")
        seen.add(name)
