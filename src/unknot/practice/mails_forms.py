"""From when to when planned mails wait. A form never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import weekly
from unknot.people.models import Practice
from unknot.practice.hours_forms import TimeField
from unknot.web.forms import Form


class QuietForm(Form):
    """Two times of the day; the same time twice means that no hour is quiet."""

    quiet_from = TimeField(label=_("Quiet from"))
    quiet_until = TimeField(
        label=_("Quiet until"),
        help_text=_("Reminders and questions wait until then. The same time twice: never quiet."),
    )

    @classmethod
    def of(cls, practice: Practice, sent: Any) -> "QuietForm":
        """The form with the hours of a practice, or with what was sent."""
        initial = {
            "quiet_from": weekly.clock(practice.quiet_from),
            "quiet_until": weekly.clock(practice.quiet_until),
        }
        return cls(sent, initial=initial)

    def clean(self) -> dict[str, Any]:
        for name in ("quiet_from", "quiet_until"):
            minute = self.cleaned_data.get(name)
            if name not in self.errors and minute is None:
                self.add_error(name, _("Write a time, such as 21:00."))
            elif minute == 1440:
                self.cleaned_data[name] = 0
        if self.errors:
            raise forms.ValidationError([])
        return self.cleaned_data
