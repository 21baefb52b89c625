"""What other programs fetch: a calendar file of one appointment."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from unknot.interfaces.ical.appointment import calendar_file
from unknot.journey.book import access
from unknot.journey.book.reads import booked
from unknot.people.requests import MemberRequest, signed_in


@require_safe
@signed_in
def appointment_calendar(request: MemberRequest, key: UUID) -> HttpResponse:
    """The appointment as an .ics file, for its client or its therapist."""
    row = booked.row(access.appointment_of_either(request.user, key))
    answer = HttpResponse(calendar_file(row), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
