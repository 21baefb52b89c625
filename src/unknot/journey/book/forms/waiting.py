"""What somebody waits for: with whom, on which days and at which hours."""

from datetime import time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.forms.search import WEEKDAYS
from unknot.web.forms import Chips

WHOLE_DAY: Final = (0, 1440)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


def _time(label: Any, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M"],
        help_text=help_text,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )


class WaitForm(forms.Form):
    """A place in line. Empty hours mean the whole day, no weekday means any."""

    who = forms.ChoiceField()  # made whole with the therapist's name
    first_day = _day(_("From"))
    last_day = _day(_("Until"))
    from_time = _time(_("Not before"), _("The session lies between these hours. Empty: any time."))
    to_time = _time(_("Over by"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        coerce=int,
        widget=Chips,
        choices=WEEKDAYS,
        help_text=_("None chosen: any day."),
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"] = forms.ChoiceField(
            label=_("With whom?"),
            widget=forms.RadioSelect,
            choices=[("this", name), ("any", _("Anybody who offers this"))],
        )

    def minutes(self) -> tuple[int, int]:
        """The hours of a valid form in minutes from midnight."""
        first, last = self.cleaned_data["from_time"], self.cleaned_data["to_time"]
        return (
            _minute(first) if first is not None else WHOLE_DAY[0],
            _minute(last) if last is not None else WHOLE_DAY[1],
        )


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
