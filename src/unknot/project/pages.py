"""The page that says whether the installation is well."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.people import reads


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 while database and worker answer, 503 with the reason otherwise."""
    now = timezone.now()
    try:
        working = reads.worker_is_alive(now)
        waiting = reads.messages_waiting(now)
    except DatabaseError:
        return JsonResponse({"well": False, "database": "does not answer"}, status=503)
    return JsonResponse(
        {
            "well": working,
            "database": "answers",
            "worker": "alive" if working else "silent",
            "messages_waiting": waiting,
        },
        status=200 if working else 503,
    )
