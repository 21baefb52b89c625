"""When to be reminded, and where; and what a device sends later. A form never saves."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar.reminding import Place, Rhythm, due_on
from unknot.journey.follow.models import Way
from unknot.journey.follow.reads.reminders import Choice as Chosen
from unknot.journey.follow.webpush import Browser
from unknot.web.forms import Chips, Choice, Form

#: A key of a browser and its address are longer than this in no standard.
LONGEST_ADDRESS: Final = 1000


class RemindersForm(Form):
    """The hour, the days and the way; only hours that are not quiet are offered."""

    def __init__(self, data: Any = None, *, chosen: Chosen, place: Place, today: Any) -> None:
        super().__init__(
            data,
            initial={"hour": chosen.hour, "weekdays": chosen.weekdays, "way": chosen.way},
        )
        self.fields["hour"] = forms.TypedChoiceField(
            label=_("At what time?"),
            help_text=_("The same hour every day makes your days easier to compare."),
            choices=[(hour, f"{hour:02}:00") for hour in range(24) if _loud(hour, place, today)],
            coerce=int,
        )
        self.fields["weekdays"] = forms.TypedMultipleChoiceField(
            label=_("On which days?"),
            choices=[(number, WEEKDAYS[number]) for number in range(7)],
            coerce=int,
            widget=Chips,
        )
        self.fields["way"] = forms.ChoiceField(
            label=_("How?"),
            choices=Way.choices,
            widget=Choice(explain={Way.PUSH: _("A short line on the screen, without your name.")}),
        )
        for name, length in (("endpoint", LONGEST_ADDRESS), ("p256dh", 100), ("auth", 40)):
            self.fields[name] = forms.CharField(
                required=False, max_length=length, widget=forms.HiddenInput
            )

    def browser(self) -> Browser | None:
        """The browser that agreed to show reminders, when its keys were sent along."""
        sent = {name: self.cleaned_data.get(name, "") for name in ("endpoint", "p256dh", "auth")}
        return Browser(**sent) if all(sent.values()) else None


def _loud(hour: int, place: Place, today: Any) -> bool:
    """Whether a reminder at this hour comes at this hour."""
    due = due_on(today, Rhythm(hour=hour, weekdays=frozenset(range(7))), place).due
    return due.astimezone(place.zone).hour == hour


class WaitedForm(forms.Form):
    """What a device says about answers that it kept: their own key, and how long they waited."""

    account = forms.IntegerField()  # whose answers they are, whoever is signed in by now
    draft = forms.UUIDField()
    age = forms.IntegerField(min_value=-(10**9), max_value=10**9)  # seconds

    @property
    def key(self) -> UUID:
        """The key the device gave them."""
        found: UUID = self.cleaned_data["draft"]
        return found

    @property
    def waited(self) -> timedelta:
        """How long they waited by the clock of the device."""
        return timedelta(seconds=self.cleaned_data["age"])
