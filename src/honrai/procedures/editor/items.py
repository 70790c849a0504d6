"""The boxes an editor shows for one element of form.yaml or parameters.yaml, and what they mean in YAML.

Nothing is compulsory here: what is typed is kept, and the pack's own reader says what is still wrong with it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from honrai.kernel.units import Unit
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.read_form import CHANNELS, FIXERS, SEVERITIES
from honrai.procedures.rules.yaml_edits import scalar
from honrai.ui.forms import ManyChoices

Choice = tuple[str, str]


class Text(forms.CharField):
    """A line of text that may be left empty."""

    def __init__(self, label: str, hint: str = "", **more: Any) -> None:
        super().__init__(label=label, help_text=hint, required=False, **more)


class Lines(forms.CharField):
    """A list, one entry a line."""

    def __init__(self, label: str, hint: str = "1行に1つ") -> None:
        super().__init__(label=label, help_text=hint, required=False, widget=forms.Textarea({"rows": 4}))

    def prepare_value(self, value: Any) -> Any:
        """Show a list line by line."""
        return "\n".join(str(one) for one in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Return the lines that hold something."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class Pick(forms.ChoiceField):
    """One of a list; a value the file holds already stays, known or not."""

    def __init__(self, label: str, choices: Mapping[str, str], hint: str = "", none: str = "選んでください") -> None:
        listed: list[Choice] = [("", none), *choices.items()]
        super().__init__(label=label, choices=listed, help_text=hint, required=False)

    def valid_value(self, value: Any) -> bool:
        """Take any value; the pack's reader names the wrong ones."""
        return True


class Tick(forms.BooleanField):
    """A yes or no; no is not written."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label=label, help_text=hint, required=False)


class Whole(forms.CharField):
    """A whole number; anything else is kept as typed for the reader to complain about."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label=label, help_text=hint, required=False, widget=forms.TextInput({"inputmode": "numeric"}))

    def clean(self, value: Any) -> Any:
        """Return the number, or the text where it is none."""
        text = str(value or "").strip()
        return int(text) if text.isascii() and text.isdigit() else text


class Bare(forms.CharField):
    """A YAML value: a number, a date, true, a list; kept exactly as written."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label=label, help_text=hint, required=False)

    def prepare_value(self, value: Any) -> Any:
        """Show the value as a person types it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value

    def clean(self, value: Any) -> Any:
        """Return what the text means in YAML, or the text where it means nothing."""
        typed = str(value or "").strip()
        bare = typed.replace(",", "") if typed.replace(",", "").isdigit() else typed
        return scalar(bare) if bare else ""


class Item(forms.Form):
    """The boxes of one element; `order` is the usual order of its keys in the file."""

    order: ClassVar[tuple[str, ...]] = ()
    title: ClassVar[str] = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "item_%s", **options})

    def values(self) -> dict[str, Any]:
        """Return the keys to write; call after `is_valid`."""
        return {name: value if value is not False else None for name, value in self.cleaned_data.items()}

    @classmethod
    def start(cls, element: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the boxes show for an element of the file."""
        return dict(element)


class SectionItem(Item):
    """A section of the form."""

    title = "区分"
    order = ("id", "title", "repeat", "least", "fields")
    id = Text("id", "英小文字。例: child")
    title_ = Text("見出し")
    repeat = Whole("くり返す数(最大)", "世帯員・設備のように何件も書くときだけ。")
    least = Whole("少なくとも")

    def values(self) -> dict[str, Any]:
        """Return the keys to write."""
        found = super().values()
        return {"title" if name == "title_" else name: value for name, value in found.items()}

    @classmethod
    def start(cls, element: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the boxes show."""
        return {**element, "title_": element.get("title")}


class FieldItem(Item):
    """One question."""

    title = "欄"
    order = ("id", "label", "type", "required", "required_if", "options", "hint", "fix_by")
    id = Text("id", "英小文字を . でつなぐ。例: child.born")
    label = Text("問い(申請者が読む言葉)")
    type = Pick("型", {key: f"{kind.label}（{key}）" for key, kind in TYPES.items()})
    required = Tick("必ず書く")
    required_if = Text("この条件のときに聞き、必ず書く", 'FEEL。例: application.kind = "新規"')
    options = Lines("選択肢", "選択・複数選択のときだけ。1行に1つ")
    hint = Text("書き方の例")
    fix_by = Pick("書き間違いを直せる人", FIXERS, none="申請者(ふつう)")


class CheckItem(Item):
    """A check that leads to a deficiency."""

    title = "確認"
    order = ("id", "when", "deficiency")
    inner: ClassVar[tuple[str, ...]] = ("code", "severity", "message", "fix_by", "ask", "items")
    id = Text("id")
    when = Text("この条件のとき不備にする", "FEEL。例: child.born > case.received")
    code = Text("不備の番号", "例: D-112")
    severity = Pick("扱い", SEVERITIES)
    message = Text("申請者に伝える文", widget=forms.Textarea({"rows": 2}))
    fix_by = Pick("直せる人", FIXERS)
    ask = forms.MultipleChoiceField(
        label="聞いてよい方法", choices=list(CHANNELS.items()), widget=ManyChoices, required=False
    )
    items_ = Lines("直すところ(欄・添付のid)")

    def values(self) -> dict[str, Any]:
        """Return the keys to write; the deficiency is a mapping of its own."""
        found = super().values()
        inner = {"items" if name == "items_" else name: value for name, value in found.items()}
        told = {name: value for name, value in inner.items() if name in self.inner and value not in (None, "", [])}
        return {"id": found["id"], "when": found["when"], "deficiency": told}

    @classmethod
    def start(cls, element: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the boxes show."""
        inner = element.get("deficiency")
        told = dict(inner) if isinstance(inner, Mapping) else {}
        asked = told.get("ask")
        told["ask"] = [asked] if isinstance(asked, str) else asked
        return {**element, **told, "items_": told.get("items")}


class AttachmentItem(Item):
    """A paper to hand in."""

    title = "添付書類"
    order = ("id", "label", "required", "required_if", "original", "returned", "note")
    id = Text("id")
    label = Text("書類の名前")
    required = Tick("必ず出す")
    required_if = Text("この条件のときに要る", "FEEL。例: agent.used = true")
    original = Tick("原本が要る")
    returned = Tick("確かめたら返す")
    note = Text("注")


class ParameterItem(Item):
    """A parameter: what it is called, its unit and where it comes from."""

    title = "パラメータ"
    order = ("label", "unit", "source", "values")
    label = Text("名前(日本語)")
    unit = Pick("単位", {unit.value: f"{unit.label or unit.value}（{unit.value}）" for unit in Unit})
    source = Text("根拠(条文・資料名)", widget=forms.Textarea({"rows": 2}))


class ValueItem(Item):
    """One value of a parameter from a day on."""

    title = "値"
    order = ("from", "to", "value", "source", "confidence", "to_confirm", "note")
    value = Bare("値", "例: 700、1.05、2026-04-01、true。表の形の値は [1, 2] や {0: 100} のように書きます。")
    source = Text("この値だけの根拠", "上の根拠と違うときだけ")
    confidence = Pick("確かさ", {"high": "確か", "medium": "おそらく", "low": "仮の値"}, none="確か(ふつう)")
    to_confirm = Tick("要確認")
    note = Text("注")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {
            "from": Bare("始まる日", "例: 2026-04-01"),
            "to": Bare("終わった次の日", "次の値が始まるまで続くときは書きません。"),
            **self.fields,
        }


#: (list in the file, its Item) for each kind of element of form.yaml.
FORM_ITEMS: Mapping[str, type[Item]] = {
    "sections": SectionItem,
    "fields": FieldItem,
    "checks": CheckItem,
    "attachments": AttachmentItem,
}
