"""How every form looks, and the fields Django lacks: 0 to 10, chips, a date in three numbers.

A form extends `Form` of this module. A page writes `<form method="post" novalidate>`, the token
and `{{ form }}`: that is the error summary, then each field with its label, help, error and
control. To place fields by hand include `web/components/error_summary.html` and write
`{{ form.name.as_field_group }}`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import MultiWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.texts import one_line, paragraphs

Text = str | Promise

OURS = Path(__file__).resolve().parent / "templates"
DJANGOS = Path(forms.__file__).resolve().parent / "templates"


#: More digits than any part of a date has; far more could not even be read as a number.
MOST_DIGITS = 8
DJANGOS_REQUIRED = forms.Field.default_error_messages["required"]


class Renderer(DjangoTemplates):
    """Draws forms and fields with our templates; ours come before Django's own."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"

    @cached_property
    def engine(self) -> Any:
        return self.backend(
            {"APP_DIRS": True, "DIRS": [OURS, DJANGOS], "NAME": "unknotforms", "OPTIONS": {}}
        )


class Form(forms.Form):
    """A form whose fields ask in plain words for a missing answer, unless a field has its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == DJANGOS_REQUIRED:
                field.error_messages |= {"required": _missing(field)}


def _missing(field: forms.Field) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return _("Choose at least one answer.")
    if isinstance(field, forms.ChoiceField):
        return _("Choose an answer.")
    if isinstance(field, forms.BooleanField):
        return _("Tick this box to go on.")
    return _("Fill this in.")


class Choice(forms.RadioSelect):
    """Answers worth reading, one to choose; `explain` gives a second line to a value."""

    template_name = "web/forms/choices.html"
    option_template_name = "web/forms/choice.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        explain: Mapping[str, Text] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.explain = explain or {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return option | {"explain": self.explain.get(str(option["value"]), "")}


class Choices(Choice, forms.CheckboxSelectMultiple):
    """Answers worth reading, any number to choose."""


class Chips(forms.CheckboxSelectMultiple):
    """Short words, any number to choose, in a row."""

    template_name = "web/forms/chips.html"


class Scale(forms.RadioSelect):
    """Eleven real radios from 0 to 10, none chosen beforehand; `strand` is body or mind."""

    template_name = "web/forms/scale.html"
    option_template_name = "django/forms/widgets/radio_option.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        strand: str = "body",
        low: Text = "",
        high: Text = "",
    ) -> None:
        super().__init__(attrs, choices)
        self.strand, self.low, self.high = strand, low, high

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"strand": self.strand, "low": self.low, "high": self.high}
        return context


class ScaleField(forms.TypedChoiceField):
    """A whole number from 0 to 10, or None when skipped; `low` and `high` name the ends."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Choose a number from 0 to 10."),
        "invalid_choice": _("Choose a number from 0 to 10."),
    }

    def __init__(
        self, *, strand: str = "body", low: Text = "", high: Text = "", **kwargs: Any
    ) -> None:
        numbers = [(str(number), str(number)) for number in range(11)]
        widget = Scale(strand=strand, low=low, high=high)
        super().__init__(
            choices=numbers, coerce=int, empty_value=None, **{"widget": widget, **kwargs}
        )


class DayMonthYear(MultiWidget):
    """Three number fields for a date: nobody scrolls a calendar back to the year they were born."""

    template_name = "web/forms/date.html"
    use_fieldset = True
    PARTS = (
        ("day", _("Day"), 2, "bday-day"),
        ("month", _("Month"), 2, "bday-month"),
        ("year", _("Year"), 4, "bday-year"),
    )

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        self.birthday = birthday
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({"inputmode": "numeric", "maxlength": length, "size": length})
            for name, _label, length, _fill in self.PARTS
        }
        super().__init__(inputs, attrs)

    def decompress(self, value: dt.date | None) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (_name, label, _length, fill) in zip(
            context["widget"]["subwidgets"], self.PARTS, strict=True
        ):
            part["label"] = label
            if self.birthday:
                part["attrs"]["autocomplete"] = fill
        return context


class DateField(forms.MultiValueField):
    """A date typed as day, month and year; every impossible one gets its own sentence."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Write the day, the month and the year."),
        "incomplete": _("Write the day, the month and the year."),
        "digits": _("Write the date in numbers, for example 27 3 1988."),
        "year": _("Write the year with 4 digits, for example 1988."),
        "month": _("The month is a number from 1 to 12."),
        "day": _("This day does not exist in that month. Check the day and the month."),
    }

    def __init__(self, *, birthday: bool = False, **kwargs: Any) -> None:
        parts = tuple(forms.CharField(required=False) for _part in DayMonthYear.PARTS)
        widget = DayMonthYear(birthday=birthday)
        super().__init__(parts, require_all_fields=False, **{"widget": widget, **kwargs})

    def compress(self, data_list: Sequence[str]) -> dt.date | None:
        if not any(data_list or ()):
            return None
        if not all(data_list):
            raise self._refused("incomplete")
        typed = [part.strip() for part in data_list]
        if not all(
            part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS for part in typed
        ):
            raise self._refused("digits")
        day, month, year = (int(part) for part in typed)
        if not 1000 <= year <= 9999:
            raise self._refused("year")
        if not 1 <= month <= 12:
            raise self._refused("month")
        try:
            return dt.date(year, month, day)
        except ValueError as error:
            raise self._refused("day") from error

    def _refused(self, code: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code)


class LineField(forms.CharField):
    """A name or a short answer: one line, whatever was pasted into it."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class ParagraphsField(forms.CharField):
    """Free words that keep their lines and nothing that a reader cannot see."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea({"rows": rows}), **kwargs})

    def to_python(self, value: Any) -> str:
        return paragraphs(super().to_python(value) or "")
