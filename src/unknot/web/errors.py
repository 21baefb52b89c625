"""Errors that every step shares, and the pages that explain them.

    UnknotError            something a person can be told; `.sentence` says it
    ├── Missing      404   not there, or not theirs to know about
    ├── Denied       403   known to be there, and they may know why not
    ├── Conflict     409   somebody was faster, or the state has moved on
    └── BadInput     422   what was sent cannot be used

`unknot.web.middleware.typed_errors` maps each base to its page once; a step adds subclasses with
their own sentence and never builds an error page itself. A database that does not answer is 503,
wherever it shows.
"""

import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

#: What PostgreSQL says with its last breath: the connection, its shutdown, too many of us.
GONE = ("08", "57P", "53300")
RETRY_SECONDS = 10


class UnknotError(Exception):
    """Base of all errors with a sentence for the person; never raised itself."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title: Sentence = _("Something went wrong here")
    sentence: Sentence = _("This did not work.")
    mend: Sentence = _("Go back and try again.")

    def __init__(self, sentence: Sentence = "") -> None:
        if sentence:
            self.sentence = sentence
        super().__init__(str(self.sentence))


class Missing(UnknotError):
    """404: not there, or not theirs to know about."""

    status = HTTPStatus.NOT_FOUND
    title = _("We cannot find this page")
    sentence = _("There is nothing at this address, or it is not yours to see.")
    mend = _("Check the address, or start again from the home page.")


class Denied(UnknotError):
    """403: refused, and the sentence says why."""

    status = HTTPStatus.FORBIDDEN
    title = _("You may not do this")
    sentence = _("Your account is not allowed to open this page.")
    mend = _("If you think you should be, ask the practice manager.")


class Conflict(UnknotError):
    """409: somebody was faster, or the state has moved on."""

    status = HTTPStatus.CONFLICT
    title = _("This has just changed")
    sentence = _("Something changed while this page was open, so nothing was saved.")
    mend = _("Go back, load the page again, and then try once more.")


class BadInput(UnknotError):
    """422: what was sent cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = _("We cannot use this answer")
    sentence = _("Part of what was sent is missing or cannot be right.")
    mend = _("Go back, look at your answers, and send them again.")


def explain(request: HttpRequest, error: UnknotError) -> HttpResponse:
    """Answer `error` with its page, or with a banner alone when htmx asked."""
    return page(request, error.status, error.title, error.sentence, error.mend)


def page(
    request: HttpRequest, status: int, title: Sentence, sentence: Sentence, mend: Sentence
) -> HttpResponse:
    """Render the error page or, for htmx, the fragment, with `status`."""
    alone = wants_fragment(request)
    template = "web/errors/_error.html" if alone else "web/errors/error.html"
    context = {"title": title, "sentence": sentence, "mend": mend, "status": int(status)}
    return HttpResponse(render_to_string(template, context, request), status=status)


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page, not for a whole one."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than one form may hold."""
    return page(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("This is too much at once"),
        _("What was sent is larger than one form may be, so nothing was saved."),
        _("Shorten long texts, or send fewer or smaller files, and try again."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: a request no browser of ours sends, or one that is too large (413)."""
    if isinstance(exception, TOO_LARGE):
        return too_large(request)
    return page(
        request,
        HTTPStatus.BAD_REQUEST,
        _("We could not read this request"),
        _("The address or the data was not in a form we understand."),
        _("Start again from the home page."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403: refused by a permission check."""
    return explain(request, Denied())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: no such address, or not theirs to know about."""
    return explain(request, Missing())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's token is missing or old: open too long, or cookies are off."""
    return page(
        request,
        HTTPStatus.FORBIDDEN,
        _("This form is no longer valid"),
        _("The page was open for too long, or your browser does not keep cookies for this site."),
        _("Allow cookies for this site, load the page again, and send the form once more."),
    )


def is_away(problem: BaseException | None) -> bool:
    """Whether `problem` says that the database does not answer, not that it refused a query."""
    if isinstance(problem, InterfaceError):
        return True
    if not isinstance(problem, OperationalError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    return state is None or state.startswith(GONE)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer; the page asks it for nothing."""
    answer = _alone(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("We cannot reach our records just now"),
        _("This takes a minute at most, as a rule. Your last step may not have been saved."),
        _("Wait a minute and send it again. A time that is already yours is not booked twice."),
    )
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: our fault, unless the database went away between two pages."""
    if is_away(sys.exception()):
        return unavailable(request)
    return _alone(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something broke on our side"),
        _(
            "Your last step may not have been saved. It was written down for us to look at, "
            "without your answers."
        ),
        _("Wait a minute, go back, and check before you send it again."),
    )


def _alone(
    request: HttpRequest, status: int, title: Sentence, sentence: Sentence, mend: Sentence
) -> HttpResponse:
    """Render without database and context processors, so that it cannot fail again."""
    template = "web/errors/_error.html" if wants_fragment(request) else "web/errors/error.html"
    context = {"title": title, "sentence": sentence, "mend": mend, "status": int(status)}
    return HttpResponse(render_to_string(template, context), status=status)
