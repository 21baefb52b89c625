"""The form of a session's plan: rows of region, minutes and note, put in order by numbers.

A row without any answer, or one that is to be taken out, is no row; a form never saves.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import regions
from unknot.domain.guidance import session_plan
from unknot.domain.guidance.session_plan import WHOLE
from unknot.journey.prepare.actions import MINUTES, NOTE_MAX, ROWS_MAX, Step
from unknot.journey.prepare.plans import WHOLE_LABEL, Plan
from unknot.web import bodymap as maps
from unknot.web.errors import UnknotError

PREFIX: Final = "part"
#: Stands for the whole area in the form, where nothing chosen means no row.
WHOLE_CHOICE: Final = "whole"
MORE: Final = 2  # empty rows that are offered at a time
FIELDS: Final = ("position", "region", "minutes", "note")
NUMBERS_MAX: Final = 999
#: Whatever is wrong with a number, the same sentence says how to mend it.
WRONG: Final = ("required", "invalid", "min_value", "max_value")


class PartForm(forms.Form):
    """One step of the plan."""

    position = forms.IntegerField(
        label=_("Order"),
        min_value=1,
        max_value=NUMBERS_MAX,
        error_messages=dict.fromkeys(WRONG, _("Write where it comes in the order: 1 to 999.")),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    region = forms.ChoiceField(
        label=_("Place"),
        error_messages={
            "required": _("Choose the place, or take this row out."),
            "invalid_choice": _("This place is not worked on: safety or the client closes it."),
        },
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=MINUTES[0],
        max_value=MINUTES[-1],
        error_messages=dict.fromkeys(WRONG, _("Write the minutes, 1 to 240.")),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=NOTE_MAX)
    out = forms.BooleanField(label=_("Take out"), required=False)

    def __init__(self, *args: Any, closed: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = place_choices(closed)  # type: ignore[attr-defined]

    @property
    def taken_out(self) -> bool:
        """Whether this row is to go."""
        return bool(self.data.get(self.add_prefix("out")))

    def has_changed(self) -> bool:
        """Whether somebody filled in more than the number that was offered."""
        names = ("region", "minutes", "note")
        told = any(str(self.data.get(self.add_prefix(name), "")).strip() for name in names)
        return told and not self.taken_out


if TYPE_CHECKING:
    PartSet = forms.BaseFormSet[PartForm]
else:  # Django's class takes no parameter when it runs
    PartSet = forms.BaseFormSet


class BasePartRows(PartSet):
    """All rows; every one of them may be left empty."""

    def initial_form_count(self) -> int:
        return 0


PartRows = cast(
    type[BasePartRows],
    forms.formset_factory(
        PartForm, formset=BasePartRows, extra=0, max_num=ROWS_MAX, absolute_max=ROWS_MAX
    ),
)


class PlanForm:
    """The whole form, made from a plan or from what was sent."""

    def __init__(self, rows: BasePartRows, revision: int) -> None:
        self.rows, self.revision = rows, revision
        self.problem: UnknotError | None = None

    @classmethod
    def of(cls, plan: Plan) -> "PlanForm":
        """The form of a plan, with empty rows below; a row that was closed since is left open."""
        rows = [
            {
                "region": "" if row.closed else row.region or WHOLE_CHOICE,
                "minutes": row.minutes,
                "note": row.note,
            }
            for row in plan.rows
        ]
        return cls(_unbound(rows, plan.closed), plan.revision)

    @classmethod
    def sent(cls, data: QueryDict, *, closed: Collection[str]) -> "PlanForm":
        """The form as it was sent, to be checked."""
        rows = PartRows(data, prefix=PREFIX, form_kwargs={"closed": closed})
        return cls(rows, _number(data.get("revision")))

    @classmethod
    def rearranged(cls, data: QueryDict, *, closed: Collection[str]) -> "PlanForm":
        """What was sent, unchecked: put in order, one row moved up or down, more rows below."""
        count = min(_number(data.get(f"{PREFIX}-TOTAL_FORMS")), ROWS_MAX)
        sent = [
            {name: data.get(f"{PREFIX}-{index}-{name}", "") for name in FIELDS}
            | {"index": str(index)}
            for index in range(count)
            if not data.get(f"{PREFIX}-{index}-out")
        ]
        told = [row for row in sent if any(row[name] for name in FIELDS[1:])]
        told.sort(key=lambda row: _number(row["position"]) or NUMBERS_MAX)
        _move(told, data.get("move", ""))
        rows = [{name: row[name] for name in FIELDS[1:]} for row in told]
        return cls(_unbound(rows, closed), _number(data.get("revision")))

    def is_valid(self) -> bool:
        """Whether every row can be stored."""
        return bool(self.rows.is_valid())

    @property
    def steps(self) -> tuple[Step, ...]:
        """The checked rows in their order; equal numbers keep the order of the page."""
        told = [row.cleaned_data for row in self.rows.forms if row.cleaned_data]
        told.sort(key=lambda row: cast(int, row["position"]))
        return tuple(
            Step(
                region=WHOLE if row["region"] == WHOLE_CHOICE else row["region"],
                minutes=row["minutes"],
                note=row["note"],
            )
            for row in told
        )

    @property
    def total(self) -> int:
        """The minutes as they stand in the rows, as far as they are numbers."""
        return sum(
            _number(str(row["minutes"].value() or ""))
            for row in self.rows.forms
            if not (row.is_bound and row.taken_out)
        )

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What keeps the form from being taken: the id to go to and the sentence."""
        return [
            (form[name].auto_id, f"{form[name].label}: {error}")
            for form in self.rows.forms
            for name, errors in form.errors.items()
            for error in errors
        ] + [("sequence", str(error)) for error in self.rows.non_form_errors()]


def place_choices(closed: Collection[str]) -> list[tuple[Any, Any]]:
    """The whole area and every open region, in the therapist's words, as the map groups them."""
    body = regions.load()
    groups = [
        (
            group.heading,
            [
                (row.region, body.region(row.region).label_pro)
                for row in group.rows
                if session_plan.is_open(body.region(row.region), closed)
            ],
        )
        for group in maps.grouped({})
    ]
    filled = [(heading, rows) for heading, rows in groups if rows]
    return [("", _("Choose a place")), (WHOLE_CHOICE, WHOLE_LABEL), *filled]


def _move(rows: list[dict[str, str]], wanted: str) -> None:
    """Swap the row that `wanted` names, such as "3-up", with its neighbour."""
    index, _dash, way = wanted.partition("-")
    at = next((place for place, row in enumerate(rows) if row["index"] == index), None)
    if at is None or way not in ("up", "down"):
        return
    to = at - 1 if way == "up" else at + 1
    if to in range(len(rows)):
        rows[at], rows[to] = rows[to], rows[at]


def _unbound(rows: Sequence[dict[str, Any]], closed: Collection[str]) -> BasePartRows:
    empty: list[dict[str, Any]] = [{} for _row in range(min(MORE, ROWS_MAX - len(rows)))]
    initial = [{**row, "position": number} for number, row in enumerate([*rows, *empty], 1)]
    unbound = PartRows(initial=initial, prefix=PREFIX, form_kwargs={"closed": closed})
    unbound.extra = len(initial)
    return unbound


def _number(text: str | None) -> int:
    """A whole number of a field; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
