"""What somebody would like, and what the therapist may see."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain import consents
from unknot.domain.guidance import catalogue as techniques
from unknot.journey.understand.models import Aim
from unknot.people.models import Purpose
from unknot.web.forms import Chips, Choice, Choices

WISHES = (
    ("wants_clothed", _("I want to stay clothed")),
    ("no_oil", _("No oil, please")),
    ("wants_heat", _("I like warmth")),
    ("first_time", _("It would be my first massage")),
)
MINUTES = (30, 45, 60, 75, 90)


class WishesForm(forms.Form):
    """What somebody would like; all of it may be left open."""

    aims = forms.MultipleChoiceField(
        label=_("What do you hope for? Choose any."),
        choices=Aim.choices,
        required=False,
        widget=Chips,
        error_messages={"invalid_choice": _("Choose what you hope for from the list.")},
    )
    pressure = forms.TypedChoiceField(
        label=_("How much pressure would you like?"),
        help_text=_("More pressure has not been shown to work better."),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose a pressure from 1 to 5.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("How long should it be?"),
        choices=[(str(number), _("%s minutes") % number) for number in MINUTES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Choose one of the lengths in the list.")},
    )
    wishes = forms.MultipleChoiceField(
        label=_("Anything else? Choose any."),
        choices=WISHES,
        required=False,
        widget=Chips,
        error_messages={"invalid_choice": _("Choose wishes from the list.")},
    )

    shares = forms.MultipleChoiceField(
        label=_("What may your therapist see?"),
        help_text=_(
            "Only therapists who treat you see it, and you can change it on your account page "
            "at any time. What is not safe is left out of booking either way."
        ),
        required=False,
        widget=Choices,
        error_messages={"invalid_choice": _("Choose what to share from the list.")},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        shared = [name for name in Purpose.values if name != Purpose.CARE]
        self.share_texts = [consents.load().newest(name) for name in shared]
        self.fields["shares"].choices = [  # type: ignore[attr-defined]
            (name, text.title) for name, text in zip(shared, self.share_texts, strict=True)
        ]
        levels = techniques.load().pressure.level
        choices = [(str(one.value), f"{one.value}: {one.name}") for one in levels]
        explain: Mapping[str, str] = {str(one.value): one.feel for one in levels}
        field = self.fields["pressure"]
        field.widget = Choice(explain=explain)
        field.choices = choices  # type: ignore[attr-defined]  # a TypedChoiceField, declared above
