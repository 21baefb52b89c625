"""Rooms and tools, needs and add-ons, as typed. A form never saves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.actions import needs as actions
from unknot.journey.book.actions.resources import MOST_AT_ONCE, ThingDraft
from unknot.journey.book.reads import resources
from unknot.journey.choose.reads import offering
from unknot.people.models import Practice
from unknot.practice.offer_forms import WHOLE, PriceField
from unknot.web.forms import Chips, Choice, Choices, Form

NUMBER = {
    "invalid": _("Write a whole number."),
    "min_value": _("Write at least %(limit_value)s."),
    "max_value": _("Write at most %(limit_value)s."),
}


class ThingForm(Form):
    """A room or tool: its name, what it has and where it is."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Write what it is called.")},
    )
    features = forms.MultipleChoiceField(
        label=_("What it has"),
        required=False,
        widget=Chips,
        error_messages={"invalid_choice": _("Choose from the list what it has.")},
    )
    location = forms.TypedChoiceField(
        label=_("Where it is"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose a place of this practice.")},
    )

    def __init__(
        self, data: Any = None, *, practice: Practice, kind: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.known = kind
        features = [
            (name, one.label)
            for name, one in resources.FEATURES.items()
            if not kind or one.kind == kind
        ]
        self.fields["features"].choices = features  # type: ignore[attr-defined]
        places = [(one.pk, str(one)) for one in practice.location_set.order_by("pk")]
        everywhere: tuple[str, str | Promise] = ("", _("Used at every place"))
        self.fields["location"].choices = [everywhere, *places]  # type: ignore[attr-defined]
        if len(places) < 2:
            del self.fields["location"]

    @property
    def draft(self) -> ThingDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        return ThingDraft(
            kind=sent.get("kind", self.known),
            name=sent["name"],
            features=frozenset(sent["features"]),
            location=sent.get("location"),
        )


class NewThingForm(ThingForm):
    """A new room or tool, or several of one sort."""

    kind = forms.ChoiceField(
        label=_("What is it"),
        choices=resources.KINDS,
        widget=Choice,
        initial=resources.ROOM,
        error_messages={
            "required": _("Choose a room or a tool."),
            "invalid_choice": _("Choose a room or a tool."),
        },
    )
    quantity = forms.IntegerField(
        label=_("How many"),
        help_text=_("Each becomes a unit of its own, with a number after its name."),
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=1,
        error_messages=NUMBER,
    )
    field_order = ("kind", "name", "quantity", "features", "location")

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        kind, features = sent.get("kind"), sent.get("features", ())
        wrong = [name for name in features if resources.FEATURES[name].kind != kind]
        if kind and wrong:
            words = {"feature": resources.FEATURES[wrong[0]].label}
            sentence = (
                _("A room cannot be this: %(feature)s.")
                if kind == resources.ROOM
                else _("A tool cannot be this: %(feature)s.")
            )
            self.add_error("features", sentence % words)
        return sent


class NeedForm(Form):
    """A room or tool that is taken, with its own minutes."""

    pool = forms.ChoiceField(
        label=_("What it takes"),
        error_messages={
            "required": _("Choose a room or a tool from the list."),
            "invalid_choice": _("Choose a room or a tool from the list."),
        },
    )
    quantity = forms.IntegerField(
        label=_("How many of them"),
        min_value=1,
        max_value=actions.MOST_UNITS,
        initial=1,
        error_messages=NUMBER,
    )
    before_minutes = forms.IntegerField(
        label=_("Minutes before, to heat up or set up"),
        help_text=_("They take only this room or tool, never the therapist."),
        min_value=0,
        max_value=actions.LONGEST_BUFFER,
        step_size=5,
        initial=0,
        error_messages=WHOLE,
    )
    after_minutes = forms.IntegerField(
        label=_("Minutes after, to cool down or clean up"),
        min_value=0,
        max_value=actions.LONGEST_BUFFER,
        step_size=5,
        initial=0,
        error_messages=WHOLE,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["pool"].choices = resources.pools()  # type: ignore[attr-defined]

    @property
    def draft(self) -> actions.NeedDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        kind, _colon, feature = sent["pool"].partition(":")
        return actions.NeedDraft(
            kind=kind,
            feature=feature,
            quantity=sent["quantity"],
            before_minutes=sent["before_minutes"],
            after_minutes=sent["after_minutes"],
        )


class AddOnForm(Form):
    """What can still change about an add-on."""

    price = PriceField(max_length=30, error_messages={"required": _("Write the price.")})
    services = forms.TypedMultipleChoiceField(
        label=_("It can be added to"),
        coerce=int,
        widget=Choices,
        error_messages={
            "required": _("Choose to which services it can be added."),
            "invalid_choice": _("Choose services of this practice."),
        },
    )
    active = forms.BooleanField(
        label=_("Can be booked"),
        help_text=_("Without this nobody can add it; what is booked already stays."),
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        practice: Practice,
        services: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        price: Any = self.fields["price"]
        price.currency = practice.currency
        price.label = _("Price in %(currency)s") % {"currency": practice.currency}
        self.fields["services"].choices = list(services)  # type: ignore[attr-defined]


class NewAddOnForm(AddOnForm):
    """A new add-on: name, technique and minutes are chosen once."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Write what it is called.")},
    )
    technique = forms.ChoiceField(
        label=_("Technique"),
        help_text=_("If it is a technique, its safety questions are asked too."),
        required=False,
        error_messages={"invalid_choice": _("Choose a technique from the list.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes it adds"),
        min_value=0,
        max_value=actions.LONGEST_ADD_ON,
        step_size=5,
        initial=0,
        error_messages=WHOLE,
    )
    field_order = ("name", "technique", "minutes", "price", "services")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["active"]
        none: tuple[str, str | Promise] = ("", _("None"))
        self.fields["technique"].choices = [none, *offering.technique_names()]  # type: ignore[attr-defined]

    @property
    def draft(self) -> actions.AddOnDraft:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        return actions.AddOnDraft(
            name=sent["name"],
            technique=sent["technique"],
            minutes=sent["minutes"],
            price_minor=sent["price"],
            services=frozenset(sent["services"]),
        )
