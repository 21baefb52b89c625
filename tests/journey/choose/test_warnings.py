"""The worker writes before a credential runs out: once for each step, to those whom it concerns."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import LONG_AGO, NOW, TODAY, Cast, a_member
from tests.journey.choose.listing import a_credential
from unknot.journey.choose.actions.warnings import warn_of_ends
from unknot.journey.choose.models import CredentialWarning
from unknot.people.models import Membership, Message, Role
from unknot.project.jobs import JOBS


def days(number: int) -> timedelta:
    return timedelta(days=number)


def written() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "recipient"))


def test_it_is_a_job_of_the_worker() -> None:
    assert warn_of_ends in JOBS


def test_three_steps_are_written_each_once(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY + days(65))
    for day in range(70):
        for _pass in range(2):
            warn_of_ends(NOW + days(day))
    steps = list(CredentialWarning.objects.order_by("pk").values_list("days", "written_at"))
    assert steps == [(60, NOW + days(5)), (30, NOW + days(35)), (7, NOW + days(58))]
    assert (
        written()
        == [
            ("credential-ends", "tess@example.org"),
            ("credential-ends-manager", "paz@example.org"),
        ]
        * 3
    )


def test_of_steps_that_were_missed_only_the_nearest_is_written(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY + days(5))
    assert warn_of_ends(NOW) == 1
    assert CredentialWarning.objects.get().days == 7
    assert warn_of_ends(NOW + days(1)) == 0


def test_a_new_last_day_is_warned_of_anew(cast: Cast) -> None:
    paper = a_credential(cast.tess, expires_on=TODAY + days(30))
    assert warn_of_ends(NOW) == 1
    paper.expires_on = TODAY + days(31)
    paper.save(update_fields=["expires_on"])
    assert warn_of_ends(NOW) == 1
    assert warn_of_ends(NOW) == 0


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({}, 1),
        ({"kind": "registration"}, 1),
        ({"kind": "certification"}, 1),
        ({"kind": "insurance"}, 1),
        ({"kind": "training"}, 0),
        ({"kind": "membership"}, 0),
        ({"expires_on": None}, 0),
        ({"expires_on": TODAY - timedelta(days=1)}, 0),
        ({"status": "revoked"}, 0),
        ({"status": "lapsed"}, 0),
        ({"method": "self", "checked_on": None, "checked_by": None, "status": "unknown"}, 1),
        ({"issued_on": TODAY + timedelta(days=2)}, 1),
    ],
)
def test_what_is_warned_of(cast: Cast, fields: dict[str, object], number: int) -> None:
    a_credential(cast.tess, **{"expires_on": TODAY + days(7), **fields})
    assert warn_of_ends(NOW) == number
    assert Message.objects.count() == 2 * number


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ({"expires_on": None}, 0),
        ({"expires_on": TODAY + timedelta(days=400), "issued_on": TODAY}, 0),
        ({"issued_on": TODAY + timedelta(days=8), "expires_on": None}, 0),
        ({"issued_on": TODAY + timedelta(days=9), "expires_on": None}, 1),
        ({"kind": "registration", "expires_on": None}, 1),
        ({"status": "lapsed", "expires_on": None}, 1),
        ({"method": "self", "checked_on": None, "checked_by": None, "status": "unknown"}, 1),
    ],
)
def test_what_is_renewed_already_is_not_warned_of(
    cast: Cast, other: dict[str, object], number: int
) -> None:
    a_credential(cast.tess, expires_on=TODAY + days(7))
    a_credential(cast.tess, number="M-2", **other)
    a_credential(cast.theo, number="M-3")  # somebody else's renews nothing
    assert warn_of_ends(NOW) == number
    assert Message.objects.count() == 2 * number


def test_the_day_is_the_practices_own(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=date(2026, 6, 8))
    evening = datetime(2026, 4, 8, 21, 59, tzinfo=UTC)  # 23:59 in Berlin, 61 days before
    assert warn_of_ends(evening) == 0
    assert warn_of_ends(evening + timedelta(minutes=1)) == 1


def test_the_mail_says_what_ends_when_and_where_to_go(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY + days(30), title="Massage <licence>")
    warn_of_ends(NOW)
    own, manager = Message.objects.order_by("pk")
    assert own.subject == "Massage <licence> runs out in 30 days"
    assert "Sunday 26 April 2026" in own.body
    assert "/practice/credentials/" in own.body
    assert manager.subject == "Tess: Massage <licence> runs out in 30 days"
    assert "/practice/team/" in manager.body


def test_a_last_valid_day_of_today_is_still_written(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY)
    assert warn_of_ends(NOW) == 1
    assert Message.objects.earliest("pk").subject == "Massage licence runs out today"


def test_who_manages_and_treats_gets_one_mail_and_who_left_none(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY + days(7))
    a_credential(cast.uma, expires_on=TODAY + days(7))
    a_member("Mo", cast.practice, Role.MANAGER).membership_set.update(until=NOW)
    Membership.objects.create(
        user=cast.tess.user, practice=cast.practice, role=Role.MANAGER, since=LONG_AGO
    )
    cast.uma.user.membership_set.update(until=NOW)
    assert warn_of_ends(NOW) == 1
    assert written() == [
        ("credential-ends", "tess@example.org"),
        ("credential-ends-manager", "paz@example.org"),
    ]


def test_a_long_title_keeps_its_days_in_the_subject(cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY + days(7), title="L" * 160)
    warn_of_ends(NOW)
    assert all(one.subject.endswith("runs out in 7 days") for one in Message.objects.all())
