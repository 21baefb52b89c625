"""After signing in each person lands where their day starts."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.checkins import a_completed_checkin
from unknot.people.models import Practice, User

PAGE = reverse("people:landing")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("ana", "book:appointments"),
        ("tess", "practice:day"),
        ("finn", "practice:call-backs"),
        ("paz", "practice:call-backs"),
        ("opal", "people:account"),
    ],
)
def test_each_role_has_its_place(client: Browser, cast: Cast, name: str, target: str) -> None:
    client.force_login(cast.user(name))
    assert client.get(PAGE).headers["Location"] == reverse(target)


def test_a_manager_first_sees_what_is_missing(client: Browser, cast: Cast) -> None:
    Practice.objects.update(safety_approved_by="")
    client.force_login(cast.user("paz"))
    assert client.get(PAGE).headers["Location"] == reverse("practice:settings")


def test_a_new_account_goes_on_with_its_check_in(client: Browser, cast: Cast) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice)
    cast.ana.user = None
    cast.ana.save(update_fields=["user"])
    client.force_login(_ana(cast))
    assert client.get(PAGE).headers["Location"] == reverse("understand:start")
    session = client.session
    session["checkin"] = str(checkin.key)
    session.save()
    assert client.get(PAGE).headers["Location"] == reverse("understand:result")


def _ana(cast: Cast) -> User:
    return User.objects.get(email="ana@example.org")
