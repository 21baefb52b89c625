"""What narrows the list of therapists."""

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.reads import offering, places
from unknot.journey.choose.reads.directory import Wanted
from unknot.journey.choose.reads.offers import AREAS, GENDERS, Offer
from unknot.journey.choose.reads.places import Place
from unknot.web import money
from unknot.web.forms import Chips

#: No list has more pages, and no wrong number makes the database count further.
LAST_PAGE = 100_000
#: What is folded away until it is used.
FOLDED = ("minutes", "area", "language", "price", "currency", "country", "sort")


class FilterForm(forms.Form):
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
    gender = forms.MultipleChoiceField(
        label=_("Gender"),
        required=False,
        widget=Chips,
        choices=GENDERS,
        error_messages={"invalid_choice": _("Choose a gender from the list.")},
    )
    step_free = forms.BooleanField(label=_("Step-free"), required=False)
    licence = forms.BooleanField(label=_("Credential confirmed"), required=False)
    minutes = forms.TypedChoiceField(
        label=_("Length"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Nobody offers this length: choose another one.")},
    )
    area = forms.ChoiceField(
        label=_("Works a lot on"),
        required=False,
        choices=[("", _("Anywhere")), *AREAS.items()],
        error_messages={"invalid_choice": _("Choose a part of the body from the list.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )
    price = forms.CharField(
        label=_("Costs at most"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"inputmode": "decimal", "size": 8}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        error_messages={"invalid_choice": _("Choose a currency from the list.")},
    )
    country = forms.ChoiceField(
        label=_("Country of the postcode"),
        required=False,
        error_messages={"invalid_choice": _("Choose a country from the list.")},
    )
    sort = forms.ChoiceField(
        label=_("Sort"),
        required=False,
        choices=[
            ("", _("As we sort")),
            ("distance", _("Nearest first")),
            ("price", _("Lowest price first")),
        ],
        error_messages={"invalid_choice": _("Choose how to sort from the list.")},
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

    def __init__(self, offer: Offer, data: Any = None) -> None:
        super().__init__(data)
        self.offer = offer
        self.place: Place | None = None
        self._choose("technique", [("", _("All techniques")), *offer.techniques])
        radii = ((str(km), gettext("%(n)d km") % {"n": km}) for km in places.RADII)
        self._choose("radius", [("", _("Any distance")), *radii])
        lengths = ((str(n), ngettext("%d minute", "%d minutes", n) % n) for n in offer.minutes)
        self._choose("minutes", [("", _("Any length")), *lengths])
        self._choose("language", [("", _("Any language")), *offering.languages()])
        self._choose("currency", [(code, code) for code in offer.currencies])
        self._choose("country", [(code, code) for code in offer.countries])
        if len(offer.currencies) == 1:
            self.fields["price"].label = _("Costs at most, in %(currency)s") % {
                "currency": offer.currencies[0]
            }

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def currency_code(self) -> str:
        """The currency that a price is meant in."""
        return self.cleaned_data.get("currency") or next(iter(self.offer.currencies), "")

    @property
    def opened(self) -> bool:
        """Whether something is chosen among what is folded away."""
        return any(self.data.get(name) or name in self.errors for name in FOLDED)

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        self._find(sent)
        if sent.get("radius") and not sent.get("postcode") and "postcode" not in self.errors:
            self.add_error("radius", _("A distance needs a postcode to measure from: write one."))
        if sent.get("sort") == "distance" and not sent.get("postcode"):
            self.add_error("sort", _("To sort by distance, write a postcode to measure from."))
        if sent.get("price"):
            self._read_price(sent)
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

    def _read_price(self, sent: dict[str, Any]) -> None:
        try:
            sent["most_minor"] = money.parse(sent["price"], self.currency_code)
        except money.BadPrice as problem:
            self.add_error("price", str(problem))

    @property
    def wanted(self) -> Wanted:
        """What was chosen; a wrong choice counts as none."""
        chosen = getattr(self, "cleaned_data", {})
        return Wanted(
            technique=chosen.get("technique") or "",
            minutes=chosen.get("minutes"),
            area=chosen.get("area") or "",
            genders=tuple(chosen.get("gender") or ()),
            language=chosen.get("language") or "",
            step_free=bool(chosen.get("step_free")),
            licence=bool(chosen.get("licence")),
            most_minor=chosen.get("most_minor"),
            currency=self.currency_code,
            place=self.place,
            radius=chosen.get("radius") if self.place is not None else None,
            sort=chosen.get("sort") or "",
            page=chosen.get("page") or 1,
        )
