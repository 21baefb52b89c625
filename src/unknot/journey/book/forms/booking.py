"""What a person sends to hold, to book, to move and to cancel a time."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.web.forms import LineField

NOTE_LENGTH = 500
MOST_ADD_ONS = 9
YEARS = range(2000, 2200)  # keeps every sum of a start and some minutes a date


class InstantField(forms.CharField):
    """An instant as our own pages write it: ISO 8601 with its offset; cleaned to UTC.

    None when it is left out where it need not be given.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Choose a time."),
        "invalid": _("This is not a time from the list. Choose one below."),
    }

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text and not self.required:
            return None
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


def add_ons(values: Collection[str]) -> list[int]:
    """The numbers of add-ons in `add` of an address or a form; what is no number is left out."""
    readable = (one for one in values if one.isascii() and one.isdecimal() and len(one) <= 9)
    return sorted({int(one) for one in readable})[:MOST_ADD_ONS]


class HoldForm(forms.Form):
    """One start, from a press on a time; `key` is made anew whenever the form is drawn."""

    start = InstantField(max_length=40, label=_("Time"))
    key = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("This form cannot be read. Choose a time again.")},
    )

    def request_key(self, *wish: object) -> UUID | None:
        """What makes the same press of the same form one hold: its key, its start and `wish`."""
        key: UUID | None = self.cleaned_data["key"]
        if key is None:
            return None
        return uuid5(key, repr((self.cleaned_data["start"].isoformat(), *wish)))


class MoveForm(forms.Form):
    """Another start; staff add why when it breaks the notice or the time between sessions."""

    start = InstantField(max_length=40, label=_("Time"))
    reason = forms.CharField(max_length=200, required=False)


class CancelForm(forms.Form):
    """What it cost when the page was drawn, and for staff on whose behalf and why it is free."""

    fee = forms.IntegerField(min_value=0, max_value=10**9, required=False)
    asked_by = forms.ChoiceField(
        choices=[("practice", _("The practice")), ("client", _("The client"))], required=False
    )
    reason = forms.CharField(max_length=200, required=False)


class ConfirmForm(forms.Form):
    """Who comes, and what the practice should know beforehand."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Write your name, so that the practice can greet you.")},
    )
    guest = LineField(
        label=_("The name of the person who comes with you"),
        help_text=_("Before you come, they answer the safety questions for themselves."),
        max_length=120,
        error_messages={"required": _("Write the name of the person who comes with you.")},
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

    def __init__(self, *args: Any, for_two: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_two:
            del self.fields["guest"]
