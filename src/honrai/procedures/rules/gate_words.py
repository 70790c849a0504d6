"""Gate point 6: every task has an act and a manual section, city work a standard time, every outcome its letter."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from honrai.procedures.rules.flowview import Task, model_of, tasks_of
from honrai.procedures.rules.gate_entries import check_told
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.nature import NEEDS_LETTER
from honrai.procedures.rules.problems import Problem

#: What a city orders of a contractor's activity, in the words of the flow.
ORDER = {"inputs": "渡すもの", "criteria": "判断基準", "result": "返すもの", "quality": "品質", "due": "期限"}


def check_words(pack: Pack) -> Iterator[Problem]:
    """Yield what the manual, the standard times, the letters and the survey leave out (point 6)."""
    tasks = tasks_of(model_of(pack.flow))
    sections = {section.task for section in pack.manual if section.task}
    for task in tasks:
        yield from _task(pack, task, sections)
    for name in sorted(sections - {task.id for task in tasks}):
        yield Problem("manual.md", name, "この作業は流れにありません", "節を消すか、idを直してください")
    yield from _letters(pack, tasks)
    for step in pack.survey.steps if pack.survey else ():
        if step.task not in {task.id for task in tasks}:
            yield Problem("survey.yaml", step.task, "この作業は流れにありません", "task を流れの作業のidにしてください")
    if pack.identity.kind == "city":
        yield from check_told(pack)


def _task(pack: Pack, task: Task, sections: set[str]) -> Iterator[Problem]:
    where = f"{task.id}({task.name})"
    if not task.lane:
        yield Problem("flow.bpmn", where, "どのレーンにもありません", "行う組織のレーンに入れてください")
    if not task.act:
        yield Problem("flow.bpmn", where, "行為の種類(act)がありません", "factual・assisting などを付けてください")
    if task.id not in sections:
        yield Problem(
            "manual.md", where, "手引きの節がありません", f"「## {task.name} {{#{task.id}}}」の節を書いてください"
        )
    if task.organisation == "city" and task.by_hand and not _positive(task.attributes.get("minutes", "")):
        yield Problem("flow.bpmn", where, "標準時間がありません", "minutes に1件あたりの分を書いてください")
    if task.organisation == "contractor" and pack.identity.kind == "city":
        for key, label in ORDER.items():
            if not task.attributes.get(key):
                yield Problem("flow.bpmn", where, f"受託者に発注する「{label}」がありません", f"{key} を書いてください")


def _positive(text: str) -> bool:
    try:
        return Decimal(text) > 0
    except InvalidOperation:
        return False


def _letters(pack: Pack, tasks: tuple[Task, ...]) -> Iterator[Problem]:
    known = {letter.id for letter in pack.letters}
    used = {name for outcome in pack.identity.outcomes for name in outcome.letters}
    for task in tasks:
        name = task.attributes.get("letter", "")
        if name and name != "outcome":
            used.add(name)
            if name not in known:
                yield Problem(
                    "flow.bpmn", task.id, f"文書「{name}」がありません", f"letters/{name}.typ を作ってください"
                )
    for outcome in pack.identity.outcomes:
        if outcome.kind in NEEDS_LETTER and not outcome.letters:
            yield Problem(
                "procedure.yaml", f"outcomes.{outcome.id}", "出す文書がありません", "letters に文書のidを書いてください"
            )
    for name in sorted(known - used):
        yield Problem(
            f"letters/{name}.typ", "", "どの結果・作業も使っていません", "結果か作業に結び付けるか、消してください"
        )
