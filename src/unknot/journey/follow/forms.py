"""The daily twenty seconds, the weekly and the outcome questions. A form never saves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments import catalogue
from unknot.domain.screening import catalogue as screening
from unknot.journey.follow.actions.check_ins import DAILY, Question, Said
from unknot.journey.follow.actions.door import DOOR
from unknot.journey.follow.reads.after_session import session_events
from unknot.journey.understand.actions.follow_up import says_something
from unknot.journey.understand.follow_ups import Asking
from unknot.journey.understand.forms.questionnaires import (
    Points,
    Questionnaire,
    QuestionnaireForm,
    check_version,
    origin,
)
from unknot.web.forms import Choice, Choices, Form, ScaleField

#: Instruments that are drawn in the strand of the mind.
OF_THE_MIND = frozenset({"phq4", "elo_stress", "sleep_nrs"})
#: Answered by ticking sentences, so it is a field of its own.
SENTENCES = "rmdq24"
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
SAID = [("no", _("No")), ("yes", _("Yes")), ("unsure", _("Not sure"))]


def question(instrument: str, item: str, strand: str, *, required: bool) -> ScaleField:
    """One 0 to 10 item with its own wording and anchors."""
    found = catalogue.load().instrument(instrument).find_item(item)
    if found is None:
        raise KeyError(f"{instrument} has no item {item}")
    return ScaleField(
        label=found.text,
        low=found.anchors.get("0", ""),
        high=found.anchors.get("10", ""),
        strand=strand,
        required=required,
    )


def five_ratings(asked: Sequence[Question]) -> dict[str, forms.Field]:
    """The five ratings in their order, and whether pain killers were taken; each may be skipped."""
    fields: dict[str, forms.Field] = {
        field: question(instrument, item, strand, required=False)
        for field, instrument, item, strand in asked
    }
    fields["painkillers"] = forms.TypedChoiceField(
        label=_("Have you taken pain killers today?"),
        choices=YES_NO,
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=Choice(attrs={"class": "short"}),
        error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
    )
    return fields


def _is_rated(answers: Mapping[str, Any]) -> bool:
    return any(answers.get(field) is not None for field, *_rest in DAILY)


class DailyForm(forms.Form):
    """Five ratings, each of which may be skipped; all of them may not."""

    asked: Sequence[Question] = DAILY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= five_ratings(self.asked)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and not _is_rated(answers):
            raise forms.ValidationError(_("Answer at least one of the five ratings."))
        return answers


class DoorForm(DailyForm):
    """The same five ratings, right now."""

    asked = DOOR


class AfterForm(Form):
    """What was noticed since a session, and the day's ratings while they are not answered yet."""

    def __init__(self, *args: Any, with_day: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["soreness"] = question("post_session", "ps_sore", "body", required=False)
        found = catalogue.load().instrument("post_session").find_item("ps_events")
        self.fields["events"] = forms.MultipleChoiceField(
            label=found.text if found is not None else "",
            choices=list(session_events().items()),
            required=False,
            widget=Choices,
        )
        self.of_the_day = five_ratings(DAILY) if with_day else {}
        self.fields |= self.of_the_day

    @property
    def noticed(self) -> list[forms.BoundField]:
        """The questions about the session."""
        return [self["soreness"], self["events"]]

    @property
    def today(self) -> list[forms.BoundField]:
        """The questions about the day; none when it is answered already."""
        return [self[name] for name in self.of_the_day]

    @property
    def day(self) -> Said | None:
        """What was said about the day, or None without any rating."""
        said = {name: self.cleaned_data.get(name) for name in self.of_the_day}
        return cast(Said, said) if _is_rated(said) else None


def _asked(asking: Asking) -> Iterator[Questionnaire]:
    for one in asking.plan.asked:
        if one.instrument != SENTENCES:
            yield Questionnaire(
                instrument=catalogue.load().instrument(one.instrument),
                items=one.items,
                strand="mind" if one.instrument in OF_THE_MIND else "body",
            )


class BatteryForm(QuestionnaireForm):
    """What a battery asks of one client; each question may be skipped, all of them may not."""

    def __init__(
        self,
        data: Any = None,
        *,
        asking: Asking,
        points: Points | None = None,
        start: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data,
            asked=_asked(asking),
            points=points,
            words=asking.words | {"start_date": start},
            initial=initial or {},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self._says_something():
            self.add_error(None, _("Answer at least one question, or leave this for another day."))
        return cleaned

    def _says_something(self) -> bool:
        return says_something(self.points())


class WeeklyForm(BatteryForm):
    """The week in a few ratings, and whether anything is new."""

    def __init__(self, data: Any = None, *, said: str = "", **kwargs: Any) -> None:
        super().__init__(data, initial={"anything_new": said}, **kwargs)
        asked = catalogue.load().battery("weekly").safety_recheck
        self.fields["anything_new"] = forms.ChoiceField(
            label=screening.load().red_flag(asked).question,
            choices=SAID,
            required=False,
            widget=Choice(attrs={"class": "short"}),
            error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
        )

    def _says_something(self) -> bool:
        return super()._says_something() or bool(self.cleaned_data.get("anything_new"))


class SentencesForm(forms.Form):
    """Roland-Morris: an unticked sentence means no, so an untouched list is skipped."""

    def __init__(self, data: Any = None, *, points: Points | None = None) -> None:
        self.instrument = catalogue.load().instrument(SENTENCES)
        before = (points or {}).get(SENTENCES, {})
        ticked = [name for name, value in before.items() if value]
        nothing = bool(before) and not ticked
        super().__init__(data, initial={"sentences": ticked, "none_of_them": nothing})
        self.fields["sentences"] = forms.MultipleChoiceField(
            label=_("Tick each sentence that describes you today."),
            choices=[(item.id, item.text) for item in self.instrument.items],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("Choose sentences from the list.")},
        )
        self.fields["none_of_them"] = forms.BooleanField(
            label=_("None of these sentences describes me today"), required=False
        )
        self.origin = origin(self.instrument)
        self.fields[f"version-{SENTENCES}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=str(self.instrument.version)
        )

    @property
    def version(self) -> forms.BoundField:
        """The hidden field that says which version was on the page."""
        return self[f"version-{SENTENCES}"]

    def clean(self) -> dict[str, Any]:
        check_version(self, self.instrument)
        cleaned = super().clean() or {}
        if cleaned.get("sentences") and cleaned.get("none_of_them"):
            self.add_error("none_of_them", _("You ticked sentences above. Untick them, or this."))
        return cleaned

    def points(self) -> dict[str, dict[str, int | None]]:
        """1 for each ticked sentence and 0 for the others; nothing for an untouched list."""
        ticked = set(self.cleaned_data.get("sentences", ()))
        if not ticked and not self.cleaned_data.get("none_of_them"):
            return {}
        return {SENTENCES: {item.id: int(item.id in ticked) for item in self.instrument.items}}


class OutcomeForm(BatteryForm):
    """How things are some weeks later; the sentences about the lower back when it is the place."""

    def __init__(
        self, data: Any = None, *, asking: Asking, points: Points | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, asking=asking, points=points, **kwargs)
        wanted = asking.plan.items(SENTENCES)
        self.list = SentencesForm(data, points=points) if wanted else None

    def clean(self) -> dict[str, Any]:
        if self.list is not None and not self.list.is_valid():
            for sentence in (one for given in self.list.errors.values() for one in given):
                self.add_error(None, sentence)
        return super().clean()

    def points(self) -> dict[str, dict[str, int | None]]:
        """The answers by instrument and item."""
        return {**super().points(), **(self.list.points() if self.list is not None else {})}
