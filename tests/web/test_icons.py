"""The icon tag inlines a vendored drawing, hidden beside a word and named when alone."""

import pytest
from django.template import Context, Template, TemplateSyntaxError


def drawn(source: str, **values: str) -> str:
    return Template("{% load unknot %}" + source).render(Context(values))


def test_an_icon_beside_a_word_is_hidden_from_screen_readers() -> None:
    assert drawn('{% icon "check" %}') == (
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="M20 6 9 17l-5-5"/></svg>'
    )


def test_an_icon_alone_has_a_name_and_the_name_is_escaped() -> None:
    text = drawn('{% icon "x" label=words %}', words="Close <now>")
    assert 'role="img"' in text
    assert 'aria-label="Close &lt;now&gt;"' in text
    assert "aria-hidden" not in text


@pytest.mark.parametrize("name", ["no-such-icon", "", "../../mark", "LICENSE"])
def test_a_missing_icon_stops_the_page(name: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn(f'{{% icon "{name}" %}}')
