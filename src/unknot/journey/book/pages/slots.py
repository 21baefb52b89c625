"""Pick a time: the week of one therapist and service, and pressing one of its times."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.book.actions import booking, refusals
from unknot.journey.book.forms import booking as forms
from unknot.journey.book.reads import booked, clock, decision, extras, planned, weeks
from unknot.journey.book.reads.decision import Wanted
from unknot.web import money
from unknot.web.errors import Denied, Missing, UnknotError

#: Keys of the times this browser asked to hold.
HOLDS = "holds"
REMEMBERED_HOLDS = 20
#: After these another time may do; after any other refusal no time would.
ABOUT_THE_TIME = (refusals.NotOffered, refusals.SlotTaken, refusals.HoldEnded)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Why a start was refused, and around which instant to look for others."""

    problem: UnknotError
    around: datetime | None = None
    status: int = 409

    @property
    def asks_for_others(self) -> bool:
        return isinstance(self.problem, ABOUT_THE_TIME)


@require_safe
def slots(request: HttpRequest, slug: str, service: int) -> HttpResponse:
    """A week of free times with one therapist for one service."""
    return show(request, _wanted(request, slug, service))


@require_POST
def hold(request: HttpRequest, slug: str, service: int) -> HttpResponse:
    """Hold one time and go on to the form."""
    wanted = _wanted(request, slug, service)
    form = forms.HoldForm(request.POST)
    if not form.is_valid():
        sentence = str(next(iter(form.errors.values()))[0])
        return show(request, wanted, Refused(problem=refusals.NotOffered(sentence), status=422))
    start = form.cleaned_data["start"]
    if len(wanted.add_ons) < len(_numbers(request)):
        gone = _("Something that you added is no longer offered.")
        return show(request, wanted, Refused(problem=refusals.NotOffered(gone), around=start))
    checkin = access.checkin_to_book_with(request.session, request.user, wanted.practice)
    if checkin is None:
        return show(request, wanted, around=start, status=409)
    try:
        made = booking.hold(
            checkin,
            actor=request.user,
            wanted=wanted,
            start=start,
            now=clock.database_now(),
            earlier=holds(request),
            asked_from=asker(request),
            request_key=form.request_key(service, *(one.pk for one in wanted.add_ons)),
        )
    except UnknotError as problem:
        if isinstance(problem, Missing | Denied):
            raise
        return show(request, wanted, Refused(problem=problem, around=start))
    remember(request, made.key)
    return redirect("book:held", made.key)


def holds(request: HttpRequest) -> list[UUID]:
    """The keys of the times that this browser asked to hold, oldest first."""
    return [UUID(key) for key in request.session.get(HOLDS, [])]


def remember(request: HttpRequest, key: UUID) -> None:
    """Count a hold as this browser's."""
    keys = [*request.session.get(HOLDS, []), str(key)]
    request.session[HOLDS] = keys[-REMEMBERED_HOLDS:]


def asker(request: HttpRequest) -> str:
    """A keyed hash of the network that asks: enough to count holds by, and no address.

    Empty for an address of this computer or its own network: that is a proxy in front, through
    which everybody comes. An IPv6 network counts as one address.
    """
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if not address.is_global:
        return ""
    wide = isinstance(address, IPv6Address)
    network = ip_network((address, 64 if wide else 32), strict=False)
    return salted_hmac("book.asked_from", str(network)).hexdigest()[:32]


def show(
    request: HttpRequest,
    wanted: Wanted,
    refused: Refused | None = None,
    *,
    around: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, perhaps with why a start was refused and three others."""
    practice, now = wanted.practice, timezone.now()
    has_checkin, obstacle, closed = _obstacles(request, wanted, now)
    refused = refused or next(
        (Refused(problem=closed[one], status=200) for one in wanted.techniques if one in closed),
        None,
    )
    wanted = _without(wanted, closed)
    can_press = has_checkin and obstacle is None
    sentences = {technique: error.sentence for technique, error in closed.items()}
    added = [("add", one.pk) for one in wanted.add_ons]
    context = {
        "therapist": wanted.therapist,
        "service": wanted.service,
        "initials": booked.initials(wanted.therapist.name),
        "technique": booked.technique_name(wanted.service.technique),
        "lengths": weeks.lengths(wanted.therapist, wanted.service.technique),
        "extras": extras.offered(wanted, sentences),
        "minutes": wanted.minutes,
        "price": money.price(wanted.price_minor, practice.currency),
        "added": added,
        "more": f"&{urlencode(added)}" if added else "",
        "has_checkin": has_checkin,
        "obstacle": obstacle,
        "next_up": planned.notice(wanted.client, wanted.therapist, wanted.service),
        "out_of_date": weeks.may_be_out_of_date(wanted, now=now),
        **week_of(request, wanted, refused, around=around, now=now),
    }
    if obstacle is not None:
        context["problem"] = None
    if not can_press:
        context |= {"can_press": False, "others": ()}
    status = refused.status if refused is not None else status
    return render(request, "book/slots.html", context, status=status)


def week_of(
    request: HttpRequest,
    wanted: Wanted,
    refused: Refused | None = None,
    *,
    now: datetime,
    around: datetime | None = None,
    without: Collection[int] = (),
    relaxed: bool = False,
) -> dict[str, Any]:
    """What `book/_week.html` draws: the week asked for, or the one of a start just refused."""
    practice = wanted.practice
    wanted_week, wanted_day = forms.WeekForm(request.GET).asked()
    around = refused.around if refused is not None and refused.around else around
    if around is not None:
        wanted_week = wanted_day = around.astimezone(practice.tz).date()
    first = wanted_week or wanted_day or date.min
    week = weeks.week(wanted, first_day=first, now=now, without=without, relaxed=relaxed)
    near: tuple[weeks.Free, ...] = ()
    if refused is not None and refused.asks_for_others:
        near = weeks.nearest(wanted, around or now, now=now, without=without)
    return {
        "practice": practice,
        "week": week,
        "chosen": week.chosen(wanted_day),
        "can_press": True,
        "key": uuid4(),
        "problem": refused.problem if refused is not None else None,
        "others": near,
    }


def _obstacles(
    request: HttpRequest, wanted: Wanted, now: datetime
) -> tuple[bool, UnknotError | None, Mapping[str, UnknotError]]:
    """Whether there is a check-in; what closes booking, else what closes add-ons."""
    checkin = access.checkin_to_book_with(request.session, request.user, wanted.practice)

    def obstacle(technique: str) -> UnknotError | None:
        return decision.obstacle(
            checkin,
            actor=request.user,
            practice=wanted.practice,
            techniques=[technique],
            now=now,
        )

    own = wanted.service.technique
    if (whole := obstacle(own)) is not None:
        return checkin is not None, whole, {}
    added = extras.techniques(wanted.service) if checkin is not None else ()
    found = {technique: obstacle(technique) for technique in added if technique != own}
    closed = {technique: error for technique, error in found.items() if error is not None}
    return checkin is not None, None, closed


def _without(wanted: Wanted, closed: Mapping[str, UnknotError]) -> Wanted:
    """The wish without the add-ons whose technique is closed."""
    kept = tuple(one for one in wanted.add_ons if one.technique not in closed)
    return replace(wanted, add_ons=kept)


def _numbers(request: HttpRequest) -> list[int]:
    """The add-ons that the address or the form names."""
    sent = request.POST if request.method == "POST" else request.GET
    return forms.add_ons(sent.getlist("add"))


def _wanted(request: HttpRequest, slug: str, service_id: int) -> Wanted:
    therapist, service = access.offer(slug, service_id)
    added = access.add_ons(service, _numbers(request))
    client = access.client_in(request.user, therapist.practice)
    return Wanted(
        therapist=therapist,
        service=service,
        add_ons=added,
        client=client.pk if client is not None else None,
    )
