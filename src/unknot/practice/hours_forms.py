"""The hours of a week and the days that differ, as typed. A form never saves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import weekly
from unknot.domain.calendar.hours import WeeklyHours
from unknot.journey.book.actions.working_hours import WEEKDAYS
from unknot.web.forms import Choice, DateField, Form

#: How many stretches a day shows at least.
STRETCHES: Final = 2


class TimeField(forms.CharField):
    """A time of day, 00:00 to 24:00, as its minute; empty is None."""

    default_error_messages = {  # noqa: RUF012  # Django's own shape
        "time": _("Write the time like 09:30, from 00:00 to 24:00.")
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"maxlength": 5, "size": 5, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs), required=False, **kwargs)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        try:
            return weekly.minute(typed) if typed else None
        except weekly.BadTime as problem:
            raise forms.ValidationError(self.error_messages["time"], code="time") from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFields:
    """One weekday of the form: its name and the fields of its stretches."""

    weekday: int
    name: str | Promise
    pairs: tuple[tuple[BoundField, BoundField], ...]

    @property
    def errors(self) -> tuple[str, ...]:
        """What is wrong with this day."""
        return tuple(str(one) for pair in self.pairs for field in pair for one in field.errors)


class WeekForm(Form):
    """Seven days of stretches, sent whole with the fingerprint of the week they were read from."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, data: Any = None, *, week: Sequence[WeeklyHours], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        stored: list[list[WeeklyHours]] = [[] for _day in WEEKDAYS]
        for one in week:
            stored[one.weekday].append(one)
        self.stretches = max(STRETCHES, *(len(day) for day in stored))
        for weekday, name in enumerate(WEEKDAYS):
            for number in range(self.stretches):
                kept = stored[weekday][number] if number < len(stored[weekday]) else None
                self._add(weekday, number, name, kept)

    def _add(
        self, weekday: int, number: int, name: str | Promise, kept: WeeklyHours | None
    ) -> None:
        starts, ends = self._names(weekday, number)
        label = {"day": name, "n": number + 1}
        self.fields[starts] = TimeField(
            label=_("%(day)s %(n)s, from") % label,
            initial=weekly.clock(kept.starts_minute) if kept else "",
        )
        self.fields[ends] = TimeField(
            label=_("%(day)s %(n)s, to") % label,
            initial=weekly.clock(kept.ends_minute) if kept else "",
        )

    @property
    def days(self) -> Iterator[DayFields]:
        """The fields by weekday."""
        for weekday, name in enumerate(WEEKDAYS):
            names = [self._names(weekday, number) for number in range(self.stretches)]
            pairs = tuple((self[starts], self[ends]) for starts, ends in names)
            yield DayFields(weekday=weekday, name=name, pairs=pairs)

    @property
    def week(self) -> tuple[WeeklyHours, ...]:
        """The stretches that were sent, once the form is valid."""
        return tuple(one for weekday in range(7) for one in self._stretches_of(weekday))

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        for weekday, name in enumerate(WEEKDAYS):
            for number in range(self.stretches):
                self._check(weekday, number, name)
            if weekly.overlapping(self._stretches_of(weekday)) is not None:
                self.add_error(
                    self._names(weekday, 0)[0], _("The hours of %(day)s overlap.") % {"day": name}
                )
        return sent

    def _check(self, weekday: int, number: int, name: str | Promise) -> None:
        starts, ends = self._names(weekday, number)
        if starts in self.errors or ends in self.errors:
            return
        first, last = self.cleaned_data[starts], self.cleaned_data[ends]
        if (first is None) != (last is None):
            missing = starts if first is None else ends
            self.add_error(missing, _("%(day)s needs both a start and an end.") % {"day": name})
        elif first is not None and first >= last:
            self.add_error(ends, _("On %(day)s the end must come after the start.") % {"day": name})

    def _stretches_of(self, weekday: int) -> Iterator[WeeklyHours]:
        for number in range(self.stretches):
            starts, ends = self._names(weekday, number)
            first, last = self.cleaned_data.get(starts), self.cleaned_data.get(ends)
            if first is not None and last is not None and first < last:
                yield WeeklyHours(weekday=weekday, starts_minute=first, ends_minute=last)

    @staticmethod
    def _names(weekday: int, number: int) -> tuple[str, str]:
        return f"day{weekday}-{number}-from", f"day{weekday}-{number}-to"


class OtherDayForm(Form):
    """A day that differs: closed, or open in one stretch."""

    day = DateField(label=_("Which day"))
    kind = forms.ChoiceField(
        label=_("What differs"),
        choices=[("closed", _("Closed all day")), ("open", _("Open at other hours"))],
        initial="closed",
        widget=Choice,
    )
    starts = TimeField(label=_("Open from"))
    ends = TimeField(label=_("Open to"))

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        if sent.get("kind") != "open" or {"starts", "ends"} & self.errors.keys():
            return sent
        first, last = sent["starts"], sent["ends"]
        if first is None or last is None:
            missing = "starts" if first is None else "ends"
            self.add_error(missing, _("Write from when to when you are open on this day."))
        elif first >= last:
            self.add_error("ends", _("The end must come after the start."))
        return sent

    @property
    def window(self) -> weekly.Stretch | None:
        """The stretch that was sent, None for a closed day."""
        sent = self.cleaned_data
        return (sent["starts"], sent["ends"]) if sent["kind"] == "open" else None
