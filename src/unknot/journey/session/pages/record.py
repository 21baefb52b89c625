"""The record of one session: write, sign, amend; and the session before it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.prepare import reads as prepare
from unknot.journey.session import drafts, starts
from unknot.journey.session.actions import record as actions
from unknot.journey.session.forms import (
    AmendForm,
    ClashRow,
    Record,
    as_amendment,
    clash_rows,
    differing_rows,
    whole_number,
)
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
        return _opened(request, appointment, now)
    if {"more", "start", "phrase"} & request.POST.keys():
        return _continued(request, appointment, now)
    sent = Record.sent(request.POST)
    saved = _save(request, key, sent)
    if request.headers.get("Accept") == "application/json":
        return _told(appointment, sent, saved=saved, now=now)
    if not saved:
        return _refused(request, key, sent)
    if sent.merged:
        messages.success(request, _("Saved, together with what was written somewhere else."))
    else:
        messages.success(request, _("Saved. Only you see a record that is not signed."))
    return redirect("session:record", key)


def _opened(request: MemberRequest, appointment: access.Held, now: datetime) -> HttpResponse:
    try:
        page = actions.open_record(request.user, appointment, now=now)
    except actions.RecheckFirst:
        before = reads.before(appointment, now=now)
        return render(request, "session/before.html", {"before": before, "visit": before.visit})
    if page.note.signed:
        return _signed(request, page, AmendForm())
    draft, technique = actions.draft_of(page.note), page.visit.technique.id
    return _form(request, page, Record.stored(draft, page.note.revision, technique=technique))


def _continued(request: MemberRequest, appointment: access.Held, now: datetime) -> HttpResponse:
    """Give the form back with what was asked for in it; nothing is saved yet."""
    page = actions.reopen_record(request.user, appointment, now=now)
    start = _start(request, appointment, now)
    sent = Record.continued(request.POST, technique=page.visit.technique.id, start=start)
    return _form(request, page, sent, typed=True)


def _start(request: MemberRequest, appointment: access.Held, now: datetime) -> starts.Start | None:
    """What the pressed button adds; None for empty rows alone, Missing for what is not there."""
    match request.POST.get("start", ""), request.POST.get("phrase", ""):
        case "plan", _text:
            return starts.from_plan(appointment)
        case "last", _text:
            last = actions.open_last_session(request.user, appointment, now=now)
            return starts.from_last(last.note) if last is not None else None
        case "", "":
            return None
        case "", phrase:
            return starts.from_phrase(request.user, whole_number(phrase), request.POST.dict())
        case template, _text:
            return starts.from_template(request.user, whole_number(template))


@require_POST
@signed_in
def sign(request: MemberRequest, key: UUID) -> HttpResponse:
    """Save what was sent and sign it; what is missing is named beside its field."""
    access.appointment_of_therapist(request.user, key)
    sent = Record.sent(request.POST)
    if not _save(request, key, sent):
        return _refused(request, key, sent)
    if sent.merged:  # nobody has read that copy through
        sentence = _("Saved with what was written elsewhere. Read it through, then sign.")
        messages.warning(request, sentence)
        return redirect("session:record", key)
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
            text, sending = form.cleaned_data["text"], form.cleaned_data["draft"]
            actions.amend(request.user, appointment, text=text, now=now, key=sending)
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
        saved = actions.save_draft(
            request.user,
            appointment,
            draft=sent.draft,
            revision=sent.revision,
            now=timezone.now(),
            base=sent.base,
            key=sent.key,
            settled=sent.settled,
        )
    except (BadInput, Conflict) as problem:
        sent.problem = problem
        return False
    sent.was_saved(saved.revision, merged=saved.merged)
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
        return _too_late(request, page, sent, status=status)
    if isinstance(problem, actions.OlderCopy) and problem.clashes:
        return _choose(request, page, sent, problem)
    return _form(request, page, sent, status=status, typed=True)


def _choose(
    request: HttpRequest, page: reads.NotePage, sent: Record, problem: actions.OlderCopy
) -> HttpResponse:
    """Show what was changed in two places side by side, with a choice for each."""
    clashes = clash_rows(problem.clashes, sent)
    again = sent.settled is not None and sent.settled.revision == page.note.revision
    context = {
        "page": page,
        "visit": page.visit,
        "note": page.note,
        "sent": sent,
        "clashes": clashes,
        "again": again,
    }
    return render(request, "session/conflict.html", context, status=int(problem.status))


def _too_late(
    request: MemberRequest, page: reads.NotePage, sent: Record, *, status: int
) -> HttpResponse:
    """Show the signed record beside what was typed into another copy of it, to be added."""
    stored = actions.draft_of(page.note)
    if sent.is_valid() and drafts.as_copy(sent.draft) == drafts.as_copy(stored):
        return _signed(request, page, AmendForm(), status=status)
    rows = differing_rows(sent, stored)
    form = AmendForm(initial={"text": as_amendment(rows), "draft": sent.key})
    return _signed(request, page, form, sent=sent, rows=rows, status=status)


def _told(appointment: access.Held, sent: Record, *, saved: bool, now: datetime) -> JsonResponse:
    """Answer a device: what its next draft grows from, or why this one has to wait.

    After a merge it goes on from its own copy: what was taken in is not on its page.
    """
    if saved:
        at = now.astimezone(appointment.therapist.practice.tz)
        told = {"revision": sent.revision, "base": sent.base_text, "at": f"{at:%H:%M}"}
        return JsonResponse(told | {"merged": sent.merged})
    if sent.problem is not None:
        return JsonResponse({"why": str(sent.problem.sentence)}, status=int(sent.problem.status))
    return JsonResponse({"why": str(sent.faults[0][1])}, status=422)


def _form(
    request: MemberRequest,
    page: reads.NotePage,
    sent: Record,
    *,
    status: int = 200,
    typed: bool = False,
) -> HttpResponse:
    context = {
        "page": page,
        "visit": page.visit,
        "note": page.note,
        "sent": sent,
        "typed": ("send" if status == 200 else "hold") if typed else "",
        "offered": starts.offered(request.user, page.visit),
        "arrived": reads.arrived(page.visit.key),
    }
    return render(request, "session/record.html", context, status=status)


def _signed(
    request: MemberRequest,
    page: reads.NotePage,
    form: AmendForm,
    *,
    sent: Record | None = None,
    rows: list[ClashRow] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "rows": rows or [],
        "arrived": reads.arrived(page.visit.key),
        "page": page,
        "visit": page.visit,
        "note": page.note,
        "form": form,
        "sent": sent,
        "refused": status == actions.NoteIsSigned.status,
        "is_author": page.note.author_pk == request.user.pk,
    }
    return render(request, "session/signed.html", context, status=status)
