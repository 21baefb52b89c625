"""What other programs fetch, and the page about one's calendars."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from unknot.interfaces.forms import SourceForm
from unknot.interfaces.ical import subscriptions
from unknot.interfaces.ical.appointment import calendar_file
from unknot.interfaces.ical.busy import Unreadable
from unknot.interfaces.ical.feed import entry, feed
from unknot.journey.book import access
from unknot.journey.book.actions import calendars
from unknot.journey.book.reads import booked
from unknot.journey.book.reads import calendars as reads
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput

CALENDAR = "text/calendar; charset=utf-8"


@require_safe
@signed_in
def appointment_calendar(request: MemberRequest, key: UUID) -> HttpResponse:
    """The appointment as an .ics file, for its client or its therapist."""
    row = booked.row(access.appointment_of_either(request.user, key))
    answer = HttpResponse(calendar_file(row), content_type=CALENDAR)
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """All appointments of whoever made this secret address, for a calendar program."""
    found = reads.feed_of(token)
    now = timezone.now()
    calendars.note_read(found, now=now)
    rows = reads.feed_rows(found.user, now=now)
    answer = HttpResponse(
        feed((entry(row) for row in rows), name=_("Appointments")), content_type=CALENDAR
    )
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@require_safe
@signed_in
def own_calendars(request: MemberRequest) -> HttpResponse:
    """The feed of one's own appointments, and for a therapist the calendars that are followed."""
    return _page(request, SourceForm())


@require_POST
@signed_in
def open_feed(request: MemberRequest) -> HttpResponse:
    """Make a new address; it is shown this once."""
    token = calendars.open_feed(request.user, now=timezone.now())
    address = request.build_absolute_uri(reverse("interfaces:calendar-feed", args=[token]))
    return _page(request, SourceForm(), address=address)


@require_POST
@signed_in
def close_feed(request: MemberRequest) -> HttpResponse:
    """Let the address lead nowhere."""
    calendars.close_feed(request.user, now=timezone.now())
    messages.success(request, _("The address leads nowhere now."))
    return redirect("interfaces:calendars")


@require_POST
@signed_in
def add_source(request: MemberRequest, slug: str) -> HttpResponse:
    """Follow another calendar, or read a file once."""
    therapist = access.own_listing(request.user, slug)
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    now = timezone.now()
    name, url, file = (form.cleaned_data[field] for field in ("name", "url", "file"))
    try:
        if file is not None:
            subscriptions.check(file.read(), therapist, now=now)
        source = calendars.add_source(request.user, therapist, name=name, url=url, now=now)
        if file is not None:
            file.seek(0)
            subscriptions.take(source, file.read(), now=now)
    except Unreadable as problem:
        form.add_error("file", _(problem.sentence) % problem.facts)
        return _page(request, form, status=422)
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return _page(request, form, status=422)
    messages.success(request, _("Added. An address is read within a minute or two."))
    return redirect("interfaces:calendars")


@require_POST
@signed_in
def remove_source(request: MemberRequest, slug: str, key: UUID) -> HttpResponse:
    """Forget another calendar."""
    therapist = access.own_listing(request.user, slug)
    source = reads.source(therapist, key)
    calendars.remove_source(request.user, therapist, source, now=timezone.now())
    messages.success(request, _("Removed, with every busy time read from it."))
    return redirect("interfaces:calendars")


def _page(
    request: MemberRequest, form: SourceForm, *, address: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        "feed": reads.open_feed(request.user),
        "address": address,
        "own": reads.own_calendars(request.user, now=now),
        "form": form,
    }
    answer = render(request, "interfaces/calendars.html", context, status=status)
    if address:
        answer["Cache-Control"] = "no-store"
    return answer
