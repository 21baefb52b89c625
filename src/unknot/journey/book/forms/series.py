"""What a person sends about a series: how often, which times, and a new weekday or time."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from unknot.domain.calendar import series
from unknot.journey.book.forms.booking import InstantField

MOST_WEEKS: Final = 8
MOST_SESSIONS: Final = 26
#: What a form sends for a time that is left out or left as it is.
LEAVE: Final = "leave"


class RepeatForm(forms.Form):
    """How often, and how many sessions with the first."""

    every = forms.TypedChoiceField(
        coerce=int,
        label=_("How often?"),
        choices=[
            (weeks, ngettext_lazy("Every week", "Every %(weeks)d weeks", weeks) % {"weeks": weeks})
            for weeks in range(1, MOST_WEEKS + 1)
        ],
    )
    count = forms.IntegerField(
        min_value=2,
        max_value=MOST_SESSIONS,
        label=_("How many sessions?"),
        help_text=_("With the first one, from 2 to 26."),
    )

    def rule(self) -> str:
        """The rule of RFC 5545 that a valid form means."""
        return series.weekly(self.cleaned_data["every"], self.cleaned_data["count"])


class BookForm(RepeatForm):
    """The same with the key that makes one form one series."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class FollowingForm(forms.Form):
    """The weekday and time to which sessions move, each within its week."""

    weekday = forms.TypedChoiceField(
        coerce=int, choices=list(WEEKDAYS.items()), label=_("Day of the week")
    )
    time = forms.TimeField(
        input_formats=["%H:%M"],
        label=_("Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    def minute(self) -> int:
        """The time in minutes from midnight."""
        time = self.cleaned_data["time"]
        return int(time.hour * 60 + time.minute)


class CancelForm(forms.Form):
    """What it cost when the page was drawn, and for staff on whose behalf."""

    fee = forms.IntegerField(min_value=0, max_value=10**9, required=False)
    asked_by = forms.ChoiceField(
        choices=[("practice", _("The practice")), ("client", _("The client"))], required=False
    )


def choices(data: Mapping[str, str], names: Collection[str]) -> dict[str, datetime | None]:
    """The start chosen for each of these names; ValidationError for one that is no time.

    A name of which nothing was sent is left out, as one that was not shown.
    """
    field = InstantField(max_length=40)
    sent = {name: data[f"at-{name}"] for name in names if f"at-{name}" in data}
    return {name: None if text == LEAVE else field.clean(text) for name, text in sent.items()}
