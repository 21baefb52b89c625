"""What the desk types: whom to look for, what to book and when, whom not to book."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import hours
from unknot.journey.book.forms.booking import InstantField
from unknot.journey.book.reads.desk import Offer
from unknot.practice import forms as practice_forms
from unknot.practice.forms import YEARS
from unknot.web.forms import Form, LineField

PHONE = r"^[0-9+()/.\-\s]*[0-9][0-9+()/.\-\s]*$"
PHONE_WRONG = _("Write the number in digits, for example +49 30 5550 0100.")


class SearchForm(Form):
    """A few letters of a name, digits of a number, or a mail address."""

    q = forms.CharField(
        label=_("Name, telephone or mail address"),
        help_text=_("A part is enough. Accents and slips do not matter."),
        required=False,
        max_length=120,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


class GapForm(practice_forms.DayForm):
    """The free time of a calendar that led to the desk; what cannot be read is left out."""

    therapist = forms.SlugField(required=False)
    start = InstantField(max_length=40, required=False)

    def asked(self) -> dict[str, Any]:
        """The readable parts: a day, the slug of a therapist, an instant."""
        self.is_valid()
        return self.cleaned_data

    def kept(self) -> dict[str, str]:
        """The same as addresses and forms carry them on."""
        asked = self.asked()
        return {name: str(self.data[name]) for name in self.fields if asked.get(name)}


class DayForm(Form):
    """What to book, on which day, and perhaps one time to ask about."""

    offer = forms.ChoiceField(
        label=_("What, with whom"),
        error_messages={
            "required": _("Choose what to book."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    day = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("This is not a day. Write it like 2026-03-27."),
        },
    )
    at = forms.TimeField(
        label=_("Why is this time not offered?"),
        help_text=_("Optional: any time of the day, such as 14:30."),
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time like 14:30.")},
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict.fromkeys(one.therapist for one in offers)
        field = self.fields["offer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows a declared field
        field.choices = [
            (name, [(one.value, one.label) for one in offers if one.therapist == name])
            for name in names
        ]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day.year not in YEARS:
            raise forms.ValidationError(_("We only know days from the year 2000 to 2199."))
        return day

    @property
    def offer_of(self) -> tuple[str, int]:
        """The therapist's slug and the service's number, once the form is valid."""
        slug, _colon, number = str(self.cleaned_data["offer"]).rpartition(":")
        return slug, int(number)

    def asked_at(self, zone: ZoneInfo) -> datetime | None:
        """The instant asked about, on the wall of the practice."""
        at = self.cleaned_data["at"]
        if at is None:
            return None
        return hours.instant(self.cleaned_data["day"], at.hour * 60 + at.minute, zone)


class BookForm(Form):
    """One start for a client whom the practice knows."""

    start = InstantField(max_length=40, label=_("Time"))
    reason = forms.CharField(
        label=_("Why you break notice, set-up or clean-up"),
        help_text=_("Only for times that need a reason. It is written down with your name."),
        required=False,
        max_length=200,
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class NewcomerForm(BookForm):
    """One start for somebody whom the practice does not know yet."""

    name = LineField(
        label=_("Name of the client"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the name of the client.")},
    )
    phone = forms.RegexField(
        PHONE,
        label=_("Telephone"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel", "type": "tel"}),
        error_messages={
            "required": _("Write a number, so that the practice can call back."),
            "invalid": PHONE_WRONG,
        },
    )


class MoveForm(Form):
    """Another start, the one that was seen before, and why it breaks a rule of the practice."""

    start = InstantField(max_length=40, label=_("Time"))
    was = InstantField(max_length=40, required=False)
    reason = forms.CharField(
        label=_("Why it breaks the notice or the time in between"),
        help_text=_("It is written down with your name. Leave out anything about health."),
        required=False,
        max_length=200,
    )


class AtForm(practice_forms.DayForm):
    """A day, and perhaps a time of it, that somebody asks about."""

    at = forms.TimeField(required=False, input_formats=["%H:%M"])


class BlockForm(Form):
    """Whom the practice does not book by itself, and why."""

    email = forms.EmailField(label=_("Mail address"), required=False, max_length=254)
    phone = forms.RegexField(
        PHONE,
        label=_("Telephone"),
        required=False,
        max_length=40,
        error_messages={"invalid": PHONE_WRONG},
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Only those who work here read it. Write nothing about health."),
        max_length=200,
        error_messages={"required": _("Write down why, for those who work here.")},
    )
