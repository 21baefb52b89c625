"""What a client releases in a report. A form never saves."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.interfaces.papers.actions import BODY, MIND, TECHNIQUES
from unknot.people.models import Purpose
from unknot.web.forms import Choice, Form

PARTS: list[tuple[str, str | Promise]] = [
    (BODY, _("Body: your pain ratings and your pain score")),
    (MIND, _("Mind: your stress ratings")),
    (TECHNIQUES, _("Your sessions: days, techniques, minutes, and what studies say of them")),
]
PERIODS: list[tuple[str, str | Promise]] = [
    ("4", _("the last 4 weeks")),
    ("12", _("the last 12 weeks")),
    ("26", _("the last 26 weeks")),
    ("52", _("the last 52 weeks")),
]
#: What is ticked at first: only what somebody shares with their therapist already.
SHARED = {Purpose.SHARE_BODY: BODY, Purpose.SHARE_MIND: MIND}


class ReportForm(Form):
    """Which parts, and of how long."""

    parts = forms.MultipleChoiceField(
        label=_("What shall be in it?"),
        help_text=_("Only what you tick. What you share with your therapist is ticked already."),
        choices=PARTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose parts from the list.")},
    )
    weeks = forms.TypedChoiceField(
        label=_("Of which time?"),
        choices=PERIODS,
        coerce=int,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Choose one of the times in the list.")},
    )

    def __init__(self, data: Any = None, *, shared: Collection[str]) -> None:
        ticked = [part for purpose, part in SHARED.items() if purpose in shared]
        super().__init__(data, initial={"parts": ticked, "weeks": "12"})
