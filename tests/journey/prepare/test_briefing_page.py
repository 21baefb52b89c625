"""The therapist's briefing before a session."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from tests.journey.prepare.consents import a_consent
from unknot.journey.book.actions import attendance
from unknot.journey.book.models import Appointment
from unknot.journey.prepare.actions import Wishes, save_preparation
from unknot.people.actions import agree, share_only, withdraw_consent
from unknot.people.models import AuditEntry, Purpose

NOON = at(12)
TAGS = "<b>knot</b> & 'quote'"
LIGHTER = {"cervical_l": 4, "upper_trap_r": 3}  # the check-in before had 6, none, and 7 elsewhere


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=NOON, note="I come by bike")


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("prepare:briefing", args=[visit.key])


def shown(browser: Browser, visit: Appointment) -> str:
    answer = browser.get(page(visit))
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_the_places_in_the_therapists_words(tess: Browser, visit: Appointment) -> None:
    text = shown(tess, visit)
    assert "Upper trapezius, left" in text
    assert 'data-level="7"' in text
    assert "First visit" in text
    assert "3, medium: firm, pleasant" in text
    assert "I come by bike" in text


def test_opening_it_leaves_one_audit_row(tess: Browser, cast: Cast, visit: Appointment) -> None:
    rows = AuditEntry.objects.filter(action="briefing.read")
    assert not rows.exists()
    shown(tess, visit)
    entry = rows.get()
    assert (entry.actor, entry.client) == (cast.user("tess"), cast.ana)
    assert entry.subject == f"appointment {visit.pk}"


def test_it_shows_the_wishes_as_typed(tess: Browser, cast: Cast, visit: Appointment) -> None:
    wishes = Wishes(focus=("low_back",), leave_out=("head",), pressure=2, music=False, to_tell=TAGS)
    save_preparation(cast.user("ana"), visit, wishes=wishes, now=NOW)
    text = shown(tess, visit)
    assert "2, light" in text
    assert "Head and face" in text
    assert "No, thank you" in text
    assert "&lt;b&gt;knot&lt;/b&gt; &amp; &#x27;quote&#x27;" in text
    assert TAGS not in text


def test_it_says_what_to_change_and_why(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["bp_controlled"])
    text = shown(tess, visit)
    assert "Slow rise at the end; sit 2 minutes." in text
    assert "blood pressure" in text


def test_a_private_answer_gives_its_change_and_not_its_reason(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["trauma_history"])
    card = tess.get(page(visit)).context["briefing"].safety
    assert [row.told for row in card.own] == [()]
    assert card.own[0].text in shown(tess, visit).replace("&#x27;", "'")


def test_abuse_and_crisis_never_reach_the_briefing(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    before = shown(tess, visit)
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_abuse"], phq4=(3, 3, 3, 3))
    after = shown(tess, visit)
    for word in ("hurt you", "unsafe at home", "crisis", "safeguarding"):
        assert word not in before
        assert word not in after
    assert tess.get(page(visit)).context["briefing"].safety.flags == ()


def test_a_flag_that_staff_may_see_is_shown(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    text = shown(tess, visit)
    assert "Warning signs answered" in text
    assert text.index("On hold: do not treat") < text.index("<h1>")
    assert reverse("session:record", args=[visit.key]) not in text


def test_it_names_what_changed_since_the_check_in_before(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    assert "There is no check-in before this one." in shown(tess, visit)
    a_completed_checkin(
        cast.ana, practice=cast.practice, marks=LIGHTER, now=NOW + timedelta(minutes=5)
    )
    changes = tess.get(page(visit)).context["briefing"].changes
    assert [(row.before, row.now) for row in changes] == [(7, 0), (0, 3), (6, 4)]
    assert "7, no longer marked" in shown(tess, visit)


def test_without_safety_answers_it_says_to_ask_and_gives_no_detail(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    told = {"conditions": ["bp_controlled"], "red_flags": ["rf_severe_arm"]}
    a_completed_checkin(cast.ana, practice=cast.practice, **told)
    assert "Ask before you begin" not in shown(tess, visit)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_SAFETY, now=NOW)
    text = shown(tess, visit)
    assert "Ask before you begin" in text
    assert "does not share safety answers" in text
    assert "What their answers ruled out could not be booked" in text
    for word in ("Slow rise", "blood pressure", "Warning signs answered", "Holds for everyone"):
        assert word not in text
    assert "Upper trapezius, left" in text


def test_without_body_answers_marks_story_and_changes_are_hidden(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    later = NOW + timedelta(minutes=5)
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["bp_controlled"], now=later)
    assert ". Since " in shown(tess, visit)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    text = shown(tess, visit)
    assert "does not share where it hurts" in text
    for word in ("Upper trapezius, left", ". Since ", "check-in before", '<svg class="bodymap'):
        assert word not in text
    assert "Slow rise" in text


def test_who_took_back_that_answers_are_used_is_like_somebody_never_asked(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    wishes = Wishes(to_tell="My knee clicks")
    save_preparation(cast.user("ana"), visit, wishes=wishes, now=NOW)
    later = NOW + timedelta(minutes=5)
    a_completed_checkin(cast.ana, practice=cast.practice, wishes=["clothed"], now=later)
    assert "3, medium" in shown(tess, visit)
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    card = tess.get(page(visit)).context["briefing"]
    assert (card.safety, card.body, card.mind, card.clearances) == (None, None, None, ())
    text = shown(tess, visit)
    assert "3, medium" not in text  # the pressure that the check-in told
    assert "My knee clicks" in text  # written for this appointment


def test_mind_scores_need_their_own_consent(tess: Browser, cast: Cast, visit: Appointment) -> None:
    text = shown(tess, visit)
    assert "does not share mind scores" in text
    assert "PHQ-4" not in text
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    scores = tess.get(page(visit)).context["briefing"].mind
    assert [score.value for score in scores] == ["4", "6", "2"]


def test_the_last_visit_is_named(tess: Browser, cast: Cast, visit: Appointment) -> None:
    early = NOW - timedelta(days=14)
    former = an_appointment(cast, start=NOON - timedelta(days=10), now=early)
    attendance.mark_attended(former, actor=cast.user("tess"), now=former.end)
    text = shown(tess, visit)
    assert "Last visit 17 March 2026" in text
    assert reverse("session:last", args=[visit.key]) in text


def test_a_client_without_a_check_in_is_asked_in_the_room(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    visit.checkin = None
    visit.save(update_fields=["checkin"])
    cast.ana.checkin_set.all().delete()
    assert "no completed check-in" in shown(tess, visit)


def test_the_record_opens_only_from_the_day_on(tess: Browser, cast: Cast, now: object) -> None:
    today, monday = an_appointment(cast, start=NOON), an_appointment(cast)
    assert reverse("session:record", args=[today.key]) in shown(tess, today)
    assert reverse("session:record", args=[monday.key]) not in shown(tess, monday)


@pytest.mark.parametrize("who", ["ana", "ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_learns_of_it(
    client: Browser, cast: Cast, visit: Appointment, who: str
) -> None:
    client.force_login(cast.user(who))
    assert client.get(page(visit)).status_code == 404
    assert not AuditEntry.objects.filter(action="briefing.read").exists()


def test_a_stranger_signs_in_first(client: Browser, visit: Appointment) -> None:
    assert client.get(page(visit))["Location"].startswith("/accounts/login/")


def test_nothing_can_be_posted_to_it(tess: Browser, visit: Appointment) -> None:
    assert tess.post(page(visit)).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_answers(
    tess: Browser, cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, marks=LIGHTER)
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    with django_assert_num_queries(33):  # type: ignore[operator]
        tess.get(page(visit))
    many = dict.fromkeys(["cervical_l", "cervical_r", "upper_trap_l", "calf_l", "forehead"], 5)
    a_completed_checkin(
        cast.ana, practice=cast.practice, marks=many, conditions=["bp_controlled", "heart_stable"]
    )
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    with django_assert_num_queries(33):  # type: ignore[operator]
        tess.get(page(visit))


STORY = {
    "course": "waves",
    "suspected_causes": ["stress", "posture_at_work"],
    "eased_by": ["warmth"],
    "worsened_by": ["screen"],
    "headaches": True,
    "arm_numbness": False,
    "goal": TAGS,
}


def test_the_story_is_told_in_words_and_the_goal_as_typed(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, story=STORY, feels_like=["burning"])
    text = shown(tess, visit)
    for words in (
        "It comes and goes",
        "Yes, once or twice",
        "How I sit or stand at work, Stress or worry",
        "Warmth",
        "Work at a screen",
        "Headaches, no numb arm or hand",
        "Burning",
        "“&lt;b&gt;knot&lt;/b&gt; &amp; &#x27;quote&#x27;”",
    ):
        assert words in text
    assert TAGS not in text
    assert "shoulder pain" not in text  # nothing was said about it


def test_a_story_that_was_not_told_says_so(tess: Browser, cast: Cast, visit: Appointment) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, episodes="")
    assert "No story was told." in shown(tess, visit)


def test_the_story_goes_with_the_body_when_it_is_not_shared(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, story=STORY, feels_like=["burning"])
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    text = shown(tess, visit)
    for words in ("It comes and goes", "Burning", "&lt;b&gt;knot", "Work at a screen"):
        assert words not in text


@pytest.mark.parametrize(("conditions", "waits"), [(["heart_stable"], True), ([], False)])
def test_the_way_to_record_an_agreement_starts_here(
    cast: Cast, client: Browser, conditions: list[str], waits: bool
) -> None:
    visit = an_appointment(cast, start=at(15))
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, conditions=conditions)
    client.force_login(cast.user("tess"))
    page = client.get(reverse("prepare:briefing", args=[visit.key])).content.decode()
    way = reverse("practice:call-back", args=[checkin.key])
    assert (way in page) is waits
    if waits:
        assert client.get(way).status_code == 200


@pytest.mark.parametrize("shares", [("share_safety", "share_body"), ()])
@pytest.mark.parametrize(("conditions", "ruled_out"), [(["dvt_current"], True), ([], False)])
def test_a_technique_ruled_out_since_the_booking_is_said_without_the_reason(
    cast: Cast, client: Browser, shares: tuple[str, ...], conditions: list[str], ruled_out: bool
) -> None:
    visit = an_appointment(cast, start=at(15))
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=conditions)
    share_only(cast.ana, shares, now=NOW)
    for name, page in (("tess", "prepare:briefing"), ("ana", "prepare:prepare")):
        client.force_login(cast.user(name))
        text = client.get(reverse(page, args=[visit.key])).content.decode()
        assert ("Another technique is needed" in text) is ruled_out


def test_it_is_summed_up_in_a_few_lines(tess: Browser, cast: Cast, visit: Appointment) -> None:
    wishes = Wishes(focus=("low_back",), leave_out=("head",), pressure=4)
    save_preparation(cast.user("ana"), visit, wishes=wishes, now=NOW)
    a_consent(cast, visit, "neck", now=NOW)
    text = shown(tess, visit)
    short = text[text.index('id="today"') :].partition("</section>")[0]
    assert "<dt>Areas</dt><dd>Lower back</dd>" in short
    assert "<dt>Not touched</dt><dd>Neck; Head and face</dd>" in short
    assert "<dt>Pressure</dt><dd>3, medium: firm, pleasant" in short
    assert "Never firmer than 3." in short
    assert "<dt>Avoid</dt>" not in short
