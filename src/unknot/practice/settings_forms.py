"""What a manager sends about the numbers that clients read. A form never saves."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.people.actions import DIALLED
from unknot.web.forms import Form

LONGEST: Final = 20


class NumberField(forms.RegexField):
    """A number to dial: digits and spaces, with a plus at most in front."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "tel", "autocomplete": "off", "maxlength": LONGEST})
        super().__init__(regex=rf"^(?:{DIALLED.pattern})\Z", strip=True, widget=widget, **kwargs)
        self.error_messages["invalid"] = _(
            "Write the number in 2 to 20 digits and spaces, such as 112 or +49 30 5550100."
        )


class NumbersForm(Form):
    """The emergency number and the phone, and that somebody made sure of them and the lines."""

    emergency_number = NumberField(
        label=_("Emergency number shown to clients"),
        help_text=_("The number for an ambulance where your clients are."),
        error_messages={"required": _("Write the emergency number.")},
    )
    phone = NumberField(
        label=_("Phone of the practice"),
        help_text=_("Clients read it where they are asked to call you."),
        required=False,
    )
    checked = forms.BooleanField(
        label=_("These numbers and the help lines above are right for where our clients are."),
        error_messages={"required": _("Make sure of the numbers and the help lines, then tick.")},
    )
