"""Whose calendar a page is about: one's own, or for a manager one that is chosen first."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from unknot.journey.book import access
from unknot.journey.choose import access as choose_access
from unknot.journey.choose.reads import offering
from unknot.people.models import Role
from unknot.people.requests import StaffRequest
from unknot.practice import tabs

Text = tabs.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A page about one therapist: its route, and its heading for oneself and for a choice."""

    route: str
    own: Text
    whose: Text

    def calendar(self, request: StaffRequest) -> access.Calendar | None:
        """The calendar asked for; one's own without asking, None when there is none to show."""
        asked = request.GET.get("therapist")
        if asked:
            return access.calendar_to_keep(request.user, request.practice, asked)
        if asked is None and Role.THERAPIST in request.roles:
            return choose_access.own_listing(request.user, request.practice)
        return None

    def query(self, request: StaffRequest, calendar: access.Calendar) -> str:
        """What an address needs to stay with this calendar."""
        return "" if calendar.user_id == request.user.pk else f"?therapist={calendar.slug}"

    def back(self, request: StaffRequest, calendar: access.Calendar) -> str:
        """The address of this page."""
        return reverse(self.route) + self.query(request, calendar)

    def context(self, request: StaffRequest, calendar: access.Calendar) -> dict[str, object]:
        """What every such page shows."""
        own = calendar.user_id == request.user.pk
        return {
            "tabs": tabs.my_work(self.route) if own else tabs.of_practice(self.route, alone=False),
            "own": own,
            "calendar": calendar,
            "query": self.query(request, calendar),
            "practice": request.practice,
        }

    def choose(self, request: StaffRequest) -> HttpResponse:
        """Whose, for a manager; the listing comes first, for a therapist without one."""
        chooses = Role.MANAGER in request.roles and (
            "therapist" in request.GET or Role.THERAPIST not in request.roles
        )
        context = {
            "tabs": tabs.of_practice(self.route, alone=False)
            if chooses
            else tabs.my_work(self.route),
            "chooses": chooses,
            "heading": self.whose if chooses else self.own,
            "page": reverse(self.route),
            "team": offering.team(request.practice) if chooses else (),
        }
        return render(request, "practice/whose.html", context)
