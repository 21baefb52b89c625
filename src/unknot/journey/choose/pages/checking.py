"""Check a credential: the page of the operator, and what the page of a practice shares with it."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unknot.journey.choose import access
from unknot.journey.choose.actions import credentials
from unknot.journey.choose.actions.credentials import CheckedMeanwhile
from unknot.journey.choose.forms import checking
from unknot.journey.choose.reads import credentials as reads
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput

ON_A_PAGE = 50


@require_safe
@signed_in
def waiting(request: MemberRequest) -> HttpResponse:
    """The operator's list: who waits for a check, whose check is old, what runs out."""
    access.check_operator(request.user)
    form = checking.SearchForm(request.GET)
    form.is_valid()
    which, words = form.wanted
    today = timezone.localdate()
    found = Paginator(reads.listed(which, words, today), ON_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    query = QueryDict(mutable=True)
    query.update({"which": which, "words": words})
    context = {
        "form": form,
        "which": which,
        "words": words,
        "page": page,
        "papers": [reads.row(one, today) for one in page],
        "query": query.urlencode(),
    }
    return render(request, "choose/credentials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def operator_check(request: MemberRequest, key: UUID) -> HttpResponse:
    """One credential, with its documents and rosters, and the form for what was found."""
    access.check_operator(request.user)
    back = reverse("choose:credentials")
    return check(request, key, template="choose/credential_check.html", back=back, context={})


def check(
    request: MemberRequest, key: UUID, *, template: str, back: str, context: dict[str, object]
) -> HttpResponse:
    """Show a credential to whoever may check it, and record what they found."""
    credential = reads.to_check(request.user, key)
    today = access.today_of(credential, timezone.now())
    evidence = reads.evidence(credential)
    form = checking.FindingForm(
        request.POST if request.method == "POST" else None,
        rows=evidence,
        initial=checking.initial(today, credentials.fingerprint(credential)),
    )
    status = HTTPStatus.OK
    if request.method == "POST":
        access.check_may_verify(request.user, credential)
        try:
            status = _recorded(request, key, form)
        except CheckedMeanwhile as problem:
            credential = reads.to_check(request.user, key)
            evidence = reads.evidence(credential)
            seen = credentials.fingerprint(credential)
            form = _anew(request.POST, evidence, problem, seen=seen)
            status = problem.status
        if status == HTTPStatus.FOUND:
            return redirect(back)
    page = context | {
        "back": back,
        "kept": reads.row(credential, today),
        "evidence": evidence,
        "form": form,
        "is_own": credential.therapist.user_id == request.user.pk,
        "zone": credential.therapist.practice.zone,
    }
    return render(request, template, page, status=status)


def _recorded(request: MemberRequest, key: UUID, form: checking.FindingForm) -> HTTPStatus:
    """Record the check; what cannot be used is an error of the form. Returns the status."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        credentials.record_verification(
            request.user,
            reads.to_check(request.user, key),
            finding=form.finding,
            now=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return problem.status
    messages.success(request, _("Recorded: what you found is shown beside the credential."))
    return HTTPStatus.FOUND


def _anew(
    sent: QueryDict, evidence: Sequence[reads.Evidence], problem: CheckedMeanwhile, *, seen: str
) -> checking.FindingForm:
    """The same answers about the credential as it is now: the next press is about what it says."""
    answers = sent.copy()
    answers["seen"] = seen
    form = checking.FindingForm(answers, rows=evidence)
    form.add_error(None, f"{problem.sentence} {problem.mend}")
    return form
