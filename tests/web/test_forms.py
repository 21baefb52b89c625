"""A field has its label, its help before it, its error between, and keeps what was typed."""

import datetime as dt
import re

import pytest
from django import forms

from unknot.journey.book.forms.booking import ConfirmForm
from unknot.journey.understand.forms.call import CallMeForm
from unknot.practice.desk_forms import NewcomerForm
from unknot.web.forms import Chips, Choice, DateField, Form, ParagraphsField, ScaleField


class CheckIn(Form):
    email = forms.EmailField(label="Your email", help_text="We write little.")
    born = DateField(label="Date of birth", help_text="For example 27 3 1988", birthday=True)
    stress = ScaleField(label="Stress", strand="mind", low="none", high="a lot")
    slept = forms.ChoiceField(
        label="Sleep",
        choices=[("well", "Well"), ("badly", "Badly")],
        widget=Choice(explain={"badly": "I lie awake"}),
    )
    feels = forms.MultipleChoiceField(
        label="Feels", choices=[("tight", "Tight"), ("numb", "Numb")], widget=Chips, required=False
    )
    share = forms.BooleanField(label="Share it", help_text="With your therapist")


GIVEN = {
    "email": "ana",
    "born_day": "30",
    "born_month": "2",
    "born_year": "1988",
    "stress": "7",
    "feels": ["numb"],
}


def shown(form: forms.Form, field: str) -> str:
    return str(form[field].as_field_group())


def test_a_field_has_a_label_for_its_control() -> None:
    text = shown(CheckIn(), "email")
    assert '<label for="id_email">Your email</label>' in text
    assert 'id="id_email"' in text


def test_help_stands_before_the_control_and_describes_it() -> None:
    text = shown(CheckIn(), "email")
    assert text.index('id="id_email_helptext"') < text.index("<input")
    assert 'aria-describedby="id_email_helptext"' in text


def test_an_error_stands_between_label_and_control_and_describes_it() -> None:
    text = shown(CheckIn(GIVEN), "email")
    assert text.index("<label") < text.index('id="id_email_error"') < text.index("<input")
    assert 'aria-describedby="id_email_helptext id_email_error"' in text
    assert 'aria-invalid="true"' in text


def test_a_right_answer_is_not_marked_wrong() -> None:
    text = shown(CheckIn({**GIVEN, "email": "ana@example.org"}), "email")
    assert "error" not in text
    assert "aria-invalid" not in text


def test_what_was_typed_is_kept_after_an_error() -> None:
    form = CheckIn(GIVEN)
    assert not form.is_valid()
    text = str(form)
    assert 'value="ana"' in text
    for value in ("30", "2", "1988"):
        assert f'value="{value}"' in shown(form, "born")
    assert re.search(r'value="7"[^>]*checked', shown(form, "stress"))
    assert re.search(r'value="numb"[^>]*checked', shown(form, "feels"))


def test_the_summary_on_top_takes_the_focus_and_links_to_every_wrong_field() -> None:
    form = CheckIn(GIVEN)
    text = str(form)
    top = text[: text.index('class="stack gap-6 fields"')]
    assert 'role="alert"' in top
    assert 'tabindex="-1"' in top
    assert "4 answers need another look" in top
    for name in form.errors:
        assert f'href="#id_{name}"' in top
        assert f'id="id_{name}"' in text


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in str(CheckIn())


def test_a_scale_is_eleven_real_radios_with_none_chosen() -> None:
    text = shown(CheckIn(), "stress")
    assert len(re.findall(r'<input type="radio" name="stress"', text)) == 11
    assert "checked" not in text
    assert '<fieldset class="scale mind"' in text
    assert "0 = none" in text
    assert "10 = a lot" in text


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("10", 10), ("", None), (None, None)])
def test_a_scale_gives_a_number_or_nothing(typed: str | None, number: int | None) -> None:
    assert ScaleField(required=False).clean(typed) == number


@pytest.mark.parametrize("typed", ["11", "-1", "5.5", "many"])
def test_a_scale_takes_nothing_else(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="from 0 to 10"):
        ScaleField(required=False).clean(typed)


def test_a_choice_is_a_fieldset_with_a_legend_and_a_second_line() -> None:
    text = shown(CheckIn(), "slept")
    assert '<fieldset class="group field-group" id="id_slept"' in text
    assert "<legend>Sleep</legend>" in text
    assert "<small>I lie awake</small>" in text
    assert '<label class="choice" for="id_slept_1">' in text


def test_chips_are_real_checkboxes() -> None:
    text = shown(CheckIn(), "feels")
    assert len(re.findall(r'<input type="checkbox" name="feels"', text)) == 2


def test_a_single_checkbox_lies_inside_its_label() -> None:
    text = shown(CheckIn(), "share")
    assert '<label class="choice" for="id_share"><input type="checkbox"' in text
    assert 'id="id_share_helptext"' in text


def test_djangos_own_radios_look_the_same() -> None:
    class Plain(Form):
        side = forms.ChoiceField(choices=[("l", "Left")], widget=forms.RadioSelect)

    assert '<label class="choice" for="id_side_0">' in shown(Plain(), "side")


def test_a_date_is_three_named_numbers() -> None:
    text = shown(CheckIn(), "born")
    for part, fill in (("day", "bday-day"), ("month", "bday-month"), ("year", "bday-year")):
        assert f'name="born_{part}"' in text
        assert f'autocomplete="{fill}"' in text
    assert text.count('inputmode="numeric"') == 3
    assert '<label for="id_born_0">Day</label>' in text


def test_a_date_is_read_from_its_three_numbers() -> None:
    assert DateField().clean(["29", "2", "2024"]) == dt.date(2024, 2, 29)


def test_a_date_may_be_left_out_when_it_is_not_asked_for() -> None:
    assert DateField(required=False).clean(["", "", ""]) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["", "", ""], "Write the day, the month and the year"),
        (["1", "", "1990"], "Write the day, the month and the year"),
        (["1", "2", "90"], "with 4 digits"),
        (["1", "13", "1990"], "from 1 to 12"),
        (["29", "2", "2023"], "does not exist in that month"),
        (["31", "4", "2000"], "does not exist in that month"),
        (["0", "4", "2000"], "does not exist in that month"),
        (["one", "4", "2000"], "in numbers"),
        (["-1", "4", "2000"], "in numbers"),
        (["²", "4", "2000"], "in numbers"),
        (["9" * 5000, "3", "1988"], "Write the date in numbers, for example 27 3 1988."),
    ],
)
def test_an_impossible_date_is_refused_in_words(typed: list[str], words: str) -> None:
    with pytest.raises(forms.ValidationError, match=words):
        DateField().clean(typed)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("slept", "Choose an answer."),
        ("email", "Fill this in."),
        ("share", "Tick this box to go on."),
        ("stress", "Choose a number from 0 to 10."),
    ],
)
def test_a_missing_answer_is_asked_for_in_plain_words(field: str, words: str) -> None:
    assert CheckIn({}).errors[field] == [words]


def test_what_a_person_typed_is_escaped() -> None:
    text = shown(CheckIn({**GIVEN, "email": '"><script>'}), "email")
    assert "<script>" not in text


def test_an_option_with_markup_in_its_value_stays_text() -> None:
    class Asked(forms.Form):
        place = forms.ChoiceField(choices=[('"><b>', "<i>here</i>")], widget=Choice)

    page = str(Asked({"place": '"><b>'}))
    assert 'value="&quot;&gt;&lt;b&gt;"' in page
    assert "&lt;i&gt;here" in page
    assert " checked" in page


@pytest.mark.parametrize("form", [ConfirmForm, CallMeForm, NewcomerForm])
def test_a_persons_name_is_one_line_without_marks_of_direction(form: type[forms.Form]) -> None:
    field = form.base_fields["name"]
    assert field.clean("Ana\r\nBcc: all\u202e") == "Ana Bcc: all"
    with pytest.raises(forms.ValidationError):
        field.clean("\u202e\n")


def test_free_words_keep_their_lines() -> None:
    field = ParagraphsField(max_length=7)
    assert field.clean("one\r\ntwo\x00") == "one\ntwo"
    with pytest.raises(forms.ValidationError):
        field.clean("one\ntwo!")
