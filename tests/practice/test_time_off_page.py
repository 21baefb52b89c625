"""Time off: nobody books inside, what is booked stays and is listed, every practice knows."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import an_appointment
from tests.cast import NOW, TODAY, Cast, a_member, at
from tests.practice.test_day_page import signed_in
from tests.practice.test_resources_page import differences
from unknot.journey.book.actions import days, time_off
from unknot.journey.book.actions.time_off import Away
from unknot.journey.book.models import Appointment, AvailDay, TimeOff
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.models import Therapist
from unknot.people.models import AuditEntry, Membership, Role
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("practice:time-off")
PEOPLE = [("finn", 403), ("ana", 404), ("opal", 404)]
MONDAY = Away(first_day=TODAY + timedelta(days=3), last_day=TODAY + timedelta(days=3))


def sent(first: int = 3, last: int = 3, **changed: str) -> dict[str, str]:
    whole = {"starts": "", "ends": ""}
    for name, number in (("first", first), ("last", last)):
        day = TODAY + timedelta(days=number)
        whole |= {f"{name}_day_day": str(day.day), f"{name}_day_month": str(day.month)}
        whole |= {f"{name}_day_year": str(day.year)}
    return whole | changed


def free(cast: Cast, hour: int) -> bool:
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    return decision.refusal(wanted, at(hour, days=3), now=NOW) is None


def test_hours_off_are_not_offered_and_what_is_booked_stays(client: Browser, cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    booked = an_appointment(cast)
    browser = signed_in(client, cast, "tess")
    assert browser.post(PAGE, sent(starts="9:30", ends="12:00")).headers["Location"] == PAGE
    kept = TimeOff.objects.get()
    assert (kept.during.lower, kept.during.upper) == (at(9, 30, days=3), at(12, days=3))
    assert AuditEntry.objects.get(action="time-off.added").actor == cast.tess.user
    assert not free(cast, 11)
    assert free(cast, 12)
    booked.refresh_from_db()
    assert (booked.status, booked.start) == ("confirmed", at(10, days=3))
    page = browser.get(PAGE).content.decode()
    assert "Booked inside" in page
    assert "Monday 30 March, 10:00–11:00, Ana" in page
    assert differences() == []


def test_taken_back_it_is_free_again(client: Browser, cast: Cast) -> None:
    days.extend(cast.tess, today=TODAY)
    off = time_off.add(cast.user("tess"), cast.tess, away=MONDAY, now=NOW)
    assert not free(cast, 10)
    answer = signed_in(client, cast, "tess").post(
        reverse("practice:time-off-remove", args=[off.pk])
    )
    assert answer.headers["Location"] == PAGE
    assert free(cast, 10)
    assert differences() == []
    assert AuditEntry.objects.get(action="time-off.removed").actor == cast.tess.user


def test_every_practice_of_a_person_knows(cast: Cast) -> None:
    elsewhere = Therapist.objects.create(
        user=cast.tess.user,
        practice=cast.other_practice,
        location=cast.other_practice.location_set.get(),
        slug="tess-2",
        name="Tess",
        listed_since=NOW,
    )
    Membership.objects.create(
        user=cast.tess.user, practice=cast.other_practice, role=Role.THERAPIST, since=NOW
    )
    days.extend(elsewhere, today=TODAY)
    assert AvailDay.objects.filter(resource__user=cast.tess.user_id).count() == 2 * 62
    time_off.add(cast.user("tess"), cast.tess, away=MONDAY, now=NOW)
    assert differences() == []


def test_a_manager_keeps_it_for_a_colleague(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert "Whose time off" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, sent()).status_code == 404
    theirs = f"{PAGE}?therapist=theo"
    assert browser.post(theirs, sent()).headers["Location"] == theirs
    off = TimeOff.objects.get()
    assert off.resource.user == cast.theo.user
    answer = browser.post(reverse("practice:time-off-remove", args=[off.pk]))
    assert answer.headers["Location"] == theirs


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (sent(4, 3), "The end must come after the start."),
        (sent(starts="12:00", ends="12:00"), "The end must come after the start."),
        (sent(-1, -1), "This time is over."),
        (sent(3, 732), "Choose days of the next two years."),
        (sent(starts="9:01"), "in steps of 5 minutes"),
        (sent(ends="24:01"), "Write the time like 09:30"),
        (sent(first_day_year="26"), "Write the year with 4 digits"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, values: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(PAGE, values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not TimeOff.objects.exists()


def test_a_long_leave_is_one_row(cast: Cast) -> None:
    away = Away(first_day=TODAY, last_day=TODAY + timedelta(days=365))
    days.extend(cast.tess, today=TODAY)
    time_off.add(cast.user("tess"), cast.tess, away=away, now=NOW)
    assert not any(one.free for one in AvailDay.objects.filter(day__gte=TODAY))
    assert differences() == []


def test_it_keeps_no_reason(cast: Cast) -> None:
    fields = {one.name for one in TimeOff._meta.get_fields()}
    assert fields == {"id", "resource", "during", "created_by", "created_at"}


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    off = time_off.add(cast.user("tess"), cast.tess, away=MONDAY, now=NOW)
    browser = signed_in(client, cast, name)
    assert browser.get(PAGE).status_code == status
    assert browser.post(PAGE, sent()).status_code == status
    assert browser.post(reverse("practice:time-off-remove", args=[off.pk])).status_code == status
    assert TimeOff.objects.count() == 1


def test_a_colleague_and_another_practice_do_not_keep_it(client: Browser, cast: Cast) -> None:
    off = time_off.add(cast.user("tess"), cast.tess, away=MONDAY, now=NOW)
    remove = reverse("practice:time-off-remove", args=[off.pk])
    assert signed_in(client, cast, "theo").post(remove).status_code == 403
    assert signed_in(client, cast, "theo").get(f"{PAGE}?therapist=tess").status_code == 403
    assert signed_in(client, cast, "uma").post(remove).status_code == 404
    other = a_member("Otto", cast.other_practice, Role.MANAGER)
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(remove).status_code == 404
    for actor, error in ((cast.user("theo"), Denied), (cast.finn, Denied), (other, Missing)):
        with pytest.raises(error):
            time_off.add(actor, cast.tess, away=MONDAY, now=NOW)
        with pytest.raises(error):
            time_off.remove(actor, cast.tess, off, now=NOW)
    assert TimeOff.objects.count() == 1


def test_the_action_refuses_a_time_that_is_over(cast: Cast) -> None:
    day = TODAY - timedelta(days=1)
    away = Away(first_day=day, last_day=day)
    with pytest.raises(BadInput):
        time_off.add(cast.user("tess"), cast.tess, away=away, now=NOW)


def test_the_number_of_queries_does_not_grow(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "tess")
    an_appointment(cast)
    an_appointment(cast, client=cast.ben, start=at(14, days=3))
    assert Appointment.objects.count() == 2
    time_off.add(cast.user("tess"), cast.tess, away=MONDAY, now=NOW)
    with django_assert_num_queries(11):
        browser.get(PAGE)
