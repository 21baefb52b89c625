"""How many queries a page costs, for the pages whose own tests do not say it."""

from datetime import datetime

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.test_route_table import World, world

__all__ = ["world"]  # the fixture of the route table

QUERIES = {
    ("web:home", "nobody"): 0,
    ("understand:result", "ana"): 17,
    ("choose:technique", "nobody"): 1,
    ("choose:technique", "ana"): 14,
    ("choose:therapist", "ana"): 21,
    ("follow:daily", "ana"): 5,
    ("follow:weekly", "ana"): 4,
    ("follow:progress", "ana"): 9,
    ("follow:client-progress", "tess"): 19,
    ("people:account", "ana"): 7,
    ("practice:call-backs", "paz"): 9,
    ("practice:call-back", "paz"): 16,
}


def test_each_page_asks_as_often_as_it_says(world: World, now: datetime) -> None:
    counted = {}
    for name, person in QUERIES:
        browser = Browser()
        if person != "nobody":
            browser.force_login(world.cast.user(person))
        address = reverse(name, kwargs=world.known.get(name, {}))
        with CaptureQueriesContext(connection) as asked:
            status = browser.get(address).status_code
        assert status == 200, name
        counted[name, person] = len(asked)
    assert counted == QUERIES
