"""The pages to choose: techniques, one technique, therapists, one therapist. All are public."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from unknot.journey.choose import reads
from unknot.journey.choose import techniques as rows
from unknot.journey.choose.forms import FilterForm
from unknot.journey.understand import access
from unknot.journey.understand import reads as understand
from unknot.people.models import Practice
from unknot.web.errors import Missing

#: Somebody of whom nothing is known.
NOBODY = reads.Person()

State = Literal["none", "draft", "old", "new", "stopped", "ready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whoever looks at the page: how far their check-in is, and what it says."""

    state: State
    on: date
    practice: Practice | None = None
    person: reads.Person = NOBODY


@require_safe
def techniques(request: HttpRequest) -> HttpResponse:
    """The guided list for who has checked in, the plain list for everybody else."""
    reader = _reader(request)
    if reader.state == "stopped":
        return redirect("understand:result")
    context: dict[str, Any] = {"reader": reader, "guided": reader.person.guided}
    if reader.person.guided is not None:
        return render(request, "choose/guided.html", context)
    always, also = rows.general()
    context |= {"techniques": rows.catalogue(), "always_say": always, "also_say": also}
    return render(request, "choose/techniques.html", context)


@require_safe
def technique(request: HttpRequest, technique: str) -> HttpResponse:
    """One technique: what is done, how it feels, who should be careful, what is known."""
    try:
        page = rows.page(technique)
    except KeyError as error:
        raise Missing from error
    reader = _reader(request)
    context = {
        "page": page,
        "reader": reader,
        "hindrance": reader.person.hindrance(technique),
        "prices": reads.prices(technique, reader.practice),
        "always_say": rows.general()[0],
    }
    return render(request, "choose/technique.html", context)


@require_safe
def therapists(request: HttpRequest) -> HttpResponse:
    """The therapists, narrowed by technique and length; htmx gets the list alone."""
    reader = _reader(request)
    form = FilterForm(reads.offer(reader.practice), request.GET)
    valid = form.is_valid()
    context = {
        "reader": reader,
        "form": form,
        "wanted": form.wanted,
        "cards": reads.therapist_cards(
            reader.practice, wanted=form.wanted, person=reader.person, on=reader.on
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
    reader = _reader(request)
    page = reads.therapist_page(slug, person=reader.person, on=reader.on)
    return render(request, "choose/therapist.html", {"page": page, "reader": reader})


def _reader(request: HttpRequest) -> Reader:
    now = timezone.now()
    checkin = access.shown_to(request.user, request.session)
    if checkin is None:
        return Reader(state="none", on=timezone.localdate(now))
    on = understand.local_day(checkin, now)
    try:
        checkin = understand.check_screened(checkin, now=now)
    except understand.ScreeningStop:
        return Reader(state="stopped", on=on, practice=checkin.practice)
    except understand.SomethingNew:
        return Reader(state="new", on=on, practice=checkin.practice)
    except understand.ScreeningMissing:
        state: State = "old" if checkin.completed_at else "draft"
        return Reader(state=state, on=on, practice=checkin.practice)
    guided = reads.guided(checkin, on)
    person = reads.Person(guided=guided, language=checkin.language)
    return Reader(state="ready", on=on, practice=checkin.practice, person=person)
