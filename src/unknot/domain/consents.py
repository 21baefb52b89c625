"""The texts that a client agrees to, one for each purpose and version; none is ever dropped.

Units   versions count from 1 without a hole, each purpose on its own.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected.
        KeyError for a purpose or a version that was never written.
Source  knowledge/consents/*.toml, our own wording; docs/decisions/0012-consent-per-purpose.md
"""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from unknot.domain.knowledge import KNOWLEDGE, Entry, KnowledgeError, by_id, read_folder

FOLDER = KNOWLEDGE / "consents"
#: The language in which every version of every text exists.
FIRST_LANGUAGE = "en"

PurposeId = Literal["care", "share_safety", "share_body", "share_mind"]


class ConsentText(Entry):
    """What somebody reads before they agree: a short label and a few plain sentences."""

    version: int = Field(ge=1)
    language: str = Field(min_length=2)
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    source: str = Field(min_length=1)
    reviewed_by: str


class ConsentFile(Entry):
    """One purpose with all its texts: consents/<purpose>.toml"""

    id: PurposeId
    text: tuple[ConsentText, ...] = Field(min_length=1)


class Consents(Entry):
    """All purposes with all their texts."""

    purposes: tuple[ConsentFile, ...]

    def text(self, purpose: str, version: int, language: str = FIRST_LANGUAGE) -> ConsentText:
        """The text of one version, in English where the language has none; raises KeyError."""
        found = {
            one.language: one
            for one in by_id(self.purposes, purpose).text
            if one.version == version
        }
        if FIRST_LANGUAGE not in found:
            raise KeyError(f"{purpose} {version}")
        return found.get(language, found[FIRST_LANGUAGE])

    def newest(self, purpose: str, language: str = FIRST_LANGUAGE) -> ConsentText:
        """The text in force; raises KeyError for an unknown purpose."""
        last = max(one.version for one in by_id(self.purposes, purpose).text)
        return self.text(purpose, last, language)


@cache
def load(folder: Path = FOLDER) -> Consents:
    """Read and check every consent text; raises KnowledgeError."""
    purposes = read_folder(folder, ConsentFile)
    if problems := [problem for one in purposes for problem in _problems(one)]:
        raise KnowledgeError("\n".join(problems))
    return Consents(purposes=purposes)


def _problems(purpose: ConsentFile) -> list[str]:
    where, found = f"consents/{purpose.id}.toml: text", []
    keys = [(one.language, one.version) for one in purpose.text]
    if len(set(keys)) < len(keys):
        found.append(f"{where}: a version stands there twice in one language")
    written = sorted(version for language, version in keys if language == FIRST_LANGUAGE)
    if written != list(range(1, len(written) + 1)):
        found.append(f"{where}: the English versions must count 1, 2, 3 without a hole")
    if strangers := {version for _language, version in keys} - set(written):
        found.append(f"{where}: version {min(strangers)} has no English text")
    return found
