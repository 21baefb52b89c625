"""Forms about what is safe: readings of heated stones, and what went wrong."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.session.actions.incidents import TEXT_MAX, Report
from unknot.journey.session.actions.stones import Measured
from unknot.journey.session.models import StoneReading
from unknot.journey.session.reads import incidents
from unknot.web.forms import Choice, Form


def _degrees(label: Any, hint: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=False,
        max_digits=4,
        decimal_places=1,
        error_messages={
            "invalid": _("Write the degrees Celsius in numbers, such as 42.5."),
            "max_digits": _("Write the degrees Celsius with one decimal, such as 42.5."),
            "max_decimal_places": _("Write the degrees Celsius with one decimal, such as 42.5."),
            "max_whole_digits": _("Write the degrees Celsius with one decimal, such as 42.5."),
        },
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 5}),
    )


class StoneForm(Form):
    """One reading of the thermometers."""

    time = forms.TimeField(
        label=_("When you measured"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Write the time like 14:30."),
            "invalid": _("Write the time like 14:30."),
        },
    )
    bath_c = _degrees(_("Bath, °C"), _("Leave it empty if you measured only the stone."))
    skin_c = _degrees(_("Stone at the skin, °C"), _("Leave it empty if no stone meets the skin."))
    skin = forms.ChoiceField(
        label=_("The skin there"),
        help_text=_("What the client has told decides too: the lower limit counts."),
        choices=StoneReading.Skin.choices,
        initial=StoneReading.Skin.ORDINARY,
        widget=Choice,
    )

    def measured(self, start: datetime, zone: ZoneInfo) -> Measured:
        """The reading, once the form is valid, on the day of the session."""
        said = self.cleaned_data
        clock: time = said["time"]
        day = start.astimezone(zone).date()
        return Measured(
            at=datetime.combine(day, clock, zone),
            bath_c=said["bath_c"],
            skin_c=said["skin_c"],
            skin=said["skin"],
        )


def _story(label: Any, hint: Any, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=TEXT_MAX,
        error_messages={"required": missing},
        widget=forms.Textarea({"rows": 4}),
    )


class _Carried(Form):
    """How serious it is and who follows it up; `people` are those who may."""

    grade = forms.ChoiceField(
        label=_("How serious"), error_messages={"required": _("Choose how serious it is.")}
    )
    owner = forms.TypedChoiceField(
        label=_("Who follows it up"),
        help_text=_("A manager, or a therapist who treats this client. They get a mail."),
        coerce=int,
        error_messages={
            "required": _("Choose who follows it up."),
            "invalid_choice": _("Choose a manager, or a therapist who treats this client."),
        },
    )

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades, names = self.fields["grade"], [(one.pk, one.name or one.email) for one in people]
        grades.widget = Choice(explain={one.id: one.means for one in incidents.grades()})
        grades.choices = [(one.id, one.name) for one in incidents.grades()]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [("", _("Choose a person")), *names]  # type: ignore[attr-defined]


class IncidentForm(_Carried):
    """Something that went wrong, told for the first time."""

    what = _story(
        _("What happened"),
        _("What you saw and what the client said, in plain words."),
        _("Write what happened."),
    )
    noticed_on = forms.DateField(
        label=_("The day it was noticed"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day."),
            "invalid": _("This is not a day. Write it like 2026-03-27."),
        },
    )
    noticed_time = forms.TimeField(
        label=_("The time"),
        help_text=_("Leave it empty if nobody knows."),
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time like 14:30.")},
    )
    done = _story(
        _("What was done"),
        _("Also when nothing was needed."),
        _("Write what was done, also when it was nothing."),
    )
    field_order = ("what", "noticed_on", "noticed_time", "grade", "done", "owner")

    @property
    def told(self) -> Report:
        """The report, once the form is valid."""
        return Report(**self.cleaned_data)


class EntryForm(_Carried):
    """What was done since; `seen` is how many entries were there when the page was opened."""

    text = _story(
        _("What was done since"),
        _("It is kept with your name and the time. What stands above stays."),
        _("Write what was done."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("text", "grade", "owner", "seen")


class CloseForm(Form):
    """What came of it."""

    text = _story(_("What came of it"), "", _("Write what came of it."))
    seen = forms.IntegerField(widget=forms.HiddenInput)
