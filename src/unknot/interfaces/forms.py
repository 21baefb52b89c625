"""What people send about calendars of other programs. A form never saves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.interfaces.ical.fetch import NotFetched, target
from unknot.web.forms import Form


class SourceForm(Form):
    """Another calendar: an address to follow, or a file to read once."""

    name = forms.CharField(
        label=_("What you call this calendar"),
        max_length=80,
        error_messages={"required": _("Give this calendar a name, such as Family.")},
    )
    url = forms.CharField(
        label=_("Its address (https or webcal)"),
        help_text=_("Your program calls it the secret, private or subscription address."),
        max_length=500,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
    )
    file = forms.FileField(
        label=_("Or a file (.ics), at most 5 MB"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
    )

    def clean_url(self) -> str:
        """Refuse an address that is never asked."""
        url: str = self.cleaned_data["url"].strip()
        if url:
            try:
                target(url)
            except NotFetched as problem:
                raise forms.ValidationError(_(problem.sentence) % problem.facts) from problem
        return url

    def clean(self) -> dict[str, object]:
        """Exactly one of the two."""
        said: dict[str, object] = super().clean() or {}
        if "url" not in self.errors and bool(said.get("url")) == bool(said.get("file")):
            self.add_error("url", _("Give either an address or a file."))
        return said
