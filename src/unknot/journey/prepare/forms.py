"""The client's wishes for one appointment. Nothing is required; a form never saves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.prepare import places
from unknot.journey.prepare.actions import MESSAGE_MAX, Wishes
from unknot.journey.prepare.models import Preparation
from unknot.web.forms import Chips, Choice, Form, ParagraphsField

TELL_MAX = 1000
YES_NO = [("", _("No wish")), ("yes", _("Yes, please")), ("no", _("No, thank you"))]
ANSWER = {"": None, "yes": True, "no": False}


class PreparationForm(forms.Form):
    """Places, pressure in words, warmth, scent, music, talk and free words."""

    focus = forms.MultipleChoiceField(
        label=_("Where should the work be?"),
        help_text=_("Your own marks come first. Choose as many as you like."),
        required=False,
        widget=Chips,
    )
    leave_out = forms.MultipleChoiceField(
        label=_("Not today: what should be left out?"),
        help_text=_("Nobody asks why."),
        required=False,
        widget=Chips,
    )
    pressure = forms.TypedChoiceField(
        label=_("How firm should it be?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=Choice,
    )
    warmth = forms.ChoiceField(
        label=_("Warmth in the room"),
        required=False,
        choices=[("", _("No wish")), *Preparation.Warmth.choices],
        widget=Choice,
    )
    scent = forms.TypedChoiceField(
        label=_("Scent"),
        required=False,
        choices=YES_NO,
        coerce=ANSWER.__getitem__,
        empty_value=None,
        widget=Choice,
    )
    music = forms.TypedChoiceField(
        label=_("Music"),
        required=False,
        choices=YES_NO,
        coerce=ANSWER.__getitem__,
        empty_value=None,
        widget=Choice,
    )
    talk = forms.ChoiceField(
        label=_("Talk"),
        required=False,
        choices=[("", _("No wish")), *Preparation.Talk.choices],
        widget=Choice,
    )
    to_tell = forms.CharField(
        label=_("Anything else your therapist should know?"),
        help_text=_("Only your therapist reads this."),
        required=False,
        max_length=TELL_MAX,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        focus_choices: Sequence[tuple[str, places.Label]],
        leave_out_choices: Sequence[tuple[str, places.Label]],
        wishes: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=_as_initial(wishes or {}))
        levels = catalogue.load().pressure.level
        self.fields["focus"].choices = list(focus_choices)  # type: ignore[attr-defined]
        self.fields["leave_out"].choices = list(leave_out_choices)  # type: ignore[attr-defined]
        pressure = self.fields["pressure"]
        pressure.choices = [  # type: ignore[attr-defined]
            ("", _("No wish")),
            *((str(level.value), f"{level.value}, {level.name}") for level in levels),
        ]
        pressure.widget.explain = {str(level.value): level.feel for level in levels}

    def clean(self) -> dict[str, Any]:
        """Refuse a place that is both wished for and left out, beside the second list."""
        cleaned = super().clean() or {}
        both = [p for p in cleaned.get("focus", ()) if p in cleaned.get("leave_out", ())]
        if both:
            names = ", ".join(str(places.label(place)) for place in both)
            sentence = gettext("You chose this above too: %(names)s. Keep it in one of the lists.")
            self.add_error("leave_out", sentence % {"names": names})
        return cleaned

    @property
    def wishes(self) -> Wishes:
        """The checked answers."""
        answers = dict(self.cleaned_data)
        answers["focus"] = tuple(answers["focus"])
        answers["leave_out"] = tuple(answers["leave_out"])
        return Wishes(**answers)


def _as_initial(wishes: Mapping[str, object]) -> dict[str, object]:
    words = {None: "", True: "yes", False: "no"}
    initial = dict(wishes)
    for name in ("scent", "music"):
        value = initial.get(name)
        initial[name] = words[value if isinstance(value, bool) else None]
    initial["pressure"] = "" if initial.get("pressure") is None else initial["pressure"]
    return initial


class RecheckForm(forms.Form):
    """One answer to the short recheck; `then` says that the record opens next."""

    said = forms.ChoiceField(choices=[(said, said) for said in ("no", "unsure", "yes")])
    then = forms.ChoiceField(choices=[("record", "record")], required=False)


class MessageForm(Form):
    """One message about an appointment."""

    text = ParagraphsField(
        label=_("Your message"),
        max_length=MESSAGE_MAX,
        error_messages={"required": _("Write what you want to ask or say.")},
    )
