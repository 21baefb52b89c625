"""The form of a consent to touch: every part is asked for, and a form never saves."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.prepare.actions import NAME_MAX, STOP_MAX, Touch
from unknot.journey.prepare.models import TouchConsent
from unknot.web.forms import Choice, Form, LineField

AREA: Final = "area_"
ANSWERS: Final = (("yes", _("Yes")), ("no", _("No")))


class TouchForm(Form):
    """Each area yes or no, how covered, how firm at most, what means stop, and the signature."""

    draping = forms.ChoiceField(
        label=_("How do you want to be covered?"),
        choices=TouchConsent.Draping.choices,
        widget=Choice,
        error_messages={"required": _("Choose how you want to be covered.")},
    )
    pressure_limit = forms.TypedChoiceField(
        label=_("How firm may it be at most?"),
        coerce=int,
        widget=Choice,
        error_messages={"required": _("Choose the firmest pressure that you agree to.")},
    )
    stop_sign = LineField(
        label=_("Which word or sign means stop?"),
        help_text=_("“Stop” always means stop. A raised hand works too when talking is hard."),
        max_length=STOP_MAX,
        error_messages={"required": _("Write the word or sign that means stop.")},
    )
    signed_name = LineField(
        label=_("Your name, as your signature"),
        max_length=NAME_MAX,
        error_messages={"required": _("Write your name: it is your signature.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        areas: Sequence[tuple[str, Any]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {"stop_sign": gettext("Stop")}))
        for area, label in areas:
            sentence = gettext("Say yes or no for: %(area)s.") % {"area": label}
            self.fields[AREA + area] = forms.ChoiceField(
                label=label,
                choices=ANSWERS,
                widget=Choice({"class": "short"}),
                error_messages={"required": sentence},
            )
        self.order_fields([AREA + area for area, _label in areas])
        levels = catalogue.load().pressure.level
        pressure = cast(forms.TypedChoiceField, self.fields["pressure_limit"])
        pressure.choices = [(str(one.value), f"{one.value}, {one.name}") for one in levels]
        cast(Choice, pressure.widget).explain = {str(one.value): one.feel for one in levels}

    @property
    def areas(self) -> list[forms.BoundField]:
        """The fields of the areas."""
        return [self[name] for name in self.fields if name.startswith(AREA)]

    @property
    def touch(self) -> Touch:
        """The checked answers."""
        said = dict(self.cleaned_data)
        names = [name for name in said if name.startswith(AREA)]
        areas = {name.removeprefix(AREA): said.pop(name) == "yes" for name in names}
        return Touch(areas=areas, **said)


class ConfirmTouchForm(forms.Form):
    """Which consent was read before it was confirmed."""

    version = forms.IntegerField(min_value=1, max_value=32767)
