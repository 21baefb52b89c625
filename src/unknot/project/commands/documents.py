"""Check the documents: the commands' page, every setting, every link."""

import re
from collections.abc import Iterator
from pathlib import Path

from unknot.project.commands import help as help_command
from unknot.project.commands.start import CHECKOUT

COMMANDS_PAGE = "docs/reference/commands.md"
SETTINGS_PAGE = "docs/reference/settings.md"
SETTING = re.compile(r"\bUNKNOT_[A-Z][A-Z_]*[A-Z]\b")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def check(root: Path = CHECKOUT) -> tuple[list[str], str]:
    """What is wrong with the documents below `root`, and how many there are."""
    pages = documents(root)
    findings = [*commands_page(root), *settings_page(root)]
    for page in pages:
        findings += broken_links(page, root)
    return findings, f"{len(pages)} documents"


def documents(root: Path) -> list[Path]:
    """Every Markdown file that people read."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def commands_page(root: Path) -> Iterator[str]:
    """Whether the page of commands says what the commands say of themselves."""
    page = root / COMMANDS_PAGE
    if not page.exists() or page.read_text() != help_command.markdown():
        yield f"{COMMANDS_PAGE} differs: run ./unknot help --markdown > {COMMANDS_PAGE}"


def settings_page(root: Path) -> Iterator[str]:
    """Each UNKNOT_ variable of the code that the page of settings leaves out, and the reverse."""
    page = root / SETTINGS_PAGE
    told = set(SETTING.findall(page.read_text())) if page.exists() else set()
    read: set[str] = set()
    for file in [root / "unknot", *(root / "src").rglob("*.py")]:
        if file.is_file():
            read |= set(SETTING.findall(file.read_text()))
    yield from (f"{SETTINGS_PAGE} leaves out {name}" for name in sorted(read - told))
    yield from (f"{SETTINGS_PAGE} tells of {name}, unused" for name in sorted(told - read))


def broken_links(page: Path, root: Path) -> Iterator[str]:
    """Each relative link of `page` that leads nowhere."""
    for target in LINK.findall(CODE.sub("", page.read_text())):
        place = target.partition("#")[0]
        if not place or re.match(r"[a-z]+:", place):
            continue
        if not (page.parent / place).exists():
            yield f"{page.relative_to(root)}: the link to {target} leads nowhere"
