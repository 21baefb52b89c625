"""What staff say about a place. A form never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.actions.places import PlaceDraft
from unknot.web.forms import Choice, Form

Degrees = tuple[float, float]


class CoordinatesField(forms.CharField):
    """Latitude and longitude as a map writes them, "52.5323, 13.3846"; None when empty."""

    def clean(self, value: Any) -> Degrees | None:
        typed = super().clean(value)
        if not typed:
            return None
        parts = typed.split(",")
        try:
            latitude, longitude = (float(part) for part in parts)
        except ValueError as problem:
            raise forms.ValidationError(
                _("Write two numbers with a comma between them, such as 52.5323, 13.3846.")
            ) from problem
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise forms.ValidationError(
                _("The first number is from -90 to 90, the second from -180 to 180.")
            )
        return latitude, longitude


class PlaceForm(Form):
    """A place of the practice: how it is found, and who can come in."""

    name = forms.CharField(
        label=_("Name of the place"),
        max_length=120,
        error_messages={"required": _("Write what the place is called.")},
    )
    address = forms.CharField(label=_("Address"), required=False, max_length=250)
    how_to_find = forms.CharField(
        label=_("How to find it"),
        required=False,
        max_length=250,
        widget=forms.Textarea({"rows": 2}),
    )
    coordinates = CoordinatesField(
        label=_("Coordinates"),
        help_text=_(
            "Optional: latitude and longitude, as a map gives them. Clients see a rough distance;"
            " without them no search by distance finds you."
        ),
        required=False,
        max_length=60,
    )
    step_free = forms.ChoiceField(
        label=_("Step-free, from the street to the room"),
        required=False,
        widget=Choice,
        choices=[
            ("yes", _("Yes")),
            ("no", _("No")),
            ("", _("Nobody has checked")),
        ],
        error_messages={"invalid_choice": _("Choose an answer.")},
    )

    @property
    def draft(self) -> PlaceDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        latitude, longitude = sent["coordinates"] or (None, None)
        return PlaceDraft(
            name=sent["name"],
            address=sent["address"],
            how_to_find=sent["how_to_find"],
            latitude=latitude,
            longitude=longitude,
            step_free={"yes": True, "no": False, "": None}[sent["step_free"]],
        )
