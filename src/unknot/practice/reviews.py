"""A therapist's own reviews: what everybody can read, no more, and one answer to each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.choose import access
from unknot.journey.choose.actions import reviews as actions
from unknot.journey.choose.forms.reviews import AnswerForm
from unknot.journey.choose.reads import reviews as reads
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs

ROUTE = "practice:reviews"


@require_safe
@staff_required(Role.THERAPIST)
def reviews(request: StaffRequest) -> HttpResponse:
    """One's own reviews, through the very rows of the public page."""
    listing = access.own_listing(request.user, request.practice)
    context = {
        "tabs": tabs.my_work(ROUTE),
        "listing": listing,
        "reviews": reads.of_therapist(listing) if listing is not None else None,
    }
    return render(request, "practice/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def review(request: StaffRequest, key: UUID) -> HttpResponse:
    """Answer one review, or change the answer."""
    row = reads.published(access.review_of_own(request.user, key))
    before = {"text": row.reply.text} if row.reply is not None else {}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        actions.answer_review(request.user, key, text=text, now=timezone.now())
        messages.success(request, _("Saved. Your answer stands below the review."))
        return redirect(ROUTE)
    context = {"tabs": tabs.my_work(ROUTE), "review": row, "form": form}
    return render(request, "practice/review.html", context, status=422 if form.errors else 200)
