"""form.yaml -> Form, facts.yaml -> facts."""

import re
from collections.abc import Mapping
from typing import Any

from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Attachment, Check, Fact, Field, Form, Section
from honrai.procedures.rules.shape import Node, Problems, load_yaml, unique

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
SEVERITIES: Mapping[str, str] = {
    "incomplete": "補正を求める",
    "reject-candidate": "却下の候補。職員が判断する",
    "hold": "条件がそろうまで待つ",
    "confirm": "人が確かめれば進める",
    "notice": "本人に知らせて進める",
}
FIXERS: Mapping[str, str] = {"centre": "センター", "applicant": "申請者", "city": "担当課"}
CHANNELS: Mapping[str, str] = {
    "web": "オンライン",
    "counter": "窓口",
    "phone": "電話",
    "post": "郵送",
    "school": "学校",
    "bank": "金融機関",
    "file": "ファイル",
    "api": "他システム",
}
UNKNOWN: Mapping[str, str] = {"hold": "待つ", "ask": "本人に求める", "staff": "職員が調べる", "assume": "仮定する"}
#: Names the platform supplies to every rule, so a pack may not use them for its own fields.
RESERVED = ("p", "case", "attached", "reading")


def read_form(raw: bytes, problems: Problems) -> Form:
    """Return the form; problems are recorded with the path of the element."""
    top = Node(load_yaml(raw, problems), "", problems)
    sections = tuple(_section(node) for node in top.nodes("sections"))
    checks = tuple(_check(node) for node in top.nodes("checks", required=False))
    attachments = tuple(_attachment(node) for node in top.nodes("attachments", required=False))
    top.finish()
    form = Form(sections, checks, attachments)
    unique(list(form.fields), lambda entry: entry.id, "欄", problems)
    unique(list(checks), lambda entry: entry.id, "確認", problems)
    unique(list(attachments), lambda entry: entry.id, "添付", problems)
    _nested_names(form, problems)
    return form


def read_facts(raw: bytes, problems: Problems) -> tuple[Fact, ...]:
    """Return the outside facts the rules use."""
    top = Node(load_yaml(raw, problems), "", problems)
    facts = [_fact(node) for node in top.nodes("facts")]
    top.finish()
    unique(facts, lambda entry: entry.id, "事実", problems)
    return tuple(facts)


def _name(node: Node, key: str = "id") -> str:
    name = node.text(key)
    if name and not NAME.fullmatch(name):
        node.problems.add(node.at(key), f"「{name}」はidに使えません", "英小文字・数字・_ を . でつないでください")
    if name.split(".")[0] in RESERVED:
        node.problems.add(
            node.at(key), f"「{name}」は予約された名前です", "p・case・attached・reading 以外で始めてください"
        )
    return name


def _section(node: Node) -> Section:
    repeat = node.take("repeat", int, 0)
    section_id = node.text("id")
    fields = tuple(read_field(entry, section_id if repeat else "") for entry in node.nodes("fields"))
    section = Section(section_id, node.text("title"), fields, repeat, node.take("least", int, 0))
    node.finish()
    return section


def read_field(node: Node, repeated_in: str) -> Field:
    """Return one question; `repeated_in` is the section it is a column of, "" for a question asked once."""
    field_id = _name(node)
    if repeated_in and not field_id.startswith(repeated_in + "."):
        node.problems.add(node.at("id"), "繰り返す区分の欄です", f"idを「{repeated_in}.」で始めてください")
    kind = node.one_of("type", TYPES)
    options = node.texts("options")
    if bool(options) != (kind in ("choice", "choices")):
        node.problems.add(
            node.at("options"), "選択肢と型が合いません", "choice・choices のときだけ options を書いてください"
        )
    fix_by = node.one_of("fix_by", FIXERS, "applicant")
    if kind in TYPES and fix_by == "centre" and not TYPES[kind].centre_may_fix:
        node.problems.add(
            node.at("fix_by"), f"{TYPES[kind].label}はセンターが直せない種類です", "applicant か city にしてください"
        )
    entry = Field(
        field_id,
        node.text("label"),
        kind,
        node.take("required", bool, False),
        node.text("required_if", ""),
        options,
        node.text("hint", ""),
        fix_by,
        bool(repeated_in),
    )
    node.finish()
    return entry


def _check(node: Node) -> Check:
    check_id, when = node.text("id"), node.text("when")
    part = node.node("deficiency")
    check = Check(
        check_id,
        when,
        part.text("code"),
        part.one_of("severity", SEVERITIES),
        part.text("message"),
        part.one_of("fix_by", FIXERS),
        part.texts("ask"),
        part.texts("items"),
    )
    for channel in check.ask:
        if channel not in CHANNELS:
            part.problems.add(
                part.at("ask"), f"「{channel}」という窓口はありません", "・".join(CHANNELS) + " から選んでください"
            )
    part.finish()
    node.finish()
    return check


def _attachment(node: Node) -> Attachment:
    entry = Attachment(
        node.text("id"),
        node.text("label"),
        node.take("required", bool, False),
        node.text("required_if", ""),
        node.take("original", bool, False),
        node.take("returned", bool, False),
        node.text("note", ""),
    )
    node.finish()
    return entry


def _fact(node: Node) -> Fact:
    unknown = node.one_of("unknown", UNKNOWN)
    assumed: Any = node.any("assumed")
    if (unknown == "assume") != (assumed is not None):
        node.problems.add(
            node.at("assumed"), "仮定の値が合いません", "unknown: assume のときだけ assumed を書いてください"
        )
    fact = Fact(
        _name(node),
        node.text("label"),
        node.one_of("type", TYPES),
        node.text("source"),
        unknown,
        node.texts("options"),
        assumed,
        node.take("fresh_days", int, 0) or None,
        node.text("legal", ""),
    )
    node.finish()
    return fact


def _nested_names(form: Form, problems: Problems) -> None:
    """A field may not be both a value and a group: `child` beside `child.name` cannot be told apart in a rule."""
    ids = {entry.id for entry in form.fields}
    for entry in ids:
        for other in ids:
            if other.startswith(entry + "."):
                problems.add(entry, f"「{entry}」は「{other}」の入れ物と重なります", "どちらかの名前を変えてください")
