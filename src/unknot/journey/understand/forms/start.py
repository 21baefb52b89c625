"""Agreement and age, before anything is asked."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.understand.forms.words import YES_NO
from unknot.people.models import Practice
from unknot.web.forms import Choice


class StartForm(forms.Form):
    """Agreement, age and, where there are several, the practice."""

    practice = forms.ChoiceField(
        label=_("Where would you like to come?"),
        widget=Choice,
        error_messages={
            "required": _("Choose a practice."),
            "invalid_choice": _("Choose one of the practices in the list."),
        },
    )
    adult = forms.ChoiceField(
        label=_("Are you 18 or older?"),
        choices=YES_NO,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"required": _("Say whether you are 18 or older.")},
    )
    agree = forms.BooleanField(
        label=_("I agree that my answers are kept and used as described here"),
        error_messages={"required": _("We can only ask you these questions if you agree.")},
    )

    def __init__(self, data: Any = None, *, practices: Iterable[Practice]) -> None:
        super().__init__(data)
        chosen = [(one.slug, one.name) for one in practices]
        field = self.fields["practice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows a declared field
        field.choices = chosen
        if len(chosen) == 1:
            field.widget = forms.HiddenInput()
            field.initial = chosen[0][0]
