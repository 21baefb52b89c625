"""What therapists and managers send about credentials. A form never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.actions.credentials import LONGEST_TRAINING, CredentialDraft
from unknot.journey.choose.reads import credentials as reads
from unknot.journey.choose.reads import techniques
from unknot.web.forms import Choices, DateField, Form

HOURS = {
    "invalid": _("Write a whole number of hours."),
    "min_value": _("Write at least %(limit_value)s hour."),
    "max_value": _("Write at most %(limit_value)s hours."),
}


class CredentialForm(Form):
    """A credential on the therapist's own word."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=reads.KINDS,
        error_messages={"invalid_choice": _("Choose what kind of credential it is.")},
    )
    title = forms.CharField(
        label=_("What it is called"),
        max_length=160,
        error_messages={"required": _("Write what the credential is called.")},
    )
    holder = forms.CharField(
        label=_("The name on it, where it is not the name of your listing (optional)"),
        help_text=_("For example the name you had before. Everybody can read it beside yours."),
        required=False,
        max_length=160,
    )
    number = forms.CharField(
        label=_("Number (optional)"),
        help_text=_("Exactly as the register writes it. Everybody can read it."),
        required=False,
        max_length=60,
    )
    jurisdiction = forms.CharField(
        label=_("Country or state where it counts (optional)"),
        help_text=_("For the United States write US and the state, for example US-CO."),
        required=False,
        max_length=60,
    )
    issuer = forms.CharField(label=_("Who issued it (optional)"), required=False, max_length=160)
    no_register = forms.BooleanField(
        label=_("No public register exists for this"),
        help_text=_("Shown as your own word, until somebody has seen a document."),
        required=False,
    )
    issued_on = DateField(label=_("Day it was issued (optional)"), required=False)
    expires_on = DateField(
        label=_("Last valid day (optional)"),
        help_text=_("After a licence or registration has run out, nobody can book you."),
        required=False,
    )
    technique = forms.ChoiceField(
        label=_("For a training: which technique (optional)"), required=False
    )
    hours = forms.IntegerField(
        label=_("For a training: how many hours (optional)"),
        required=False,
        min_value=1,
        max_value=LONGEST_TRAINING,
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": 5}),
        error_messages=HOURS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", _("None in particular")), *techniques.names().items()]
        self.fields["technique"].choices = named  # type: ignore[attr-defined]

    @property
    def draft(self) -> CredentialDraft:
        """What was sent, once it is valid."""
        return CredentialDraft(**self.cleaned_data)


class DocumentForm(Form):
    """One scan of a credential; whether it can be kept is decided by its content."""

    file = forms.FileField(
        label=_("PDF, JPEG or PNG, at most 10 MB"),
        allow_empty_file=True,
        max_length=250,
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": _("Choose a file."),
            "invalid": _("Choose a file."),
            "missing": _("Choose a file."),
            "max_length": _("The name of this file is too long: give it a shorter one."),
        },
    )


class RequirementForm(Form):
    """What the practice requires of whoever treats."""

    kinds = forms.MultipleChoiceField(
        label=_("Required of every therapist"),
        help_text=_("Whoever has none that is valid on a day cannot be booked for that day."),
        choices=reads.KINDS,
        required=False,
        widget=Choices,
        error_messages={"invalid_choice": _("Choose kinds of credential from the list.")},
    )
    checked = forms.BooleanField(
        label=_("Somebody must have looked"),
        help_text=_("The therapist’s own word is then not enough for what is ticked above."),
        required=False,
    )
