"""What somebody typed, without the characters that only mislead: names on one line, texts on many.

Units   none.
Errors  none: what is left may be empty, which a form refuses where it needs something.
Source  Unicode Standard Annex 9, "Bidirectional formatting characters"; categories of the Unicode
        character database.
"""

import re
import unicodedata
from typing import Final

#: Turn the order of what follows around, so that a reader sees another text than was stored.
OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Say a direction without being seen; a text of two scripts needs them, a name does not.
MARKS: Final = frozenset("\u061c\u200e\u200f")
#: Whatever some program takes for the end of a line.
BREAK: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Give `text` as one line: breaks become spaces; control and direction characters go."""
    return " ".join(_kept(BREAK.sub(" ", text), without=OVERRIDES | MARKS).split())


def paragraphs(text: str) -> str:
    """Give `text` with its lines: each break becomes a newline; control characters go."""
    return "\n".join(_kept(line, without=OVERRIDES).rstrip() for line in BREAK.split(text)).strip()


def _kept(line: str, *, without: frozenset[str]) -> str:
    tabless = line.replace("\t", " ")
    return "".join(one for one in tabless if one not in without and not _is_control(one))


def _is_control(one: str) -> bool:
    return unicodedata.category(one) in {"Cc", "Cs"}
