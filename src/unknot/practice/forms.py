"""What staff send: a day, a clinician's word, an approval. A form never saves."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.web.forms import Choices, DateField, Form, LineField

YEARS = range(2000, 2200)  # keeps the day before and the day after a date


class DayForm(forms.Form):
    """Which day to show; without one it is today."""

    day = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("This is not a day. Write it like 2026-03-27.")},
    )

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("We only know days from the year 2000 to 2199."))
        return day


class ClearanceForm(Form):
    """What a clinician said about the answers behind a stop."""

    clinician = forms.CharField(
        label=_("Which clinician said so"),
        help_text=_("Name and profession, for example Dr Weber, family doctor."),
        max_length=120,
        error_messages={"required": _("Write which clinician said so.")},
    )
    said_on = DateField(label=_("When they said it"))
    statement = forms.CharField(
        label=_("What they said"),
        help_text=_("In their words, with any limit they set."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write what the clinician said.")},
    )
    covers = forms.MultipleChoiceField(
        label=_("Which answers they spoke about"),
        help_text=_("The stop ends only when every answer is covered."),
        widget=Choices,
        error_messages={"required": _("Tick what the clinician spoke about.")},
    )

    def __init__(self, *args: Any, questions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["covers"].choices = questions  # type: ignore[attr-defined]


class AgreementForm(ClearanceForm):
    """What a clinician agreed to: techniques that are closed until then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["covers"].label = _("What they agreed to")
        self.fields["covers"].help_text = _("What is not ticked stays closed.")


class ApprovalForm(Form):
    """Who approved the safety table for this practice, and when."""

    name = LineField(
        label=_("Clinician who approved the table"),
        help_text=_("A licensed clinician who has read all its questions and rules."),
        max_length=120,
        error_messages={"required": _("Write the name of the clinician who approved the table.")},
    )
    on = DateField(label=_("Day of approval"))
