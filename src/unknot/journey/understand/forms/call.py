"""Whom to call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.web.forms import LineField


class CallMeForm(forms.Form):
    """Who should be called, and where."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the name we should ask for.")},
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Write the number we should call.")},
    )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if not 5 <= sum(letter.isdigit() for letter in phone) <= 20:
            raise forms.ValidationError(_("Write a telephone number with at least 5 digits."))
        return phone
