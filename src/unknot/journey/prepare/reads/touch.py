"""What a client has signed for one appointment, and whether it was confirmed on the day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places, plans
from unknot.journey.prepare.models import TouchConfirmation, TouchConsent
from unknot.journey.prepare.reads.visits import ASKABLE, Visit, client_of, visit
from unknot.journey.prepare.reads.wishes import pressure_words

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """That a consent still holds: when it was said, who wrote it down, and how."""

    at: datetime
    by: str
    how: str  # "aloud" by the therapist, "pressed" or "signed" by the client


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchConsentRow:
    """One signed consent; `confirmed` is None until it is said on the day of the session."""

    version: int
    yes: tuple[Words, ...]
    no: tuple[Words, ...]
    draping: Words
    pressure_limit: int
    pressure: Words
    stop_sign: str
    statement: str
    signed_name: str
    signed_at: datetime
    confirmed: Confirmed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touching:
    """What holds for one appointment; `areas_no` are groups of the map that nobody touches."""

    consent: TouchConsentRow | None
    areas_no: tuple[str, ...]
    can_sign: bool
    can_confirm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchPage:
    """The client's page of the consent, with the earlier ones and what the form begins with."""

    visit: Visit
    touching: Touching
    earlier: tuple[TouchConsentRow, ...]
    areas: list[tuple[str, Words]]
    begin_with: dict[str, object]
    statement: str


def may_sign_touch(appointment: Appointment, now: datetime) -> bool:
    """Whether a consent may be signed: until the session is over."""
    return appointment.status in ASKABLE and now < appointment.end


def consent_of(appointment: Appointment) -> TouchConsentRow | None:
    """The consent that holds for an appointment, the last one signed, or None; 2 queries."""
    newest = _signed(appointment)[:1]
    return _row(appointment, newest[0], _confirmations(newest)) if newest else None


def consents_of(appointment: Appointment) -> tuple[TouchConsentRow, ...]:
    """Every consent that was signed for an appointment, the newest first; 2 queries."""
    signed = _signed(appointment)
    said = _confirmations(signed)
    return tuple(_row(appointment, one, said) for one in signed)


def touching(appointment: Appointment, *, now: datetime) -> Touching:
    """What holds for an appointment and what may be done about it now; 2 queries."""
    return _touching(appointment, _signed(appointment)[:1], now)


def touch_page(appointment: Appointment, *, now: datetime) -> TouchPage:
    """The client's page of the consent; 3 queries whatever was signed before."""
    signed = _signed(appointment)
    said = _confirmations(signed)
    areas = plans.areas_of(appointment.service.technique)
    return TouchPage(
        visit=visit(appointment),
        touching=_touching(appointment, signed[:1], now),
        earlier=tuple(_row(appointment, one, said) for one in signed[1:]),
        areas=[(area, places.label(area)) for area in areas],
        begin_with=_begin_with(signed[0]) if signed else {},
        statement=statement(appointment),
    )


def statement(appointment: Appointment) -> str:
    """The words above the signature, in the language of who reads them."""
    return gettext(
        "For this appointment only, I agree that %(therapist)s touches the areas with a yes, "
        "covered as I chose and never firmer than I chose. I may take this back at any moment, "
        "also during the session, without giving a reason."
    ) % {"therapist": appointment.therapist.name}


def _touching(appointment: Appointment, newest: list[TouchConsent], now: datetime) -> Touching:
    row = _row(appointment, newest[0], _confirmations(newest)) if newest else None
    today = local_day(appointment, now) == local_day(appointment, appointment.start)
    open_now = today and appointment.status in ASKABLE
    return Touching(
        consent=row,
        areas_no=tuple(newest[0].areas_no) if newest else (),
        can_sign=may_sign_touch(appointment, now),
        can_confirm=open_now and row is not None and row.confirmed is None,
    )


def areas_closed(appointment: Appointment) -> tuple[str, ...]:
    """The groups of the map that the client said no to; 1 query."""
    newest = TouchConsent.objects.filter(appointment=appointment).order_by("-version")
    return tuple(newest.values_list("areas_no", flat=True).first() or ())


def _begin_with(newest: TouchConsent) -> dict[str, object]:
    """What the form begins with: the last consent without its signature."""
    return {
        **{f"area_{area}": "yes" for area in newest.areas_yes},
        **{f"area_{area}": "no" for area in newest.areas_no},
        "draping": newest.draping,
        "pressure_limit": str(newest.pressure_limit),
        "stop_sign": newest.stop_sign,
    }


def _signed(appointment: Appointment) -> list[TouchConsent]:
    return list(TouchConsent.objects.filter(appointment=appointment).order_by("-version"))


def _confirmations(signed: list[TouchConsent]) -> dict[tuple[int, date], TouchConfirmation]:
    found = TouchConfirmation.objects.filter(consent__in=signed).select_related("written_by")
    return {(one.consent_id, one.day): one for one in found} if signed else {}


def _row(
    appointment: Appointment,
    consent: TouchConsent,
    said: dict[tuple[int, date], TouchConfirmation],
) -> TouchConsentRow:
    return TouchConsentRow(
        version=consent.version,
        yes=tuple(places.label(area) for area in consent.areas_yes),
        no=tuple(places.label(area) for area in consent.areas_no),
        draping=consent.get_draping_display(),
        pressure_limit=consent.pressure_limit,
        pressure=pressure_words(consent.pressure_limit),
        stop_sign=consent.stop_sign,
        statement=consent.statement,
        signed_name=consent.signed_name,
        signed_at=consent.signed_at,
        confirmed=_confirmed(appointment, consent, said),
    )


def _confirmed(
    appointment: Appointment,
    consent: TouchConsent,
    said: dict[tuple[int, date], TouchConfirmation],
) -> Confirmed | None:
    """A word said on the day of the session; a signature of that day says it too."""
    day = local_day(appointment, appointment.start)
    found = said.get((consent.pk, day))
    if found is not None:
        how = "aloud" if found.read_aloud else "pressed"
        return Confirmed(at=found.said_at, by=found.written_by.name, how=how)
    if local_day(appointment, consent.signed_at) == day:
        by = client_of(appointment).name
        return Confirmed(at=consent.signed_at, by=by, how="signed")
    return None


def local_day(appointment: Appointment, at: datetime) -> date:
    """The day it is at an instant where the appointment's practice is."""
    return at.astimezone(appointment.therapist.practice.tz).date()
