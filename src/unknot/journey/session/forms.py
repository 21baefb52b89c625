"""The three parts of a session record: the texts and ratings, the treated regions, the marks.

A row without any answer is no row; a form never saves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import marks as bodymarks
from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.notes import merge, soap
from unknot.journey.session import drafts
from unknot.journey.session.actions.record import ROWS_MAX, TEXT_MAX, Settled
from unknot.journey.session.actions.starts import NAME_MAX, PHRASE_MAX
from unknot.journey.session.drafts import RATINGS, TEXTS, Draft
from unknot.journey.session.models import Section
from unknot.journey.session.starts import Start
from unknot.web import bodymap as maps
from unknot.web.errors import UnknotError
from unknot.web.forms import Form, ScaleField

MORE = 3  # empty rows that are offered at a time
CHOICE = "choice-"
#: What a page of choices does not carry on: the token is new, the tick is made again.
NOT_CARRIED = ("csrfmiddlewaretoken", "confirm", "seen")
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


class Lines(forms.CharField):
    """A text of several lines; every browser's line ends become one kind."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(label: Any, hint: Any) -> Lines:
    return Lines(
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
    plan = _text(_("Plan"), _("P: next time, and homework. The client reads this part."))
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

    text = Lines(
        label=_("What do you want to add?"),
        help_text=_("It is kept with your name and the time. The record stays as it was signed."),
        max_length=TEXT_MAX,
        error_messages={"required": _("Write what you want to add.")},
        widget=forms.Textarea({"rows": 4}),
    )
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)


class PhraseForm(Form):
    """A new phrase."""

    section = forms.ChoiceField(label=_("Where does it belong?"), choices=Section)
    text = forms.CharField(
        label=_("Phrase"),
        help_text=_("Up to 300 characters, without anything about one client."),
        max_length=PHRASE_MAX,
    )


class TemplateForm(Form):
    """The name and the texts of a template."""

    name = forms.CharField(label=_("Name"), max_length=NAME_MAX)
    subjective = _text(Section.SUBJECTIVE.label, "")
    objective = _text(Section.OBJECTIVE.label, "")
    assessment = _text(Section.ASSESSMENT.label, "")
    plan = _text(Section.PLAN.label, "")


class Record:
    """The whole form of a record, made from a stored draft or from what was sent."""

    def __init__(
        self,
        form: RecordForm,
        rows: BaseTreatmentRows,
        levels: Mapping[str, int],
        revision: int,
        map_error: str | Promise = "",
        base: Draft | None = None,
    ) -> None:
        self.form, self.rows, self.levels = form, rows, levels
        self.base = base or Draft()
        self.key: UUID | None = None
        self.settled: Settled | None = None
        self.merged = False
        self.fields: list[tuple[str, str]] = []
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
        unbound = _unbound(rows, technique)
        return cls(RecordForm(initial=values), unbound, draft.marks, revision, base=draft)

    @classmethod
    def sent(cls, data: QueryDict) -> "Record":
        """The form as it was sent, to be checked."""
        levels, problem = _marks(data)
        rows = TreatmentRows(data, prefix=PREFIX)
        base = drafts.from_text(data.get("base", ""))
        revision = whole_number(data.get("revision"))
        sent = cls(RecordForm(data), rows, levels, revision, problem, base)
        sent.key, sent.settled, sent.fields = _key(data), _settled(data), _carried(data)
        return sent

    @classmethod
    def continued(cls, data: QueryDict, *, technique: str, start: Start | None = None) -> "Record":
        """What was sent, unchecked, with what a start adds to it, and empty rows below."""
        values = {name: data.get(name, "") for name in (*TEXTS, *RATINGS)}
        count = min(whole_number(data.get(f"{PREFIX}-TOTAL_FORMS")), ROWS_MAX)
        fields = ("region", "technique", "minutes", "pressure")
        rows = [
            {name: data.get(f"{PREFIX}-{index}-{name}", "") for name in fields}
            for index in range(count)
        ]
        if start is not None:
            rows = _with_start(rows, start)
            values |= {
                name: text
                for name, text in start.texts.items()
                if text and (start.over or not values[name].strip())
            }
        levels, problem = _marks(data)
        revision = whole_number(data.get("revision"))
        unbound = _unbound(rows, technique)
        base = drafts.from_text(data.get("base", ""))
        return cls(RecordForm(initial=values), unbound, levels, revision, problem, base)

    def was_saved(self, revision: int, *, merged: bool) -> None:
        """Go on from what was saved; after a merge from one's own copy, so that it merges again."""
        self.base, self.merged = self.draft, merged
        if not merged:
            self.revision = revision

    @property
    def base_text(self) -> str:
        """The copy that this one grew from, as a hidden field carries it."""
        return drafts.as_text(self.base)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashRow:
    """One part that was changed in two places, in words, with the choice that was made so far."""

    name: str
    label: str | Promise
    mine: str | Promise
    theirs: str | Promise
    can_keep_both: bool
    chosen: str


def clash_rows(clashes: tuple[merge.Clash, ...], sent: Record) -> list[ClashRow]:
    """The parts to choose between, in the order of the page."""
    chosen = sent.settled.choices if sent.settled is not None else {}
    return [
        ClashRow(
            name=f"{CHOICE}{clash.key}",
            label=_part_label(clash.key),
            mine=_part_words(clash.mine),
            theirs=_part_words(clash.theirs),
            can_keep_both=clash.can_keep_both,
            chosen=chosen.get(clash.key, ""),
        )
        for clash in clashes
    ]


def differing_rows(sent: Record, stored: Draft) -> list[ClashRow]:
    """What `sent` changed and `stored` does not hold, part by part; nothing of what is the same."""
    if not sent.is_valid():
        return []
    base, mine, theirs = map(drafts.as_copy, (sent.base, sent.draft, stored))
    return [
        ClashRow(
            name=key,
            label=_part_label(key),
            mine=_part_words(mine.get(key)),
            theirs=_part_words(theirs.get(key)),
            can_keep_both=False,
            chosen="",
        )
        for key in dict.fromkeys((*mine, *base))
        if mine.get(key) != base.get(key) and mine.get(key) != theirs.get(key)
    ]


def as_amendment(rows: list[ClashRow]) -> str:
    """The differing parts as a text to begin an amendment with."""
    return "\n".join(f"{row.label}: {row.mine}" for row in rows)[:TEXT_MAX]


def _part_label(key: str) -> str | Promise:
    kind, _dot, rest = key.partition(".")
    if kind == drafts.MARK:
        return _("Mark: %(region)s") % {"region": regions.load().region(rest).label_pro}
    if kind == drafts.TREATED:
        region, _dot, technique = rest.partition(".")
        name = catalogue.load().technique(technique).name
        return f"{regions.load().region(region).label_pro}, {name}"
    return RecordForm.base_fields[key].label or key


def _part_words(value: merge.Value | None) -> str | Promise:
    if value is None:
        return _("Nothing")
    if isinstance(value, tuple):
        minutes, pressure = value
        return _("%(minutes)s min, pressure %(pressure)s of 5") % {
            "minutes": minutes,
            "pressure": pressure,
        }
    return str(value)


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


def _with_start(rows: list[dict[str, Any]], start: Start) -> list[dict[str, Any]]:
    """Add the regions of a start that no row names."""
    told = [row for row in rows if row["region"] or row["minutes"] or row["pressure"]]
    named = {row["region"] for row in told}
    added = [
        {
            "region": row.region,
            "technique": row.technique,
            "minutes": row.minutes,
            "pressure": row.pressure,
        }
        for row in start.rows
        if row.region not in named
    ]
    return [*told, *added][:ROWS_MAX]


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


def _key(data: QueryDict) -> UUID | None:
    try:
        return UUID(data.get("draft", ""))
    except ValueError:
        return None


def _settled(data: QueryDict) -> Settled | None:
    if "seen" not in data:
        return None
    choices = {
        name.removeprefix(CHOICE): str(value)
        for name, value in data.items()
        if name.startswith(CHOICE)
    }
    return Settled(revision=whole_number(data.get("seen")), choices=choices)


def _carried(data: QueryDict) -> list[tuple[str, str]]:
    """Everything that a page of choices sends again, so that nothing typed is lost on the way."""
    return [
        (name, str(value))
        for name, value in data.items()
        if name not in NOT_CARRIED and not name.startswith(CHOICE)
    ]


def whole_number(text: str | None) -> int:
    """A whole number of a hidden field or button; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
