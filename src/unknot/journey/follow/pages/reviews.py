"""A review of an attended session."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.domain.reviews import window
from unknot.journey.choose.forms.reviews import ReviewForm
from unknot.journey.choose.reads import reviews
from unknot.journey.follow.actions import reviews as actions
from unknot.people.requests import (
    ClientRequest,
    client_required,
)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def review(request: ClientRequest, key: UUID) -> HttpResponse:
    """Say how one attended session was, or change it; later it can only be read and taken back."""
    now, session = timezone.now(), actions.attended(request.client, key)
    own = reviews.own(request.client, key)
    is_closed = now > window(session.ended_at).closes
    if own is None or not is_closed or request.method == "POST":
        actions.check_reviewable(session, now=now)
    form = ReviewForm(request.POST if request.method == "POST" else None, own=own)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        actions.leave_review(request.client, key, scores=form.scores(), text=text, now=now)
        messages.success(request, _saved(own))
        return redirect("book:appointments")
    context = {
        "form": form,
        "session": session,
        "own": own,
        "is_closed": is_closed,
        "key": key,
        "closes": window(session.ended_at).closes,
        "zone": session.therapist.practice.tz,
    }
    return render(request, "follow/review.html", context, status=422 if form.errors else 200)


@require_POST
@client_required
def review_take_back(request: ClientRequest, key: UUID) -> HttpResponse:
    """Take one's own review back, published or not."""
    actions.take_back_review(request.client, key, now=timezone.now())
    messages.success(request, _("Your review is deleted."))
    return redirect("book:appointments")


def _saved(own: reviews.OwnReview | None) -> str:
    if own is not None and own.is_published:
        return _("Saved. What you had written stays readable as the earlier words.")
    return _("Thank you. Your review appears in three to four days, without your name.")
