"""Papers to print or to hand on. Each is made when it is asked for, and none is kept."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from unknot.interfaces.papers import actions, consent, figure, report, session, typeset
from unknot.interfaces.papers.forms import ReportForm
from unknot.journey.book import access
from unknot.people import access as people
from unknot.people.requests import ClientRequest, MemberRequest, client_required, signed_in

#: Who hands out a blank paper that belongs to no practice.
UNKNOT = "Unknot"


@require_safe
@signed_in
def session_paper(request: MemberRequest, key: UUID) -> HttpResponse:
    """A signed record: whole for its therapist, the shared part for its client."""
    appointment = access.appointment_of_either(request.user, key)
    now = timezone.now()
    paper = actions.open_session(request.user, appointment, now=now)
    return _file(typeset.pdf("session", session.content(paper, now=now), now=now), "session")


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def report_paper(request: ClientRequest) -> HttpResponse:
    """Choose what a doctor may read; the answer to the form is the paper."""
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "interfaces/report.html", {"form": form}, status=422 if form.errors else 200
        )
    now = timezone.now()
    made = actions.release_report(request.user, request.client, **form.cleaned_data, now=now)
    return _file(typeset.pdf("report", report.content(made, now=now), now=now), "report")


@require_safe
@signed_in
def form_paper(request: MemberRequest, key: UUID) -> HttpResponse:
    """The form to sign for one appointment, for its client, its therapist and the desk."""
    appointment = access.appointment_to_arrange(request.user, key)
    now = timezone.now()
    row = actions.open_form(request.user, appointment, now=now)
    made = consent.content(row.practice, now=now, booked=row)
    return _file(typeset.pdf("form", made, now=now), "form")


@require_safe
@signed_in
def blank_form(request: MemberRequest) -> HttpResponse:
    """The same form without a name."""
    now = timezone.now()
    made = consent.content(_maker(request), now=now)
    return _file(typeset.pdf("form", made, now=now), "form")


@require_safe
@signed_in
def blank_figure(request: MemberRequest) -> HttpResponse:
    """The body map, front and back, to fill in with a pen."""
    now = timezone.now()
    made = figure.content(_maker(request), now=now)
    return _file(typeset.pdf("figure", made, now=now), "figure")


def _maker(request: MemberRequest) -> str:
    """The practice where somebody works, or where they are a client."""
    practice = people.practices_of(request.user).first()
    if practice is not None:
        return practice.name
    client = people.own_client(request.user)
    return client.practice.name if client is not None else UNKNOT


def _file(made: bytes, name: str) -> HttpResponse:
    """A PDF to save or open; no cache keeps it, and its name says nothing of health."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
