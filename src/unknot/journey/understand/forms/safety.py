"""What makes massage unsafe: age and pregnancy, red flags, conditions and medicines."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.entries import Condition, Medicine, RedFlag
from unknot.domain.screening.questions import Questions
from unknot.journey.understand.forms.words import AREAS, SAID
from unknot.web.forms import Chips, Choice

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


class Said(Choice):
    """One of the three answers; two different ones sent at once are none of them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = set(data.getlist(name)) if isinstance(data, QueryDict) else set()
        return " ".join(sent) if len(sent) > 1 else super().value_from_datadict(data, files, name)


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
        widget=Said(attrs={"class": "short"}),
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
            widget=Said(attrs={"class": "short"}),
            error_messages={
                "required": _("Answer yes, no or not sure."),
                "invalid_choice": _("Answer yes, no or not sure."),
            },
        )


class FlagsForm(forms.Form):
    """The red flags that apply, each answered; the optional ones may be left.

    A fact stands right below its flag, and counts only once that flag was not denied.
    """

    def __init__(
        self, data: Any = None, *, questions: Questions, partial: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.partial = partial
        self._after = {fact.id: fact.after for fact in questions.facts}
        facts = {fact.after: fact for fact in questions.facts}
        for flag in questions.red_flags:
            self.fields[flag.id] = SaidField(
                label=flag.question,
                required=not flag.optional and not partial,
                help_text=_note(flag),
            )
            if flag.id in facts:
                fact = facts[flag.id]
                self.fields[fact.id] = SaidField(label=fact.question, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for fact, flag in self._after.items():
            wanted = cleaned.get(flag) in ("yes", "unsure")
            if wanted and not cleaned.get(fact) and not self.partial and fact not in self.errors:
                self.add_error(fact, _("Answer yes, no or not sure."))
        return cleaned

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """Each red flag with the question that stands below it, if it has one."""
        below = {flag: fact for fact, flag in self._after.items()}
        return [
            (self[name], self[below[name]] if name in below else None)
            for name in self.fields
            if name not in self._after
        ]

    def said(self) -> dict[str, str]:
        """The answers to the red flags, by question."""
        return {
            name: said
            for name, said in self.cleaned_data.items()
            if said and name not in self._after
        }

    def facts(self) -> dict[str, str]:
        """The answers below those flags that were not denied, by fact."""
        return {
            fact: said
            for fact, flag in self._after.items()
            if self.cleaned_data.get(flag) in ("yes", "unsure")
            and (said := self.cleaned_data.get(fact))
        }


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
