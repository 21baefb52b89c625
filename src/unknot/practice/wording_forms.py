"""What a manager sends to word an instrument under the practice's own licence. It never saves."""

from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments.wording import LONGEST, Wording
from unknot.journey.understand.wordings import SilentRow
from unknot.web.forms import Form

LONGEST_LICENCE: Final = 300


class WordingForm(Form):
    """The licence, the language and one text for each item; labels where the answers are few.

    `replaces` carries the wording that was on the page, so that nobody overwrites one they did not
    see.
    """

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    licence = forms.CharField(
        label=_("Your licence"),
        help_text=_("Who allows your practice to ask it, with the number and the date."),
        max_length=LONGEST_LICENCE,
        error_messages={
            "required": _("Write who allows it, with the number and the date."),
            "max_length": _("The licence line has at most 300 letters."),
        },
    )
    language = forms.RegexField(
        regex=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,4})?\Z",
        label=_("Language of the wording"),
        help_text=_("As a short code, such as en, de or pt-BR."),
        max_length=8,
        strip=True,
        widget=forms.TextInput({"size": 8, "maxlength": 8, "autocomplete": "off"}),
        error_messages={
            "required": _("Write the language, such as en."),
            "invalid": _("Write the language as a short code, such as en, de or pt-BR."),
        },
    )
    stem = forms.CharField(
        label=_("Words before the first question"),
        help_text=_("Leave it empty when the form has none."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, instrument: SilentRow, **kwargs: Any) -> None:
        own = instrument.own
        initial = {} if own is None else _as_typed(own.licence, own.language, own.stem)
        if own is not None:
            initial |= {"replaces": own.id} | {f"item-{k}": v for k, v in own.items.items()}
            initial |= {f"label-{points}": label for points, label in own.options.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.instrument = instrument
        for number, name in enumerate(instrument.item_ids, 1):
            self.fields[f"item-{name}"] = forms.CharField(
                label=_("Question %(number)s") % {"number": number},
                max_length=LONGEST,
                widget=forms.Textarea({"rows": 2}),
                error_messages={"required": _("Write the text of this question.")},
            )
        for points in instrument.labelled:
            self.fields[f"label-{points}"] = forms.CharField(
                label=_("Words for the answer %(points)s") % {"points": points},
                required=False,
                max_length=LONGEST,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        labels = [f"label-{points}" for points in self.instrument.labelled]
        if any(cleaned.get(name) for name in labels):
            for name in labels:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Write words for every answer, or for none."))
        return cleaned

    @property
    def wording(self) -> Wording:
        """What was written, for the rules to check."""
        sent = self.cleaned_data
        return Wording(
            items={name: sent[f"item-{name}"] for name in self.instrument.item_ids},
            licence=sent["licence"],
            language=sent["language"],
            stem=sent["stem"],
            options={
                points: sent[f"label-{points}"]
                for points in self.instrument.labelled
                if sent[f"label-{points}"]
            },
        )

    def seen(self, standing: int | None) -> None:
        """Show from now on that `standing` is the wording on the page; keeps what was typed."""
        data = cast(QueryDict, self.data).copy()
        data["replaces"] = "" if standing is None else str(standing)
        self.data = data


def _as_typed(licence: str, language: str, stem: str) -> dict[str, Any]:
    return {"licence": licence, "language": language, "stem": stem}
