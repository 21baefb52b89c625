"""Own phrases, own templates, and where a record starts from."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.records import NOON, ROWS, WHOLE, a_signed_record, a_visit, as_sent
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import starts as actions
from unknot.journey.session.drafts import Draft
from unknot.journey.session.models import Phrase, SessionNote, Template
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput

EMPTY = Draft()


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def record(visit: Appointment) -> str:
    return reverse("session:record", args=[visit.key])


def add(tess: Browser, text: str, section: str = "plan") -> Phrase:
    assert tess.post(reverse("session:phrases"), {"section": section, "text": text}).status_code
    return Phrase.objects.get(text=text.strip())


def rows_of(answer: object) -> list[tuple[str, str, str]]:
    rows = answer.context["sent"].rows  # type: ignore[attr-defined]
    return [
        (row["region"].value(), str(row["minutes"].value()), str(row["pressure"].value()))
        for row in rows
        if row["region"].value()
    ]


def a_template(cast: Cast, visit: Appointment) -> Template:
    a_signed_record(cast, visit)
    return actions.keep_template(cast.user("tess"), visit, name="Neck, slow")


# Phrases ---------------------------------------------------------------------------------------


def test_a_phrase_stands_below_its_section_in_the_record(tess: Browser, visit: Appointment) -> None:
    phrase = add(tess, " Again in ten days <b> ")
    text = tess.get(record(visit)).content.decode()
    assert f'name="phrase" value="{phrase.pk}"' in text
    assert "Again in ten days &lt;b&gt;" in text


def test_without_script_the_button_adds_it_below_what_is_typed(
    tess: Browser, visit: Appointment
) -> None:
    phrase = add(tess, "Again in ten days")
    answer = tess.post(record(visit), as_sent(phrase=str(phrase.pk)))
    form = answer.context["sent"].form
    assert form["plan"].value() == "Same again in ten days\nAgain in ten days"
    assert form["subjective"].value() == WHOLE.subjective
    assert not SessionNote.objects.exists()


def test_the_order_can_be_changed_and_a_phrase_removed(tess: Browser) -> None:
    one, two, three = (add(tess, text) for text in ("one", "two", "three"))
    tess.post(reverse("session:phrase-up", args=[three.pk]))
    tess.post(reverse("session:phrase-up", args=[one.pk]))  # moves back up from the second place
    tess.post(reverse("session:phrase-up", args=[one.pk]))
    ordered = list(Phrase.objects.order_by("place").values_list("text", flat=True))
    assert ordered == ["one", "three", "two"]
    tess.post(reverse("session:phrase-remove", args=[two.pk]))
    assert Phrase.objects.count() == 2


@pytest.mark.parametrize(
    ("section", "text", "sentence"),
    [
        ("plan", "", "Fill this in."),
        ("plan", "   ", "Fill this in."),
        ("plan", "x" * 301, "300"),
        ("feelings", "x", "feelings"),
        ("plan", "there", "This phrase is there already."),
    ],
)
def test_what_cannot_be_a_phrase_is_refused(
    tess: Browser, cast: Cast, now: object, section: str, text: str, sentence: str
) -> None:
    actions.add_phrase(cast.user("tess"), section="plan", text="there")
    answer = tess.post(reverse("session:phrases"), {"section": section, "text": text})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Phrase.objects.count() == 1


def test_a_section_holds_thirty_phrases(cast: Cast, now: object) -> None:
    for number in range(actions.PHRASES_MAX):
        actions.add_phrase(cast.user("tess"), section="plan", text=str(number))
    with pytest.raises(BadInput, match="30"):
        actions.add_phrase(cast.user("tess"), section="plan", text="one more")
    actions.add_phrase(cast.user("tess"), section="objective", text="one more")


def test_nobody_uses_or_changes_somebody_elses(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    actions.add_phrase(cast.user("theo"), section="plan", text="Theo's own")
    theirs = Phrase.objects.get()
    assert "Theo" not in tess.get(record(visit)).content.decode()
    assert tess.post(record(visit), as_sent(phrase=str(theirs.pk))).status_code == 404
    for name in ("phrase-up", "phrase-remove"):
        assert tess.post(reverse(f"session:{name}", args=[theirs.pk])).status_code == 404
    assert Phrase.objects.exists()


# Templates -------------------------------------------------------------------------------------


def test_a_template_takes_what_was_done_and_no_text_of_the_client(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    add_it = reverse("session:template-add", args=[visit.key])
    assert tess.post(add_it, {"name": "Neck, slow"}).status_code == 302
    made = Template.objects.get()
    assert [(row.region, row.minutes) for row in made.rows.order_by("pk")] == [
        ("cervical_l", 25),
        ("upper_trap_l", 15),
    ]
    assert (made.subjective, made.objective, made.assessment, made.plan) == ("", "", "", "")
    assert tess.post(add_it, {"name": "Neck, slow"}).status_code == 422
    assert tess.post(add_it, {"name": ""}).status_code == 422
    assert Template.objects.count() == 1


def test_a_record_that_is_not_signed_gives_no_template(tess: Browser, visit: Appointment) -> None:
    add_it = reverse("session:template-add", args=[visit.key])
    assert tess.post(add_it, {"name": "Neck"}).status_code == 404


def test_a_record_starts_from_a_template_and_keeps_what_is_typed(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    made = a_template(cast, visit)
    page = reverse("session:template", args=[made.pk])
    sent = {"name": "Neck, slow", "plan": "In two weeks", "objective": "Even"}
    assert tess.post(page, sent).status_code == 302
    again = a_visit(cast, start=NOON + timedelta(hours=2))
    typed = replace(EMPTY, plan="Mine", treatments=(replace(ROWS[0], minutes=5),))
    answer = tess.post(record(again), as_sent(typed, start=str(made.pk)))
    assert rows_of(answer) == [("cervical_l", "5", "3"), ("upper_trap_l", "15", "2")]
    form = answer.context["sent"].form
    assert (form["plan"].value(), form["objective"].value()) == ("Mine", "Even")


def test_a_template_is_renamed_listed_and_removed(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    assert "No template yet" in tess.get(reverse("session:templates")).content.decode()
    made = a_template(cast, visit)
    page = reverse("session:template", args=[made.pk])
    assert tess.post(page, {"name": ""}).status_code == 422
    tess.post(page, {"name": "Slow neck"})
    text = tess.get(reverse("session:templates")).content.decode()
    assert "Slow neck" in text
    assert "25 min" in text
    tess.post(reverse("session:template-remove", args=[made.pk]))
    assert not Template.objects.exists()


def test_nobody_opens_somebody_elses_template(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    theirs = Template.objects.create(owner=cast.user("theo"), name="Theo's")
    again = a_visit(cast, start=NOON + timedelta(hours=2))
    for name in ("template", "template-remove"):
        assert tess.post(reverse(f"session:{name}", args=[theirs.pk])).status_code == 404
    assert tess.post(record(again), as_sent(start=str(theirs.pk))).status_code == 404
    assert Template.objects.exists()


# Last time ---------------------------------------------------------------------------------------


def test_a_record_starts_like_last_time_without_what_was_said_then(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    again = a_visit(cast, start=NOON + timedelta(hours=2))
    assert 'value="last"' not in tess.get(record(again)).content.decode()
    a_signed_record(cast, visit)
    assert 'value="last"' in tess.get(record(again)).content.decode()
    before = AuditEntry.objects.filter(action="record.read").count()
    answer = tess.post(record(again), as_sent(EMPTY, start="last"))
    assert rows_of(answer) == [("cervical_l", "25", "3"), ("upper_trap_l", "15", "2")]
    form = answer.context["sent"].form
    assert form["plan"].value() == WHOLE.plan
    assert form["subjective"].value() == form["objective"].value() == ""
    assert AuditEntry.objects.filter(action="record.read").count() == before + 2


def test_without_an_earlier_session_nothing_is_added(tess: Browser, visit: Appointment) -> None:
    answer = tess.post(record(visit), as_sent(EMPTY, start="last"))
    assert answer.status_code == 200
    assert rows_of(answer) == []
