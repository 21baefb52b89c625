"""Keep a therapist's own phrases and templates; nobody else reads or uses them.

A template takes from a signed record what was done where, and never its texts: those are about
one client, and a template is used for others.

Units   characters; `place` counts from 1 in each section.
Errors  Missing: not one's own. BadInput: empty, too long, there already, or too many.
Source  ours.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.session import starts
from unknot.journey.session.models import (
    Phrase,
    Section,
    SessionNote,
    Template,
    TemplateRow,
)
from unknot.people.models import User
from unknot.web.errors import BadInput, Missing

PHRASE_MAX = 300
PHRASES_MAX = 30  # in one section: more than a thumb finds
NAME_MAX = 60
TEMPLATES_MAX = 30


@transaction.atomic(durable=True)
def add_phrase(owner: User, *, section: str, text: str) -> None:
    """Add a phrase below the others of its section."""
    text = text.strip()
    if section not in Section.values:
        raise BadInput(_("Choose where the phrase belongs."))
    if not text or len(text) > PHRASE_MAX:
        raise BadInput(_("A phrase has 1 to 300 characters."))
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    there = Phrase.objects.filter(owner=owner, section=section)
    if there.filter(text=text).exists():
        raise BadInput(_("This phrase is there already."))
    if there.count() >= PHRASES_MAX:
        raise BadInput(_("A section holds up to 30 phrases. Remove one first."))
    last = there.order_by("-place").values_list("place", flat=True).first() or 0
    Phrase.objects.create(owner=owner, section=section, text=text, place=last + 1)


@transaction.atomic(durable=True)
def raise_phrase(owner: User, pk: int) -> None:
    """Move a phrase one place up in its section; the first stays."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    phrase = starts.own_phrase(owner, pk)
    rows = list(Phrase.objects.filter(owner=owner, section=phrase.section).order_by("place", "pk"))
    at = rows.index(phrase)
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for place, row in enumerate(rows, start=1):
        row.place = place
    Phrase.objects.bulk_update(rows, ["place"])


@transaction.atomic(durable=True)
def remove_phrase(owner: User, pk: int) -> None:
    """Remove a phrase; what was written with it stays."""
    starts.own_phrase(owner, pk).delete()


@transaction.atomic(durable=True)
def keep_template(owner: User, appointment: Appointment, *, name: str) -> Template:
    """Keep what was done where in a signed record as a template of this name."""
    name = _named(name)
    note = SessionNote.objects.filter(appointment=appointment, signed_at__isnull=False).first()
    if note is None:
        raise Missing
    if Template.objects.filter(owner=owner).count() >= TEMPLATES_MAX:
        raise BadInput(_("You can keep up to 30 templates. Remove one first."))
    try:
        with transaction.atomic():  # a savepoint: the outer transaction stays usable
            made = Template.objects.create(owner=owner, name=name)
    except IntegrityError as error:
        raise BadInput(_("You have a template of this name already.")) from error
    TemplateRow.objects.bulk_create(
        TemplateRow(
            template=made,
            region=row.region,
            technique=row.technique,
            minutes=row.minutes,
            pressure=row.pressure,
        )
        for row in note.treatments.order_by("pk")
    )
    return made


@transaction.atomic(durable=True)
def change_template(owner: User, pk: int, *, name: str, texts: dict[str, str]) -> None:
    """Write a template's name and texts anew."""
    found = starts.own_template(owner, pk)
    found.name = _named(name)
    for section in Section.values:
        setattr(found, section, texts.get(section, ""))
    try:
        with transaction.atomic():
            found.save(update_fields=["name", *Section.values])
    except IntegrityError as error:
        raise BadInput(_("You have a template of this name already.")) from error


@transaction.atomic(durable=True)
def remove_template(owner: User, pk: int) -> None:
    """Remove a template; records that began with it stay."""
    starts.own_template(owner, pk).delete()


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_MAX:
        raise BadInput(_("A template needs a name of up to 60 characters."))
    return name
