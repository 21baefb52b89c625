"""How a postcode is written, so that a table and whoever searches in it mean the same one.

Pure: no tables. Only what is known of a country is done; every other text is kept as it is, in
capitals and without blanks and hyphens.

Units   a country is two letters of ISO 3166, a code has no blanks and no hyphens.
Errors  none: whether there is such a postcode is for the table to say.
Source  Universal Postal Union, postal addressing systems: the signs in front of a code are those
        of ISO 3166 or of vehicles; the ZIP+4 codes of the United States; the full postcodes of
        Great Britain, whose first part alone many tables have.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Every sign that is used as a hyphen, with the blanks around it.
_HYPHEN: Final = re.compile(r"\s*[\-\u2010-\u2015\u2212]\s*")
_BETWEEN: Final = str.maketrans("", "", " -")
#: What stands in front of a code besides the country's two letters.
_SIGNS: Final = {
    "AT": "A",
    "BE": "B",
    "DE": "D",
    "ES": "E",
    "FI": "FIN",
    "FR": "F",
    "GB": "UK",
    "HU": "H",
    "IT": "I",
    "LI": "FL",
    "LU": "L",
    "NO": "N",
    "PT": "P",
    "SE": "S",
    "SI": "SLO",
}
_ZIP_AND_FOUR: Final = re.compile(r"[0-9]{9}")
_FULL_BRITISH: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
#: "N1 9" is the beginning of "N1 9GU"; written together it would be another place's "N19".
_BRITISH_PIECE: Final = re.compile(r"[A-Z]{1,2} ?[0-9][A-Z0-9]?[ -][0-9].*")
#: Tables of these countries may have the first part of a postcode only.
_FIRST_PART: Final = {"CA": slice(0, 3), "IE": slice(0, 3), "NL": slice(0, 4)}


def normalised(country: str, written: str) -> str:
    """Write a postcode as a table has it; a piece of a British one keeps its blank."""
    text = " ".join(unicodedata.normalize("NFKC", written).upper().split())
    text = _in_front(country).sub("", _HYPHEN.sub("-", text))
    code = text.translate(_BETWEEN)
    if country == "US" and _ZIP_AND_FOUR.fullmatch(code):
        return code[:5]
    if country == "GB" and not _FULL_BRITISH.fullmatch(code) and _BRITISH_PIECE.fullmatch(text):
        return text
    return code


def first_part(country: str, code: str) -> str:
    """Give the part of a normalised code that a table may have instead; the code if there is none.

    Of a British code only a full one has another part: "N19" is a first part itself.
    """
    if country == "GB":
        return code[:-3] if _FULL_BRITISH.fullmatch(code) else code
    return code[_FIRST_PART[country]] if country in _FIRST_PART else code


@lru_cache(maxsize=300)
def _in_front(country: str) -> re.Pattern[str]:
    """Find the country's sign before a code: "D-10115", "D 10115", "D10115".

    With nothing between only digits may follow, three at least: Jersey's own codes begin with
    "JE2", and Cayman's are like "KY1-1001".
    """
    signs = "|".join(map(re.escape, filter(None, (country, _SIGNS.get(country)))))
    return re.compile(rf"^(?:{signs})(?:-| (?=[0-9])|(?=[0-9][0-9 ]{{2,}}$))")
