"""Record the wording that a practice may ask under its own licence, and stop asking it.

No row is ever overwritten: a new text withdraws the old row and makes another, so what a person
was asked can be read later. The database, not this file, keeps two open wordings of one instrument
apart: see `licensedwording_once` in models.py.

Units   aware datetimes; points of the instrument.
Errors  BadInput: the wording does not fit, or none may be added; the sentence says why.
        WordedMeanwhile: somebody saved another text while the page was open. Missing and Denied:
        the actor is no manager of the practice. Nothing is half-written.
Source  docs/decisions/0013-wording-under-a-practices-licence.md
"""

import re
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments.withheld import ScoringOnly
from unknot.domain.instruments.wording import Wording, WordingRefused, with_wording
from unknot.journey.understand import wordings
from unknot.journey.understand.models import LicensedWording
from unknot.people import access as rights
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web.errors import BadInput, Conflict

LONGEST_LICENCE: Final = 300
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?", re.ASCII)


class WordedMeanwhile(Conflict):
    """Somebody recorded or withdrew a wording of this instrument while the page was open."""

    sentence = _(
        "Somebody else changed this wording while you were writing. Yours is not saved yet: "
        "read theirs under the form, then save again if yours should replace it."
    )


@transaction.atomic(durable=True)
def record_wording(
    actor: User,
    practice: Practice,
    *,
    instrument: str,
    wording: Wording,
    replaces: int | None,
    now: datetime,
) -> LicensedWording:
    """Keep a wording and ask it from now on; `replaces` is the row that was on the page.

    Sending the same text again keeps the row that stands.
    """
    rights.check_role(actor, practice, Role.MANAGER)
    entry = wordings.wordable(instrument)
    texts = _checked(entry, wording)
    old = _standing(practice, instrument)
    if old is not None and all(getattr(old, name) == value for name, value in texts.items()):
        return old
    if (old.pk if old is not None else None) != replaces:
        raise WordedMeanwhile
    if old is not None:
        _close(actor, old, now=now)
    made = _make(actor, practice, entry, texts, now=now)
    audit.record(actor, "wording.recorded", made, at=now)
    return made


@transaction.atomic(durable=True)
def withdraw_wording(actor: User, practice: Practice, *, instrument: str, now: datetime) -> bool:
    """Stop asking an instrument in the practice's wording; False when none stood."""
    rights.check_role(actor, practice, Role.MANAGER)
    old = _standing(practice, wordings.wordable(instrument).id)
    if old is None:
        return False
    _close(actor, old, now=now)
    return True


def _standing(practice: Practice, instrument: str) -> LicensedWording | None:
    rows = LicensedWording.objects.filter(practice=practice, instrument=instrument)
    return rows.filter(withdrawn_at__isnull=True).first()


def _close(actor: User, old: LicensedWording, *, now: datetime) -> None:
    """Withdraw a row unless a rival has done so; raises WordedMeanwhile."""
    rows = LicensedWording.objects.filter(pk=old.pk, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=now):
        raise WordedMeanwhile
    audit.record(actor, "wording.withdrawn", old, at=now)


def _make(
    actor: User, practice: Practice, entry: ScoringOnly, texts: dict[str, Any], *, now: datetime
) -> LicensedWording:
    try:
        with transaction.atomic():
            return LicensedWording.objects.create(
                practice=practice,
                instrument=entry.id,
                recorded_by=actor,
                recorded_at=now,
                **texts,
            )
    except IntegrityError as error:
        if "licensedwording_once" in str(error):
            raise WordedMeanwhile from error
        raise


def _checked(entry: ScoringOnly, wording: Wording) -> dict[str, Any]:
    """The texts as they are kept, for the scoring in use; refuses what does not fit."""
    try:
        asked = with_wording(entry, wording)
    except WordingRefused as problem:
        raise BadInput(str(problem)) from problem
    if len(asked.licence.holder_text) > LONGEST_LICENCE:
        raise BadInput(_("The licence line has at most 300 letters."))
    if LANGUAGE.fullmatch(asked.language) is None:
        raise BadInput(_("Write the language as a short code, such as en, de or pt-BR."))
    return {
        "version": asked.version,
        "language": asked.language,
        "stem": asked.stem,
        "items": {item.id: item.text for item in asked.items},
        "options": {
            str(option.value): option.label
            for option in (asked.items[0].scale.option if wording.options else ())
        },
        "licence": asked.licence.holder_text,
    }
