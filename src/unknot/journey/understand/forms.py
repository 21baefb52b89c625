"""The forms of the check-in: they read and check what was typed, and never save."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.marks import (
    IntensityOutOfRange,
    Mark,
    RegionNotMarkable,
    parse_marks,
)
from unknot.domain.bodymap.regions import UnknownRegion
from unknot.domain.bodymap.regions import load as load_bodymap
from unknot.domain.guidance import catalogue as techniques
from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.definition import Item
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.entries import Condition, Medicine, RedFlag
from unknot.domain.screening.questions import Questions
from unknot.people.models import Practice
from unknot.web.bodymap import PREFIX
from unknot.web.forms import Chips, Choice, DateField, ScaleField

YES_NO = (("yes", _("Yes")), ("no", _("No")))
SAID = (*YES_NO, ("unsure", _("Not sure")))

#: What pain can feel like: neutral words of our own. The last two bear on the choice.
FEELINGS = (
    ("tight", _("Tight")),
    ("stiff", _("Stiff")),
    ("aching", _("Aching")),
    ("heavy", _("Heavy")),
    ("sharp", _("Sharp")),
    ("throbbing", _("Throbbing")),
    ("burning", _("Burning")),
    ("tingling", _("Tingling")),
    ("numb", _("Numb")),
    ("spreads", _("Spreads to another place")),
    ("light_touch", _("Light touch hurts")),
)
WISHES = (
    ("wants_clothed", _("I want to stay clothed")),
    ("no_oil", _("No oil, please")),
    ("wants_heat", _("I like warmth")),
    ("first_time", _("It would be my first massage")),
)
MINUTES = (30, 45, 60, 75, 90)

#: Areas to choose from when an answer has a place; the groups are those of the body map.
AREAS = (
    ("neck", _("Neck")),
    ("shoulder", _("Shoulder")),
    ("upper_back", _("Upper back")),
    ("low_back", _("Lower back")),
    ("pelvis", _("Buttocks and hips")),
    ("head", _("Head")),
    ("jaw", _("Jaw")),
    ("arm", _("Arms")),
    ("hand", _("Hands")),
    ("chest", _("Chest")),
    ("abdomen", _("Belly")),
    ("legs", _("Legs and feet")),
)

#: The headings of the history page; a question not named here stands under the last one.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "today",
        _("Today and these days"),
        (
            "fever_infection",
            "intoxicated",
            "acute_injury",
            "asthma_lying",
            "trauma_history",
            "mental_health_acute",
        ),
    ),
    ("birth", _("Pregnancy and birth"), ("pregnancy_t1", "pregnancy_highrisk", "postpartum")),
    (
        "blood",
        _("Heart and blood"),
        (
            "dvt_current",
            "dvt_past",
            "heart_unstable",
            "heart_stable",
            "bp_uncontrolled",
            "bp_controlled",
            "aneurysm",
            "carotid_disease",
            "bleeding_disorder",
            "varicose",
        ),
    ),
    (
        "bones",
        _("Bones, joints and spine"),
        (
            "osteoporosis",
            "fracture_recent",
            "spine_surgery",
            "spine_unstable",
            "disc_radiculopathy",
            "scoliosis",
            "rheumatoid",
            "connective_tissue",
            "hypermobile",
            "fibromyalgia",
        ),
    ),
    (
        "care",
        _("Treatment and devices"),
        (
            "cancer_active",
            "cancer_bone",
            "lymphoedema",
            "surgery_recent",
            "implanted_device",
            "kidney_liver",
            "immune_low",
            "thyroid_neck",
        ),
    ),
    (
        "other",
        _("Skin, nerves and everything else"),
        (
            "skin_infection",
            "skin_broken",
            "skin_condition",
            "allergy_topical",
            "neuropathy",
            "diabetes",
            "heat_intolerance",
            "epilepsy",
        ),
    ),
)


class StartForm(forms.Form):
    """Agreement, age and, where there are several, the practice."""

    practice = forms.ChoiceField(
        label=_("Where would you like to come?"),
        widget=Choice,
        error_messages={
            "required": _("Choose a practice."),
            "invalid_choice": _("Choose one of the practices in the list."),
        },
    )
    adult = forms.ChoiceField(
        label=_("Are you 18 or older?"),
        choices=YES_NO,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"required": _("Say whether you are 18 or older.")},
    )
    agree = forms.BooleanField(
        label=_("I agree that my answers are kept and used as described here"),
        error_messages={"required": _("We can only ask you these questions if you agree.")},
    )

    def __init__(self, data: Any = None, *, practices: Iterable[Practice]) -> None:
        super().__init__(data)
        chosen = [(one.slug, one.name) for one in practices]
        field = self.fields["practice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows a declared field
        field.choices = chosen
        if len(chosen) == 1:
            field.widget = forms.HiddenInput()
            field.initial = chosen[0][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapError:
    """A sentence about one place of the map, and the field it belongs to."""

    field: str
    text: str


class BodyForm(forms.Form):
    """The marks of the map, read from the list's fields, and whose side is whose."""

    sides = forms.ChoiceField(
        label=_("Is this the right side?"),
        choices=[("yes", _("Yes, that is my side")), ("swap", _("No, swap left and right"))],
        required=False,
        widget=Choice,
        error_messages={"invalid_choice": _("Say whether the sides are right.")},
    )
    nowhere = forms.BooleanField(label=_("Nothing hurts right now"), required=False)

    def __init__(self, data: Any = None, *, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.partial = partial
        self.map_errors: list[MapError] = []
        self.marks: tuple[Mark, ...] = ()

    @property
    def levels(self) -> dict[str, int]:
        """What was typed and can be shown again on the map."""
        return {mark.region: mark.intensity for mark in self.marks}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found: list[Mark] = []
        for name in self.data:
            if name.startswith(PREFIX):
                found.extend(self._mark(name))
        self.marks = parse_marks([(mark.region, mark.intensity) for mark in found])
        if self.map_errors:
            for problem in self.map_errors:
                self.add_error(None, problem.text)
        elif not found and not cleaned.get("nowhere") and not self.partial:
            self._refuse("places-list", _("Mark at least one place, or say that nothing hurts."))
            self.add_error(None, self.map_errors[-1].text)
        elif found and cleaned.get("nowhere"):
            self.add_error("nowhere", _("You marked a place. Remove it, or take this tick away."))
        return cleaned

    def _mark(self, name: str) -> Iterable[Mark]:
        typed = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        region = name.removeprefix(PREFIX)
        if not any(typed):
            return ()
        try:
            return parse_marks([(region, level) for level in typed[-1:]])
        except UnknownRegion:
            self._refuse(name, _("There is no place called “%s” on the map.") % region[:40])
        except RegionNotMarkable:
            label = load_bodymap().label(region)
            self._refuse(name, _("%s is asked about in words, not marked.") % label)
        except IntensityOutOfRange:
            label = load_bodymap().label(region)
            self._refuse(name, _("%s: choose a number from 1 to 10.") % label)
        return ()

    def _refuse(self, field: str, text: Any) -> None:
        self.map_errors.append(MapError(field=field, text=str(text)))


class InstrumentForm(forms.Form):
    """Questions of instruments, word for word; none has to be answered."""

    asked: tuple[tuple[str, str], ...] = ()  # instrument and strand
    left_out: frozenset[str] = frozenset()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, strand in self.asked:
            for item in instruments.load().instrument(name).items:
                if item.id not in self.left_out:
                    self.fields[f"{name}-{item.id}"] = _item_field(item, strand)

    def points(self) -> dict[str, dict[str, int | None]]:
        """The answers by instrument and item; None where nothing was chosen."""
        return {
            name: {
                field.removeprefix(f"{name}-"): self.cleaned_data.get(field)
                for field in self.fields
                if field.startswith(f"{name}-")
            }
            for name, _strand in self.asked
        }

    def of(self, instrument: str) -> list[forms.BoundField]:
        """The fields of one instrument, to place them by hand."""
        return [self[name] for name in self.fields if name.startswith(f"{instrument}-")]


def _item_field(item: Item, strand: str) -> forms.Field:
    if item.scale.range is not None:
        low, high = item.anchors.get("0", ""), item.anchors.get("10", "")
        return ScaleField(strand=strand, low=low, high=high, label=item.text, required=False)
    choices = [(str(option.value), option.label) for option in item.scale.option]
    return forms.TypedChoiceField(
        label=item.text,
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=Choice(attrs={"class": "short" if len(choices) < 4 else "pair"}),
        error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
    )


class StoryForm(InstrumentForm):
    """When it began, what it is like, and how much it gets in the way."""

    asked = (("peg", "body"),)

    onset_on = DateField(
        label=_("When did it begin?"),
        help_text=_("Your best guess is enough. Leave it empty if you cannot say."),
        required=False,
    )
    first_ever = forms.ChoiceField(
        label=_("Is this the first time you have had back or neck pain?"),
        choices=YES_NO,
        required=False,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Answer yes or no.")},
    )
    feels_like = forms.MultipleChoiceField(
        label=_("What is it like? Choose any."),
        choices=FEELINGS,
        required=False,
        widget=Chips,
        error_messages={"invalid_choice": _("Choose words from the list.")},
    )

    def __init__(self, data: Any = None, *, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today

    def clean_onset_on(self) -> date | None:
        began: date | None = self.cleaned_data.get("onset_on")
        if began is None or self.today is None:
            return began
        if began > self.today:
            raise forms.ValidationError(_("This day lies in the future. Write when it began."))
        if began.year < self.today.year - 120:
            raise forms.ValidationError(_("This is more than 120 years ago. Check the year."))
        return began


class MindForm(InstrumentForm):
    """Stress, sleep and the four questions about mood and worry."""

    asked = (("stress_nrs", "mind"), ("sleep_nrs", "mind"), ("phq4", "mind"))


class AboutForm(forms.Form):
    """What decides which safety questions are asked."""

    age = forms.IntegerField(
        label=_("How old are you?"),
        help_text=_("Some questions and limits depend on age."),
        min_value=18,
        max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3, "size": 3}),
        error_messages={
            "required": _("Write your age in years."),
            "invalid": _("Write your age as a number, for example 42."),
            "min_value": _("This check-in is for people of 18 and older."),
            "max_value": _("Write your age in years, at most 120."),
        },
    )
    pregnant = forms.ChoiceField(
        choices=SAID,
        widget=Choice(attrs={"class": "short"}),
        error_messages={
            "required": _("Answer yes, no or not sure."),
            "invalid_choice": _("Answer yes, no or not sure."),
        },
    )

    def __init__(self, data: Any = None, *, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["pregnant"].label = screening.load().condition("pregnancy").question
        for field in self.fields.values():
            field.required = not partial


class SaidField(forms.ChoiceField):
    """Yes, no or not sure, none chosen beforehand."""

    def __init__(self, *, label: str, required: bool, help_text: str = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            choices=SAID,
            required=required,
            widget=Choice(attrs={"class": "short"}),
            error_messages={
                "required": _("Answer yes, no or not sure."),
                "invalid_choice": _("Answer yes, no or not sure."),
            },
        )


class FlagsForm(forms.Form):
    """The red flags that apply, each answered; the optional ones may be left."""

    def __init__(
        self, data: Any = None, *, questions: Questions, partial: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        for flag in questions.red_flags:
            self.fields[flag.id] = SaidField(
                label=flag.question,
                required=not flag.optional and not partial,
                help_text=_note(flag),
            )

    def said(self) -> dict[str, str]:
        """The answers given, by question."""
        return {name: said for name, said in self.cleaned_data.items() if said}


def _note(flag: RedFlag) -> str:
    if flag.private:
        return str(_("You may leave this one out. Nobody but you sees the answer."))
    return str(_("You may leave this one out.")) if flag.optional else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One question with the field for its place, if it has one."""

    said: forms.BoundField
    where: forms.BoundField | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryGroup:
    """Questions under one heading, and the tick that answers the rest with no."""

    id: str
    title: Any
    rows: tuple[HistoryRow, ...]
    rest: forms.BoundField


class HistoryForm(forms.Form):
    """Conditions and medicines: each answered, or all that are left of a group at once."""

    def __init__(
        self, data: Any = None, *, questions: Questions, partial: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.partial = partial
        self._groups: dict[str, list[str]] = {}
        local = _with_a_place()
        for row in questions.conditions:
            if row.id != "pregnancy":
                self._ask(row, _group_of(row.id), label=row.question, local=row.id in local)
        for medicine in questions.medicines:
            self._ask(
                medicine,
                "medicines",
                label=medicine.label,
                local=medicine.id in local,
                help_text=", ".join(medicine.examples),
            )
        for group in self._groups:
            self.fields[f"rest-{group}"] = forms.BooleanField(
                label=_("No to everything else in this list"), required=False
            )

    def _ask(
        self,
        row: Condition | Medicine,
        group: str,
        *,
        label: str,
        local: bool,
        help_text: str = "",
    ) -> None:
        self._groups.setdefault(group, []).append(row.id)
        self.fields[row.id] = SaidField(label=label, required=False, help_text=help_text)
        if local:
            self.fields[f"where-{row.id}"] = forms.MultipleChoiceField(
                label=_("Where? Leave empty for anywhere or not sure."),
                choices=AREAS,
                required=False,
                widget=Chips,
                error_messages={"invalid_choice": _("Choose places from the list.")},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for group, questions in self._groups.items():
            rest = cleaned.get(f"rest-{group}")
            for question in questions:
                if question in self.errors or cleaned.get(question):
                    continue
                if rest:
                    cleaned[question] = "no"
                elif not self.partial:
                    self.add_error(question, _("Answer yes, no or not sure."))
        return cleaned

    def said(self, group: str = "") -> dict[str, str]:
        """The answers given: those about medicines for "medicines", else about conditions."""
        return {
            question: self.cleaned_data[question]
            for name, questions in self._groups.items()
            if (name == "medicines") == (group == "medicines")
            for question in questions
            if self.cleaned_data.get(question)
        }

    def where(self) -> dict[str, list[str]]:
        """The areas chosen, by question."""
        return {
            name.removeprefix("where-"): areas
            for name, areas in self.cleaned_data.items()
            if name.startswith("where-") and areas
        }

    def groups(self) -> list[HistoryGroup]:
        """The questions in the order of the page."""
        titles = {name: title for name, title, _ids in GROUPS} | {"medicines": _("Medicines")}
        return [
            HistoryGroup(
                id=name,
                title=titles[name],
                rows=tuple(self._row(question) for question in self._groups[name]),
                rest=self[f"rest-{name}"],
            )
            for name in titles
            if name in self._groups
        ]

    def _row(self, question: str) -> HistoryRow:
        place = f"where-{question}"
        return HistoryRow(said=self[question], where=self[place] if place in self.fields else None)


def _group_of(question: str) -> str:
    return next((name for name, _title, ids in GROUPS if question in ids), GROUPS[-1][0])


def _with_a_place() -> frozenset[str]:
    """The questions whose rules act on the affected area."""
    return frozenset(
        name
        for rule in screening.load().rules
        if "affected" in rule.areas
        for name in (rule.when.condition, rule.when.medicine)
        if name is not None
    )


class WishesForm(forms.Form):
    """What somebody would like; all of it may be left open."""

    pressure = forms.TypedChoiceField(
        label=_("How much pressure would you like?"),
        help_text=_("More pressure has not been shown to work better."),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose a pressure from 1 to 5.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("How long should it be?"),
        choices=[(str(number), _("%s minutes") % number) for number in MINUTES],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Choose one of the lengths in the list.")},
    )
    wishes = forms.MultipleChoiceField(
        label=_("Anything else? Choose any."),
        choices=WISHES,
        required=False,
        widget=Chips,
        error_messages={"invalid_choice": _("Choose wishes from the list.")},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        levels = techniques.load().pressure.level
        choices = [(str(one.value), f"{one.value}: {one.name}") for one in levels]
        explain: Mapping[str, str] = {str(one.value): one.feel for one in levels}
        field = self.fields["pressure"]
        field.widget = Choice(explain=explain)
        field.choices = choices  # type: ignore[attr-defined]  # a TypedChoiceField, declared above


class CallMeForm(forms.Form):
    """Who should be called, and where."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the name we should ask for.")},
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Write the number we should call.")},
    )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if not 5 <= sum(letter.isdigit() for letter in phone) <= 20:
            raise forms.ValidationError(_("Write a telephone number with at least 5 digits."))
        return phone


def as_initial(points: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Stored answers as the initial values of an `InstrumentForm`."""
    return {
        f"{name}-{item}": value for name, items in points.items() for item, value in items.items()
    }


def area_words(regions: Iterable[str]) -> Sequence[str]:
    """Regions of the body map in words: whole areas by their name, the rest one by one."""
    left, body = set(regions), load_bodymap()
    words = []
    for area, label in AREAS:
        held = {region.id for region in body.in_group(area)}
        if held and held <= set(regions):
            words.append(str(label))
            left -= held
    return [*words, *(region.label for region in body.regions if region.id in left)]
