"""The therapists: the list, narrowed as one likes, and each one's page. Both are public."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from unknot.journey.choose.forms.directory import FilterForm
from unknot.journey.choose.pages.reader import reader
from unknot.journey.choose.reads import offers
from unknot.journey.choose.reads import therapists as therapists_reads


@require_safe
def therapists(request: HttpRequest) -> HttpResponse:
    """The therapists, narrowed by technique and length; htmx gets the list alone."""
    who = reader(request)
    form = FilterForm(offers.offer(who.practice), request.GET)
    valid = form.is_valid()
    context = {
        "reader": who,
        "form": form,
        "wanted": form.wanted,
        "cards": therapists_reads.therapist_cards(
            who.practice, wanted=form.wanted, person=who.person, on=who.on
        ),
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
    page = therapists_reads.therapist_page(slug, person=who.person, on=who.on)
    return render(request, "choose/therapist.html", {"page": page, "reader": who})
