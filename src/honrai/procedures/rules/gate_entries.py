"""Gate points 5 and 6 for entries.yaml: layouts and names exist, required fields are filled, every closing outcome is told."""

from collections.abc import Iterator

from honrai.engines.feel.errors import FeelError
from honrai.exchange.api import Layout, layouts
from honrai.procedures.rules.entries import CORE, CoreEntry, PayableRule
from honrai.procedures.rules.expressions import used_names
from honrai.procedures.rules.flowview import model_of, tasks_of
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.nature import OPEN
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.tables import program
from honrai.registers.api import series

FILE = "entries.yaml"
#: Steps that tell the core systems (`honrai:robot`).
TELLING = frozenset({"core-entry", "ledger-entry"})
#: Kinds of outcome that change what a core system must hold.
TOLD = frozenset({"grant", "end", "accept", "register"})


def check_entries(pack: Pack, known: frozenset[str]) -> Iterator[Problem]:
    """Yield what entries.yaml names and does not exist, and required fields it leaves empty (point 5).

    Args:
        pack: the pack.
        known: names rules may read.
    """
    results = {f"result.{one.name}" for one in program(pack.decisions).model.decisions} if pack.decisions else set()
    names = known | results | set(CORE)
    for entry in pack.entries.entries:
        yield from _outcomes(pack, entry)
        yield from _layout(entry)
        texts = {
            "when": entry.when,
            "each": entry.each,
            **{f"fields.{name}": text for name, text in entry.fields.items()},
        }
        yield from _texts(f"entries.{entry.id}", texts, names, item=bool(entry.each))
        if entry.number and entry.number not in series():
            yield Problem(
                FILE,
                entry.id,
                f"番号の種類「{entry.number}」がありません",
                "・".join(series()) + " のどれかにしてください",
            )
    for payable in pack.entries.payables:
        yield from _outcomes(pack, payable)
        texts = {"amount": payable.amount, "when": payable.when, "school": payable.school}
        yield from _texts(f"payables.{payable.id}", texts, names)
        yield from _groups(pack, payable)


def check_told(pack: Pack) -> Iterator[Problem]:
    """Yield closing outcomes of which no core system hears though the flow has the step, and entries without a step (point 6)."""
    tells = any(task.attributes.get("robot") in TELLING for task in tasks_of(model_of(pack.flow)))
    if not tells:
        if pack.entries.entries or pack.entries.payables:
            remedy = "流れに core-entry の作業を置くか、entries.yaml を消してください"
            yield Problem(FILE, "", "登録する作業が流れにありません", remedy)
        return
    rules: tuple[CoreEntry | PayableRule, ...] = (*pack.entries.entries, *pack.entries.payables)
    told = {name for one in rules for name in one.outcomes}
    for outcome in pack.identity.outcomes:
        if outcome.kind in TOLD and outcome.id not in told:
            message = f"結果「{outcome.id}」を基幹システムに伝える登録がありません"
            yield Problem(FILE, outcome.id, message, "entries に、渡すレイアウトと項目を書いてください")


def _outcomes(pack: Pack, one: CoreEntry | PayableRule) -> Iterator[Problem]:
    kinds = {outcome.id: outcome.kind for outcome in pack.identity.outcomes}
    for name in one.outcomes:
        if name not in kinds or kinds[name] in OPEN:
            yield Problem(
                FILE, one.id, f"「{name}」という終わり方はありません", "procedure.yaml の outcomes に合わせてください"
            )


def _layout(entry: CoreEntry) -> Iterator[Problem]:
    found = next((one for one in layouts() if one.code == entry.layout and one.direction == "out"), None)
    if found is None:
        codes = "・".join(one.code for one in layouts() if one.direction == "out")
        yield Problem(
            FILE, entry.id, f"書き出しのレイアウト「{entry.layout}」がありません", f"次のどれかにしてください: {codes}"
        )
        return
    if found.proof is None:
        yield Problem(
            FILE, entry.id, f"「{found.title}」は反映を確かめられません", "レイアウトに proof を書いてください"
        )
    yield from _fields(entry, found)


def _fields(entry: CoreEntry, layout: Layout) -> Iterator[Problem]:
    there = {one.id for one in layout.fields}
    for name in entry.fields:
        if name not in there:
            yield Problem(
                FILE, f"{entry.id}.{name}", f"「{layout.title}」にこの項目はありません", "綴りを直すか、消してください"
            )
    for one in layout.fields:
        filled = one.id in entry.fields or one.kind in ("change", "drop")
        if not filled and (one.required or one.id in layout.key):
            yield Problem(FILE, f"{entry.id}.{one.id}", f"必須の「{one.label}」が埋まりません", "式を書いてください")


def _texts(
    element: str, texts: dict[str, str], known: frozenset[str] | set[str], *, item: bool = False
) -> Iterator[Problem]:
    for name, text in texts.items():
        if not text:
            continue
        try:
            missing = sorted(used for used in used_names(text) if used not in known and not (item and _is_item(used)))
        except FeelError as error:
            yield Problem(FILE, f"{element}.{name}", f"式として読めません: {error}", "FEEL の書き方を確かめてください")
            continue
        for used in missing:
            yield Problem(
                FILE, f"{element}.{name}", f"「{used}」がありません", "欄・事実・result・core の名前にしてください"
            )


def _is_item(name: str) -> bool:
    return name == "item" or name.startswith("item.")


def _groups(pack: Pack, payable: PayableRule) -> Iterator[Problem]:
    fields = {one.id for one in pack.form.fields}
    for group, parts in ((payable.payee, ("bank", "holder")), (payable.owner, ("name", "kana"))):
        for part in parts:
            if f"{group}.{part}" not in fields:
                yield Problem(
                    FILE, payable.id, f"欄「{group}.{part}」がありません", "口座・受取人の欄の区分を書いてください"
                )
