"""Forms about what is safe: readings of heated stones."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.session.actions.stones import Measured
from unknot.journey.session.models import StoneReading
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
