"""The block list: whom the practice does not book by itself, for its managers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unknot.journey.book import access
from unknot.journey.book.actions import blocks
from unknot.journey.book.reads import desk as reads
from unknot.people.models import Client, Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.desk_forms import BlockForm
from unknot.web.errors import BadInput, Missing


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def blocked(request: StaffRequest) -> HttpResponse:
    """Everybody on the list and why, and a form to add somebody."""
    client = _client(request)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(request, client, form):
        messages.success(request, _("On the list. Whoever it is can only be booked by staff now."))
        return redirect("practice:blocked")
    context = {
        "tabs": tabs.of_practice("practice:blocked", alone=tabs.works_alone(request.practice)),
        "practice": request.practice,
        "rows": reads.blocked(request.practice),
        "client": client,
        "form": form,
    }
    return render(request, "practice/blocked.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(Role.MANAGER)
def block_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Take somebody off the list."""
    blocks.end(request.user, access.blocked_person(request.user, pk), now=timezone.now())
    messages.success(request, _("Off the list."))
    return redirect("practice:blocked")


def _client(request: StaffRequest) -> Client | None:
    asked = request.GET.get("client", "")
    if not asked:
        return None
    try:
        return access.client_at_desk(request.user, request.practice, UUID(asked))
    except ValueError as problem:
        raise Missing from problem


def _added(request: StaffRequest, client: Client | None, form: BlockForm) -> bool:
    """Add somebody; a refusal becomes the form's error, and nothing typed is lost."""
    try:
        blocks.block(
            request.user, request.practice, client=client, **form.cleaned_data, now=timezone.now()
        )
    except BadInput as problem:
        form.add_error(None, str(problem.sentence))
        return False
    return True
