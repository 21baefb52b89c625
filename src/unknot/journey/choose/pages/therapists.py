"""The therapists: the list, narrowed as one likes, and each one's page. Both are public."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from unknot.journey.choose.forms.directory import FilterForm
from unknot.journey.choose.pages.reader import reader
from unknot.journey.choose.reads import offers
from unknot.journey.choose.reads import therapists as therapists_reads


@require_safe
def therapists(request: HttpRequest) -> HttpResponse:
    """The therapists, narrowed as one likes, a page at a time; htmx gets the list alone."""
    who = reader(request)
    form = FilterForm(offers.offer(who.practice), request.GET)
    valid = form.is_valid()
    wanted = form.wanted
    context = {
        "reader": who,
        "form": form,
        "wanted": wanted,
        "page": therapists_reads.directory_page(
            who.practice, wanted=wanted, person=who.person, now=who.now
        ),
        "query": _without_page(request.GET),
    }
    alone = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "choose/_therapist_list.html" if alone else "choose/therapists.html"
    status = HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def therapist(request: HttpRequest, slug: str) -> HttpResponse:
    """One listed therapist: papers, experience, services and reviews."""
    who = reader(request)
    page = therapists_reads.therapist_page(slug, person=who.person, now=who.now)
    context = {"page": page, "reader": who, "canonical": request.build_absolute_uri(request.path)}
    return render(request, "choose/therapist.html", context)


def _without_page(sent: QueryDict) -> str:
    """The filters as they stand in a link to another page, ready to be followed by its number."""
    kept = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name in FilterForm.base_fields and name != "page" and any(values):
            kept.setlist(name, [value for value in values if value])
    return f"{kept.urlencode()}&" if kept else ""
