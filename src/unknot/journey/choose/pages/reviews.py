"""What anybody may do about a review: ask the operator to look, and read what was decided."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.choose import access
from unknot.journey.choose.actions import reviews as actions
from unknot.journey.choose.forms.reviews import ReportForm
from unknot.journey.choose.reads import reviews as reads
from unknot.people.requests import MemberRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review_report(request: MemberRequest, key: UUID) -> HttpResponse:
    """Ask the operator to look at a published review, in one's own words."""
    review = access.shown_review(key)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        actions.report_review(request.user, key, words=words, now=timezone.now())
        messages.success(request, _("Sent. The operator looks at it, and the log says what came."))
        return redirect("choose:moderation-log")
    context = {"form": form, "review": reads.published(review), "name": review.therapist.name}
    status = 422 if form.errors else 200
    return render(request, "choose/review_report.html", context, status=status)


@require_safe
def moderation_log(request: HttpRequest) -> HttpResponse:
    """The public log: what the operator decided about reviews, and why."""
    return render(request, "choose/moderation_log.html", {"log": reads.log()})
