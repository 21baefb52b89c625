"""Every picture that a document shows exists, and every picture is shown."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
SHOWN = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<path>[^)\s]+)\)")
LARGEST = 300_000


def documents() -> Iterator[Path]:
    """The README, the changelog and everything below docs/."""
    yield from ROOT.glob("*.md")
    yield from (ROOT / "docs").rglob("*.md")


def shown(text: str) -> list[tuple[str, str]]:
    """The words and the path of every picture in a Markdown text."""
    return [(found["words"], found["path"]) for found in SHOWN.finditer(text)]


def missing(document: Path, text: str) -> list[str]:
    """Pictures of a document that do not exist or say nothing to somebody who cannot see them."""
    return [
        path
        for words, path in shown(text)
        if not words.strip() or not (document.parent / path).is_file()
    ]


def unused(pictures: set[Path], texts: dict[Path, str]) -> set[Path]:
    """Pictures that no document shows."""
    used = {
        (document.parent / path).resolve()
        for document, text in texts.items()
        for _words, path in shown(text)
    }
    return {picture for picture in pictures if picture.resolve() not in used}


def test_every_picture_of_a_document_exists() -> None:
    faults = {str(one): missing(one, one.read_text(encoding="utf-8")) for one in documents()}
    assert not {name: found for name, found in faults.items() if found}


def test_every_picture_is_shown() -> None:
    texts = {one: one.read_text(encoding="utf-8") for one in documents()}
    pictures = set(FOLDER.iterdir())
    assert len(pictures) >= 3
    assert unused(pictures, texts) == set()


def test_every_picture_is_small() -> None:
    assert [one.name for one in FOLDER.iterdir() if one.stat().st_size > LARGEST] == []


def test_a_missing_a_silent_and_an_unused_picture_are_noticed() -> None:
    readme = ROOT / "README.md"
    assert missing(readme, "![A cat](docs/pictures/cat.png)") == ["docs/pictures/cat.png"]
    assert missing(readme, "![](README.md)") == ["README.md"]
    assert unused({FOLDER / "cat.png"}, {readme: "no picture"}) == {FOLDER / "cat.png"}
