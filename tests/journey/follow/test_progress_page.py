"""Two strands and one honest sentence; the therapist sees what is shared, and is seen reading."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from tests.cast import NOW, TODAY, Cast
from tests.checkins import a_completed_checkin
from tests.norms import others
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.actions import findings
from unknot.journey.follow.cards import cards
from unknot.journey.follow.reads import findings as findings_reads
from unknot.journey.follow.reads.aims import main_outcome
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import AuditEntry, Purpose

PAGE = reverse("follow:progress")
DAY = timedelta(days=1)


def some_days(cast: Cast, count: int) -> None:
    rows = [
        DayRow(line=n, day=TODAY - timedelta(days=n), pain=5 - n % 3, stress=3, sleep=6)
        for n in range(count)
    ]
    actions.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=NOW)


def weekly(cast: Cast, weeks_ago: int, score: int) -> None:
    answers = {"peg_p": score, "peg_e": score, "peg_g": score}
    at = NOW - timedelta(weeks=weeks_ago)
    actions.save_weekly(cast.user("ana"), cast.ana, points={"peg": answers}, now=at)


@pytest.fixture
def ana(client: Browser, cast: Cast, now: datetime) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def test_without_answers_it_invites_the_first(ana: Browser) -> None:
    page = ana.get(PAGE).content.decode()
    assert "We cannot tell yet" in page
    assert "No days yet" in page
    assert '<svg class="chart"' not in page


def test_days_make_a_chart_and_its_table(ana: Browser, cast: Cast) -> None:
    some_days(cast, 20)
    page = ana.get(PAGE).content.decode()
    assert page.count('<svg class="chart"') == 2  # one for wide pages, one for phones
    assert page.count('<th scope="row">') == 20


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ([8], "there is only one score so far"),
        ([8, 4], "it is too soon"),
        ([9, 8, 7, 6, 5, 4, 2, 0], "better than when you started, by more than"),
        ([7, 7, 6, 6, 5, 5, 5, 5], "scores move that far by themselves"),
        ([1, 2, 9], "worse than when you started, by more than"),
    ],
)
def test_the_sentence_never_says_more_than_chance_and_the_way_back_allow(
    ana: Browser, cast: Cast, scores: list[float], sentence: str
) -> None:
    others(cast.practice, [2.0, 6.0] * 10)
    for back, value in enumerate(reversed(scores)):
        weekly(cast, back, round(value))
    assert sentence in " ".join(ana.get(PAGE).content.decode().split())


def test_the_score_of_a_check_in_is_the_start(ana: Browser, cast: Cast) -> None:
    a_completed_checkin(
        cast.ana, practice=cast.practice, peg=(9, 9, 9), now=NOW - timedelta(weeks=5)
    )
    for back in range(3):
        weekly(cast, back, 3)
    assert (
        "Your pain score was 9.0 on 20 February 2026 and 3.0 on" in ana.get(PAGE).content.decode()
    )


def shown(browser: Browser) -> str:
    return " ".join(browser.get(PAGE).content.decode().split())


def test_a_week_without_a_score_is_a_gap_and_no_reading(ana: Browser, cast: Cast) -> None:
    points = {"peg": {"peg_p": 9, "peg_e": None, "peg_g": None}}
    weekly(cast, 2, 4)
    actions.save_weekly(cast.user("ana"), cast.ana, points=points, now=NOW)
    assert "there is only one score so far" in shown(ana)


def test_what_is_due_is_offered_and_may_be_skipped(ana: Browser, cast: Cast) -> None:
    begun = NOW - timedelta(weeks=5)
    a_completed_checkin(cast.ana, practice=cast.practice, now=begun)
    page = shown(ana)
    assert "You can skip any of them." in page
    for name in ("daily", "weekly", "outcome"):
        assert f'href="{reverse(f"follow:{name}")}"' in page
    assert "4 weeks after the start: five minutes, open until 16 April." in page


def test_what_is_answered_says_when_the_next_is_due(ana: Browser, cast: Cast) -> None:
    ana_user = cast.user("ana")
    a_completed_checkin(cast.ana, practice=cast.practice, now=NOW - timedelta(weeks=5))
    actions.save_daily(ana_user, cast.ana, pain=1, stress=None, sleep=None, now=NOW)
    weekly(cast, 0, 3)
    actions.save_outcome(ana_user, cast.ana, points={"peg": {"peg_p": 1}}, now=NOW)
    page = shown(ana)
    assert "Change today's answers" in page
    assert "The next weekly questions are due from Friday 3 April." in page
    assert "The next look back over several weeks is due from Friday 17 April." in page
    for name in ("weekly", "outcome"):
        assert f'href="{reverse(f"follow:{name}")}"' not in page


def test_a_therapist_is_not_told_what_is_due(client: Browser, cast: Cast, now: datetime) -> None:
    for purpose in (Purpose.CARE, Purpose.SHARE_BODY):
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    client.force_login(cast.user("tess"))
    page = client.get(reverse("follow:client-progress", args=[cast.ana.key])).content.decode()
    assert "What you can answer now" not in page


def test_a_stand_in_for_stress_is_said(ana: Browser, cast: Cast) -> None:
    row = DayRow(line=2, day=TODAY, pain=1, stress=2, sleep=None)
    actions.import_days(
        cast.ana, [row], file_name="a.csv", stress_stand_in="worry", actor=None, now=NOW
    )
    assert "“worry” stands in for it" in ana.get(PAGE).content.decode()


def test_the_number_of_queries_does_not_grow(
    ana: Browser, cast: Cast, django_assert_num_queries: Any
) -> None:
    some_days(cast, 90)
    with django_assert_num_queries(18):
        ana.get(PAGE)


class TestForTheTherapist:
    @pytest.fixture
    def page(self, cast: Cast) -> str:
        return reverse("follow:client-progress", args=[cast.ana.key])

    def test_nothing_is_shared_unasked(self, client: Browser, cast: Cast, page: str) -> None:
        client.force_login(cast.user("tess"))
        assert client.get(page).status_code == 403

    def test_body_without_mind_and_the_read_is_recorded(
        self, client: Browser, cast: Cast, page: str, now: datetime
    ) -> None:
        some_days(cast, 10)
        for purpose in (Purpose.CARE, Purpose.SHARE_BODY):
            agree(cast.user("ana"), cast.ana, purpose, now=NOW)
        client.force_login(cast.user("tess"))
        answer = client.get(page)
        assert answer.context["chart"].names == ("Pain",)
        assert AuditEntry.objects.filter(action="progress.read", client=cast.ana).count() == 1

    def test_mind_when_the_client_says_so_and_no_longer_after_that(
        self, client: Browser, cast: Cast, page: str, now: datetime
    ) -> None:
        some_days(cast, 10)
        for purpose in (Purpose.CARE, Purpose.SHARE_BODY, Purpose.SHARE_MIND):
            agree(cast.user("ana"), cast.ana, purpose, now=NOW)
        client.force_login(cast.user("tess"))
        assert "Stress" in client.get(page).context["chart"].names
        withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
        assert client.get(page).context["chart"].names == ("Pain",)

    def test_body_answers_open_it_and_no_other_group_does(
        self, client: Browser, cast: Cast, page: str, now: datetime
    ) -> None:
        client.force_login(cast.user("tess"))
        for purpose in (Purpose.CARE, Purpose.SHARE_SAFETY, Purpose.SHARE_MIND):
            agree(cast.user("ana"), cast.ana, purpose, now=NOW)
            assert client.get(page).status_code == 403
        agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
        assert client.get(page).status_code == 200
        withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
        assert client.get(page).status_code == 403

    @pytest.mark.parametrize("name", ["theo", "uma"])
    def test_no_other_therapist_learns_that_she_exists(
        self, client: Browser, cast: Cast, page: str, name: str
    ) -> None:
        client.force_login(cast.user(name))
        assert client.get(page).status_code == 404


def fitted(cast: Cast) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    list(findings.fit([cast.ana], now=NOW))


def test_what_the_model_found_stands_first_with_what_is_missing(ana: Browser, cast: Cast) -> None:
    some_days(cast, 40)
    fitted(cast)
    page = ana.get(PAGE).content.decode()
    assert "Too early to say whether massage helps your pain." in page
    assert "3 more sessions with a check-in before and after." in page
    assert 'class="strand"' in page
    assert "Worked out on" in page


def test_it_is_said_in_the_readers_language(ana: Browser, cast: Cast) -> None:
    some_days(cast, 40)
    fitted(cast)
    page = ana.get(PAGE, headers={"accept-language": "de"}).content.decode()
    with translation.override("de"):
        said = cards(findings_reads.stored(cast.ana), main_outcome(cast.ana))
    assert said.main is not None
    assert said.main.said.sentence.startswith("Ob Massage bei Ihren Schmerzen hilft")
    assert "Too early" in page or said.main.said.sentence in page


def test_before_the_first_fit_there_are_dots_and_no_verdict(ana: Browser, cast: Cast) -> None:
    some_days(cast, 10)
    page = ana.get(PAGE).content.decode()
    assert "Too early to say whether" not in page
    assert "<circle" in page
    assert 'class="strand"' not in page


def test_the_mind_is_left_out_for_a_therapist_who_may_not_see_it(
    client: Browser, cast: Cast
) -> None:
    some_days(cast, 40)
    fitted(cast)
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    client.force_login(cast.user("tess"))
    page = client.get(reverse("follow:client-progress", args=[cast.ana.key])).content.decode()
    assert "helps your pain" in page
    assert "helps your stress" not in page
    assert "helps your sleep" not in page
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=NOW)
    page = client.get(reverse("follow:client-progress", args=[cast.ana.key])).content.decode()
    assert "helps your stress" in page


def test_earlier_sentences_stay_readable_with_what_they_rested_on(ana: Browser, cast: Cast) -> None:
    before = reverse("follow:said-before")
    assert "Nothing yet" in ana.get(before).content.decode()
    some_days(cast, 10)
    fitted(cast)
    actions.save_daily(cast.user("ana"), cast.ana, pain=1, stress=1, sleep=5, now=NOW + DAY)
    list(findings.fit([cast.ana], now=NOW + DAY))
    page = ana.get(before).content.decode()
    assert "Too early to say whether massage helps your pain." in page
    assert "<td>10</td>" in page
