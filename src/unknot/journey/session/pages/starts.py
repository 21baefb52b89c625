"""A therapist's own phrases and templates."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access
from unknot.journey.session import starts
from unknot.journey.session.actions import starts as actions
from unknot.journey.session.drafts import TEXTS
from unknot.journey.session.forms import PhraseForm, TemplateForm
from unknot.people.models import Role
from unknot.people.requests import MemberRequest, StaffRequest, signed_in, staff_required
from unknot.web.errors import BadInput


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def phrases(request: StaffRequest) -> HttpResponse:
    """Show one's phrases, and add one."""
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_phrase(request.user, **form.cleaned_data)
        except BadInput as problem:
            form.add_error("text", str(problem.sentence))
        else:
            messages.success(request, _("Added. It stands below its section in every record."))
            return redirect("session:phrases")
    context = {"groups": starts.phrases(request.user), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "session/phrases.html", context, status=status)


@require_POST
@staff_required(Role.THERAPIST)
def phrase_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Move a phrase one place up."""
    actions.raise_phrase(request.user, pk)
    return redirect("session:phrases")


@require_POST
@staff_required(Role.THERAPIST)
def phrase_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Remove a phrase."""
    actions.remove_phrase(request.user, pk)
    messages.success(request, _("Removed. Records that were written with it stay as they are."))
    return redirect("session:phrases")


@require_safe
@staff_required(Role.THERAPIST)
def templates(request: StaffRequest) -> HttpResponse:
    """Show one's templates."""
    context = {"templates": starts.templates(request.user)}
    return render(request, "session/templates.html", context)


@require_POST
@signed_in
def template_add(request: MemberRequest, key: UUID) -> HttpResponse:
    """Keep what was done in a signed record as a template."""
    appointment = access.appointment_of_therapist(request.user, key)
    made = actions.keep_template(request.user, appointment, name=request.POST.get("name", ""))
    messages.success(request, _("Kept. You can write texts for it that fit any client."))
    return redirect("session:template", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def template(request: StaffRequest, pk: int) -> HttpResponse:
    """Change one's template."""
    card = starts.template(request.user, pk)
    sent = request.method == "POST"
    form = TemplateForm(request.POST if sent else None, initial={"name": card.name, **card.texts})
    if sent and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in TEXTS}
        try:
            actions.change_template(request.user, pk, name=form.cleaned_data["name"], texts=texts)
        except BadInput as problem:
            form.add_error("name", str(problem.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("session:templates")
    context = {"card": card, "form": form}
    return render(request, "session/template.html", context, status=422 if sent else 200)


@require_POST
@staff_required(Role.THERAPIST)
def template_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Remove one's template."""
    actions.remove_template(request.user, pk)
    messages.success(request, _("Removed. Records that began with it stay as they are."))
    return redirect("session:templates")
