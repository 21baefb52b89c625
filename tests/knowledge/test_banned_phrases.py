"""No text of the product that anybody may see promises what massage cannot do."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from unknot.domain.guidance import catalogue

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "unknot"
CATALOGUE = catalogue.load()
BANNED = CATALOGUE.banned
LIST = SOURCE / "knowledge" / "techniques" / "banned_phrases.toml"
CLAIMS = SOURCE / "knowledge" / "evidence" / "claims.toml"
FORMS = "|".join(r"\s+".join(map(re.escape, one.split())) for one in BANNED.phrases)
PATTERN = re.compile(rf"(?<!\w)(?:{FORMS})(?!\w)", re.IGNORECASE)

#: Whatever ends up before somebody's eyes: pages, mails, prints, scripts, the demonstration, docs.
SEEN = ("*.html", "*.txt", "*.typ", "*.js", "*.md", "*.csv", "*.svg")


def banned_in(text: str) -> list[str]:
    return [" ".join(found.lower().split()) for found in PATTERN.findall(text)]


def strings(source: str) -> str:
    """Every string in Python code, those that are joined from parts as one."""
    tree = ast.parse(source)
    parts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return "\n".join(part for part in parts if isinstance(part, str))


def values(value: object) -> Iterator[str]:
    """Every text in a TOML file, comments left out."""
    if isinstance(value, dict):
        for part in value.values():
            yield from values(part)
    elif isinstance(value, list):
        for part in value:
            yield from values(part)
    elif isinstance(value, str):
        yield value


def told_by(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return strings(text)
    if path == CLAIMS:
        claims = tomllib.loads(text)["claim"]
        return "\n".join(values([one for one in claims if one["id"] not in BANNED.denied_in]))
    if path.suffix == ".toml":
        return "\n".join(values(tomllib.loads(text)))
    return text


def seen() -> Iterator[Path]:
    for pattern in ("*.py", "*.toml", *SEEN):
        yield from (path for path in SOURCE.rglob(pattern) if path != LIST)
    yield from ROOT.glob("*.md")
    yield from (ROOT / "docs").rglob("*.md")
    yield from (ROOT / "changes").rglob("*.md")


def test_no_text_of_the_product_uses_a_banned_phrase() -> None:
    found = {
        str(path.relative_to(ROOT)): phrases
        for path in seen()
        if (phrases := banned_in(told_by(path)))
    }
    assert found == {}


def test_the_search_looks_everywhere() -> None:
    looked_at = {str(path.relative_to(ROOT)) for path in seen()}
    assert {
        "README.md",
        "src/unknot/web/templates/web/home.html",
        "src/unknot/journey/book/templates/messages/appointment-confirmed.txt",
        "src/unknot/knowledge/evidence/claims.toml",
        "src/unknot/knowledge/techniques/swedish.toml",
        "src/unknot/project/demo/people.toml",
        "src/unknot/journey/choose/reads/techniques.py",
    } <= looked_at
    assert str(LIST.relative_to(ROOT)) not in looked_at


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("It Cures all.", ["cures"]),
        ("A cure for pain", ["cure"]),
        ("it FLUSHES\n   toxins away", ["flushes toxins"]),
        ("a detox-massage", ["detox"]),
        ("The best technique. Guaranteed!", ["best technique", "guaranteed"]),
    ],
)
def test_a_banned_phrase_is_found_in_any_case_and_across_lines(
    text: str, phrases: list[str]
) -> None:
    assert banned_in(text) == phrases


@pytest.mark.parametrize(
    "text", ["a secure page", "obscured", "until the wound has healed", "toxins", "the best time"]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert banned_in(text) == []


def test_a_promise_in_code_in_data_and_in_a_page_is_found(tmp_path: Path) -> None:
    for name, text in {
        "a.py": 'title = _("Massage that "\n "heals")\n',
        "b.toml": 'say = "It heals."\n',
        "c.html": '<p>{% translate "It heals." %}</p>',
    }.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert banned_in(told_by(path)) == ["heals"], name
    comment = tmp_path / "d.py"
    comment.write_text("# nobody sees that it heals\n", encoding="utf-8")
    assert banned_in(told_by(comment)) == []


def test_claims_that_may_name_a_banned_phrase_deny_it() -> None:
    for name in BANNED.denied_in:
        claim = CATALOGUE.claim(name)
        assert claim.status in {"contradicted", "not_supported"}
        assert banned_in(claim.say), "an exception that nothing needs"
        assert re.search(r"\b(not|no)\b", claim.say, re.IGNORECASE)


def test_a_claim_that_is_not_excepted_is_searched_in_the_claims_file() -> None:
    searched = told_by(CLAIMS)
    assert CATALOGUE.claim("cortisol").say in searched
    for name in BANNED.denied_in:
        assert CATALOGUE.claim(name).say not in searched
