"""What saves a therapist typing: own phrases, own templates, and where a record may start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from unknot.domain.bodymap import regions
from unknot.domain.guidance import catalogue
from unknot.domain.notes import soap
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import reads as prepare
from unknot.journey.session.drafts import TEXTS
from unknot.journey.session.models import Phrase, Section, SessionNote, Template, TemplateRow
from unknot.journey.session.reads.note import NoteRow
from unknot.people.models import User
from unknot.web.errors import Missing

#: Of the last session these texts may stand again; what was said and found is of its own day.
AGAIN = ("assessment", "plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseRow:
    """One phrase."""

    pk: int
    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one section, in the order of their owner."""

    section: str
    label: str
    rows: tuple[PhraseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCard:
    """One template with its words; `treatments` is empty where only names are needed."""

    pk: int
    name: str
    texts: Mapping[str, str]
    treatments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a start adds to a record: rows that are not there yet, texts where none is.

    With `over` the texts stand instead of what was typed, which they hold already.
    """

    rows: tuple[soap.TreatedRegion, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The starts that a record's page offers, and the phrases below its texts."""

    last: bool
    templates: tuple[TemplateCard, ...]
    phrases: Mapping[str, tuple[PhraseRow, ...]]


def offered(owner: User, visit: prepare.Visit) -> Offered:
    """Give what the page of a visit offers to its therapist, in three queries."""
    before = SessionNote.objects.filter(
        appointment__client__appointment__key=visit.key,
        appointment__start__lt=visit.start,
        signed_at__isnull=False,
    )
    found = Template.objects.filter(owner=owner).order_by("name")
    return Offered(
        last=before.exists(),
        templates=tuple(_card(one) for one in found),
        phrases={group.section: group.rows for group in phrases(owner)},
    )


def phrases(owner: User) -> tuple[Phrases, ...]:
    """Give all phrases of a therapist; each section stands, with or without any."""
    rows = Phrase.objects.filter(owner=owner).order_by("place", "pk")
    cards = [PhraseRow(pk=one.pk, section=one.section, text=one.text) for one in rows]
    return tuple(
        Phrases(
            section=section.value,
            label=str(section.label),
            rows=tuple(one for one in cards if one.section == section.value),
        )
        for section in Section
    )


def templates(owner: User) -> tuple[TemplateCard, ...]:
    """Give all templates of a therapist with what they hold."""
    found = Template.objects.filter(owner=owner).prefetch_related("rows").order_by("name")
    return tuple(_card(one, _words(list(one.rows.all()))) for one in found)


def template(owner: User, pk: int) -> TemplateCard:
    """Give one's own template; Missing for any other."""
    one = own_template(owner, pk)
    return _card(one, _words(list(one.rows.all())))


def own_template(owner: User, pk: int) -> Template:
    """Load one's own template; Missing for any other."""
    found = Template.objects.filter(owner=owner, pk=pk).first()
    if found is None:
        raise Missing
    return found


def own_phrase(owner: User, pk: int) -> Phrase:
    """Load one's own phrase; Missing for any other."""
    found = Phrase.objects.filter(owner=owner, pk=pk).first()
    if found is None:
        raise Missing
    return found


def from_template(owner: User, pk: int) -> Start:
    """Start from one's own template; Missing for any other."""
    one = own_template(owner, pk)
    return Start(
        rows=tuple(_row(row) for row in one.rows.order_by("pk")),
        texts={name: getattr(one, name) for name in TEXTS},
    )


def from_last(note: NoteRow) -> Start:
    """Start like the last session: what was done, what was thought and planned."""
    rows = tuple(
        soap.TreatedRegion(
            region=row.region, technique=row.technique, minutes=row.minutes, pressure=row.pressure
        )
        for row in note.treatments
    )
    return Start(rows=rows, texts={name: getattr(note, name) for name in AGAIN})


def from_plan(appointment: Appointment) -> Start:
    """Start from the plan: its regions and minutes; the pressure is for the therapist to say.

    What goes over the whole area names no region, and what was closed since is not done.
    """
    plan = prepare.plan(appointment)
    minutes: dict[str, int] = {}
    for step in plan.rows if plan is not None else ():
        if step.region and not step.closed:
            minutes[step.region] = minutes.get(step.region, 0) + step.minutes
    technique = appointment.service.technique
    return Start(
        rows=tuple(
            soap.TreatedRegion(
                region=region, technique=technique, minutes=min(total, soap.MINUTES[-1])
            )
            for region, total in minutes.items()
        )
    )


def from_phrase(owner: User, pk: int, typed: Mapping[str, str]) -> Start:
    """Add one's own phrase below what is typed in its section; Missing for any other."""
    phrase = own_phrase(owner, pk)
    before = typed.get(phrase.section, "").rstrip()
    text = f"{before}\n{phrase.text}" if before else phrase.text
    return Start(texts={phrase.section: text}, over=True)


def _card(one: Template, treatments: tuple[str, ...] = ()) -> TemplateCard:
    texts = {name: getattr(one, name) for name in TEXTS}
    return TemplateCard(pk=one.pk, name=one.name, texts=texts, treatments=treatments)


def _words(rows: list[TemplateRow]) -> tuple[str, ...]:
    body, names = regions.load(), catalogue.load()
    return tuple(
        f"{body.region(row.region).label_pro}: {names.technique(row.technique).name}, "
        f"{row.minutes} min, {row.pressure} / 5"
        for row in sorted(rows, key=lambda row: row.pk)
    )


def _row(row: TemplateRow) -> soap.TreatedRegion:
    return soap.TreatedRegion(
        region=row.region, technique=row.technique, minutes=row.minutes, pressure=row.pressure
    )
