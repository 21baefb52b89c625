"""The layout of a check-in step says where one is, and offers to leave, go back and go on."""

import pytest
from django.template import Context, Template

STEP = (
    '{% extends "web/checkin.html" %}{% block heading %}How is your mind?{% endblock %}'
    '{% block question %}<form id="answers"></form>{% endblock %}'
)


def drawn(**values: object) -> str:
    return Template(STEP).render(Context(values))


def test_the_step_is_said_in_words_and_drawn() -> None:
    text = drawn(step=3, steps=6, step_name="Mind")
    assert "<b>Step 3 of 6</b><span>Mind</span>" in text
    assert '<div data-step="3" aria-hidden="true">' in text


def test_six_steps_are_the_usual_number() -> None:
    assert "Step 2 of 6" in drawn(step=2)


def test_one_can_save_and_leave_at_any_time() -> None:
    assert '<a class="keep" href="/">Save and leave</a>' in drawn(step=2)
    assert '<a class="keep" href="/later/">Save and leave</a>' in drawn(step=2, leave="/later/")


def test_continue_sends_the_form_of_the_step() -> None:
    assert '<button class="button large" type="submit" form="answers">' in drawn(step=2)


@pytest.mark.parametrize(("given", "offered"), [({"back": "/before/"}, True), ({}, False)])
def test_back_is_offered_when_there_is_a_step_before(given: dict[str, str], offered: bool) -> None:
    assert ("Back to the step before" in drawn(step=2, **given)) is offered
