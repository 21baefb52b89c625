"""What clients report together, for a manager; and a therapist's own results, for nobody else."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unknot.domain.outcomes import practice_wording as wording
from unknot.journey.choose import access
from unknot.journey.follow.actions import practice as actions
from unknot.journey.follow.reads import practice as reads
from unknot.journey.follow.reads.pooled import EffectRow
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.web.charts.range_bar import Texts, range_bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A pooled effect in words and as a picture."""

    row: EffectRow
    change: str
    bar: SafeString


@require_safe
@staff_required(Role.MANAGER)
def outcomes(request: StaffRequest) -> HttpResponse:
    """The pooled effects, how complete the follow-up is, and how many are unlikely to improve."""
    practice, language = request.practice, get_language() or "en"
    view = reads.view(practice, now=timezone.now())
    context = {
        "tabs": tabs.of_practice("practice:outcomes", alone=tabs.works_alone(practice)),
        "view": view,
        "groups": [
            (outcome, [_drawn(row, language) for row in rows])
            for outcome, rows in groupby(view.effects, key=lambda row: row.outcome)
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


def _drawn(row: EffectRow, language: str) -> Drawn:
    said = wording.change(row.mean, row.low, row.high, language=language)
    mean, low, high = row.mean, row.low, row.high
    if not row.higher_is_better:  # better is always on the right
        mean, low, high = -mean, -high, -low
    texts = Texts(label=said, worse=_("worse"), nothing=_("no change"), better=_("better"))
    bar = range_bar(mean, low, high, texts=texts, css=row.strand)
    return Drawn(row=row, change=said, bar=mark_safe(bar))  # noqa: S308  # it escapes its words
