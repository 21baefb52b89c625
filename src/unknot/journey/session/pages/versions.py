"""Every version of a record, for its therapist."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.journey.book import access
from unknot.journey.session.actions import versions as actions
from unknot.people.requests import MemberRequest, signed_in

MOST_DIGITS = 9


@require_safe
@signed_in
def versions(request: MemberRequest, key: UUID) -> HttpResponse:
    """The saves of a record, one of them beside the one before it."""
    appointment = access.appointment_of_therapist(request.user, key)
    asked = request.GET.get("revision", "")
    whole = asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS
    revision = int(asked) if whole else None
    now = timezone.now()
    page = actions.open_versions(request.user, appointment, revision=revision, now=now)
    context = {"page": page, "visit": page.visit, "note": page.note}
    return render(request, "session/versions.html", context)
