"""Form fields people in Japan type into, and the one way forms are drawn.

`EraDateField` takes a date in one box (R080401, 5080401, 20260401, 令和8年4月1日); `ThreeBoxDateField` asks applicants for
year, month and day one by one. Both show what was typed again when it is wrong.
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import Wareki, format_wareki, list_eras, parse_date

_TYPED = re.compile(r"([A-Z]?)([^./]*)[./]([^./]*)[./]([^./]*)")
ERA_CHOICES = [("", "西暦"), *[(era.letter, era.name) for era in reversed(list_eras())]]


class Renderer(TemplatesSetting):
    """Draws forms and fields with the templates of this chapter."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class DateBox(forms.TextInput):
    """One box for a date; keeps the IME off, Enter goes on to the next field."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "size": 12} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        """Show a date as 令和8年4月1日, anything typed as it was typed."""
        return format_wareki(value) if isinstance(value, date) else value


class EraDateField(forms.Field):
    """A date in one box."""

    widget = DateBox

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "例：R080401、20260401")
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """Return the date, or say how to write one."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except Invalid as error:
            raise forms.ValidationError(error.message) from error


class DateBoxes(forms.MultiWidget):
    """Era or western calendar, year, month, day: four boxes for people who fill in a form once a year."""

    template_name = "ui/forms/widgets/date_boxes.html"
    is_group = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}
        boxes = (forms.Select(choices=ERA_CHOICES), *(forms.TextInput(number) for _ in range(3)))
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Spread a date over the boxes; of something typed that is no date, what stands between the dots."""
        if isinstance(value, str) and (typed := _TYPED.fullmatch(value)):
            return list(typed.groups())
        if not isinstance(value, date):
            return ["", "", "", ""]
        shown = Wareki.of(value)
        return [shown.era.letter, shown.year, value.month, value.day]

    def id_for_label(self, id_: str) -> str:
        """The group carries the id."""
        return id_


class ThreeBoxDateField(forms.MultiValueField):
    """A date asked for as year, month and day, in the calendar the person chooses."""

    widget = DateBoxes

    def __init__(self, **options: Any) -> None:
        fields = (forms.CharField(required=False), *(forms.CharField(required=False) for _ in range(3)))
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, data_list: list[Any]) -> date | None:
        """Return the date of the boxes, or say which box is empty or wrong."""
        era, *numbers = data_list or ["", "", "", ""]
        if not any(numbers):
            return None
        for label, number in zip(("年", "月", "日"), numbers, strict=True):
            if not number:
                raise forms.ValidationError(f"{label}を入力してください")
        year, month, day = numbers
        typed = f"{era}{year}.{month}.{day}" if era else f"{year}/{month}/{day}"
        try:
            return parse_date(typed)
        except Invalid as error:
            raise forms.ValidationError(error.message) from error


class Choices(forms.RadioSelect):
    """One of a few, all in sight."""

    template_name = "ui/forms/widgets/choices.html"
    is_group = True


class ManyChoices(forms.CheckboxSelectMultiple):
    """Any of a few, all in sight."""

    template_name = "ui/forms/widgets/choices.html"
    is_group = True
