"""What a person sends to hold and to book a time."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

NOTE_LENGTH = 500
YEARS = range(2000, 2200)  # keeps every sum of a start and some minutes a date


class InstantField(forms.CharField):
    """An instant as our own pages write it: ISO 8601 with its offset; cleaned to UTC."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Choose a time."),
        "invalid": _("This is not a time from the list. Choose one below."),
    }

    def clean(self, value: Any) -> datetime:
        text = super().clean(value)
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None or moment.year not in YEARS:
                raise ValueError
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return moment.astimezone(UTC)


class WeekForm(forms.Form):
    """Which week and which day of it to show; anything unreadable shows the first week."""

    week = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def asked(self) -> tuple[date | None, date | None]:
        """The readable parts of the question."""
        self.is_valid()
        return self.cleaned_data.get("week"), self.cleaned_data.get("day")


class HoldForm(forms.Form):
    """One start, from a press on a time."""

    start = InstantField(max_length=40, label=_("Time"))


class ConfirmForm(forms.Form):
    """Who comes, and what the practice should know beforehand."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Write your name, so that the practice can greet you.")},
    )
    phone = forms.RegexField(
        r"^[0-9+()/.\-\s]*[0-9][0-9+()/.\-\s]*$",
        label=_("Phone, if you like"),
        help_text=_("Only for calls about this appointment."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        error_messages={"invalid": _("Write the number in digits, for example +49 30 5550 0100.")},
    )
    note = forms.CharField(
        label=_("A note for your therapist, if you like"),
        help_text=_("For example: the stairs are hard for me. Only your therapist reads it."),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
