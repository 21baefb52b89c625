"""What every answer goes through: security headers outside, typed errors next to the page."""

import logging
import traceback
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase

from unknot.web import errors

Answer = Callable[[HttpRequest], HttpResponseBase]

#: What Django itself answers through the handlers of the address table: 400, 403, 404.
DJANGOS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)

log = logging.getLogger("unknot.web")

PERMISSIONS = ", ".join(
    [
        "accelerometer=()",
        "camera=()",
        "display-capture=()",
        "geolocation=()",
        "gyroscope=()",
        "magnetometer=()",
        "microphone=()",
        "payment=()",
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        "usb=()",
    ]
)


def security_headers(get_response: Answer) -> Answer:
    """Put the content policy and its companions on every answer; keep private pages uncached."""
    policy = "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items()
    )

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        session = getattr(request, "session", None)
        if session is not None and not session.is_empty():
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def typed_errors(get_response: Answer) -> Answer:
    """Turn an error raised by a page into its error page; an unforeseen one into the 500 page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    middleware.process_exception = answer_error  # type: ignore[attr-defined]
    return middleware


def answer_error(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Answer for `exception`, or None where the address table's own handlers answer."""
    if isinstance(exception, errors.UnknotError):
        return errors.explain(request, exception)
    if isinstance(exception, errors.TOO_LARGE):
        return errors.too_large(request)
    if isinstance(exception, DJANGOS):
        return None
    if errors.is_away(exception):
        log.error("The database does not answer: %s", _report(request, exception).splitlines()[0])
        return errors.unavailable(request)
    log.error("%s", _report(request, exception))
    got_request_exception.send(sender=typed_errors, request=request)
    return errors.server_error(request)


def _report(request: HttpRequest, exception: Exception) -> str:
    """Name the route, the kind of error and the lines it came through: never its message."""
    match = request.resolver_match
    frames = traceback.extract_tb(exception.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    route = match.view_name if match else "?"
    return "\n".join([f"{type(exception).__name__} in {request.method} {route}", *lines])
