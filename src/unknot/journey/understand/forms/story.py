"""The story of the pain: nothing in it has to be answered."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.understand.actions.steps import Story
from unknot.journey.understand.forms.words import YES_NO, TapAny, TapOne
from unknot.journey.understand.models import Cause, CheckIn, Course, Ease, Episodes, Strain
from unknot.web.forms import DateField

LONGEST_SHOWN = 2000  # letters
_WORDS = {"invalid_choice": _("Choose words from the list.")}
_YES_NO = {"invalid_choice": _("Answer yes or no.")}
_SAID = {True: "yes", False: "no"}


def _one(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=TapOne, error_messages=_WORDS
    )


def _any(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=TapAny, error_messages=_WORDS
    )


def _yes_no(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=YES_NO, required=False, widget=TapOne, error_messages=_YES_NO
    )


def _short(data: Any) -> Any:
    """What was sent, with a text far too long cut off: it is refused, and shown again."""
    if data is None or len(data.get("goal", "")) <= LONGEST_SHOWN:
        return data
    shorter = data.copy()
    shorter["goal"] = data["goal"][:LONGEST_SHOWN]
    return shorter


class StoryForm(forms.Form):
    """When it began, how it has gone, what bears on it, and what somebody wants back."""

    onset_on = DateField(
        label=_("When did it begin?"),
        help_text=_("Your best guess is enough. Leave it empty if you cannot say."),
        required=False,
    )
    course = _one(_("How has it gone since?"), Course.choices)
    episodes = _one(_("Have you had pain like this before?"), Episodes.choices)
    suspected_causes = _any(_("What do you think it comes from? Choose any."), Cause.choices)
    eased_by = _any(_("What makes it better? Choose any."), Ease.choices)
    worsened_by = _any(_("What makes it worse? Choose any."), Strain.choices)
    headaches = _yes_no(_("Do you have headaches with it?"))
    shoulder_pain = _yes_no(_("Does a shoulder hurt as well?"))
    arm_numbness = _yes_no(_("Does an arm or hand go numb or tingle?"))
    goal = forms.CharField(
        label=_("What would you like to be able to do again?"),
        help_text=_("One sentence is enough."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _("Write at most 300 letters."),
            "null_characters_not_allowed": _("Write it again: a sign in it cannot be kept."),
        },
    )

    def __init__(self, data: Any = None, *, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(_short(data), **kwargs)
        self.today = today

    @classmethod
    def of(cls, checkin: CheckIn, *, today: date) -> "StoryForm":
        """The form with what was saved before."""
        before = {name: getattr(checkin, name) for name in cls.base_fields}
        for name in ("headaches", "shoulder_pain", "arm_numbness"):
            before[name] = _SAID.get(before[name])
        return cls(today=today, initial=before)

    def clean_onset_on(self) -> date | None:
        began: date | None = self.cleaned_data.get("onset_on")
        if began is None or self.today is None:
            return began
        if began > self.today:
            raise forms.ValidationError(_("This day lies in the future. Write when it began."))
        if began.year < self.today.year - 120:
            raise forms.ValidationError(_("This is more than 120 years ago. Check the year."))
        return began

    def story(self) -> Story:
        """What was told."""
        told: dict[str, Any] = dict(self.cleaned_data)
        for name in ("suspected_causes", "eased_by", "worsened_by"):
            told[name] = list(dict.fromkeys(told[name]))
        for name in ("headaches", "shoulder_pain", "arm_numbness"):
            told[name] = {"yes": True, "no": False}.get(told[name])
        return Story(**told)
