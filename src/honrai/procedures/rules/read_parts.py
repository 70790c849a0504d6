"""manual.md, letters/*.typ and precedents/*.yaml -> values."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from honrai.procedures.rules.model import Expectation, Letter, ManualSection, Precedent
from honrai.procedures.rules.shape import Node, Problems, load_yaml

_HEADING = re.compile(r"^##\s+(?P<title>.+?)\s*(?:\{#(?P<task>[A-Za-z0-9_.-]+)\})?\s*$", re.MULTILINE)
_TITLE = re.compile(r"^//\s*title:\s*(?P<title>.+?)\s*$", re.MULTILINE)
#: How a letter leaves the house: `// post: always`, `// stock: <code>`, `// seal: omitted`, `// enclose: 返信用封筒, 案内`.
_SENDING = re.compile(r"^//\s*(?P<what>post|stock|seal|enclose):\s*(?P<said>.+?)\s*$", re.MULTILINE)
_SENDING_WORDS = {"post": ("always",), "seal": ("omitted",)}
#: What a letter may read, and the function of letter.typ that reads it.
_USES = re.compile(r'\b(?P<kind>value|fact|param|result|rows)\(\s*"(?P<name>[^"]+)"')
_COMMENT = re.compile(r"(?<!:)//.*")


def read_manual(raw: bytes, problems: Problems) -> tuple[ManualSection, ...]:
    """Return the sections of the handbook in order; `## 見出し {#task-id}` opens the section of a task."""
    text = raw.decode("utf-8", "replace")
    heads = list(_HEADING.finditer(text))
    sections = []
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        body = text[head.end() : end].strip()
        task = head["task"] or ""
        if task and not body:
            problems.add(task, f"「{head['title']}」の中身がありません", "この作業で何をするかを書いてください")
        sections.append(ManualSection(task, head["title"], body))
    anchors = [section.task for section in sections if section.task]
    for task in sorted({task for task in anchors if anchors.count(task) > 1}):
        problems.add(task, "同じ作業の節が二つあります", "一つにまとめてください")
    if not sections:
        problems.add("", "節がありません", "「## 見出し {#作業id}」で節を作ってください")
    return tuple(sections)


def read_letter(name: str, raw: bytes, problems: Problems) -> Letter:
    """Return one typst letter with what it reads (`value("child.name")` and the like)."""
    source = raw.decode("utf-8", "replace")
    title = _TITLE.search(source)
    if title is None:
        problems.add("", "題名がありません", "先頭に「// title: 通知書の名前」を書いてください")
    code = _COMMENT.sub("", source)
    uses = dict.fromkeys((found["kind"], found["name"]) for found in _USES.finditer(code))
    sending = _sending(source, problems)
    return Letter(
        name,
        title["title"] if title else name,
        source,
        tuple(uses),
        post="post" in sending,
        stock=sending.get("stock", ""),
        seal=sending.get("seal", ""),
        enclosures=tuple(part.strip() for part in sending.get("enclose", "").split(",") if part.strip()),
    )


def _sending(source: str, problems: Problems) -> dict[str, str]:
    said = {found["what"]: found["said"] for found in _SENDING.finditer(source)}
    for what, words in _SENDING_WORDS.items():
        if what in said and said[what] not in words:
            problems.add(
                "", f"「// {what}: {said[what]}」は読めません", f"「// {what}: {words[0]}」と書くか、行を消してください"
            )
    return said


def read_precedents(file: str, raw: bytes, problems: Problems) -> list[Precedent]:
    """Return the precedents of one file; `base` holds what they share, each one says only what differs."""
    top = Node(load_yaml(raw, problems), "", problems)
    base = Node(top.take("base", dict, {}), "base", problems)
    shared: dict[str, Any] = {key: base.any(key) for key in ("received", "channel", "values", "facts", "attachments")}
    base.finish()
    found = [_precedent(node, shared, file) for node in top.nodes("precedents")]
    top.finish()
    return found


def _precedent(node: Node, base: Mapping[str, Any], file: str) -> Precedent:
    received = node.any("received") or base["received"]
    if not isinstance(received, date):
        node.problems.add(node.at("received"), "到達日がありません", "received: 2026-04-01 の形で書いてください")
        received = date(1, 1, 1)
    attachments = node.any("attachments")
    precedent = Precedent(
        id=node.text("id"),
        title=node.text("title"),
        issue=node.text("issue", ""),
        received=received,
        channel=node.text("channel", str(base["channel"] or "")),
        values=_merged(base["values"], node, "values"),
        facts=_merged(base["facts"], node, "facts"),
        attachments=frozenset(attachments if attachments is not None else base["attachments"] or ()),
        expect=_expectation(node.node("expect")),
        file=file,
    )
    node.finish()
    return precedent


def _merged(base: Any, node: Node, key: str) -> Mapping[str, Any]:
    own = node.take(key, dict, {})
    merged = {**(base or {}), **own}
    return MappingProxyType({str(name): value for name, value in merged.items() if value is not None})


def _expectation(node: Node) -> Expectation:
    expectation = Expectation(
        node.text("outcome"),
        node.texts("reasons"),
        node.texts("letters"),
        node.texts("deficiencies"),
        node.texts("route"),
        MappingProxyType(dict(node.take("results", dict, {}))),
    )
    node.finish()
    return expectation
