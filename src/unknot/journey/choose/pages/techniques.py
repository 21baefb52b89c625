"""The techniques: guided for who has checked in, the plain list for everybody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from unknot.journey.choose.pages.reader import reader
from unknot.journey.choose.reads import offers
from unknot.journey.choose.reads import techniques as rows
from unknot.web.errors import Missing


@require_safe
def techniques(request: HttpRequest) -> HttpResponse:
    """The guided list for who has checked in, the plain list for everybody else."""
    who = reader(request)
    if who.state == "stopped":
        return redirect("understand:result")
    context: dict[str, Any] = {"reader": who, "guided": who.person.guided}
    if who.person.guided is not None:
        lengths = offers.lengths(who.practice)
        context |= {
            "offered": lengths.keys(),
            "as_long": {name for name, offered in lengths.items() if who.minutes in offered},
        }
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
    who = reader(request)
    prices = offers.prices(technique, who.practice)
    context = {
        "page": page,
        "reader": who,
        "hindrance": who.person.hindrance(technique),
        "prices": prices,
        "as_long": any(row.minutes == who.minutes for row in prices),
        "always_say": rows.general()[0],
    }
    return render(request, "choose/technique.html", context)
