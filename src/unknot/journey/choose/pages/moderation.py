"""The operator looks at reviews: what was reported, what is new, and a decision with its reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.choose import access
from unknot.journey.choose.actions import reviews as actions
from unknot.journey.choose.forms.reviews import DecisionForm
from unknot.journey.choose.reads import reviews as reads
from unknot.people.requests import MemberRequest, signed_in


@require_safe
@signed_in
def moderation(request: MemberRequest) -> HttpResponse:
    """Open reports first, then the reviews published last; nowhere who wrote them."""
    access.check_operator(request.user)
    context = {"reported": reads.reported(request.user), "newest": reads.newest(request.user)}
    return render(request, "choose/moderation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decision(request: MemberRequest, key: UUID) -> HttpResponse:
    """Decide about one review."""
    found = access.review_to_moderate(request.user, key)
    row = reads.moderated(found, request.user)
    form = DecisionForm(request.POST if request.method == "POST" else None, is_hidden=row.is_hidden)
    if request.method == "POST" and form.is_valid():
        decided, reason = form.decided
        actions.decide(request.user, key, decision=decided, reason=reason, now=timezone.now())
        messages.success(request, _("Decided. It stands in the public log."))
        return redirect("choose:moderation")
    context = {"form": form, "review": row}
    status = 422 if form.errors else 200
    return render(request, "choose/moderation_decision.html", context, status=status)
