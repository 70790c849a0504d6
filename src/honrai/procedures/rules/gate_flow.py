"""Gate points 1, 2 and 3: the flow is sound, acts lie where the law allows them, nobody checks their own work."""

import re
from collections.abc import Iterator

from honrai.engines.flow import legality
from honrai.engines.flow.api import Model, refusals
from honrai.engines.flow.prove import Proof, prove
from honrai.procedures.rules.flowview import (
    ACTIVITIES,
    ACTS,
    CHECKS,
    OFFICIAL_ACTS,
    Task,
    model_of,
    next_nodes,
    nodes_of,
    reachable,
    starts_of,
    tasks_of,
)
from honrai.procedures.rules.model import Outcome, Pack
from honrai.procedures.rules.nature import ALLOWED, FORBIDDEN_WORDS, KINDS, NEEDS_APPEAL
from honrai.procedures.rules.problems import Problem

FLOW, FORM = "flow.bpmn", "procedure.yaml"
_NUMBERED = re.compile(r"^\s*\d+[.)．]", re.MULTILINE)


def check_soundness(pack: Pack) -> Iterator[Problem]:
    """Yield what keeps the flow from being valid BPMN, from running exactly and from always coming to an end (point 1)."""
    for broken in legality.check(pack.flow, name=FLOW):
        if not broken.unseen:
            yield Problem(
                FLOW, f"{broken.line}行目 {broken.id}", f"{broken.message}({broken.constraint})", broken.remedy
            )
    model = model_of(pack.flow)
    for refusal in refusals(model):
        yield Problem(FLOW, f"{refusal.line}行目", str(refusal), "実行できる要素に直してください")
    proof = proof_of(pack)
    for flaw in proof.flaws:
        yield Problem(FLOW, "、".join(flaw.elements), flaw.message, flaw.remedy)
    for undecided in proof.undecided:
        yield Problem(FLOW, undecided.scope, undecided.reason, "サブプロセスに分けて、証明できる大きさにしてください")


def proof_of(pack: Pack) -> Proof:
    """Return the proof of soundness; a flaw's `path` is the counter-example to draw on the diagram.

    Raises:
        BadModel: the flow cannot be read.
    """
    return prove(model_of(pack.flow))


def check_acts(pack: Pack) -> Iterator[Problem]:
    """Yield acts that lie with someone who may not do them, and outcomes the nature does not know (point 2)."""
    model = model_of(pack.flow)
    for task in tasks_of(model):
        yield from _act(task)
        yield from _delegation(task)
    if pack.identity.kind == "city":
        yield from _dictated(pack, model)
    yield from _decided(pack, model)
    for outcome in pack.identity.outcomes:
        yield from _outcome(pack, outcome)


def check_separation(pack: Pack) -> Iterator[Problem]:
    """Yield steps somebody could do and check themselves (point 3)."""
    model = model_of(pack.flow)
    tasks = {task.id: task for task in tasks_of(model)}
    following = next_nodes(model)
    for task in tasks.values():
        checked = task.attributes.get("checks", "")
        if task.attributes.get("check", "") not in CHECKS:
            yield _of(task, "check の値が正しくありません", "none・second・blind のどれかにしてください")
        elif task.attributes.get("check") in ("second", "blind") and not checked:
            yield _of(task, "何を確かめる作業かがありません", "checks に確かめる作業のidを書いてください")
        elif checked:
            yield from _separate(task, tasks.get(checked), following, starts_of(model))
        elif task.act in ("bound-decision", "discretionary-decision"):
            yield _of(task, "決裁が起案と分かれていません", "check=second と checks=起案の作業のid を書いてください")


def _of(task: Task, message: str, remedy: str) -> Problem:
    return Problem(FLOW, f"{task.id}({task.name})", message, remedy)


def _act(task: Task) -> Iterator[Problem]:
    if task.act and task.act not in ACTS:
        yield _of(task, f"行為「{task.act}」という種類はありません", "・".join(ACTS) + " から選んでください")
    if task.organisation == "city" and not task.attributes.get("robot"):
        return
    who = "ロボット" if task.attributes.get("robot") else f"レーン「{task.lane}」"
    if task.act in OFFICIAL_ACTS:
        yield _of(task, f"{who}に「{ACTS[task.act]}」が置かれています", "市の職員のレーンに移してください")
    if task.attributes.get("decides"):
        yield _of(task, f"{who}で決定しています(decides)", "決定は決裁者のレーンに置き、ここは proposes にしてください")


def _delegation(task: Task) -> Iterator[Problem]:
    delegable = task.attributes.get("delegable", "")
    if delegable not in ("yes", "no"):
        yield _of(task, "委託できるかどうかがありません", "delegable を yes か no にしてください")
    if delegable == "yes" and task.act in OFFICIAL_ACTS:
        yield _of(task, f"「{ACTS[task.act]}」は委託できません", "delegable を no にしてください")
    if delegable == "yes" and not task.attributes.get("basis"):
        yield _of(task, "委託の根拠がありません", "basis に契約・仕様書と決裁番号を書いてください")
    if task.organisation == "contractor" and delegable != "yes":
        yield _of(
            task, "委託できない作業が受託者のレーンにあります", "職員のレーンに移すか、委託の根拠を示してください"
        )


def _dictated(pack: Pack, model: Model) -> Iterator[Problem]:
    """The contractor orders its own work: the city says what comes out, not in which order it is done (偽装請負)."""
    tasks = {task.id: task for task in tasks_of(model)}
    following, nodes = next_nodes(model), nodes_of(model)
    remedy = "一つの作業にまとめ、中の順序は受託者パックに任せてください"
    for task in tasks.values():
        if task.organisation != "contractor":
            continue
        inner = task.node.body.walk() if task.node.body else ()
        if any(node.kind in ACTIVITIES for node in inner):
            yield _of(task, "受託者の作業の中の手順を市が定めています(偽装請負)", remedy)
        for other in _straight(task.id, following, {name: node.kind for name, node in nodes.items()}):
            if tasks[other].organisation == "contractor" and tasks[other].node.scope == task.node.scope:
                message = f"受託者の作業「{tasks[other].name}」との順序を市が定めています(偽装請負)"
                yield _of(task, message, remedy)
    yield from _ordered_manual(pack, tasks)


def _straight(start: str, following: dict[str, tuple[str, ...]], kinds: dict[str, str]) -> Iterator[str]:
    """Yield the activities that follow with nothing but gateways in between: no work and no waiting of others."""
    seen: set[str] = set()
    waiting = list(following[start])
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if kinds[name] in ACTIVITIES:
            yield name
        elif kinds[name].endswith("Gateway") and kinds[name] != "eventBasedGateway":
            waiting.extend(following[name])


def _ordered_manual(pack: Pack, tasks: dict[str, Task]) -> Iterator[Problem]:
    for section in pack.manual:
        task = tasks.get(section.task)
        if task is not None and task.organisation == "contractor" and _NUMBERED.search(section.text):
            message = "受託者の作業の手引きに番号付きの手順があります(偽装請負)"
            remedy = "渡すもの・判断基準・返すもの・品質・期限だけを書いてください"
            yield Problem("manual.md", section.task, message, remedy)


def _decided(pack: Pack, model: Model) -> Iterator[Problem]:
    if pack.identity.kind != "city":
        return
    tasks = tasks_of(model)
    for attribute, label in (("proposes", "決定案を作る作業"), ("decides", "決定する作業")):
        named = [task for task in tasks if task.attributes.get(attribute)]
        if not named:
            remedy = f'作業に {attribute}="{pack.identity.proposal}" を付けてください'
            yield Problem(FLOW, "", f"{label}がありません", remedy)
        for task in named:
            if task.attributes[attribute] != pack.identity.proposal:
                yield _of(
                    task,
                    f"決定「{task.attributes[attribute]}」がありません",
                    f"{pack.identity.proposal} にしてください",
                )


def _outcome(pack: Pack, outcome: Outcome) -> Iterator[Problem]:
    nature, where = pack.identity.nature, f"outcomes.{outcome.id}"
    if outcome.kind not in ALLOWED[nature]:
        message = f"「{nature}」に「{KINDS[outcome.kind]}」という結果はありません"
        yield Problem(FORM, where, message, f"使える種類: {'・'.join(sorted(ALLOWED[nature]))}")
    titles = {letter.id: letter for letter in pack.letters}
    for word in FORBIDDEN_WORDS.get(nature, ()):
        texts = (outcome.id, *(titles[name].title for name in outcome.letters))
        if any(word in text for text in texts):
            yield Problem(
                FORM, where, f"「{nature}」に「{word}」はありません", "補正・保留・却下など、法の言葉にしてください"
            )
    for name in outcome.letters:
        code = titles[name].source
        if outcome.kind in NEEDS_APPEAL and not ("#appeal()" in code and "#reasons()" in code):
            remedy = "#reasons() と #appeal() を入れてください"
            yield Problem(f"letters/{name}.typ", where, "拒む処分の文書に理由か教示がありません", remedy)
        if outcome.kind not in NEEDS_APPEAL and "#appeal()" in code:
            yield Problem(
                f"letters/{name}.typ",
                where,
                "処分でない、または認める文書に教示があります",
                "#appeal() を外してください",
            )


def _separate(
    task: Task, checked: Task | None, following: dict[str, tuple[str, ...]], starts: tuple[str, ...]
) -> Iterator[Problem]:
    if checked is None or checked.id == task.id:
        yield _of(task, "確かめる作業が自分自身か、ありません", "checks に別の作業のidを書いてください")
        return
    if task.id in reachable(following, starts, without=checked.id):
        message = f"「{checked.name}」を通らずに、それを確かめる作業に着く道があります"
        yield _of(task, message, "確かめる作業を必ず後に置いてください")
    apart = task.attributes.get("apart", "person")
    if apart == "organisation" and task.organisation == checked.organisation:
        yield _of(task, "同じ組織が行って確かめています", "別の組織のレーンに置いてください")
