"""A therapist's own credentials: told, corrected, proved by documents, taken away."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.choose import access
from unknot.journey.choose.actions import credentials as deeds
from unknot.journey.choose.actions import documents
from unknot.journey.choose.reads import credentials as reads
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.credential_forms import CredentialForm, DocumentForm
from unknot.web.documents import CleanDocument, RefusedDocument, check_claimed, clean, kind_of
from unknot.web.errors import BadInput, Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def credentials(request: StaffRequest) -> HttpResponse:
    """The own credentials, and the form to add one on the own word."""
    form = CredentialForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _added(request, form)
        if status == HTTPStatus.FOUND:
            return redirect("practice:credentials")
    today = timezone.now().astimezone(request.practice.tz).date()
    context = {
        "tabs": tabs.my_work("practice:credentials"),
        "papers": reads.own(request.user, request.practice, today),
        "form": form,
        "has_listing": access.own_listing(request.user, request.practice) is not None,
    }
    return render(request, "practice/credentials.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def credential(request: StaffRequest, key: UUID) -> HttpResponse:
    """One own credential: to correct while nobody has checked it, and its documents."""
    sent = request.POST if request.method == "POST" else None
    initial = reads.as_told(access.own_credential(request.user, request.practice, key))
    form = CredentialForm(sent, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _changed(request, key, form)
        if status == HTTPStatus.FOUND:
            return redirect("practice:credentials")
    return _page(request, key, form, DocumentForm(), status)


@require_POST
@staff_required(Role.THERAPIST)
def remove(request: StaffRequest, key: UUID) -> HttpResponse:
    """Take an own credential away that nobody has checked."""
    deeds.remove_credential(request.user, request.practice, key, now=timezone.now())
    messages.success(request, _("Taken away, with its documents."))
    return redirect("practice:credentials")


@require_POST
@staff_required(Role.THERAPIST)
def add_document(request: StaffRequest, key: UUID) -> HttpResponse:
    """Keep one more document, written anew from what was sent."""
    credential = access.own_credential(request.user, request.practice, key)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid() and _kept(request, key, form):
        return redirect("practice:credential", key)
    told = CredentialForm(initial=reads.as_told(credential))
    return _page(request, key, told, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@staff_required(Role.THERAPIST)
def remove_document(request: StaffRequest, key: UUID) -> HttpResponse:
    """Take away a document of an own credential that nobody has checked."""
    found = documents.remove_document(request.user, request.practice, key, now=timezone.now())
    messages.success(request, _("The document is taken away."))
    return redirect("practice:credential", found.credential.key)


def _page(
    request: StaffRequest,
    key: UUID,
    form: CredentialForm,
    document_form: DocumentForm,
    status: HTTPStatus,
) -> HttpResponse:
    found = access.own_credential(request.user, request.practice, key)
    today = access.today_of(found, timezone.now())
    context = {
        "tabs": tabs.my_work("practice:credentials"),
        "kept": reads.row(found, today),
        "form": form,
        "document_form": document_form,
        "most": documents.MOST,
        "zone": request.practice.zone,
    }
    return render(request, "practice/credential.html", context, status=status)


def _added(request: StaffRequest, form: CredentialForm) -> HTTPStatus:
    """Add the credential; a refusal becomes an error of the form. Returns the status to answer."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        deeds.add_credential(request.user, request.practice, draft=form.draft, now=timezone.now())
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return problem.status
    messages.success(request, _("Added, as your own word: nobody has checked it yet."))
    return HTTPStatus.FOUND


def _changed(request: StaffRequest, key: UUID, form: CredentialForm) -> HTTPStatus:
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        deeds.change_credential(
            request.user, request.practice, key, draft=form.draft, now=timezone.now()
        )
    except (BadInput, Conflict) as problem:
        form.add_error(None, str(problem.sentence))
        return problem.status
    messages.success(request, _("Saved, as your own word: nobody has checked it yet."))
    return HTTPStatus.FOUND


def _kept(request: StaffRequest, key: UUID, form: DocumentForm) -> bool:
    """Clean the document before anybody's calendar is locked, then keep it."""
    try:
        sent = form.cleaned_data["file"]
        document = _cleaned(sent.read(), sent.name)
        documents.add_document(
            request.user, request.practice, key, document=document, now=timezone.now()
        )
    except (RefusedDocument, BadInput) as problem:
        form.add_error("file", str(problem.sentence))
        return False
    messages.success(request, _("Kept, written anew without hidden data."))
    return True


def _cleaned(raw: bytes, name: str) -> CleanDocument:
    check_claimed(kind_of(raw), name)
    return clean(raw)
