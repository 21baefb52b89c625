"""What somebody sends who has checked a credential, and what they look for. A form never saves."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose.actions.credentials import Finding
from unknot.journey.choose.reads import credentials as reads
from unknot.web.forms import Choice, Choices, DateField, Form

WAYS: Final = {
    "register": _("I opened it and read it there."),
    "roster": _("I compared it with a row that is shown above."),
    "document": _("I saw it. That alone never earns the badge."),
}
LINK: Final = {"invalid": _("Write a link that begins with https:// or http://.")}


class FindingForm(Form):
    """What was found; nothing is answered beforehand except the day."""

    method = forms.ChoiceField(
        label=_("How did you check it?"),
        widget=Choice(explain=WAYS),
        error_messages={
            "required": _("Say how it was checked."),
            "invalid_choice": _("Say how it was checked: choose one of the listed ways."),
        },
    )
    row = forms.ChoiceField(
        label=_("Which row of a roster?"),
        help_text=_("The check rests on this row alone."),
        required=False,
        widget=Choice,
        error_messages={"invalid_choice": _("Choose one of the rows shown above.")},
    )
    source = forms.CharField(
        label=_("Name of the register, or what document it was"),
        help_text=_("Everybody can read this beside the credential."),
        required=False,
        max_length=80,
    )
    source_url = forms.URLField(
        label=_("Link to what you saw (optional)"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages=LINK,
    )
    matched = forms.MultipleChoiceField(
        label=_("What matched, letter by letter?"),
        help_text=_("Tick only what you compared yourself. Verified needs number and name."),
        choices=reads.PARTS,
        required=False,
        widget=Choices,
        error_messages={"invalid_choice": _("Choose what matched from the list.")},
    )
    status = forms.ChoiceField(
        label=_("What does it say about the credential?"),
        choices=(("", _("Choose one")), *reads.STATUSES),
        error_messages={
            "required": _("Choose what it says about the credential."),
            "invalid_choice": _("Choose one of the listed states of a credential."),
        },
    )
    expires_on = DateField(
        label=_("Last valid day"),
        help_text=_(
            "The last day on which it is valid. Register or document: leave it empty to keep the "
            "day that is known. Roster: leave it empty, the day of the row is taken."
        ),
        required=False,
    )
    discipline = forms.ChoiceField(
        label=_("Disciplinary findings"),
        help_text=_("A finding is shown to everybody with its day and its link, never hidden."),
        choices=reads.DISCIPLINES,
        widget=Choice,
        error_messages={"required": _("Say what is known of discipline.")},
    )
    discipline_on = DateField(label=_("Day of the finding (optional)"), required=False)
    discipline_url = forms.URLField(
        label=_("Link to the finding (optional)"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages=LINK,
    )
    scope_notes = forms.CharField(
        label=_("Limits of the credential (optional)"),
        help_text=_("What it does not cover, in the words of the register. Everybody reads this."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    checked_on = DateField(
        label=_("Day of the check"),
        help_text=_("For a roster: no later than the day it was read, shown above."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, *, rows: Sequence[reads.Evidence], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        ways = [way for way in reads.METHODS if rows or way[0] != "roster"]
        self.fields["method"].choices = ways  # type: ignore[attr-defined]
        if rows:
            said = {one.row.key: one.said for one in rows}
            named = [(one.row.key, one.named) for one in rows]
            self.fields["row"].widget = Choice(explain=said)
            self.fields["row"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["row"]
            self.fields["checked_on"].help_text = ""

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        method = sent.get("method")
        if method == "roster" and not sent.get("row") and "row" not in self.errors:
            self.add_error("row", _("Choose one of the rows shown above."))
        if method in {"register", "document"} and not sent.get("source"):
            self.add_error("source", _("Write which register or document it was."))
        return sent

    @property
    def finding(self) -> Finding:
        """What was sent, once it is valid."""
        sent = self.cleaned_data
        found = {name: sent[name] for name in sent if name not in {"row", "seen", "matched"}}
        if sent["method"] == "roster":
            found["row"] = sent["row"]
        return Finding(**found, matched=tuple(sent["matched"]))


class SearchForm(Form):
    """Which credentials the operator wants to see."""

    which = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=(
            ("never", _("Never checked")),
            ("old", _("Checked more than 90 days ago")),
            ("ending", _("Running out within 60 days")),
            ("all", _("All")),
        ),
    )
    words = forms.CharField(label=_("Name or number"), required=False, max_length=160)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    @property
    def wanted(self) -> tuple[str, str]:
        """The list and the words; what cannot be read counts as not said."""
        sent = getattr(self, "cleaned_data", {})
        return sent.get("which") or "never", sent.get("words") or ""


def initial(today: date, seen: str) -> dict[str, object]:
    """What an empty form begins with."""
    return {"checked_on": today, "seen": seen}
