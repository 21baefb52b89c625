"""Find a time: who has one, by technique, place, days and time of day. Public; nothing is kept."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from unknot.journey.book.forms.search import SearchForm
from unknot.journey.book.reads import search as reads
from unknot.journey.choose.pages.reader import Reader, reader
from unknot.journey.choose.reads import offers
from unknot.journey.choose.reads.offers import Offer

#: Whom a time is shown: as on the week of a therapist, whoever still has to finish, renew or clear
#: up their check-in sees that first.
SHOWN_TIMES: Final = ("none", "ready")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Who has a free time, best first, a page at a time; htmx gets the list alone."""
    who = reader(request)
    zone = who.practice.tz if who.practice is not None else timezone.get_default_timezone()
    form = SearchForm(
        _offer(who),
        reads.features(who.practice),
        today=who.now.astimezone(zone).date(),
        data=request.GET,
    )
    valid = form.is_valid()
    asked = form.asked
    shown = who.state in SHOWN_TIMES
    context = {
        "reader": who,
        "form": form,
        "asked": asked,
        "shown": shown,
        "found": _found(who, form) if shown else None,
        "query": _without_page(request.GET),
    }
    alone = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "book/_search_list.html" if alone else "book/search.html"
    status = HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _found(who: Reader, form: SearchForm) -> reads.Found:
    return reads.find(
        form.asked, practice=who.practice, person=who.person, now=who.now, client=who.client
    )


def _offer(who: Reader) -> Offer:
    """What can be chosen: of the techniques, those that this reader's check-in leaves open."""
    whole = offers.offer(who.practice)
    guided = who.person.guided
    if guided is None:
        return whole
    return Offer(
        techniques=tuple(one for one in whole.techniques if one[0] in guided.bookable),
        minutes=whole.minutes,
        countries=whole.countries,
        currencies=whole.currencies,
    )


def _without_page(sent: QueryDict) -> str:
    """The filters as they stand in a link to another page, ready to be followed by its number."""
    kept = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name in SearchForm.base_fields and name != "page" and any(values):
            kept.setlist(name, [value for value in values if value])
    return f"{kept.urlencode()}&" if kept else ""
