"""Which days a therapist's credentials leave open."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import TODAY
from tests.domain.credentials.test_standing import Paper
from unknot.domain.credentials.required import (
    LEAVE,
    Requirement,
    closed,
    open_days,
    outlasted,
)

NOTHING = Requirement()
TOMORROW, DAY_AFTER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


def why(*papers: Paper, on: date = TODAY, requires: Requirement = NOTHING) -> str | None:
    found = closed(papers, requires, on=on)
    return found and found.why


@pytest.mark.parametrize("kind", ["licence", "registration"])
def test_a_licence_that_ends_tomorrow_closes_the_day_after(kind):
    paper = Paper(kind=kind, expires_on=TOMORROW)
    assert [why(paper, on=day) for day in (TODAY, TOMORROW, DAY_AFTER)] == [None, None, "run_out"]
    assert open_days([paper], NOTHING, days=[TODAY, TOMORROW, DAY_AFTER]) == {TODAY, TOMORROW}


def test_a_renewed_licence_keeps_the_days_open():
    old, new = Paper(expires_on=TOMORROW), Paper(number="M-2", issued_on=DAY_AFTER)
    assert why(old, new, on=DAY_AFTER) is None
    late = Paper(number="M-2", issued_on=DAY_AFTER + timedelta(days=1))
    assert why(old, late, on=DAY_AFTER) == "not_begun"


def test_the_own_word_does_not_renew_what_somebody_had_looked_at():
    seen, told = Paper(expires_on=TODAY), Paper(method="self", status="unknown")
    assert [why(seen, told, on=day) for day in (TODAY, TOMORROW)] == [None, "unchecked"]
    unseen = Paper(method="self", status="unknown", expires_on=TODAY)
    assert why(unseen, told, on=TOMORROW) is None
    assert why(seen, told, Paper(method="document"), on=TOMORROW) is None


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_whom_a_register_forbids_to_work_is_closed_whatever_else_they_hold(status):
    assert why(Paper(status=status), Paper(number="M-2")) == "forbidden"
    assert why(Paper(status="probation")) is None
    assert why(Paper(kind="membership", status=status)) is None


def test_what_is_not_required_and_gives_no_leave_closes_nothing():
    assert why(Paper(kind="insurance", expires_on=TODAY - timedelta(days=1))) is None
    assert why() is None


def test_a_required_kind_must_be_held_on_the_day():
    requires = Requirement(kinds=("licence", "insurance"))
    assert why(Paper(), requires=requires) == "missing"
    insured = Paper(kind="insurance", expires_on=TODAY)
    assert why(Paper(), insured, requires=requires) is None
    assert why(Paper(), insured, on=TOMORROW, requires=requires) == "run_out"


def test_the_own_word_counts_only_where_nobody_has_to_look():
    own = Paper(method="self", status="unknown")
    assert why(own, requires=Requirement(kinds=("licence",))) is None
    assert why(own, requires=Requirement(kinds=("licence",), checked=True)) is not None
    seen = Paper(method="document", status="no_register")
    assert why(seen, requires=Requirement(kinds=("licence",), checked=True)) is None


@given(
    st.lists(
        st.builds(
            Paper,
            kind=st.sampled_from(LEAVE),
            method=st.sampled_from(["register", "self"]),
            status=st.sampled_from(["active", "unknown", "expired"]),
            expires_on=st.none() | st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n)),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_day_stays_open_after_what_is_outlasted_exactly_where_its_kind_does(papers):
    for one in papers:
        if one.expires_on is not None:
            after = one.expires_on + timedelta(days=1)
            of_kind = [other for other in papers if other.kind == one.kind]
            assert outlasted(one, papers) is (why(*of_kind, on=after) is None)


@given(
    st.lists(
        st.builds(
            Paper,
            kind=st.sampled_from(["licence", "registration", "insurance"]),
            method=st.sampled_from(["register", "self"]),
            status=st.sampled_from(["active", "unknown", "expired", "no_register"]),
            expires_on=st.none() | st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n)),
        ),
        max_size=4,
    ),
    st.sets(st.sampled_from(["licence", "insurance"])),
)
def test_a_later_day_is_never_open_when_an_earlier_one_is_closed(papers, kinds):
    requires = Requirement(kinds=tuple(sorted(kinds)))
    days = [TODAY + timedelta(days=n) for n in range(-4, 5)]
    states = [why(*papers, on=day, requires=requires) is None for day in days]
    assert states == sorted(states, reverse=True)
