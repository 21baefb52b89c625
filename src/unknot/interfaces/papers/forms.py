"""What a client releases in a report. A form never saves."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.interfaces.papers.actions import BODY, MIND, TECHNIQUES
from unknot.web.forms import Choice, Form

PARTS: list[tuple[str, str | Promise]] = [
    (BODY, _("Body: your pain ratings and your pain score")),
    (MIND, _("Mind: your stress ratings")),
    (
        TECHNIQUES,
        _(
            "Your sessions: days, techniques, minutes, what studies say of them, and whether "
            "they help with what you tick above"
        ),
    ),
]
PERIODS: list[tuple[str, str | Promise]] = [
    ("4", _("the last 4 weeks")),
    ("12", _("the last 12 weeks")),
    ("26", _("the last 26 weeks")),
    ("52", _("the last 52 weeks")),
]


class ReportForm(Form):
    """Which parts, and of how long.

    Nothing is ticked at first: who shares with their therapist has not released it to a doctor.
    """

    parts = forms.MultipleChoiceField(
        label=_("What shall be in it?"),
        help_text=_("Only what you tick. Nothing is ticked for you."),
        choices=PARTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose parts from the list.")},
    )
    weeks = forms.TypedChoiceField(
        label=_("Of which time?"),
        choices=PERIODS,
        coerce=int,
        initial="12",
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Choose one of the times in the list.")},
    )
