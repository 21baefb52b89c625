"""One's own check-ins as a file."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.interfaces.checkins import actions
from unknot.people.requests import ClientRequest, client_required


@require_safe
@client_required
def own_check_ins(request: ClientRequest) -> HttpResponse:
    """Every answer of the client as CSV, for themselves alone."""
    made = actions.export(request.user, request.client, now=timezone.now())
    answer = HttpResponse(made, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="check-ins.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
