"""The questions of a pack as Django form fields: the same for the web, the counter and the desk; only the date box differs.

Answers travel as their JSON form (`FieldType.encode`), keyed by field id; repeated sections as lists of rows.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from honrai.kernel.errors import Invalid
from honrai.procedures.rules.fields import TYPES, FieldType
from honrai.procedures.rules.model import Field, Section
from honrai.ui.forms import Choices, DateBox, DateBoxes, ManyChoices

_YES_NO = [("true", "はい"), ("false", "いいえ")]
_NUMERIC = {
    "whole",
    "yen",
    "postcode",
    "insurer_number",
    "bank_code",
    "branch_code",
    "account_number",
    "beneficiary_number",
}
_AUTOCOMPLETE = {"phone": "tel", "email": "email", "postcode": "postal-code"}
_FEW = 7


class Answer(forms.Field):
    """One question of a pack; reads what was typed by the type's own rule."""

    #: True while the question does not apply: it is drawn out of sight, and what stands in it is not taken.
    hidden = False

    def __init__(self, asked: Field, *, public: bool, required: bool) -> None:
        self.asked = asked
        self.conditional = bool(asked.required_if)
        self.must = asked.required or self.conditional
        self.type: FieldType = TYPES[asked.type]
        widget = _widget(asked, public=public)
        super().__init__(
            label=asked.label, help_text=_hint(asked, self.type, public=public), required=required, widget=widget
        )
        self.error_messages["required"] = "入力してください"

    def clean(self, value: Any) -> Any:
        """Return the typed value, None where nothing was entered.

        Raises:
            ValidationError: says how to mend it.
        """
        if self.hidden:
            return None
        if isinstance(self.widget, DateBoxes):
            value = _joined(value)
        if isinstance(self.widget, forms.CheckboxInput):
            value = True if value else None
        if value in (None, "", []):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return None
        try:
            return self.type.parse(
                {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value,
                self.asked.options,
            )
        except Invalid as error:
            raise forms.ValidationError(error.message) from error

    def kept(self, raw: Any) -> Any:
        """Return what is kept of something typed: the JSON form of its value, or the text itself where it cannot be read."""
        text = _joined(raw) if isinstance(self.widget, DateBoxes) else raw
        if text in (None, "", [], False):
            return None
        known = {"true": True, "false": False}.get(text, text) if isinstance(text, str) else text
        try:
            return self.type.encode(self.type.parse(known, self.asked.options))
        except Invalid:
            return text

    def prepare_value(self, value: Any) -> Any:
        """Return a kept answer as its widget shows it."""
        if isinstance(value, bool):
            return value if isinstance(self.widget, forms.CheckboxInput) else str(value).lower()
        if self.type.feel == "date" and isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return value
        return list(value) if isinstance(value, tuple) else value


def section_form(
    section: Section,
    data: Mapping[str, Any] | None,
    kept: Mapping[str, Any],
    *,
    public: bool,
    strict: bool,
    asked: frozenset[str] | None = None,
) -> forms.Form:
    """Return the form of one section.

    Args:
        section: of the pack; repeated sections are drawn row by row by their own view.
        data: what was sent, None for a fresh page.
        kept: answers kept so far, by field id.
        public: roomy widgets for applicants, one date box for staff otherwise.
        strict: required answers must be given; a draft is kept without them.
        asked: only these fields (answers to deficiencies); None for all.
    """
    wanted = [field for field in section.fields if asked is None or field.id in asked]
    made = {field.id: Answer(field, public=public, required=strict and _compulsory(field, asked)) for field in wanted}
    kind = type("SectionForm", (forms.Form,), made)
    initial = {field.id: kept.get(field.id) for field in wanted}
    form: forms.Form = kind(data, initial=initial)
    return form


def _compulsory(field: Field, asked: frozenset[str] | None) -> bool:
    """A question with a condition is compulsory wherever the condition has it asked."""
    return field.required or (asked is not None and bool(field.required_if))


def encoded(form: forms.Form) -> dict[str, Any]:
    """Return the valid answers of a form in their JSON form; what was emptied is None."""
    return {
        name: None if value is None else TYPES[field.asked.type].encode(value)
        for name, field in form.fields.items()
        if isinstance(field, Answer) and name in form.cleaned_data
        for value in [form.cleaned_data[name]]
    }


def shown(field: Field, value: Any) -> str:
    """Return a kept answer as people read it; empty where nothing was answered."""
    kind = TYPES[field.type]
    if value in (None, "", []):
        return ""
    try:
        return kind.show(kind.decode(value))
    except (ValueError, ArithmeticError):  # kept as typed, not readable yet
        return str(value)


def _hint(asked: Field, kind: FieldType, *, public: bool) -> str:
    if asked.hint:
        return asked.hint
    if public and kind.key == "date_era":
        return "例：令和 8年 4月 1日"
    return "" if kind.key in {"choice", "choices", "yes_no"} else kind.hint


def _widget(asked: Field, *, public: bool) -> forms.Widget:
    options = [(option, option) for option in asked.options]
    match asked.type:
        case "choice" if len(options) < _FEW:
            return Choices(choices=options)
        case "choice":
            return forms.Select(choices=[("", "選んでください"), *options])
        case "choices":
            return ManyChoices(choices=options)
        case "yes_no":
            return Choices(choices=_YES_NO)
        case "consent" | "signature":
            return forms.CheckboxInput()
        case "date_era":
            return DateBoxes() if public else DateBox()
        case "long_text":
            return forms.Textarea({"rows": 4})
        case kind:
            return forms.TextInput(_attributes(kind))


def _attributes(kind: str) -> dict[str, str]:
    said = {"autocomplete": _AUTOCOMPLETE.get(kind, "off")}
    if kind in _NUMERIC:
        said["inputmode"] = "numeric"
    return said


def _joined(boxes: Any) -> str:
    """Join era, year, month and day as the date reader takes them."""
    if not isinstance(boxes, list):
        return str(boxes or "")
    era, year, month, day = ((part or "").strip() for part in boxes)
    if not (year or month or day):
        return ""
    return f"{era}{year}.{month}.{day}" if era else f"{year}/{month}/{day}"
