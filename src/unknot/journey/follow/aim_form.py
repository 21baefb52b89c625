"""One question of what matters most, and one of what would be worth it. A form never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.outcomes import aims
from unknot.journey.follow.reads.aims import OUTCOMES, WORTH
from unknot.web.forms import Choice, Form

POINTS = {
    "a_little": _("About half a point on the scale from 0 to 10."),
    "clearly": _("About one point on the scale from 0 to 10."),
    "a_lot": _("About two points on the scale from 0 to 10."),
}


class AimForm(Form):
    """Both questions have to be answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Which of these should get better first?"),
            choices=list(OUTCOMES.items()),
            widget=Choice,
            error_messages={"required": _("Choose one of the five.")},
        )
        self.fields["worth"] = forms.ChoiceField(
            label=_("How much better would make a session worth it to you?"),
            help_text=_("Think of the three days after a session."),
            choices=[(one.id, WORTH[one.id]) for one in aims.load().worth],
            widget=Choice(explain=POINTS),
            error_messages={"required": _("Choose what would be worth it.")},
        )
