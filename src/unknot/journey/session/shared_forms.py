"""Forms about the shared part of a record: ask for a correction, and answer it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.session.actions.corrections import TEXT_MAX
from unknot.web.forms import Choice, Form


class AskForm(Form):
    """What a client says is wrong."""

    text = forms.CharField(
        label=_("What is wrong, and what would be right?"),
        help_text=_("It is kept with your name and the time, and so is the answer."),
        max_length=TEXT_MAX,
        error_messages={"required": _("Write what is wrong.")},
        widget=forms.Textarea({"rows": 4}),
    )


class AnswerForm(Form):
    """Accepted with an amendment, or declined with the reason."""

    accepted = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Accept it")), ("no", _("Decline it"))],
        coerce=lambda value: value == "yes",
        error_messages={"required": _("Choose whether to accept it.")},
        widget=Choice(
            explain={
                "yes": _("What you write below is added to the record. The record itself stays."),
                "no": _("What you write below is the reason. The record stays as it is."),
            }
        ),
    )
    text = forms.CharField(
        label=_("What you add to the record, or why not"),
        help_text=_("The client reads it. It cannot be changed later."),
        max_length=TEXT_MAX,
        error_messages={"required": _("Write the answer.")},
        widget=forms.Textarea({"rows": 4}),
    )
