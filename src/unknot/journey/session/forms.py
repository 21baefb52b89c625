"""The three parts of a session record: the texts and ratings, the treated regions, the marks.

A row without any answer is no row; a form never saves.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import marks as bodymarks
from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.notes import soap
from unknot.journey.prepare.plans import Plan
from unknot.journey.session.actions.record import RATINGS, ROWS_MAX, TEXT_MAX, TEXTS, Draft
from unknot.web import bodymap as maps
from unknot.web.errors import UnknotError
from unknot.web.forms import ScaleField

MORE = 3  # empty rows that are offered at a time
PREFIX = "row"
#: Which field stands for a part that `soap.missing_parts` names.
FIELD_OF = {"before": "pain_before", "after": "pain_after"}
MISSING: Mapping[str, Any] = {
    "subjective": _("Write what the client said."),
    "objective": _("Write what you found."),
    "assessment": _("Write what you think."),
    "plan": _("Write what comes next."),
    "regions": _("Write at least one treated region, with technique, minutes and pressure."),
    "before": _("Ask for the pain before, 0 to 10."),
    "after": _("Ask for the pain after, 0 to 10."),
}


def _text(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 4}),
    )


def _rating(label: str | Promise, low: str | Promise, high: str | Promise) -> ScaleField:
    return ScaleField(label=label, required=False, low=low, high=high)


class RecordForm(forms.Form):
    """The four texts of the note and the ratings in the room."""

    subjective = _text(_("What the client said"), _("S: in their own words"))
    objective = _text(_("What I found"), _("O: look, move, feel"))
    assessment = _text(_("What I think"), _("A: a working idea, not a diagnosis"))
    plan = _text(_("Plan"), _("P: next time, and homework"))
    pain_before = _rating(_("Pain before"), _("no pain"), _("worst imaginable"))
    pain_after = _rating(_("Pain after"), _("no pain"), _("worst imaginable"))
    tension_before = _rating(_("Tension before"), _("no tension"), _("worst imaginable"))
    tension_after = _rating(_("Tension after"), _("no tension"), _("worst imaginable"))


class TreatmentForm(forms.Form):
    """One region treated; the technique alone does not make it a row."""

    region = forms.ChoiceField(
        label=_("Region"),
        error_messages={"required": _("Choose the region, or empty this row.")},
    )
    technique = forms.ChoiceField(
        label=_("Technique"), error_messages={"required": _("Choose the technique.")}
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=soap.MINUTES[0],
        max_value=soap.MINUTES[-1],
        error_messages={"required": _("Write the minutes, 1 to 240.")},
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    pressure = forms.TypedChoiceField(
        label=_("Pressure"),
        coerce=int,
        error_messages={"required": _("Choose the pressure, 1 to 5.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices()  # type: ignore[attr-defined]
        self.fields["technique"].choices = technique_choices()  # type: ignore[attr-defined]
        self.fields["pressure"].choices = pressure_choices()  # type: ignore[attr-defined]

    def has_changed(self) -> bool:
        """Whether somebody filled in more than the technique that was offered."""
        names = ("region", "minutes", "pressure")
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in names)


if TYPE_CHECKING:
    RowSet = forms.BaseFormSet[TreatmentForm]
else:  # Django's class takes no parameter when it runs
    RowSet = forms.BaseFormSet


class BaseTreatmentRows(RowSet):
    """All rows; every one of them may be left empty."""

    def initial_form_count(self) -> int:
        return 0

    def clean(self) -> None:
        """Refuse the same region with the same technique twice, beside the second row."""
        if (self.management_form.cleaned_data["TOTAL_FORMS"] or 0) < 0:
            raise forms.ValidationError(_("The rows did not arrive whole. Send them again."))
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            pair = (form.cleaned_data.get("region", ""), form.cleaned_data.get("technique", ""))
            if all(pair) and pair in seen:
                sentence = _("This region stands above with the same technique.")
                form.add_error("region", forms.ValidationError(sentence))
            seen.add(pair)


TreatmentRows = cast(
    type[BaseTreatmentRows],
    forms.formset_factory(
        TreatmentForm, formset=BaseTreatmentRows, extra=0, max_num=ROWS_MAX, absolute_max=ROWS_MAX
    ),
)


class AmendForm(forms.Form):
    """A text added to a signed record."""

    text = forms.CharField(
        label=_("What do you want to add?"),
        help_text=_("It is kept with your name and the time. The record stays as it was signed."),
        max_length=TEXT_MAX,
        error_messages={"required": _("Write what you want to add.")},
        widget=forms.Textarea({"rows": 4}),
    )


class Record:
    """The whole form of a record, made from a stored draft or from what was sent."""

    def __init__(
        self,
        form: RecordForm,
        rows: BaseTreatmentRows,
        levels: Mapping[str, int],
        revision: int,
        map_error: str | Promise = "",
    ) -> None:
        self.form, self.rows, self.levels = form, rows, levels
        self.revision, self.map_error = revision, map_error
        self.problem: UnknotError | None = None
        self.rows_error: str | Promise = ""
        self.confirm_error: str | Promise = ""

    @classmethod
    def stored(cls, draft: Draft, revision: int, *, technique: str) -> "Record":
        """The form of a stored draft, with empty rows below; `technique` is offered in them."""
        values = {name: getattr(draft, name) for name in (*TEXTS, *RATINGS)}
        rows = [
            {
                "region": row.region,
                "technique": row.technique,
                "minutes": row.minutes,
                "pressure": row.pressure,
            }
            for row in draft.treatments
        ]
        return cls(RecordForm(initial=values), _unbound(rows, technique), draft.marks, revision)

    @classmethod
    def sent(cls, data: QueryDict) -> "Record":
        """The form as it was sent, to be checked."""
        levels, problem = _marks(data)
        rows = TreatmentRows(data, prefix=PREFIX)
        return cls(RecordForm(data), rows, levels, _number(data.get("revision")), problem)

    @classmethod
    def with_more_rows(
        cls, data: QueryDict, *, technique: str, plan: Plan | None = None
    ) -> "Record":
        """What was sent, unchecked, with the rows of a plan that are not there, and empty ones."""
        values = {name: data.get(name, "") for name in (*TEXTS, *RATINGS)}
        count = min(_number(data.get(f"{PREFIX}-TOTAL_FORMS")), ROWS_MAX)
        fields = ("region", "technique", "minutes", "pressure")
        rows = [
            {name: data.get(f"{PREFIX}-{index}-{name}", "") for name in fields}
            for index in range(count)
        ]
        if plan is not None:
            rows = _with_plan(rows, plan, technique)
        levels, problem = _marks(data)
        revision = _number(data.get("revision"))
        unbound = _unbound(rows, technique)
        return cls(RecordForm(initial=values), unbound, levels, revision, problem)

    def is_valid(self) -> bool:
        """Whether every part can be stored as a draft."""
        checked = [self.form.is_valid(), self.rows.is_valid(), not self.map_error]
        return all(checked)

    @property
    def draft(self) -> Draft:
        """The checked answers."""
        values = {name: self.form.cleaned_data[name] for name in (*TEXTS, *RATINGS)}
        treated = tuple(
            soap.TreatedRegion(**row.cleaned_data) for row in self.rows.forms if row.cleaned_data
        )
        return Draft(**values, treatments=treated, marks=self.levels)

    @property
    def faults(self) -> list[tuple[str, str | Promise]]:
        """What keeps the form from being taken: the id to go to and the sentence, in page order."""
        found: list[tuple[str, str | Promise]] = []
        for form in (self.form, *self.rows.forms):
            for name, errors in form.errors.items():
                field = form[name]
                found += [(field.auto_id, f"{field.label}: {error}") for error in errors]
        found += [("treated", str(error)) for error in self.rows.non_form_errors()]
        parts = (
            ("treated", self.rows_error),
            ("marks", self.map_error),
            ("confirm", self.confirm_error),
        )
        return found + [(anchor, sentence) for anchor, sentence in parts if sentence]

    def name_missing(self, parts: tuple[str, ...]) -> None:
        """Put a sentence beside each part that keeps the record from being signed."""
        for part in parts:
            if part == "regions":
                self.rows_error = MISSING[part]
            else:
                self.form.add_error(FIELD_OF.get(part, part), forms.ValidationError(MISSING[part]))


def region_choices() -> list[tuple[Any, Any]]:
    """Every region that may be pressed, in the therapist's words, under the headings of the map."""
    body = regions.load()
    groups = [
        (
            group.heading,
            [
                (row.region, body.region(row.region).label_pro)
                for row in group.rows
                if body.region(row.region).role != "no_press"
            ],
        )
        for group in maps.grouped({})
    ]
    return [("", _("Choose a region")), *groups]


def technique_choices() -> list[tuple[str, Any]]:
    """Every technique by its name."""
    names = [(one.id, one.name) for one in catalogue.load().techniques]
    return [("", _("Choose a technique")), *names]


def pressure_choices() -> list[tuple[str, Any]]:
    """The five levels of the pressure scale in words."""
    levels = catalogue.load().pressure.level
    return [("", "–"), *((str(one.value), f"{one.value}, {one.name}") for one in levels)]


def _unbound(rows: list[dict[str, Any]], technique: str) -> BaseTreatmentRows:
    empty = min(MORE, ROWS_MAX - len(rows))
    initial = [*rows, *({"technique": technique} for _index in range(empty))]
    unbound = TreatmentRows(initial=initial, prefix=PREFIX)
    unbound.extra = len(initial)
    return unbound


def _with_plan(rows: list[dict[str, Any]], plan: Plan, technique: str) -> list[dict[str, Any]]:
    """Add the regions of the plan that no row names; the pressure is for the therapist to say.

    What goes over the whole area names no region, and what was closed since is not done.
    """
    told = [row for row in rows if row["region"] or row["minutes"] or row["pressure"]]
    minutes: dict[str, int] = {}
    for step in plan.rows:
        if step.region and not step.closed:
            minutes[step.region] = minutes.get(step.region, 0) + step.minutes
    named = {row["region"] for row in told}
    planned = [
        {"region": region, "technique": technique, "minutes": min(total, soap.MINUTES[-1])}
        for region, total in minutes.items()
        if region not in named
    ]
    return [*told, *planned][:ROWS_MAX]


def _marks(data: QueryDict) -> tuple[dict[str, int], str | Promise]:
    """Read the fields of the body map; a sentence when one of them cannot be."""
    raw = {
        name.removeprefix(maps.PREFIX): value
        for name, value in data.items()
        if name.startswith(maps.PREFIX) and value
    }
    good: dict[str, int] = {}
    problem: str | Promise = ""
    for region, level in raw.items():
        try:
            good |= {one.region: one.intensity for one in bodymarks.parse_marks({region: level})}
        except ValueError:
            problem = _("A mark needs a place of the map and a number from 1 to 10.")
    return good, problem


def _number(text: str | None) -> int:
    """A whole number of a hidden field; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
