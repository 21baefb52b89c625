"""The signed link of a client's mails: the time and the place, move and cancel; no account needed.

It shows neither what the session is for nor whose it is. A GET changes nothing: programs that look
at mails open every address in them.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.book import access, links
from unknot.journey.book.actions import arrange
from unknot.journey.book.forms.booking import CancelForm
from unknot.journey.book.pages import moving, slots
from unknot.journey.book.pages.booking import say_cancelled
from unknot.journey.book.reads import booked, clock
from unknot.web import money
from unknot.web.errors import BadInput, Conflict, UnknotError

NOBODY = AnonymousUser()


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """When and where, with the ways to move and to cancel it."""
    return _private(_show(request, token, links.appointment_of(token)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """The free times it can move to; POST moves it."""
    found, refused = links.appointment_of(token), None
    if request.method == "POST":
        start, _reason, refused = moving.asked(request)
        if refused is None and start is not None:
            try:
                now = clock.database_now()
                made = arrange.move_by_link(token, start, actor=NOBODY, now=now)
            except Conflict as problem:
                refused = slots.Refused(problem=_plain(found, problem), around=start)
            else:
                moving.say_moved(request, found, made)
                return redirect("book:link", token)
    return _private(_show_move(request, token, links.appointment_of(token), refused))


@never_cache
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel it; a second press changes nothing."""
    found, form = links.appointment_of(token), CancelForm(request.POST)
    if not form.is_valid():
        raise BadInput
    try:
        made = arrange.cancel_by_link(
            token,
            actor=NOBODY,
            now=clock.database_now(),
            expected_minor=form.cleaned_data["fee"],
        )
    except Conflict as problem:
        return _private(_show(request, token, found, problem))
    if found.status != made.status:
        say_cancelled(request, made)
    return redirect("book:link", token)


def _private(response: HttpResponse) -> HttpResponse:
    """Kept out of search engines; the referrer never leaves this site, as on every page."""
    response["X-Robots-Tag"] = "noindex"
    return response


def _plain(found: access.Held, problem: Conflict) -> Conflict:
    """A refusal without the reason that a stop would give: the address may be in other hands."""
    if booked.row(found).on_hold:
        return Conflict(_("This cannot be done here at the moment. Please call the practice."))
    return problem


def _show(
    request: HttpRequest, token: str, found: access.Held, problem: UnknotError | None = None
) -> HttpResponse:
    row, now = booked.row(found), clock.database_now()
    charge = arrange.charge(found, now=now, on_hold=row.on_hold, by_client=True)
    is_open = row.is_coming and found.start > now
    context = {
        "row": row,
        "token": token,
        "problem": problem,
        "is_open": is_open,
        "can_move": is_open and not row.on_hold and found.pair is None,
        "charge": charge,
        "why": "" if row.on_hold else _(charge.why.value),
        "fee": money.price(charge.fee_minor, found.currency) if charge.fee_minor else "",
        "window": arrange.rule(found).window_hours,
    }
    return render(request, "book/link.html", context, status=409 if problem else 200)


def _show_move(
    request: HttpRequest, token: str, found: access.Held, refused: slots.Refused | None
) -> HttpResponse:
    row, now = booked.row(found), clock.database_now()
    if not row.is_coming or found.start <= now or row.on_hold or found.pair is not None:
        return _show(request, token, found, refused.problem if refused else None)
    context = {
        "row": row,
        "token": token,
        "more": "",
        "late": moving.is_late(found, now),
        "window": arrange.rule(found).window_hours,
        **moving.week_for(request, found, refused, now=now),
    }
    return render(
        request, "book/link_move.html", context, status=refused.status if refused else 200
    )
