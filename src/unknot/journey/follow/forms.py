"""The daily twenty seconds, the weekly three questions, a review. A form never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments import catalogue
from unknot.journey.choose.reviews import Scores
from unknot.web.forms import Choice, ScaleField

#: The daily battery: field, instrument, item and strand.
DAILY = (
    ("pain", "pain_nrs", "pain_24h", "body"),
    ("stress", "stress_nrs", "stress_today", "mind"),
    ("sleep", "sleep_nrs", "sleep_last_night", "mind"),
)


def question(instrument: str, item: str, strand: str, *, required: bool) -> ScaleField:
    """One 0 to 10 item with its own wording and anchors."""
    found = catalogue.load().instrument(instrument).find_item(item)
    if found is None:
        raise KeyError(f"{instrument} has no item {item}")
    return ScaleField(
        label=found.text,
        low=found.anchors.get("0", ""),
        high=found.anchors.get("10", ""),
        strand=strand,
        required=required,
    )


class DailyForm(forms.Form):
    """Three questions, each of which may be skipped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, instrument, item, strand in DAILY:
            self.fields[field] = question(instrument, item, strand, required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and all(answers.get(field) is None for field, *_rest in DAILY):
            raise forms.ValidationError(_("Answer at least one of the three questions."))
        return answers


class WeeklyForm(forms.Form):
    """The PEG: its score needs all three answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ("peg_p", "peg_e", "peg_g"):
            self.fields[item] = question("peg", item, "body", required=True)


STEPS = [("1", _("Not at all")), ("2", _("A little")), ("3", _("Partly")), ("4", _("Mostly")),
         ("5", _("Completely"))]  # fmt: skip


def _five(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=STEPS, coerce=int, widget=Choice)


class ReviewForm(forms.Form):
    """Four questions about one attended session, and words if somebody likes."""

    listening = _five(_("Did the therapist listen to you?"))
    pressure_respected = _five(_("Was the pressure what you asked for?"))
    boundaries_respected = _five(_("Were your limits respected?"))
    overall = _five(_("Would you go again?"))
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("Shown on the therapist's page without your name. Leave health details out."),
        widget=forms.Textarea({"rows": 4}),
        max_length=1500,
        required=False,
    )

    def scores(self) -> Scores:
        """The four scores, 1 to 5."""
        given = self.cleaned_data
        return Scores(
            listening=given["listening"],
            pressure_respected=given["pressure_respected"],
            boundaries_respected=given["boundaries_respected"],
            overall=given["overall"],
        )
