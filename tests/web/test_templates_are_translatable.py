"""Every visible word of a template can be translated, and no template carries style or script."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import unknot

SOURCE = Path(unknot.__file__).resolve().parent
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))

#: Attributes that a person reads or hears.
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title"}
#: Names that are the same in every language.
NAMES = {"unknot", "Unknot", "htmx"}
#: Elements whose text nobody reads as words.
SILENT = {"style", "script"}

COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)
REPLACED = [
    # a block that fills a class attribute of the page it extends
    re.compile(r"{%\s*block \w*(?:_class|width)\s*%}.*?{%\s*endblock[^%]*%}", re.DOTALL),
    COMMENT,
    re.compile(r"{#.*?#}", re.DOTALL),
    re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL),
    re.compile(r"{%.*?%}", re.DOTALL),
    re.compile(r"{{.*?}}", re.DOTALL),
]
WORD = re.compile(r"[^\W\d_]{2,}")


def bare(source: str) -> str:
    for part in REPLACED:
        source = part.sub(" ", source)
    return source


class Words(HTMLParser):
    """Collects what is left to read once everything translated is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in SILENT else None
        for name, value in attrs:
            if name in SPOKEN and value:
                self._take(f'{name}="{value}"', value)

    def handle_endtag(self, tag: str) -> None:
        self.inside = None

    def handle_data(self, data: str) -> None:
        if self.inside is None:
            self._take(" ".join(data.split()), data)

    def _take(self, shown: str, text: str) -> None:
        if [word for word in WORD.findall(text) if word not in NAMES]:
            self.found.append(shown)


def untranslated(source: str) -> list[str]:
    words = Words()
    words.feed(bare(source))
    words.close()
    return words.found


STYLE = re.compile(r"""(?<![\w-])style\s*=|<style\b""", re.IGNORECASE)
HANDLER = re.compile(r"""\son[a-z]+\s*=\s*["']|javascript:|hx-on""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<given>[^>]*)>", re.IGNORECASE)


def forbidden(source: str) -> list[str]:
    """Name style and inline script; a data block of JSON is neither."""
    text = re.sub(COMMENT, " ", source)
    found = [match.group() for part in (STYLE, HANDLER) for match in part.finditer(text)]
    for script in SCRIPT.finditer(text):
        if "src=" not in script["given"] and 'type="application/json"' not in script["given"]:
            found.append(script.group())
    return found


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_no_untranslated_words(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


#: Mail programs read no style sheet.
MAIL = {"people/templates/people/mail.html"}
PAGES = [path for path in TEMPLATES if named(path) not in MAIL]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_template_carries_neither_style_nor_script(path: Path) -> None:
    assert forbidden(path.read_text(encoding="utf-8")) == []


def test_there_are_templates_to_look_at() -> None:
    assert SOURCE / "web/templates/web/base.html" in TEMPLATES


@pytest.mark.parametrize(
    "good",
    [
        '{% load i18n %}<p>{% translate "Book this time" %}</p>',
        "<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>",
        '<button aria-label="{% translate "Close" %}">{{ word }}</button>',
        "{% comment %}Words for us{% endcomment %}<p>{{ n }} · 10</p>",
        '<img src="a.svg" alt="">',
        '<a class="brand" href="/">unknot</a>',
        "{% block body_class %}therapist-view{% endblock %}",
    ],
)
def test_translated_words_pass(good: str) -> None:
    assert untranslated(good) == []


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("<p>Book this time</p>", "Book this time"),
        ("{% block title %}Book{% endblock %}", "Book"),
        ('<button aria-label="Close">{{ word }}</button>', 'aria-label="Close"'),
        ("{% if n %}Saved{% endif %}", "Saved"),
        ('<input placeholder="Your name">', 'placeholder="Your name"'),
        ('<p>{% translate "Call" %} now</p>', "now"),
    ],
)
def test_a_bare_word_is_noticed(bad: str, said: str) -> None:
    assert untranslated(bad) == [said]


@pytest.mark.parametrize(
    "good",
    [
        '<script type="module" src="/static/web/bodymap.js"></script>',
        '<script type="application/json">{}</script>',
        '<p class="style">x</p>',
        '<p data-style="x">x</p>',
    ],
)
def test_files_and_data_pass(good: str) -> None:
    assert forbidden(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">x</p>',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<button onclick="go()">x</button>',
        '<a href="javascript:go()">x</a>',
        '<div hx-on:click="go()">x</div>',
    ],
)
def test_style_and_inline_script_are_noticed(bad: str) -> None:
    assert forbidden(bad)
