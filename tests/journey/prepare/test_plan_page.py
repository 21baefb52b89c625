"""The plan of a session: a proposal first, then what the therapist of this appointment saved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import plans, reads
from unknot.journey.prepare.actions import (
    OlderPlan,
    PlanClosed,
    Step,
    Wishes,
    drop_plan,
    save_plan,
    save_preparation,
)
from unknot.journey.prepare.actions import plan as plan_actions
from unknot.journey.prepare.models import PlannedPart, SessionPlan
from unknot.people.actions import share_only, withdraw_consent
from unknot.people.models import AuditEntry, Purpose
from unknot.web.errors import BadInput

NOON = at(12)
STEPS = (Step(region="", minutes=10), Step(region="lumbar_l", minutes=50, note="slowly"))


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=NOON)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def address(visit: Appointment, name: str = "prepare:plan") -> str:
    return reverse(name, args=[visit.key])


def proposal(visit: Appointment) -> plans.Plan:
    found = reads.plan(visit)
    assert found is not None
    return found


def regions_of(plan: plans.Plan) -> list[str]:
    return [row.region for row in plan.rows]


def save(cast: Cast, visit: Appointment, *steps: Step, revision: int = 0) -> int:
    return save_plan(cast.user("tess"), visit, steps=steps or STEPS, revision=revision, now=NOW)


def sent(*rows: tuple[str, str, str, str], revision: int = 0, **more: str) -> dict[str, str]:
    """Rows of order, place, minutes and note, as the form sends them."""
    names = ("position", "region", "minutes", "note")
    fields = {
        f"part-{index}-{name}": value
        for index, row in enumerate(rows)
        for name, value in zip(names, row, strict=True)
    }
    counts = {"part-TOTAL_FORMS": str(len(rows)), "part-INITIAL_FORMS": "0"}
    return {**counts, **fields, "revision": str(revision), **more}


def test_the_proposal_starts_from_the_marks_and_fills_the_time(
    tess: Browser, visit: Appointment
) -> None:
    plan = proposal(visit)
    assert regions_of(plan) == ["", "cervical_l", "upper_trap_l", ""]
    assert plan.total == plan.hands_on == 60
    text = tess.get(address(visit)).content.decode()
    assert "This is a proposal" in text
    assert "Upper trapezius, left" in text
    assert "not a finding" in text


def test_reading_it_leaves_one_audit_row(tess: Browser, cast: Cast, visit: Appointment) -> None:
    rows = AuditEntry.objects.filter(action="plan.read")
    assert not rows.exists()
    tess.get(address(visit))
    assert (rows.get().actor, rows.get().client) == (cast.user("tess"), cast.ana)


def test_what_is_sent_back_is_no_further_reading(tess: Browser, visit: Appointment) -> None:
    row = ("1", "sacrum", "0", "")
    assert tess.post(address(visit), sent(row)).status_code == 422
    assert tess.post(address(visit), sent(row, more="1")).status_code == 200
    assert tess.head(address(visit)).status_code == 200
    assert not AuditEntry.objects.filter(action="plan.read").exists()


def test_a_wish_for_a_place_and_one_to_leave_out_are_heard(cast: Cast, visit: Appointment) -> None:
    wishes = Wishes(focus=("low_back",), leave_out=("cervical_l",))
    save_preparation(cast.user("ana"), visit, wishes=wishes, now=NOW)
    found = regions_of(proposal(visit))
    assert "cervical_l" not in found
    assert {"lumbar_l", "lumbar_r", "sacrum"} <= set(found)


def test_marks_that_are_not_shared_are_not_in_the_proposal(cast: Cast, visit: Appointment) -> None:
    wishes = Wishes(focus=("sacrum",))
    save_preparation(cast.user("ana"), visit, wishes=wishes, now=NOW)
    assert "upper_trap_l" in regions_of(proposal(visit))
    share_only(cast.ana, [Purpose.SHARE_SAFETY], now=NOW)
    assert regions_of(proposal(visit)) == ["", "sacrum", ""]


def test_who_took_back_that_answers_are_used_gets_a_plan_of_the_whole_area(
    cast: Cast, visit: Appointment
) -> None:
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    assert regions_of(proposal(visit)) == [""]


def test_what_safety_closes_is_left_out_and_named_only_when_shared(
    cast: Cast, visit: Appointment
) -> None:
    later = NOW + timedelta(minutes=1)
    a_completed_checkin(
        cast.ana,
        practice=cast.practice,
        conditions=["skin_broken"],
        where={"skin_broken": ["upper_back"]},
        shares=["share_safety", "share_body"],
        now=later,
    )
    plan = proposal(visit)
    assert "upper_trap_l" not in regions_of(plan)
    named = " ".join(str(label) for label in plan.rows[0].without)
    assert str(plans.label("upper_trap_l")) in named
    share_only(cast.ana, [Purpose.SHARE_BODY], now=later)
    hidden = proposal(visit)
    assert "upper_trap_l" not in regions_of(hidden)
    assert str(plans.label("upper_trap_l")) not in " ".join(
        str(label) for label in hidden.rows[0].without
    )


def test_saving_keeps_the_steps_and_says_who(tess: Browser, cast: Cast, visit: Appointment) -> None:
    rows = (
        ("3", "sacrum", "20", "at the end"),
        ("1", "whole", "10", ""),
        ("2", "lumbar_l", "30", ""),
    )
    answer = tess.post(address(visit), sent(*rows))
    assert answer["Location"] == address(visit)
    kept = PlannedPart.objects.values_list("position", "region", "minutes", "note")
    assert sorted(kept) == [
        (1, "", 10, ""),
        (2, "lumbar_l", 30, ""),
        (3, "sacrum", 20, "at the end"),
    ]
    entry = AuditEntry.objects.get(action="plan.saved")
    assert (entry.actor, entry.client) == (cast.user("tess"), cast.ana)
    text = tess.get(address(visit)).content.decode()
    assert "Saved by Tess" in text
    assert "at the end" in text


def test_empty_rows_and_those_taken_out_are_not_kept(tess: Browser, visit: Appointment) -> None:
    rows = (("1", "whole", "30", ""), ("2", "sacrum", "30", ""), ("3", "", "", ""))
    tess.post(address(visit), sent(*rows, **{"part-1-out": "on"}))
    assert list(PlannedPart.objects.values_list("region", "minutes")) == [("", 30)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("1", "", "20", ""), "Choose the place, or take this row out."),
        (("1", "sacrum", "", ""), "Write the minutes, 1 to 240."),
        (("1", "sacrum", "0", ""), "Write the minutes, 1 to 240."),
        (("", "sacrum", "20", ""), "Write where it comes in the order: 1 to 999."),
        (("1", "neck_front_mid", "5", ""), "This place is not worked on"),
        (("1", "the_moon", "5", ""), "This place is not worked on"),
        (("1", "sacrum", "20", "x" * 121), "at most 120 characters"),
    ],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_kept(
    tess: Browser, visit: Appointment, row: tuple[str, str, str, str], sentence: str
) -> None:
    answer = tess.post(address(visit), sent(row))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SessionPlan.objects.exists()


def test_a_place_that_safety_closes_is_refused_on_the_page_and_below_it(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    row = ("1", "lumbar_mid", "20", "")  # the middle of the spine: closed to everybody
    answer = tess.post(address(visit), sent(row))
    assert answer.status_code == 422
    assert "This place is not worked on: safety or the client closes it." in (
        answer.content.decode()
    )
    with pytest.raises(BadInput, match="safety or the client closes it"):
        save(cast, visit, Step(region="lumbar_mid", minutes=20))
    save(cast, visit, Step(region="lumbar_l", minutes=20))  # beside it is fine


def test_a_place_that_the_client_wants_left_out_is_refused(cast: Cast, visit: Appointment) -> None:
    save_preparation(cast.user("ana"), visit, wishes=Wishes(leave_out=("low_back",)), now=NOW)
    with pytest.raises(BadInput, match="safety or the client closes it"):
        save(cast, visit, Step(region="lumbar_l", minutes=20))


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (Step(region="sacrum", minutes=0),),
        (Step(region="sacrum", minutes=241),),
        (Step(region="sacrum", minutes=9, note="x" * 121),),
        (Step(region="the_moon", minutes=9),),
        (Step(region="sacrum", minutes=1),) * 31,
    ],
)
def test_steps_that_cannot_be_are_refused_below_the_form(
    cast: Cast, visit: Appointment, steps: tuple[Step, ...]
) -> None:
    with pytest.raises(BadInput):
        save_plan(cast.user("tess"), visit, steps=steps, revision=0, now=NOW)
    assert not SessionPlan.objects.exists()


def test_the_older_copy_of_two_is_refused_and_shown_again(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    assert save(cast, visit) == 1
    assert save(cast, visit, revision=1) == 2
    with pytest.raises(OlderPlan):
        save(cast, visit, Step(region="sacrum", minutes=5), revision=1)
    answer = tess.post(address(visit), sent(("1", "sacrum", "5", "mine"), revision=1))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "There is a newer copy of this plan" in text
    assert 'value="mine"' in text
    assert 'name="revision" value="2"' in text
    assert tess.post(address(visit), sent(("1", "sacrum", "5", ""), revision=2)).status_code == 302


def test_only_a_second_plan_is_an_older_copy(cast: Cast, visit: Appointment) -> None:
    tess = cast.user("tess")
    with pytest.raises(IntegrityError, match="changed_at"), transaction.atomic():
        plan_actions._begun(visit, tess, None)  # type: ignore[arg-type]
    save(cast, visit)
    with pytest.raises(OlderPlan):
        plan_actions._begun(visit, tess, NOW)


def test_a_row_can_be_moved_and_rows_added_without_saving(
    tess: Browser, visit: Appointment
) -> None:
    rows = (("1", "whole", "10", ""), ("2", "sacrum", "50", "deep breath"))
    answer = tess.post(address(visit), sent(*rows, move="1-up"))
    assert answer.status_code == 200
    form = answer.context["form"]
    assert [row["region"].value() for row in form.rows][:2] == ["sacrum", "whole"]
    assert [row["position"].value() for row in form.rows] == [1, 2, 3, 4]
    assert form.total == 60
    assert not SessionPlan.objects.exists()
    more = tess.post(address(visit), sent(*rows, more="1")).context["form"]
    assert len(more.rows.forms) == 4


@pytest.mark.parametrize("move", ["0-up", "1-down", "9-up", "up", "0-sideways", ""])
def test_a_move_that_leads_nowhere_changes_nothing(
    tess: Browser, visit: Appointment, move: str
) -> None:
    rows = (("1", "whole", "10", ""), ("2", "sacrum", "50", ""))
    form = tess.post(address(visit), sent(*rows, move=move)).context["form"]
    assert [row["region"].value() for row in form.rows][:2] == ["whole", "sacrum"]


def test_the_sum_says_what_is_too_much_or_left(tess: Browser, visit: Appointment) -> None:
    def text(minutes: str) -> str:
        rows = sent(("1", "whole", minutes, ""), more="1")
        return tess.post(address(visit), rows).content.decode()

    assert "5 too many" in text("65")
    assert "10 left" in text("50")
    assert "too many" not in text("60")


def test_back_to_the_proposal(tess: Browser, cast: Cast, visit: Appointment) -> None:
    save(cast, visit)
    answer = tess.post(address(visit, "prepare:plan-drop"), {"revision": "1"})
    assert answer["Location"] == address(visit)
    assert not SessionPlan.objects.exists()
    assert AuditEntry.objects.filter(action="plan.dropped").count() == 1
    assert not proposal(visit).stored


def test_an_older_copy_cannot_drop_the_plan(cast: Cast, visit: Appointment) -> None:
    save(cast, visit)
    with pytest.raises(OlderPlan):
        drop_plan(cast.user("tess"), visit, revision=0, now=NOW)
    assert SessionPlan.objects.exists()


def test_what_was_planned_and_is_closed_since_is_said(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    save(cast, visit)
    save_preparation(cast.user("ana"), visit, wishes=Wishes(leave_out=("lumbar_l",)), now=NOW)
    assert [str(one) for one in proposal(visit).now_closed] == [str(plans.label("lumbar_l"))]
    for page in ("prepare:plan", "prepare:briefing"):
        text = tess.get(address(visit, page)).content.decode()
        assert "What was said since closes places of this plan" in text


def test_a_session_on_hold_or_ruled_out_has_no_plan(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    later = NOW + timedelta(minutes=1)
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["fever_infection"], now=later)
    assert reads.plan(visit) is None
    assert tess.get(address(visit)).status_code == 409
    with pytest.raises(PlanClosed):
        save(cast, visit)
    assert "Proposed plan" not in tess.get(address(visit, "prepare:briefing")).content.decode()


def test_after_the_session_the_plan_stays_as_it_was(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    save(cast, visit)
    attendance.mark_attended(visit, actor=cast.user("tess"), now=visit.end)
    text = tess.get(address(visit)).content.decode()
    assert "The plan stays as it was." in text
    assert "Save the plan" not in text
    with pytest.raises(PlanClosed):
        save(cast, visit, revision=1)


def test_the_briefing_shows_the_plan_and_leads_to_it(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    text = tess.get(address(visit, "prepare:briefing")).content.decode()
    assert "Proposed plan" in text
    assert address(visit) in text
    save(cast, visit)
    again = tess.get(address(visit, "prepare:briefing")).content.decode()
    assert "Your plan" in again
    assert "slowly" in again


@pytest.mark.parametrize("who", ["ana", "ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_reads_or_writes_it(
    client: Browser, cast: Cast, visit: Appointment, who: str
) -> None:
    client.force_login(cast.user(who))
    assert client.get(address(visit)).status_code == 404
    assert client.post(address(visit), sent(("1", "whole", "9", ""))).status_code == 404
    assert client.post(address(visit, "prepare:plan-drop"), {"revision": "0"}).status_code == 404
    assert not SessionPlan.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="plan.").exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    tess: Browser, cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(20):  # type: ignore[operator]
        tess.get(address(visit))
    save(cast, visit, *(Step(region="sacrum", minutes=1) for _row in range(20)))
    with django_assert_num_queries(21):  # type: ignore[operator]
        tess.get(address(visit))
