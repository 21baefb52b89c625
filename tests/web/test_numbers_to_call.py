"""Telephone numbers in a line of help can be called; everything else is text."""

import pytest

from unknot.domain.instruments import catalogue
from unknot.web.templatetags.unknot import numbers_to_call


@pytest.mark.parametrize(
    ("line", "calls"),
    [
        ("Call or text 988", ["988"]),
        ("Call 13 11 14 (Lifeline)", ["131114"]),
        ("Call 116 123 or 0800 111 0 111 (TelefonSeelsorge)", ["116123", "08001110111"]),
        ("Your local emergency number", []),
        ("Open 7 days", []),
    ],
)
def test_each_number_is_a_link_and_the_words_stay(line: str, calls: list[str]) -> None:
    shown = str(numbers_to_call(line))
    assert [part.partition('"')[0] for part in shown.split('href="tel:')[1:]] == calls
    text = shown
    for call in calls:
        text = text.replace(f'<a href="tel:{call}">', "")
    assert text.replace("</a>", "") == line


def test_markup_in_a_line_is_text() -> None:
    assert str(numbers_to_call("<b>116 123</b>")) == (
        '&lt;b&gt;<a href="tel:116123">116 123</a>&lt;/b&gt;'
    )


def test_every_country_with_a_line_has_a_number_to_call() -> None:
    for line in catalogue.load().card("crisis_card").line:
        assert ("tel:" in numbers_to_call(line.text)) is (line.region != "default"), line.region
