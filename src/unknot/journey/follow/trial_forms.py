"""What somebody proposes to compare, and that a client agrees. A form never saves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unknot.domain.outcomes import trial as rules
from unknot.journey.follow.reads.trials import Option
from unknot.web.forms import Choice, Form

OUTCOMES = [
    ("pain", _("Pain in the last 24 hours")),
    ("stiffness", _("Stiffness today")),
    ("stress", _("Stress today")),
    ("sleep", _("Sleep last night")),
    ("mood", _("Mood today")),
]
GAPS = (4, 5, 6, 7, 10, 14)
WRONG = ("required", "invalid_choice", "invalid")


class TrialForm(Form):
    """Two services, how many pairs, how many days between, and what they are compared by."""

    service_a = forms.TypedChoiceField(
        label=_("One technique"),
        coerce=int,
        error_messages=dict.fromkeys(WRONG, _("Choose the first technique from the list.")),
    )
    service_b = forms.TypedChoiceField(
        label=_("The other one"),
        coerce=int,
        help_text=_("Of the same length, so that only the technique differs."),
        error_messages=dict.fromkeys(WRONG, _("Choose the other technique from the list.")),
    )
    outcome = forms.ChoiceField(
        label=_("Compare them by"),
        choices=OUTCOMES,
        widget=Choice,
        help_text=_("One thing only, chosen now. The rest can be looked at, but proves nothing."),
        error_messages=dict.fromkeys(WRONG, _("Choose what to compare them by.")),
    )
    pairs = forms.TypedChoiceField(
        label=_("Pairs of sessions"),
        coerce=int,
        initial=8,
        help_text=_("Each pair is two sessions, one of each."),
        error_messages=dict.fromkeys(WRONG, _("Choose between 4 and 10 pairs.")),
    )
    gap_days = forms.TypedChoiceField(
        label=_("Days between two sessions, at least"),
        coerce=int,
        initial=rules.BETTER_GAP_DAYS,
        help_text=_("7 or more tells the two apart better."),
        error_messages=dict.fromkeys(WRONG, _("Choose how many days lie between two sessions.")),
    )
    agreed = forms.BooleanField(
        label=_("I agree to this comparison"),
        error_messages={"required": _("Tick that you agree, or leave it for another day.")},
    )

    def __init__(
        self, *args: Any, options: Sequence[Option], by_client: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        services = [("", _("Choose")), *((str(one.service), one.words) for one in options)]
        for name, choices in (
            ("service_a", services),
            ("service_b", services),
            ("pairs", [(n, _pairs(n)) for n in range(rules.FEWEST_PAIRS, rules.MOST_PAIRS + 1)]),
            ("gap_days", [(n, _days(n)) for n in GAPS]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if not by_client:
            del self.fields["agreed"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("service_a") and found.get("service_a") == found.get("service_b"):
            self.add_error("service_b", _("Choose two different techniques to compare."))
        return found


class AgreeForm(Form):
    """The client's yes to what their therapist proposed."""

    agreed = forms.BooleanField(
        label=_("I agree to this comparison"),
        error_messages={"required": _("Tick that you agree, or say no.")},
    )


def _pairs(number: int) -> str:
    return ngettext(
        "%(pairs)s pair, %(sessions)s sessions", "%(pairs)s pairs, %(sessions)s sessions", number
    ) % {"pairs": number, "sessions": 2 * number}


def _days(number: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}
