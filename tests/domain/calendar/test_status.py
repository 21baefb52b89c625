from itertools import product

import pytest

from unknot.domain.calendar.status import (
    BLOCKING,
    TRANSITIONS,
    NotAllowed,
    Status,
    blocks,
    check_transition,
)


def test_every_state_says_where_it_leads():
    assert TRANSITIONS.keys() == set(Status)


def test_the_check_agrees_with_the_table_for_every_pair():
    for before, after in product(Status, Status):
        if after in TRANSITIONS[before]:
            check_transition(before, after)
        else:
            with pytest.raises(NotAllowed) as refused:
                check_transition(before, after)
            assert (refused.value.before, refused.value.after) == (before, after)


def test_time_that_was_freed_is_never_taken_back():
    for before, targets in TRANSITIONS.items():
        if before not in BLOCKING:
            assert not targets & BLOCKING


def test_an_end_is_an_end():
    ended = {s for s, targets in TRANSITIONS.items() if not targets}
    assert ended == {
        Status.ATTENDED,
        Status.NO_SHOW,
        Status.CANCELLED,
        Status.DECLINED,
        Status.EXPIRED,
    }


def test_every_state_can_be_reached_from_a_hold():
    reached, border = {Status.HELD}, {Status.HELD}
    while border:
        border = {t for s in border for t in TRANSITIONS[s]} - reached
        reached |= border
    assert reached == set(Status)


def test_a_session_is_never_attended_out_of_a_hold_or_a_request():
    for status in (Status.HELD, Status.PENDING):
        assert not TRANSITIONS[status] & {Status.ARRIVED, Status.ATTENDED}


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DECLINED, Status.EXPIRED])
def test_what_is_over_blocks_nothing(status):
    assert not blocks(status)


@pytest.mark.parametrize("status", [Status.HELD, Status.PENDING, Status.CONFIRMED])
def test_what_is_held_or_booked_blocks(status):
    assert blocks(status)
