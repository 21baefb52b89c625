"""Time off, load limits and the rules of booking, as typed. A form never saves."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.actions import limits, policies
from unknot.journey.book.actions.time_off import Away
from unknot.people.models import UnreadableCalendar
from unknot.practice.hours_forms import TimeField
from unknot.practice.offer_forms import WHOLE
from unknot.practice.resource_forms import NUMBER
from unknot.web.forms import Choice, DateField, Form


class TimeOffForm(Form):
    """From a day to a day; times only when it is not whole days."""

    first_day = DateField(label=_("First day"))
    starts = TimeField(
        label=_("From, on the first day"), help_text=_("Empty: from the start of the day.")
    )
    last_day = DateField(label=_("Last day"))
    ends = TimeField(label=_("To, on the last day"), help_text=_("Empty: to the end of the day."))

    @property
    def away(self) -> Away:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        return Away(
            first_day=sent["first_day"],
            last_day=sent["last_day"],
            starts_minute=sent["starts"],
            ends_minute=sent["ends"],
        )


class LimitsForm(Form):
    """How much a therapist works; an empty field is no limit."""

    minutes_per_day = forms.IntegerField(
        label=_("Most minutes in a day"),
        help_text=_("No session is booked that would bring a day above this. Empty: no limit."),
        required=False,
        min_value=5,
        max_value=limits.DAY,
        step_size=5,
        error_messages=WHOLE,
    )
    minutes_per_week = forms.IntegerField(
        label=_("Most minutes in a week"),
        help_text=_("The same for a week from Monday to Sunday. Empty: no limit."),
        required=False,
        min_value=5,
        max_value=limits.WEEK,
        step_size=5,
        error_messages=WHOLE,
    )
    longest_run_minutes = forms.IntegerField(
        label=_("Longest stretch without a break, in minutes"),
        help_text=_("Sessions that follow each other without a break count as one stretch."),
        required=False,
        min_value=5,
        max_value=limits.DAY,
        step_size=5,
        error_messages=WHOLE,
    )
    break_minutes = forms.IntegerField(
        label=_("A break is at least, in minutes"),
        help_text=_("A shorter pause between two sessions is no break, and the stretch goes on."),
        min_value=0,
        max_value=limits.LONGEST_BREAK,
        step_size=5,
        initial=15,
        error_messages=WHOLE,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        techniques: Iterable[tuple[str, str]],
        weights: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.techniques = tuple(techniques)
        for technique, name in self.techniques:
            self.fields[f"weight-{technique}"] = forms.IntegerField(
                label=name,
                widget=forms.NumberInput({"aria-describedby": "weights-help"}),
                min_value=limits.LEAST_PERCENT,
                max_value=limits.MOST_PERCENT,
                initial=weights.get(technique, limits.USUAL_PERCENT),
                error_messages=NUMBER,
            )

    @property
    def minutes(self) -> list[forms.BoundField]:
        """The limits themselves."""
        return [field for field in self if not field.name.startswith("weight-")]

    @property
    def weights(self) -> list[forms.BoundField]:
        """How much each technique counts."""
        return [self[f"weight-{technique}"] for technique, _name in self.techniques]

    @property
    def draft(self) -> limits.LimitsDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        return limits.LimitsDraft(
            minutes_per_day=sent["minutes_per_day"],
            minutes_per_week=sent["minutes_per_week"],
            longest_run_minutes=sent["longest_run_minutes"],
            break_minutes=sent["break_minutes"],
            weights={technique: sent[f"weight-{technique}"] for technique, _n in self.techniques},
        )


class PoliciesForm(Form):
    """The rules by which a practice is booked."""

    step_minutes = forms.TypedChoiceField(
        label=_("Sessions start every"),
        help_text=_("Clients see starts at these minutes of the clock."),
        coerce=int,
        choices=[(n, _("%(n)d minutes") % {"n": n}) for n in policies.STEPS],
        error_messages={"invalid_choice": _("Choose a step from the list.")},
    )
    notice_minutes = forms.IntegerField(
        label=_("Shortest notice, in minutes"),
        help_text=_("Nobody books online later than this before the start."),
        min_value=0,
        max_value=policies.LONGEST_NOTICE,
        step_size=5,
        error_messages=WHOLE,
    )
    horizon_days = forms.IntegerField(
        label=_("How many days ahead can be booked"),
        min_value=1,
        max_value=policies.FURTHEST_DAYS,
        error_messages=NUMBER,
    )
    cleanup_past_closing = forms.BooleanField(
        label=_("Clean-up may last past closing time"),
        help_text=_("Then the last session may end when you close."),
        required=False,
    )
    unreadable_calendar = forms.ChoiceField(
        label=_("While another calendar of a therapist cannot be read"),
        choices=UnreadableCalendar.choices,
        widget=Choice,
        error_messages={"invalid_choice": _("Choose an answer.")},
    )
    first_visit_by_request = forms.BooleanField(
        label=_("First visits are requests"),
        help_text=_("Somebody new asks for a time, and you say yes or no."),
        required=False,
    )
    cancel_window_hours = forms.IntegerField(
        label=_("Cancelling is late, in hours before the start"),
        help_text=_("Moving an appointment later than this counts as late too."),
        min_value=0,
        max_value=policies.LONGEST_WINDOW,
        error_messages=NUMBER,
    )
    late_fee_percent = forms.IntegerField(
        label=_("Fee for cancelling late, in percent of the price"),
        help_text=_("You can waive it each time, with a reason."),
        min_value=0,
        max_value=100,
        error_messages=NUMBER,
    )

    @property
    def draft(self) -> policies.PoliciesDraft:
        """What was sent, once it is valid."""
        return policies.PoliciesDraft(**self.cleaned_data)
