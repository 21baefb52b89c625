"""The desk: find a client, book by telephone or for a walk-in, say yes or no to what waits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.book.actions import desk as actions
from unknot.journey.book.actions.refusals import NotOffered
from unknot.journey.book.forms.booking import add_ons
from unknot.journey.book.reads import booked, clock, extras
from unknot.journey.book.reads import desk as reads
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import Client
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice.desk_forms import BookForm, DayForm, GapForm, NewcomerForm, SearchForm
from unknot.web import money
from unknot.web.errors import BadInput, Conflict, Missing, UnknotError

UNPROCESSABLE = 422


@require_safe
@staff_required()
def desk(request: StaffRequest) -> HttpResponse:
    """Whom to book for, and what waits for an answer."""
    form, gap = SearchForm(request.GET), GapForm(request.GET)
    asked = form.cleaned_data["q"].strip() if form.is_valid() else ""
    waiting = reads.waiting(request.user, request.practice, now=timezone.now())
    context = {
        "practice": request.practice,
        "form": form,
        "asked": asked,
        "start": gap.asked().get("start"),
        "kept": gap.kept(),
        "more": f"&{urlencode(gap.kept())}" if gap.kept() else "",
        "found": reads.find_clients(request.user, request.practice, asked),
        "most": reads.MOST_FOUND,
        "requests": waiting["practice"],
        "provisional": waiting["screening"],
    }
    return render(request, "practice/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def book(request: StaffRequest) -> HttpResponse:
    """Choose what and when for one client; any other time says why it is not offered."""
    client = _client(request)
    if request.method != "POST":
        return _show(request, client)
    if "show" in request.POST:  # other times for what is ticked
        return _show(request, client)
    form = _book_form(request, client)
    day = _day_form(request)
    if not (form.is_valid() and day.is_valid()):
        return _show(request, client, form=form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        made = actions.book(
            request.user,
            request.practice,
            client or actions.Newcomer(name=said["name"], phone=said["phone"]),
            _all_wanted(request, day),
            said["start"],
            now=clock.database_now(),
            reason=said["reason"],
            request_key=said["request_key"],
        )
    except (Conflict, BadInput) as problem:
        return _show(request, client, form=form, problem=problem, status=int(problem.status))
    if made.awaits:
        messages.info(request, _("Kept. The safety questions are still to be answered."))
    else:
        messages.success(request, _("Booked and confirmed."))
    return redirect("practice:desk-visit", made.key)


@require_safe
@staff_required()
def visit(request: StaffRequest, key: UUID) -> HttpResponse:
    """One appointment as the desk sees it: what it waits for, and the address to answer at."""
    appointment = access.appointment_at_desk(request.user, key)
    row, now = booked.row(appointment), timezone.now()
    client = appointment.client
    waits = row.awaits if row.start > now and row.status == "pending" else ""
    token = access.questions_token(row.key)
    address = settings.SITE_URL + reverse("book:questions", args=[token])
    context = {
        "practice": appointment.therapist.practice,
        "row": row,
        "waits": waits,
        "phone": client.phone if client else "",
        "has_account": client is not None and client.user_id is not None,
        "address": address if waits == "screening" else "",
    }
    return render(request, "practice/desk_visit.html", context)


@require_POST
@staff_required()
def accept(request: StaffRequest, key: UUID) -> HttpResponse:
    """Say yes to a time that was asked for."""
    made = _settled(request, key, actions.accept)
    if made.awaits:
        messages.info(request, _("Kept. The safety questions have to be answered again first."))
    else:
        messages.success(request, _("Confirmed. We have written to both of them."))
    return redirect("practice:desk-visit", key)


@require_POST
@staff_required()
def decline(request: StaffRequest, key: UUID) -> HttpResponse:
    """Say no to a time that waits, and free it."""
    _settled(request, key, actions.decline)
    messages.success(request, _("Declined. The time is free again."))
    return redirect("practice:desk")


@require_POST
@staff_required()
def send(request: StaffRequest, key: UUID) -> HttpResponse:
    """Send the address of the safety questions by mail."""
    appointment = access.appointment_at_desk(request.user, key)
    actions.send_questions(request.user, appointment, now=timezone.now())
    messages.success(request, _("The mail with the address is on its way."))
    return redirect("practice:desk-visit", key)


def _settled(request: StaffRequest, key: UUID, deed: Callable[..., access.Held]) -> access.Held:
    appointment = access.appointment_at_desk(request.user, key)
    return deed(request.user, appointment, now=clock.database_now())


def _client(request: StaffRequest) -> Client | None:
    """The client of the address; without one it is somebody new."""
    asked = request.GET.get("client", "")
    if not asked:
        return None
    try:
        key = UUID(asked)
    except ValueError as problem:
        raise Missing from problem
    return access.client_at_desk(request.user, request.practice, key)


def _day_form(request: StaffRequest) -> DayForm:
    offers = reads.offers(request.user, request.practice)
    if "offer" in request.GET:
        return DayForm(request.GET, offers=offers)
    gap = GapForm(request.GET).asked()
    with_them = f"{gap.get('therapist')}:"
    initial = {
        "day": gap.get("day") or timezone.now().astimezone(request.practice.tz).date(),
        "offer": next((one.value for one in offers if one.value.startswith(with_them)), None),
    }
    return DayForm(offers=offers, initial=initial)


def _book_form(request: StaffRequest, client: Client | None) -> BookForm:
    kind = BookForm if client is not None else NewcomerForm
    if "show" in request.POST:
        return kind(initial=request.POST.dict())
    if request.method == "POST":
        return kind(request.POST)
    return kind(initial={"request_key": uuid4(), **_typed(request)})


def _typed(request: StaffRequest) -> dict[str, str]:
    """What was typed in the search becomes the newcomer's name or number."""
    text = request.GET.get("q", "").strip()[:120]
    if not text or "@" in text:
        return {}
    return {"phone" if reads.PHONE.fullmatch(text) else "name": text}


def _wanted(request: StaffRequest, day: DayForm) -> Wanted:
    slug, service_id = day.offer_of
    therapist, service = access.offer_at_desk(request.user, request.practice, slug, service_id)
    added = access.add_ons(service, add_ons(request.POST.getlist("add")))
    return Wanted(therapist=therapist, service=service, add_ons=added)


def _all_wanted(request: StaffRequest, day: DayForm) -> Wanted:
    """The wish; NotOffered when something that was ticked cannot be had any more."""
    wanted = _wanted(request, day)
    if len(wanted.add_ons) < len(add_ons(request.POST.getlist("add"))):
        raise NotOffered(_("Something that you added is no longer offered."))
    return wanted


def _show(
    request: StaffRequest,
    client: Client | None,
    *,
    form: BookForm | None = None,
    problem: UnknotError | None = None,
    status: int = 200,
) -> HttpResponse:
    day, sheet, wanted = _day_form(request), None, None
    gap = GapForm(request.GET).asked().get("start")
    start = gap.isoformat() if gap is not None else ""
    if day.is_valid():
        known = client.pk if client is not None else None
        wanted = replace(_wanted(request, day), client=known)
        sheet = _sheet(request, day, wanted, form)
    elif day.is_bound:
        status = UNPROCESSABLE
    context: dict[str, Any] = {
        "practice": request.practice,
        "client": client,
        "client_key": str(client.key) if client is not None else "",
        "blocked": client is not None and reads.is_blocked(request.practice, client),
        "day": day,
        "shown": day.cleaned_data.get("day") if day.is_bound else None,
        "sheet": sheet,
        "extras": extras.offered(wanted, {}) if wanted is not None else (),
        "wanted": wanted,
        "price": money.price(wanted.price_minor, wanted.practice.currency) if wanted else "",
        "form": form or _book_form(request, client),
        "chosen": request.POST.get("start", start),
        "start": start,
        "problem": problem,
        "q": request.GET.get("q", "")[:120],
    }
    return render(request, "practice/desk_book.html", context, status=status)


def _sheet(
    request: StaffRequest, day: DayForm, wanted: Wanted, form: BookForm | None
) -> reads.Sheet:
    """The day, and what there is to say of the start asked about, sent, or of the gap."""
    at, gap = day.asked_at(request.practice.tz), GapForm(request.GET).asked().get("start")
    shown: date = day.cleaned_data["day"]
    if gap is not None and gap.astimezone(request.practice.tz).date() == shown:
        at = at or gap
    if form is not None and form.is_bound:
        at = form.cleaned_data.get("start") or at
    return reads.sheet(wanted, shown, now=clock.database_now(), at=at)
