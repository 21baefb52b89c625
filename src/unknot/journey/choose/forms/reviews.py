"""What is asked about a session, about a review, and of the operator. A form never saves."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.reviews import Scores
from unknot.journey.choose.actions import reviews
from unknot.journey.choose.reads.reviews import OwnReview
from unknot.web.forms import Choice, Form

Words = list[tuple[str, str | Promise]]

HOW_MUCH: Words = [("1", _("Not at all")), ("2", _("A little")), ("3", _("Partly")),
                   ("4", _("Mostly")), ("5", _("Completely"))]  # fmt: skip
HOW_GOOD: Words = [("1", _("1, bad")), ("2", _("2, rather bad")), ("3", _("3, in between")),
                   ("4", _("4, good")), ("5", _("5, very good"))]  # fmt: skip
#: What the operator may decide about a review that is shown, and about a hidden one.
ABOUT_SHOWN: Words = [
    ("keep-fine", _("Leave it: it keeps to the rules.")),
    ("hide-names", _("Hide it: it names or describes a private person.")),
    ("hide-health", _("Hide it: it tells somebody else's health.")),
    ("hide-insult", _("Hide it: it insults or threatens.")),
    ("hide-other", _("Hide it: it is not about this session.")),
]
ABOUT_HIDDEN: Words = [("show-fine", _("Show it again: it keeps to the rules."))]


def _five(label: Any, words: Words) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=words,
        coerce=int,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
    )


class ReviewForm(Form):
    """Four questions about one attended session, and words if somebody likes."""

    listening = _five(_("Did the therapist listen to what you said?"), HOW_MUCH)
    pressure_respected = _five(_("Was the pressure what you had asked for?"), HOW_MUCH)
    boundaries_respected = _five(_("Were your limits respected?"), HOW_MUCH)
    overall = _five(_("All in all, how was the session?"), HOW_GOOD)
    text = forms.CharField(
        label=_("In your words"),
        help_text=_(
            "Optional. Everybody can read this. Leave out what is private about your health or "
            "other people."
        ),
        widget=forms.Textarea({"rows": 5}),
        max_length=reviews.LONGEST_REVIEW,
        required=False,
        error_messages={"max_length": _("Say it in at most 1500 characters.")},
    )

    def __init__(self, data: Any = None, *, own: OwnReview | None = None) -> None:
        names = (*reviews.SCORES, "text")
        super().__init__(data, initial={name: getattr(own, name) for name in names} if own else {})

    def scores(self) -> Scores:
        """The four scores, 1 to 5."""
        return Scores(**{name: self.cleaned_data[name] for name in reviews.SCORES})


class ReportForm(Form):
    """Why the operator should look at a review."""

    words = forms.CharField(
        label=_("What should the operator look at?"),
        help_text=_(
            "For example: it names somebody, tells somebody's health, insults, or is not about a "
            "session. That you see it differently is no reason to hide it."
        ),
        widget=forms.Textarea({"rows": 3}),
        max_length=reviews.LONGEST_REPORT,
        error_messages={
            "required": _("Say in a few words what the operator should look at."),
            "max_length": _("Say it in at most 500 characters."),
        },
    )


class DecisionForm(Form):
    """What the operator decides, with its reason."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        widget=Choice,
        error_messages={"invalid_choice": _("Choose a decision from the list.")},
    )

    def __init__(self, data: Any = None, *, is_hidden: bool) -> None:
        super().__init__(data)
        self.fields["decision"].choices = ABOUT_HIDDEN if is_hidden else ABOUT_SHOWN  # type: ignore[attr-defined]

    @property
    def decided(self) -> tuple[str, str]:
        """The decision and its reason."""
        decision, _dash, reason = self.cleaned_data["decision"].partition("-")
        return decision, reason


class AnswerForm(Form):
    """The therapist's answer to a review."""

    text = forms.CharField(
        label=_("Your answer"),
        help_text=_(
            "Everybody can read it. Do not say who wrote the review or what you know about them: "
            "not even that they were your client."
        ),
        widget=forms.Textarea({"rows": 4}),
        max_length=reviews.LONGEST_REPLY,
        error_messages={
            "required": _("Write an answer first."),
            "max_length": _("Say it in at most 1000 characters."),
        },
    )
