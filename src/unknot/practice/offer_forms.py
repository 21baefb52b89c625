"""What staff send about listings and services. A form never saves."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.actions import listing
from unknot.journey.choose.actions import offering as offers
from unknot.journey.choose.reads import offering
from unknot.journey.choose.reads.offers import AREAS, GENDERS
from unknot.people.models import Practice
from unknot.web import money
from unknot.web.forms import Chips, Choices, Form

WHOLE = {
    "invalid": _("Write a whole number of minutes."),
    "min_value": _("Write at least %(limit_value)s minutes."),
    "max_value": _("Write at most %(limit_value)s minutes."),
    "step_size": _("Write minutes in steps of 5."),
}


class ListingForm(Form):
    """What clients read about a therapist, and the consent to be shown."""

    name = forms.CharField(
        label=_("Name that clients see"),
        max_length=120,
        error_messages={"required": _("Write the name that clients see.")},
    )
    about = forms.CharField(
        label=_("About you and your work"),
        help_text=_("Optional. How you work and what clients can expect; promise no result."),
        required=False,
        max_length=listing.LONGEST_ABOUT,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": _("Say it in at most 1500 characters.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak with clients"),
        required=False,
        widget=Chips,
        error_messages={"invalid_choice": _("Choose languages from the list.")},
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        help_text=_("Optional. Some clients look for it; without it those searches leave you out."),
        required=False,
        choices=[("", _("I would rather not say")), *GENDERS],
        error_messages={"invalid_choice": _("Choose a gender from the list.")},
    )
    areas = forms.MultipleChoiceField(
        label=_("Where on the body you work most"),
        help_text=_("Optional. Shown as your own word."),
        required=False,
        widget=Chips,
        choices=tuple(AREAS.items()),
        error_messages={"invalid_choice": _("Choose parts of the body from the list.")},
    )
    practising_since = forms.IntegerField(
        label=_("Practising since"),
        help_text=_("Optional. The year in which you began; shown as your own word."),
        required=False,
        min_value=listing.FIRST_YEAR,
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": 4}),
        error_messages={
            "invalid": _("Write the year with 4 digits, for example 2015."),
            "min_value": _("Write the year with 4 digits, for example 2015."),
        },
    )
    location = forms.TypedChoiceField(
        label=_("Where you work"),
        coerce=int,
        error_messages={
            "required": _("Choose where you work."),
            "invalid_choice": _("Choose where you work."),
        },
    )
    listed = forms.BooleanField(
        label=_("Show me in the list of therapists"),
        help_text=_("Anybody can then read this page, and clients can book. Untick it to stop."),
        required=False,
    )

    def __init__(self, data: Any = None, *, practice: Practice, year: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        places = [(one.pk, str(one)) for one in practice.location_set.order_by("pk")]
        self.fields["location"].choices = places  # type: ignore[attr-defined]
        self.fields["location"].initial = places[0][0] if places else None
        self.fields["languages"].choices = offering.languages()  # type: ignore[attr-defined]
        latest = MaxValueValidator(year, _("This year has not come yet."))
        self.fields["practising_since"].validators.append(latest)

    @property
    def draft(self) -> listing.ListingDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        several = {name: tuple(sent[name]) for name in ("languages", "areas")}
        return listing.ListingDraft(**sent | several)


class PriceField(forms.CharField):
    """A price as a person types it, in the smallest unit of `currency`."""

    currency = ""

    def clean(self, value: Any) -> int:
        typed = super().clean(value)
        try:
            return money.parse(typed, self.currency)
        except money.BadPrice as problem:
            raise forms.ValidationError(str(problem)) from problem


class ServiceForm(Form):
    """What can still change about a service: its price, who offers it, whether it is offered."""

    price = PriceField(max_length=30, error_messages={"required": _("Write the price.")})
    therapists = forms.TypedMultipleChoiceField(
        label=_("Who offers it"),
        coerce=int,
        widget=Choices,
        error_messages={
            "required": _("Choose who offers this."),
            "invalid_choice": _("Choose therapists of this practice."),
        },
    )
    active = forms.BooleanField(
        label=_("Can be booked"),
        help_text=_("Without this nobody can book it; what is booked already stays."),
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        practice: Practice,
        team: tuple[offering.Member, ...],
        alone: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        price: Any = self.fields["price"]
        price.currency = practice.currency
        price.label = _("Price in %(currency)s") % {"currency": practice.currency}
        self.only = frozenset(one.id for one in team) if alone else None
        if alone:
            del self.fields["therapists"]
        else:
            self.fields["therapists"].choices = [(one.id, one.name) for one in team]  # type: ignore[attr-defined]

    @property
    def therapists_sent(self) -> frozenset[int]:
        """Who was ticked; who works alone offers everything."""
        return self.only if self.only is not None else frozenset(self.cleaned_data["therapists"])


class NewServiceForm(ServiceForm):
    """A new service: the technique and its minutes are chosen once."""

    technique = forms.ChoiceField(
        label=_("Technique"),
        error_messages={
            "required": _("Choose a technique from the list."),
            "invalid_choice": _("Choose a technique from the list."),
        },
    )
    minutes = forms.IntegerField(label=_("Minutes"), step_size=5, error_messages=WHOLE)
    setup_minutes = forms.IntegerField(
        label=_("Set-up before it, in minutes"),
        min_value=0,
        max_value=offers.LONGEST_BREAK,
        step_size=5,
        initial=0,
        error_messages=WHOLE,
    )
    cleanup_minutes = forms.IntegerField(
        label=_("Clean-up after it, in minutes"),
        min_value=0,
        max_value=offers.LONGEST_BREAK,
        step_size=5,
        initial=10,
        error_messages=WHOLE,
    )
    for_two = forms.BooleanField(
        label=_("For two clients at the same time"),
        help_text=_("It takes two therapists who offer it, and a room for two."),
        required=False,
    )
    field_order = (
        "technique",
        "minutes",
        "setup_minutes",
        "cleanup_minutes",
        "price",
        "for_two",
        "therapists",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["active"]
        if self.only is not None:
            del self.fields["for_two"]
        self.fields["technique"].choices = offering.techniques()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        if "technique" in sent and "minutes" in sent:
            problem = offering.length_problem(sent["technique"], sent["minutes"])
            if problem:
                self.add_error("minutes", problem)
        return sent

    @property
    def draft(self) -> offers.ServiceDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        return offers.ServiceDraft(
            technique=sent["technique"],
            minutes=sent["minutes"],
            setup_minutes=sent["setup_minutes"],
            cleanup_minutes=sent["cleanup_minutes"],
            price_minor=sent["price"],
            therapists=self.therapists_sent,
            for_two=sent.get("for_two", False),
        )
