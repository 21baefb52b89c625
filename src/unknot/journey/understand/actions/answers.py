"""Keep answers in the tables: lock a check-in, write points and replies, store scores.

Everything here runs inside the caller's transaction.

Units   points as the instrument defines them.
Errors  BadInput with the sentence for the field; Finished, ScreeningStop, NoCheckIn.
Source  clinical reference 1.4: raw answers with version and language, never imputed
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.instruments.catalogue import UnknownInstrument
from unknot.domain.instruments.plan import Plan
from unknot.domain.instruments.scoring import AnswerOutOfRange, UnknownItem, score
from unknot.domain.instruments.sitting import score_all
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.questions import questions_to_ask
from unknot.journey.understand import access, questionnaires, reads, stops
from unknot.journey.understand.models import (
    Answer,
    CheckIn,
    CheckInState,
    FollowUp,
    InstrumentScore,
    SafetyAnswer,
    SafetyStop,
    ScreeningResult,
)
from unknot.web.errors import BadInput, Conflict

Sitting = CheckIn | FollowUp


class Finished(Conflict):
    """What a client completed, and what a clinician has spoken about, stays as it was said."""

    sentence = gettext_lazy("These answers are kept as you said them.")


def locked(checkin: CheckIn) -> CheckIn:
    """Lock a check-in's row; raises NoCheckIn when it is gone."""
    found = CheckIn.objects.select_for_update(no_key=True).filter(pk=checkin.pk).first()
    if found is None:
        raise access.NoCheckIn
    return found


def opened(checkin: CheckIn, *, now: datetime, after_stop: bool = False) -> CheckIn:
    """Lock a check-in to change it; a completed one that nobody claimed is a draft again.

    While a stop is open nothing changes. Once a clinician has spoken, only the steps that say so
    with `after_stop` go on: what the clinician spoke about stays as it was said.
    """
    found = locked(checkin)
    if stops.open_stop_of(found) is not None:
        raise reads.ScreeningStop
    if SafetyStop.objects.filter(checkin=found).exists() and not after_stop:
        raise Finished
    if found.state == CheckInState.COMPLETED:
        if found.client_id is not None:
            raise Finished
        ScreeningResult.objects.filter(checkin=found).delete()
        InstrumentScore.objects.filter(checkin=found).delete()
        found.state = CheckInState.DRAFT
        found.completed_at = None
    found.changed_at = now
    found.save(update_fields=["state", "completed_at", "changed_at"])
    return found


def save_points(
    sitting: Sitting, points: Mapping[str, Mapping[str, int | None]], *, now: datetime
) -> None:
    """Keep answers in points by instrument and item; None forgets one."""
    key, known = _key(sitting), questionnaires.instruments_for(sitting)
    rows = []
    for name, answers in points.items():
        try:
            entry = known.instrument(name)
            score(entry, answers)
        except (UnknownInstrument, UnknownItem, AnswerOutOfRange) as error:
            raise BadInput(_("Choose one of the answers that are offered.")) from error
        rows += [
            Answer(
                **{key: sitting},
                instrument=name,
                item=item,
                value=value,
                version=entry.version,
                language=entry.language,
                answered_at=now,
            )
            for item, value in answers.items()
            if value is not None
        ]
        forgotten = [item for item, value in answers.items() if value is None]
        sitting.answers.filter(instrument=name, item__in=forgotten).delete()
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[key, "instrument", "item"],
        update_fields=["value", "version", "language", "answered_at"],
    )


def store_scores(sitting: Sitting, asked: Plan) -> None:
    """Score what was asked and answered in one sitting; what cannot be scored says why."""
    known = questionnaires.instruments_for(sitting)
    names = [one.instrument for one in asked.asked]
    for name, result in score_all(known, questionnaires.points_of(sitting), names).items():
        values: dict[str, Any] = {
            "version": result.version,
            "value": None if result.value is None else Decimal(str(result.value)),
            "subscales": dict(result.subscales),
            "band": result.band,
            "not_scored_because": result.reason_not_scored,
        }
        sitting.scores.update_or_create(instrument=name, defaults=values)


def _key(sitting: Sitting) -> str:
    return "checkin" if isinstance(sitting, CheckIn) else "followup"


def save_said(
    checkin: CheckIn,
    kind: SafetyAnswer.Kind,
    said: Mapping[str, str],
    where: Mapping[str, Sequence[str]] | None = None,
    *,
    now: datetime,
) -> None:
    """Keep yes, no or unsure by question of one kind, with the areas named for an answer."""
    places = where or {}
    versions = _versions(kind)
    known = bodymap.load().entry.area_groups
    if said.keys() - versions.keys() or set(said.values()) - set(SafetyAnswer.Said.values):
        raise BadInput(_("Answer each question with yes, no or not sure."))
    if {area for question in said for area in places.get(question, ())} - known.keys():
        raise BadInput(_("Choose one of the places that are offered."))
    SafetyAnswer.objects.bulk_create(
        [
            SafetyAnswer(
                checkin=checkin,
                kind=kind,
                question=question,
                said=reply,
                where=[] if reply == SafetyAnswer.Said.NO else list(places.get(question, ())),
                version=versions[question],
                language=screening.load().header.language,
                answered_at=now,
            )
            for question, reply in said.items()
        ],
        update_conflicts=True,
        unique_fields=["checkin", "kind", "question"],
        update_fields=["said", "where", "version", "language", "answered_at"],
    )


def forget_ruled_out(checkin: CheckIn) -> None:
    """Delete answers to questions that age or pregnancy no longer lets anybody ask."""
    table = screening.load()
    asked = questions_to_ask(
        table, regions=(), age=checkin.age or 0, answers=reads.safety_answers(checkin)
    )
    gated = {row.id for row in table.red_flags if row.ask_if is not None}
    gated |= {row.id for row in table.conditions if row.ask_if is not None}
    kept = {row.id for row in asked.red_flags} | {row.id for row in asked.conditions}
    checkin.safety_answers.filter(question__in=gated - kept).delete()


def _versions(kind: SafetyAnswer.Kind) -> dict[str, int]:
    table = screening.load()
    match kind:
        case SafetyAnswer.Kind.RED_FLAG:
            return {row.id: row.version for row in table.red_flags}
        case SafetyAnswer.Kind.CONDITION:
            return {row.id: row.version for row in table.conditions}
        case SafetyAnswer.Kind.MEDICINE:
            return {row.id: row.version for row in table.medicines}
        case SafetyAnswer.Kind.FACT:
            return {row.id: row.version for row in table.facts if row.question}
