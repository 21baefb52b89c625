"""The consent to touch: signed whole, kept as it was, confirmed on the day, heard by the plan."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.journey.prepare.consents import a_consent, as_form, signature
from unknot.domain.guidance.session_plan import within
from unknot.journey.book.models import Appointment, Status
from unknot.journey.prepare import actions, plans, reads
from unknot.journey.prepare.models import TouchConfirmation, TouchConsent
from unknot.people.models import Alert, AuditEntry
from unknot.web.errors import BadInput

AREAS = ("neck", "shoulder", "upper_back", "low_back", "pelvis", "head", "arm", "hand", "leg")
BEFORE = NOW - timedelta(days=2)


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=at(12), now=BEFORE)


@pytest.fixture
def ana(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("ana"))
    return client


@pytest.fixture
def tess(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.user("tess"))
    return browser


def page(visit: Appointment) -> str:
    return reverse("prepare:touch", args=[visit.key])


def confirm(browser: Browser, visit: Appointment, version: int) -> int:
    address = reverse("prepare:touch-confirm", args=[visit.key])
    return browser.post(address, {"version": version}).status_code


def text_of(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_only_areas_that_the_technique_may_press_are_asked_about(
    ana: Browser, visit: Appointment
) -> None:
    asked = plans.areas_of("swedish")
    assert set(AREAS) <= set(asked)
    assert "abdomen" not in asked
    text = text_of(ana, page(visit))
    for area in asked:
        assert f'name="area_{area}"' in text
    assert "checked" not in text.split('name="area_')[1]  # nothing is answered beforehand


def test_a_whole_signature_is_kept_with_its_time_and_its_words(
    ana: Browser, cast: Cast, visit: Appointment
) -> None:
    done = ana.post(page(visit), as_form(visit, "head", stop_sign="Red\u202e\nlight"), follow=True)
    assert done.redirect_chain == [(page(visit), 302)]
    kept = TouchConsent.objects.get()
    assert (kept.version, kept.areas_no, kept.draping) == (1, ["head"], "covered")
    assert set(kept.areas_yes) == set(plans.areas_of("swedish")) - {"head"}
    assert (kept.pressure_limit, kept.stop_sign, kept.signed_name) == (3, "Red light", "Ana")
    assert (kept.signed_by, kept.signed_at) == (cast.user("ana"), NOW)
    assert "I agree that Tess touches the areas" in kept.statement
    entry = AuditEntry.objects.get(action="touch.signed")
    assert (entry.actor, entry.client) == (cast.user("ana"), cast.ana)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("area_neck", "Say yes or no for: Neck."),
        ("draping", "Choose how you want to be covered."),
        ("pressure_limit", "Choose the firmest pressure that you agree to."),
        ("stop_sign", "Write the word or sign that means stop."),
        ("signed_name", "Write your name: it is your signature."),
    ],
)
def test_without_a_required_part_nothing_is_signed_and_nothing_typed_is_lost(
    ana: Browser, visit: Appointment, missing: str, sentence: str
) -> None:
    said = as_form(visit, "head", stop_sign="Pineapple", signed_name="Ana Maria")
    answer = ana.post(page(visit), {name: one for name, one in said.items() if name != missing})
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert sentence in text
    if missing != "stop_sign":
        assert 'value="Pineapple"' in text
    if missing != "signed_name":
        assert 'value="Ana Maria"' in text
    head = next(one for one in text.split("<input")[1:] if 'name="area_head" value="no"' in one)
    assert "checked" in head
    assert not TouchConsent.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"areas": {"neck": True}},
        {"draping": "none"},
        {"pressure_limit": 6},
        {"stop_sign": " \u202e "},
        {"signed_name": "\n"},
    ],
)
def test_no_other_way_in_takes_less(
    cast: Cast, visit: Appointment, wrong: dict[str, object]
) -> None:
    touch = signature(visit, **{key: one for key, one in wrong.items() if key != "areas"})
    if "areas" in wrong:
        touch = actions.Touch(areas={"neck": True}, draping="covered", pressure_limit=3,
                              stop_sign="Stop", signed_name="Ana")  # fmt: skip
    with pytest.raises(BadInput):
        actions.sign_touch(cast.user("ana"), visit, touch=touch, now=NOW)
    assert not TouchConsent.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed_name": ""},
        {"stop_sign": ""},
        {"draping": ""},
        {"pressure_limit": 0},
        {"areas_yes": [], "areas_no": []},
        {"areas_yes": ["neck"], "areas_no": ["neck"]},
        {"version": 1},
    ],
)
def test_the_database_takes_no_half_signature_and_no_version_twice(
    cast: Cast, visit: Appointment, wrong: dict[str, object]
) -> None:
    a_consent(cast, visit, "head", now=BEFORE)
    kept = TouchConsent.objects.get()
    row = TouchConsent(
        **{
            one.attname: getattr(kept, one.attname)
            for one in TouchConsent._meta.concrete_fields
            if one.attname != "id"
        }
    )
    row.version = 2
    with transaction.atomic():  # the control: whole, it is taken
        row.save(force_insert=True, update_fields=None)
        transaction.set_rollback(True)
    row.pk = None
    for name, value in wrong.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True, update_fields=None)


def test_what_was_signed_stays_and_a_change_is_a_new_row(
    ana: Browser, cast: Cast, visit: Appointment
) -> None:
    a_consent(cast, visit, "head", now=BEFORE)
    ana.post(page(visit), as_form(visit, "neck"))
    assert list(TouchConsent.objects.order_by("version").values_list("version", "areas_no")) == [
        (1, ["head"]),
        (2, ["neck"]),
    ]
    holds = reads.consent_of(visit)
    assert holds is not None
    assert (holds.version, [str(one) for one in holds.no]) == (2, ["Neck"])
    assert "One earlier consent" in text_of(ana, page(visit))
    rows = TouchConsent.objects.all()
    for deed in (lambda: rows.update(stop_sign="x"), rows.delete):
        with pytest.raises(IntegrityError, match="stays as it was written"), transaction.atomic():
            deed()


def test_signing_the_same_twice_is_one_signature(cast: Cast, visit: Appointment) -> None:
    assert a_consent(cast, visit, now=NOW) == a_consent(cast, visit, now=NOW) == 1
    assert TouchConsent.objects.count() == 1


def test_it_is_shown_as_not_confirmed_until_it_was_read_aloud_on_the_day(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    briefing = reverse("prepare:briefing", args=[visit.key])
    assert "Ana has not signed one for this appointment" in text_of(tess, briefing)
    version = a_consent(cast, visit, "head", now=BEFORE)
    text = text_of(tess, briefing)
    assert "Not confirmed on the day of the session." in text
    assert "Read aloud, the client says it still holds" in text
    for _press in range(2):
        assert confirm(tess, visit, version) == 302
    said = TouchConfirmation.objects.get()
    assert (said.written_by, said.read_aloud, said.day) == (cast.user("tess"), True, NOW.date())
    text = text_of(tess, briefing)
    assert "Read aloud on the day and still holds: 09:00, by Tess." in text
    assert "Not confirmed on the day" not in text
    with pytest.raises(IntegrityError, match="stays as it was written"), transaction.atomic():
        TouchConfirmation.objects.update(read_aloud=False)


def test_the_client_confirms_it_on_the_day_too_or_signs_on_that_day(
    ana: Browser, cast: Cast, visit: Appointment
) -> None:
    version = a_consent(cast, visit, now=BEFORE)
    assert confirm(ana, visit, version) == 302
    assert "Confirmed on the day: 09:00, by Ana" in text_of(ana, page(visit))
    ana.post(page(visit), as_form(visit, "leg"))
    assert "Signed on the day: 09:00, by Ana" in text_of(ana, page(visit))


def test_a_newer_consent_is_not_confirmed_with_the_older_page(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    old = a_consent(cast, visit, now=BEFORE)
    new = a_consent(cast, visit, "neck", now=BEFORE + timedelta(hours=1))
    assert confirm(tess, visit, old) == 409
    assert not TouchConfirmation.objects.exists()
    assert confirm(tess, visit, new) == 302


def test_it_is_confirmed_on_the_day_only(tess: Browser, cast: Cast) -> None:
    later = an_appointment(cast, start=at(12, days=3), now=BEFORE)
    version = a_consent(cast, later, now=BEFORE)
    assert confirm(tess, later, version) == 409
    assert confirm(tess, later, 0) == 422
    assert "still holds today" not in text_of(tess, reverse("prepare:briefing", args=[later.key]))


def test_a_session_that_is_over_takes_no_signature(
    ana: Browser, cast: Cast, visit: Appointment
) -> None:
    version = a_consent(cast, visit, now=BEFORE)
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ATTENDED)
    assert "<form method" not in text_of(ana, page(visit)).split("<main")[1]
    answer = ana.post(page(visit), as_form(visit, "neck", stop_sign="Pineapple"))
    assert answer.status_code == 409
    assert "It is too late to sign this" in answer.content.decode()
    assert confirm(ana, visit, version) == 409
    assert TouchConsent.objects.count() == 1


def test_an_area_said_no_to_is_closed_for_the_plan(cast: Cast, visit: Appointment) -> None:
    neck = within(["neck"])
    before = reads.plan(visit)
    assert before is not None
    assert {row.region for row in before.rows} & neck
    a_consent(cast, visit, "neck", now=BEFORE)
    after = reads.plan(visit)
    assert after is not None
    assert not {row.region for row in after.rows} & neck
    assert neck <= after.closed
    step = actions.Step(region="cervical_l", minutes=60)
    with pytest.raises(BadInput):
        actions.save_plan(cast.user("tess"), visit, steps=[step], revision=0, now=NOW)


def test_a_plan_saved_before_says_what_is_closed_now(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    step = actions.Step(region="cervical_l", minutes=60)
    actions.save_plan(cast.user("tess"), visit, steps=[step], revision=0, now=NOW)
    a_consent(cast, visit, "neck", now=BEFORE)
    text = text_of(tess, reverse("prepare:briefing", args=[visit.key]))
    assert "What was said since closes places of this plan" in text


def test_a_no_to_everything_leaves_nothing_to_plan(cast: Cast, visit: Appointment) -> None:
    a_consent(cast, visit, *plans.areas_of("swedish"), now=BEFORE)
    assert reads.plan(visit) is None


def test_a_change_at_short_notice_alerts_the_therapist_once(cast: Cast, visit: Appointment) -> None:
    a_consent(cast, visit, now=BEFORE)
    a_consent(cast, visit, "leg", now=BEFORE)
    assert not Alert.objects.exists()
    a_consent(cast, visit, "neck", now=NOW)
    a_consent(cast, visit, "head", now=NOW)
    alert = Alert.objects.get()
    assert (alert.kind, alert.client) == ("wishes-changed", cast.ana)
    assert alert.url == reverse("prepare:briefing", args=[visit.key])
    assert list(alert.told.all()) == [cast.user("tess")]


def test_only_the_client_signs(cast: Cast, visit: Appointment, tess: Browser) -> None:
    assert tess.get(page(visit)).status_code == 404
    assert tess.post(page(visit), as_form(visit)).status_code == 404
    assert not TouchConsent.objects.exists()


def test_it_asks_as_often_whatever_was_signed(
    ana: Browser, cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    a_consent(cast, visit, now=BEFORE)
    with django_assert_num_queries(7):  # type: ignore[operator]
        ana.get(page(visit))
    for number in range(5):
        a_consent(cast, visit, AREAS[number], now=BEFORE)
    with django_assert_num_queries(7):  # type: ignore[operator]
        ana.get(page(visit))
