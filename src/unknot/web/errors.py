"""Errors that every step shares, and the pages that explain them.

    UnknotError            something a person can be told; `.sentence` says it
    ├── Missing      404   not there, or not theirs to know about
    ├── Denied       403   known to be there, and they may know why not
    ├── Conflict     409   somebody was faster, or the state has moved on
    └── BadInput     422   what was sent cannot be used

`unknot.web.middleware.typed_errors` maps each base to its page once; a step adds subclasses with
their own sentence and never builds an error page itself.
"""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


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


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: our fault. Uses no database and no context processor, so it cannot fail again."""
    alone = wants_fragment(request)
    context = {
        "title": _("Something broke on our side"),
        "sentence": _(
            "Your last step may not have been saved. It was written down for us to look at, "
            "without your answers."
        ),
        "mend": _("Wait a minute, go back, and check before you send it again."),
        "status": int(HTTPStatus.INTERNAL_SERVER_ERROR),
    }
    template = "web/errors/_error.html" if alone else "web/errors/error.html"
    return HttpResponse(
        render_to_string(template, context), status=HTTPStatus.INTERNAL_SERVER_ERROR
    )
