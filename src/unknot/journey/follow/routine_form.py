"""The form of a routine: how often, what, for how much a month, from when. A form never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.follow.actions.routines import MOST_KINDS, Wanted
from unknot.journey.follow.reads.home import HomePlan
from unknot.journey.follow.reads.routines import MOST_WEEKS, Found, Proposal
from unknot.journey.follow.routine_words import rhythm
from unknot.web import money
from unknot.web.forms import Choices, DateField, Form, LineField


class RoutineForm(Form):
    """A routine; the rhythm, the kinds and the first day are filled in from what is known."""

    def __init__(
        self, data: Any = None, *, found: Found, proposal: Proposal, currency: str
    ) -> None:
        self.currency = currency
        super().__init__(data, initial=_initial(found, proposal, currency))
        self.fields["every_weeks"] = forms.TypedChoiceField(
            label=_("How often?"),
            coerce=int,
            choices=[(weeks, rhythm(weeks)) for weeks in range(1, MOST_WEEKS + 1)],
            error_messages={
                "required": _("Choose how often."),
                "invalid_choice": _("Choose a rhythm from the list."),
            },
        )
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("What kind of session?"),
            help_text=_("Up to %(most)s, to take in turns as you like.") % {"most": MOST_KINDS},
            choices=[(one.id, f"{one.name}, {one.minutes} min") for one in found.kinds],
            widget=Choices(explain={one.id: one.price for one in found.kinds}),
            error_messages={
                "required": _("Choose at least one kind of session."),
                "invalid_choice": _("Choose kinds of session from the list."),
            },
        )
        self.fields["budget"] = LineField(
            label=_("Budget a month"),
            help_text=_("In %(currency)s. Leave it empty to set none.") % {"currency": currency},
            required=False,
            max_length=20,
            widget=forms.TextInput({"inputmode": "decimal"}),
        )
        self.fields["starts_on"] = DateField(label=_("From which day?"))

    def clean_kinds(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["kinds"]
        if len(chosen) > MOST_KINDS:
            raise forms.ValidationError(
                _("Choose at most %(most)s kinds of session.") % {"most": MOST_KINDS}
            )
        return chosen

    def clean_budget(self) -> int | None:
        typed = self.cleaned_data["budget"]
        if not typed:
            return None
        try:
            return money.parse(typed, self.currency)
        except money.BadPrice as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def wanted(self) -> Wanted:
        """The routine that a valid form means."""
        said = self.cleaned_data
        return Wanted(
            every_weeks=said["every_weeks"],
            kinds=tuple(said["kinds"]),
            budget_minor=said["budget"],
            starts_on=said["starts_on"],
        )


def _initial(found: Found, proposal: Proposal, currency: str) -> dict[str, Any]:
    plan = found.plan
    if plan is None:
        return {
            "every_weeks": proposal.every_weeks,
            "kinds": list(proposal.kinds),
            "starts_on": proposal.starts_on,
        }
    budget = plan.budget_minor
    return {
        "every_weeks": found.suggestion.every_weeks or plan.every_weeks,
        "kinds": list(plan.kinds),
        "budget": "" if budget is None else money.amount(budget, currency),
        "starts_on": proposal.starts_on,
    }


class HomeForm(Form):
    """What to do between sessions: any number of the things offered, or none."""

    def __init__(self, data: Any = None, *, plan: HomePlan) -> None:
        super().__init__(data, initial={"items": list(plan.chosen)})
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("What would you like to do between sessions?"),
            choices=[(one.id, one.say) for one in plan.offered],
            widget=Choices,
            required=False,
            error_messages={"invalid_choice": _("Choose from the list.")},
        )
