"""Find the roster's row that means a credential: by two of three, number, name and place.

Pure: no tables, no clock. Numbers and names are compared as keys, so that "O’Brien-Núñez" and
"O'BRIEN NÚÑEZ" are one name and "MT.0012 345" and "mt-0012345" are one number. Accents count:
a name that a register writes without them is still found by number and place.

Units   keys are at most as long as the number (60) and the name (160) may be.
Errors  none: what is empty on either side matches nothing.
Source  the badge rule: only a primary source, a licensing board, can confirm a credential, and
        only by number and name. NPPES is self-declared; a list that anybody may load is no board.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from unknot.domain.credentials.roster import LONGEST_NAME, LONGEST_NUMBER

Part = Literal["number", "name", "state"]

#: The rosters that a licensing board publishes about its own licences.
PRIMARY = frozenset({"colorado", "washington"})

#: How many of the three have to agree before a row is shown beside a credential.
ENOUGH = 2

#: What joins the parts of a name, also as it would become an accent when it is normalised.
_JOINTS = dict.fromkeys(map(ord, " .-'’‘ʼ`´"))
_KEPT = frozenset("LMN")  # letters, their marks, and digits, of every script
_ASCII = {code: None for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is compared: three keys, each empty when it is not known."""

    number: str
    name: str
    state: str


def facts(number: str, holder: str, jurisdiction: str) -> Facts:
    """Make the keys of a credential or of a roster's row; the holder is given first name first."""
    return Facts(
        number=number_key(number), name=name_key(holder), state=jurisdiction.strip().upper()
    )


def number_key(number: str) -> str:
    """Write a number so that blanks, dots, dashes and small letters make no difference."""
    return _key(number)[:LONGEST_NUMBER]


def name_key(name: str) -> str:
    """Write a name so that apostrophes, hyphens, blanks and capitals make no difference."""
    return _key(name)[:LONGEST_NAME]


def matches(one: Facts, other: Facts) -> frozenset[Part]:
    """Say which of number, name and state agree."""
    pairs: tuple[tuple[Part, str, str], ...] = (
        ("number", one.number, other.number),
        ("name", one.name, other.name),
        ("state", one.state, other.state),
    )
    return frozenset(part for part, mine, theirs in pairs if mine and mine == theirs)


def is_candidate(matched: frozenset[Part]) -> bool:
    """Tell whether enough agrees to show the row beside the credential."""
    return len(matched) >= ENOUGH


def confirms(source: str, matched: frozenset[Part]) -> bool:
    """Tell whether the row is what a check may rest on: a board's own, by number and name."""
    return source in PRIMARY and {"number", "name"} <= matched


def _key(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII).lower()
    plain = unicodedata.normalize("NFKC", text.translate(_JOINTS)).casefold()
    plain = plain.translate(_JOINTS)  # folding ŉ makes an apostrophe
    if not plain.isalnum():
        plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] in _KEPT)
    return unicodedata.normalize("NFKC", plain)
