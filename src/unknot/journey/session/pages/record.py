"""The record of one session: write, sign, amend; and the session before it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.prepare import reads as prepare
from unknot.journey.session.actions import record as actions
from unknot.journey.session.forms import AmendForm, Record
from unknot.journey.session.reads import note as reads
from unknot.people.requests import MemberRequest, signed_in
from unknot.web.errors import BadInput, Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def record(request: MemberRequest, key: UUID) -> HttpResponse:
    """Open the record of a session, or save it as a draft."""
    appointment = access.appointment_of_therapist(request.user, key)
    now = timezone.now()
    if request.method != "POST":
        try:
            page = actions.open_record(request.user, appointment, now=now)
        except actions.RecheckFirst:
            before = reads.before(appointment, now=now)
            return render(request, "session/before.html", {"before": before, "visit": before.visit})
        if page.note.signed:
            return _signed(request, page, AmendForm())
        technique = page.visit.technique.id
        draft = actions.draft_of(page.note)
        return _form(request, page, Record.stored(draft, page.note.revision, technique=technique))
    if {"more", "plan-rows"} & request.POST.keys():
        page = actions.reopen_record(request.user, appointment, now=now)
        technique = page.visit.technique.id
        plan = prepare.plan(appointment) if "plan-rows" in request.POST else None
        sent = Record.with_more_rows(request.POST, technique=technique, plan=plan)
        return _form(request, page, sent)
    sent = Record.sent(request.POST)
    if not _save(request, key, sent):
        return _refused(request, key, sent)
    messages.success(request, _("Saved. Only you see a record that is not signed."))
    return redirect("session:record", key)


@require_POST
@signed_in
def sign(request: MemberRequest, key: UUID) -> HttpResponse:
    """Save what was sent and sign it; what is missing is named beside its field."""
    access.appointment_of_therapist(request.user, key)
    sent = Record.sent(request.POST)
    if not _save(request, key, sent):
        return _refused(request, key, sent)
    if request.POST.get("confirm") != "yes":
        sent.confirm_error = _("Say that you have read it through. It is saved, but not signed.")
    if not _sign(request, key, sent):
        return _refused(request, key, sent)
    messages.success(request, _("Signed. The record stays as it is now."))
    return redirect("session:record", key)


@require_POST
@signed_in
def amend(request: MemberRequest, key: UUID) -> HttpResponse:
    """Add a text to a signed record."""
    appointment = access.appointment_of_therapist(request.user, key)
    now = timezone.now()
    form = AmendForm(request.POST)
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            actions.amend(request.user, appointment, text=text, now=now)
        except BadInput as problem:
            form.add_error("text", str(problem.sentence))
        else:
            messages.success(request, _("Added, with your name and the time."))
            return redirect("session:record", key)
    page = actions.open_record(request.user, appointment, now=now)
    if not page.note.signed:
        raise Conflict(_("This record is not signed yet. Write into the record itself."))
    return _signed(request, page, form, status=422)


@require_safe
@signed_in
def last(request: MemberRequest, key: UUID) -> HttpResponse:
    """Show the client's signed session before this one: a page, or a part of the briefing."""
    appointment = access.appointment_of_therapist(request.user, key)
    found = actions.open_last_session(request.user, appointment, now=timezone.now())
    context = {"last": found, "visit": prepare.visit(appointment)}
    part = bool(getattr(request, "htmx", False))
    return render(request, "session/_last.html" if part else "session/last.html", context)


def _save(request: MemberRequest, key: UUID, sent: Record) -> bool:
    """Save what was sent; False, with the reason in `sent.problem`, when it is refused."""
    if not sent.is_valid():
        return False
    appointment = access.appointment_of_therapist(request.user, key)
    try:
        sent.revision = actions.save_draft(
            request.user,
            appointment,
            draft=sent.draft,
            revision=sent.revision,
            now=timezone.now(),
        )
    except (BadInput, Conflict) as problem:
        sent.problem = problem
        return False
    return True


def _sign(request: MemberRequest, key: UUID, sent: Record) -> bool:
    """Sign the saved draft; False when something is missing, named beside its field."""
    if sent.confirm_error:
        return False
    appointment = access.appointment_of_therapist(request.user, key)
    try:
        actions.sign(request.user, appointment, revision=sent.revision, now=timezone.now())
    except actions.NotComplete as missing:
        sent.problem = missing
        sent.name_missing(missing.parts)
        return False
    except Conflict as problem:
        sent.problem = problem
        return False
    return True


def _refused(request: MemberRequest, key: UUID, sent: Record) -> HttpResponse:
    """Show what was sent again, with the reason, and beside a newer copy if there is one."""
    appointment = access.appointment_of_therapist(request.user, key)
    page = actions.reopen_record(request.user, appointment, now=timezone.now())
    problem = sent.problem
    status = int(problem.status) if problem is not None else 422
    if page.note.signed:
        yours = sent.draft if sent.is_valid() else None
        same = yours == actions.draft_of(page.note)
        return _signed(request, page, AmendForm(), sent=None if same else sent, status=status)
    newer = isinstance(problem, actions.OlderCopy)
    if newer:
        sent.revision = page.note.revision
    return _form(request, page, sent, newer=newer, status=status)


def _form(
    request: HttpRequest,
    page: reads.NotePage,
    sent: Record,
    *,
    newer: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "visit": page.visit, "note": page.note, "sent": sent, "newer": newer}
    return render(request, "session/record.html", context, status=status)


def _signed(
    request: MemberRequest,
    page: reads.NotePage,
    form: AmendForm,
    *,
    sent: Record | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "visit": page.visit,
        "note": page.note,
        "form": form,
        "sent": sent,
        "refused": status == actions.NoteIsSigned.status,
        "is_author": page.note.author_pk == request.user.pk,
    }
    return render(request, "session/signed.html", context, status=status)
