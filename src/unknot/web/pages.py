"""Pages that belong to no step: home, credits and, outside of serving, the sheet of components."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from unknot.domain.guidance import catalogue as guidance
from unknot.domain.instruments import catalogue as instruments
from unknot.web.forms import Chips, Choice, DateField, Form, ScaleField

VENDORED = Path(__file__).resolve().parent / "static" / "web" / "vendor" / "VENDORED.toml"

#: What the home page tells about massage: ids of claims, each with a heading.
KNOWN: tuple[tuple[str, str | Promise], ...] = (
    ("anxiety_now", _("Feeling tense or anxious")),
    ("pain_chronic_lbp", _("Long-lasting low back pain")),
    ("pain_neck_sham", _("Long-lasting neck pain")),
    ("depression", _("Low mood")),
    ("safety_minor", _("What may come after")),
)
GRADES = {"not sure": 1, "some signs": 2, "fairly sure": 3, "sure": 4}

#: Marks of the made-up example on the home page.
EXAMPLE = {"upper_trap_l": 7, "cervical_l": 6, "suboccipital_l": 4, "scapula_l": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One sentence about massage with its step on the evidence meter, 0 when it has none."""

    heading: str | Promise
    say: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The line a questionnaire's holder asks for."""

    name: str
    text: str
    source: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, what is known, and start the check-in."""
    return render(request, "web/home.html", {"known": known(), "example": EXAMPLE})


@require_safe
def credits_page(request: HttpRequest) -> HttpResponse:
    """Name everybody whose work is in here, with the licence."""
    context = {
        "vendored": tomllib.loads(VENDORED.read_text(encoding="utf-8"))["package"],
        "attributions": attributions(),
        "loinc": instruments.load().notices.notices["loinc"],
    }
    return render(request, "web/credits.html", context)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in its states; there is no such page while serving people."""
    if settings.MODE == "serve":
        raise Http404
    context = {
        "form": Sample(initial={"email": "ana@example.org", "stress": 7, "feels": ["tight"]}),
        "wrong": Sample({"email": "ana", "born_day": "30", "born_month": "2", "born_year": "1988"}),
        "levels": {**EXAMPLE, "levator_l": 9, "lumbar_r": 2, "jaw_l": 5, "neck_front_mid": 3},
        "therapist": THERAPIST,
        "slots": SLOTS,
        "spread": [(5, 8, 66.7), (4, 3, 25), (3, 1, 8.3), (2, 0, 0), (1, 0, 0)],
        "steps": range(1, 7),
    }
    return render(request, "web/components.html", context)


def known() -> tuple[Known, ...]:
    """The claims of the home page in the catalogue's own words; KeyError for an unknown id."""
    catalogue = guidance.load()
    return tuple(
        Known(
            heading=heading,
            say=catalogue.claim(claim).say,
            grade=GRADES[step] if (step := catalogue.step(claim)) else 0,
        )
        for claim, heading in KNOWN
    )


def attributions() -> tuple[Attribution, ...]:
    """Every questionnaire that is not our own, with its source and its holder's line."""
    catalogue = instruments.load()
    return tuple(
        Attribution(
            name=instrument.name,
            text=catalogue.attribution(instrument.id),
            source=instrument.source,
        )
        for instrument in catalogue.instruments.values()
        if instrument.licence.ship != "house"
    )


class Sample(Form):
    """One of each field, for the sheet of components."""

    email = forms.EmailField(
        label=_("Your email"), help_text=_("We write only about your appointments.")
    )
    born = DateField(label=_("Date of birth"), help_text=_("For example 27 3 1988"), birthday=True)
    pain = ScaleField(
        label=_("How strong is the pain now?"),
        low=_("no pain"),
        high=_("worst I can imagine"),
    )
    stress = ScaleField(
        label=_("How stressed have you felt?"),
        strand="mind",
        low=_("not at all"),
        high=_("as much as it gets"),
        required=False,
    )
    slept = forms.ChoiceField(
        label=_("How have you slept?"),
        choices=[("well", _("Well")), ("badly", _("Badly"))],
        widget=Choice(
            explain={
                "well": _("Most nights I wake rested"),
                "badly": _("I lie awake most nights"),
            }
        ),
    )
    feels = forms.MultipleChoiceField(
        label=_("What is it like?"),
        choices=[("tight", _("Tight")), ("aching", _("Aching")), ("numb", _("Numb"))],
        widget=Chips,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English")])
    story = forms.CharField(label=_("In your words"), widget=forms.Textarea, required=False)
    share = forms.BooleanField(
        label=_("Share my check-in with my therapist"),
        help_text=_("Pain map, medicine, stress"),
        required=False,
    )


THERAPIST = {
    "name": "Tess Adler",
    "initials": "TA",
    "practice": "Harbour Lane",
    "role": _("massage therapist"),
    "url": "#therapist",
    "why": _("Trained in the neck, and free this week."),
    "credentials": [
        {"text": _("State register"), "state": "checked", "checked": None},
        {"text": _("Insurance"), "state": "pending", "checked": None},
        {"text": _("First aid course: no paper shown"), "state": "none", "checked": None},
    ],
    "score": 4.6,
    "count": 12,
    "next_at": None,
    "next_url": "#slots",
}
SLOTS = [
    {"value": "1", "time": "16:00", "label": "Thursday 26 March 16:00"},
    {"value": "2", "time": "17:00", "label": "Thursday 26 March 17:00"},
    {"value": "3", "time": "18:00", "label": "Thursday 26 March 18:00", "checked": True},
]
