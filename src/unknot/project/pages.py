"""The page that says whether the installation is well."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.people.models import Heartbeat, Message, MessageState

#: A worker beats every few seconds; after this long it has stopped.
WORKER_SILENT_SECONDS = 120


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 while database and worker answer, 503 with the reason otherwise."""
    now = timezone.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        beat = Heartbeat.objects.filter(name="worker").first()
        waiting = Message.objects.filter(state=MessageState.PLANNED, due_at__lte=now).count()
    except DatabaseError:
        return JsonResponse({"well": False, "database": "does not answer"}, status=503)
    age = beat.age_seconds(now) if beat else None
    working = age is not None and age < WORKER_SILENT_SECONDS
    return JsonResponse(
        {
            "well": working,
            "database": "answers",
            "worker": "alive" if working else "silent",
            "messages_waiting": waiting,
        },
        status=200 if working else 503,
    )
