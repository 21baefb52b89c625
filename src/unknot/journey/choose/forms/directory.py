"""What narrows the list of therapists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unknot.journey.choose.reads.offers import Offer
from unknot.journey.choose.reads.person import Wanted


class FilterForm(forms.Form):
    """A technique and a length, both optional; only what is offered can be chosen."""

    technique = forms.ChoiceField(
        label=_("Technique"),
        required=False,
        error_messages={"invalid_choice": _("Nobody offers this technique: choose another one.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("Length"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Nobody offers this length: choose another one.")},
    )

    def __init__(self, offer: Offer, data: Any = None) -> None:
        super().__init__(data)
        self.fields["technique"].choices = [("", _("All techniques")), *offer.techniques]  # type: ignore[attr-defined]
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            ("", _("Any length")),
            *((str(n), ngettext("%d minute", "%d minutes", n) % n) for n in offer.minutes),
        ]

    @property
    def wanted(self) -> Wanted:
        """What was chosen; a wrong choice counts as none."""
        chosen = getattr(self, "cleaned_data", {})
        return Wanted(technique=chosen.get("technique") or "", minutes=chosen.get("minutes"))
