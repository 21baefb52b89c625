"""What somebody looks for in a search for free times."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.reads.search import LAST_PAGE
from unknot.journey.book.reads.search_stages import Asked
from unknot.journey.choose.reads import places
from unknot.journey.choose.reads.offers import Offer
from unknot.journey.choose.reads.places import Place
from unknot.web.forms import Chips

#: How many days are looked through.
SPANS: Final = (7, 14, 28)
USUAL_SPAN: Final = 14
USUAL_RADIUS: Final = 20
#: How far ahead a first day can be: no practice plans further.
FURTHEST: Final = timedelta(days=400)
#: The parts of a day, as the week of free times draws them: minutes on the wall.
PARTS: Final[dict[str, tuple[int, int]]] = {
    "morning": (0, 12 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, 24 * 60),
}
PART_NAMES: Final = (
    ("morning", _("Morning")),
    ("afternoon", _("Afternoon")),
    ("evening", _("Evening, from 17:00")),
)
WEEKDAYS: Final = (
    ("0", _("Mon")),
    ("1", _("Tue")),
    ("2", _("Wed")),
    ("3", _("Thu")),
    ("4", _("Fri")),
    ("5", _("Sat")),
    ("6", _("Sun")),
)
#: What is folded away until it is used.
FOLDED: Final = ("minutes", "since", "span", "feature", "licence", "country")


class SearchForm(forms.Form):
    """What is looked for, all of it optional. A wrong value is said, and counts as none."""

    technique = forms.ChoiceField(
        label=_("Technique"),
        required=False,
        error_messages={"invalid_choice": _("Nobody offers this technique: choose another one.")},
    )
    postcode = forms.CharField(
        label=_("Near postcode"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "postal-code", "size": 10}),
        error_messages={"max_length": _("This is too long for a postcode.")},
    )
    radius = forms.TypedChoiceField(
        label=_("Within"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a distance from the list.")},
    )
    weekday = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        coerce=int,
        widget=Chips,
        choices=WEEKDAYS,
        error_messages={"invalid_choice": _("Choose a weekday from the list.")},
    )
    part = forms.MultipleChoiceField(
        label=_("Time of day"),
        required=False,
        widget=Chips,
        choices=PART_NAMES,
        error_messages={"invalid_choice": _("Choose a part of the day from the list.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("Length"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Nobody offers this length: choose another one.")},
    )
    since = forms.DateField(
        label=_("From day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-03-30.")},
    )
    span = forms.TypedChoiceField(
        label=_("Look through"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose how many days from the list.")},
    )
    feature = forms.ChoiceField(
        label=_("With"),
        required=False,
        error_messages={"invalid_choice": _("Nobody has this: choose something else.")},
    )
    licence = forms.BooleanField(label=_("Credential confirmed"), required=False)
    country = forms.ChoiceField(
        label=_("Country of the postcode"),
        required=False,
        error_messages={"invalid_choice": _("Choose a country from the list.")},
    )
    page = forms.IntegerField(
        label=_("Page"),
        required=False,
        min_value=1,
        max_value=LAST_PAGE,
        widget=forms.HiddenInput,
        error_messages={
            name: _("There is no such page: this is the first one.")
            for name in ("invalid", "min_value", "max_value")
        },
    )

    def __init__(
        self, offer: Offer, features: tuple[str, ...], *, today: date, data: Any = None
    ) -> None:
        super().__init__(data)
        self.offer, self.features, self.today = offer, features, today
        self.place: Place | None = None
        self._choose("technique", [("", _("All techniques")), *offer.techniques])
        usual = gettext("%(n)d km, if nothing is chosen") % {"n": USUAL_RADIUS}
        radii = ((str(km), gettext("%(n)d km") % {"n": km}) for km in places.RADII)
        self._choose("radius", [("", usual), *radii])
        lengths = ((str(n), ngettext("%d minute", "%d minutes", n) % n) for n in offer.minutes)
        self._choose("minutes", [("", _("Any length")), *lengths])
        spans = [(str(n), ngettext("%d day", "%d days", n) % n) for n in SPANS]
        self._choose("span", [("", _("Two weeks")), *(one for one in spans if one[0] != "14")])
        self._choose("feature", [("", _("Nothing special")), *((f, named(f)) for f in features)])
        self._choose("country", [(code, code) for code in offer.countries])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def opened(self) -> bool:
        """Whether something is chosen among what is folded away."""
        return any(self.data.get(name) or name in self.errors for name in FOLDED)

    def clean_since(self) -> date | None:
        since: date | None = self.cleaned_data["since"]
        if since is not None and since < self.today:
            raise forms.ValidationError(_("This day has passed: we look from today on."))
        if since is not None and since > self.today + FURTHEST:
            raise forms.ValidationError(_("Nobody plans so far ahead: choose an earlier day."))
        return since

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        self._find(sent)
        if sent.get("radius") and not sent.get("postcode") and "postcode" not in self.errors:
            self.add_error("radius", _("A distance needs a postcode to measure from: write one."))
        return sent

    def _find(self, sent: dict[str, Any]) -> None:
        typed = sent.get("postcode")
        country = sent.get("country") or next(iter(self.offer.countries), "")
        if not typed:
            return
        self.place = places.find(country, typed)
        if self.place is None:
            sentence = _("We do not know the postcode %(typed)s in %(country)s: check it.")
            self.add_error("postcode", sentence % {"typed": typed, "country": country})

    @property
    def asked(self) -> Asked:
        """What was chosen; a wrong choice counts as none."""
        chosen = getattr(self, "cleaned_data", {})
        first = chosen.get("since") or self.today
        return Asked(
            first_day=first,
            last_day=first + timedelta(days=(chosen.get("span") or USUAL_SPAN) - 1),
            technique=chosen.get("technique") or "",
            minutes=chosen.get("minutes"),
            feature=chosen.get("feature") or "",
            licence=bool(chosen.get("licence")),
            place=self.place,
            radius=(chosen.get("radius") or USUAL_RADIUS) if self.place is not None else None,
            weekdays=frozenset(chosen.get("weekday") or ()),
            windows=tuple(PARTS[part] for part in PARTS if part in (chosen.get("part") or ())),
            page=chosen.get("page") or 1,
        )


def named(feature: str) -> str | Promise:
    """A feature of a room or tool as a practice wrote it, in words."""
    return feature.replace("_", " ").replace("-", " ").capitalize()
