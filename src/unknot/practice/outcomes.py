"""What clients report together, for a manager; and a therapist's own results, for nobody else."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from unknot.domain.outcomes import practice_wording as wording
from unknot.journey.choose import access
from unknot.journey.follow.actions import practice as actions
from unknot.journey.follow.reads import practice as reads
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs


@require_safe
@staff_required(Role.MANAGER)
def outcomes(request: StaffRequest) -> HttpResponse:
    """The pooled effects, how complete the follow-up is, and how many are unlikely to improve."""
    practice, language = request.practice, get_language() or "en"
    view = reads.view(practice, now=timezone.now())
    context = {
        "tabs": tabs.of_practice("practice:outcomes", alone=tabs.works_alone(practice)),
        "view": view,
        "effects": [
            {"row": row, "change": wording.change(row.mean, row.low, row.high, language=language)}
            for row in view.effects
        ],
        "zone": practice.tz,
    }
    return render(request, "practice/outcomes.html", context)


@require_safe
@staff_required(Role.THERAPIST)
def results(request: StaffRequest) -> HttpResponse:
    """One's own result with its range, and one's own clients for whom another plan may be due."""
    listing = access.own_listing(request.user, request.practice)
    found = actions.open_results(request.user, request.practice, listing, now=timezone.now())
    own, sentence = found.own, ""
    if own is not None:
        sentence = wording.own_result(
            own.mean, own.low, own.high, clients=own.clients, language=get_language() or "en"
        )
    context = {
        "tabs": tabs.my_work("practice:results"),
        "found": found,
        "sentence": sentence,
    }
    return render(request, "practice/results.html", context)
