"""Hand a document of a credential to those it is for; nobody else learns that it exists."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unknot.journey.choose.actions import documents
from unknot.people.requests import MemberRequest, signed_in

#: Even if a browser showed it in a window of its own, nothing in it could do anything.
POLICY = "default-src 'none'; sandbox"


@require_safe
@signed_in
def document(request: MemberRequest, key: UUID) -> HttpResponse:
    """The document as a file to keep; each opening is written down."""
    opened = documents.open_document(request.user, key, now=timezone.now())
    return HttpResponse(
        opened.content,
        content_type=opened.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{opened.file_name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY,
        },
    )
