"""YAML -> LifeEvent; every problem is named with file, element and remedy instead of stopping at the first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from honrai.intake.life_events.rules.definition import Deadline, Example, Fill, LifeEvent, Page, Rows, Step
from honrai.procedures.api import Node, Problem, Problems, load_yaml, read_field, unique

WAYS = ("オンライン", "窓口", "郵送", "電話", "勤務先")


def read_event(file: str, raw: bytes) -> tuple[LifeEvent, tuple[Problem, ...]]:
    """Return what a file says and what is wrong with its shape; names are checked against packs by `checking`."""
    problems = Problems(file)
    top = Node(load_yaml(raw, problems), "", problems)
    event = LifeEvent(
        code=top.text("code"),
        title=top.text("title"),
        lead=top.text("lead"),
        icon=top.text("icon", ""),
        effective_from=top.take("effective_from", date),
        questions=tuple(read_field(node, "") for node in top.nodes("questions")),
        steps=tuple(_step(node) for node in top.nodes("procedures")),
        pages=tuple(_page(node) for node in top.nodes("pages")),
        apart=top.texts("apart"),
        papers={str(name): str(label) for name, label in top.take("papers", dict, {}).items()},
        examples=tuple(_example(node) for node in top.nodes("examples")),
    )
    top.finish()
    unique(list(event.questions), lambda one: one.id, "質問", problems)
    unique(list(event.steps), lambda one: one.id, "手続", problems)
    unique(list(event.pages), lambda one: one.id, "ページ", problems)
    return event, tuple(problems.found)


def _step(node: Node) -> Step:
    step = Step(
        id=node.text("id"),
        title=node.text("title"),
        pack=node.text("pack", ""),
        when=node.text("when"),
        why=node.text("why"),
        office=node.text("office"),
        where=node.texts("where"),
        attach=node.texts("attach"),
        bring=node.texts("bring"),
        deadline=_deadline(node.node("deadline")) if "deadline" in node.value else None,
        each=node.text("each", ""),
        only=node.text("only", ""),
        fills=_fills(node),
        confirm=node.text("confirm", ""),
    )
    for way in step.where:
        if way not in WAYS:
            node.problems.add(node.at("where"), f"「{way}」は使えません", f"{'・'.join(WAYS)} から選んでください")
    node.any("deadline")
    node.finish()
    return step


def _deadline(node: Node) -> Deadline:
    deadline = Deadline(
        since=node.text("since"),
        days=node.take("days", int, 0),
        months=node.take("months", int, 0),
        first_day_counts=node.take("first_day_counts", bool, False),
        moves=node.take("moves", bool, True),
        source=node.text("source"),
        confirm=node.text("confirm", ""),
    )
    if (deadline.days > 0) == (deadline.months > 0):
        node.problems.add(node.path, "期間が決まりません", "days か months のどちらか一方を1以上で書いてください")
    node.finish()
    return deadline


def _fills(node: Node) -> Mapping[str, Fill]:
    fills: dict[str, Fill] = {}
    for name, said in node.take("fills", dict, {}).items():
        if isinstance(said, list):
            fills[str(name)] = tuple(_rows(row) for row in said if isinstance(row, dict))
        elif isinstance(said, dict):
            fills[str(name)] = (_rows(said),)
        else:
            fills[str(name)] = "null" if said is None else str(said).lower() if isinstance(said, bool) else str(said)
    return fills


def _rows(said: Mapping[Any, Any]) -> Rows:
    values = {str(key): str(value).lower() if isinstance(value, bool) else str(value) for key, value in said.items()}
    return Rows(values.pop("for", ""), values)


def _page(node: Node) -> Page:
    name, repeat = node.text("id"), node.take("repeat", int, 0)
    page = Page(
        id=name,
        title=node.text("title"),
        lead=node.text("lead", ""),
        fields=tuple(read_field(one, name if repeat else "") for one in node.nodes("fields", required=False)),
        takes=node.texts("takes"),
        repeat=repeat,
        least=node.take("least", int, 0),
        row=node.text("row", ""),
    )
    if repeat and page.takes:
        node.problems.add(
            node.at("takes"), "繰り返すページは手続の欄を受け取れません", "欄は繰り返さないページで受けてください"
        )
    node.finish()
    return page


def _example(node: Node) -> Example:
    expect: dict[str, date | None] = {}
    for name, day in node.take("expect", dict).items():
        if day is not None and not isinstance(day, date):
            node.problems.add(node.at(f"expect.{name}"), "日付ではありません", "期限の日か null を書いてください")
            continue
        expect[str(name)] = day
    example = Example(node.text("title"), node.take("on", date), node.take("answers", dict), expect)
    node.finish()
    return example
