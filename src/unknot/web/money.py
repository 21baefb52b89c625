"""Write an amount of money for a person to read, and read one that a person typed.

Pure. Units   whole numbers of the currency's smallest unit, as they are stored.
Errors  BadPrice with a sentence, for a text that is not a price. A currency that is not listed
        has two decimals, as most have.
Source  ISO 4217, the currencies without decimals and those with three.
"""

import re

from django.utils.translation import gettext as _

#: In the smallest unit: 1 000 000.00 EUR. More is a slip of the finger.
HIGHEST = 100_000_000

_TYPED = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_DECIMALS = {
    **dict.fromkeys(("JPY", "KRW", "CLP", "VND", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG"), 0),
    **dict.fromkeys(("BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"), 3),
}


def price(minor: int, currency: str) -> str:
    """Write `minor` of `currency`, such as 70.00 EUR."""
    return f"{amount(minor, currency)} {currency}"


class BadPrice(ValueError):
    """The text is not a price; the message is a sentence for who typed it."""


def parse(text: str, currency: str) -> int:
    """Read a typed price such as 70, 70.5 or 70,50 into smallest units, exactly."""
    decimals = _DECIMALS.get(currency, 2)
    typed = text.strip()
    if typed[:1] in {"-", "−"}:
        raise BadPrice(_("A price cannot be below zero."))
    found = _TYPED.fullmatch(typed)
    if found is None:
        raise BadPrice(
            _("Write the price in digits only, such as %(example)s.")
            % {"example": amount(70 * 10**decimals, currency)}
        )
    whole, part = found[1], found[2] or ""
    if len(part) > decimals:
        raise BadPrice(
            _("This has too many decimals for %(currency)s: write it like %(example)s.")
            % {"currency": currency, "example": amount(70 * 10**decimals, currency)}
        )
    too_long = len(whole.lstrip("0")) > len(str(HIGHEST))
    minor = 0 if too_long else int(whole + part.ljust(decimals, "0"))
    if too_long or minor > HIGHEST:
        raise BadPrice(
            _("This is too much: a price is at most %(most)s.") % {"most": price(HIGHEST, currency)}
        )
    return minor


def amount(minor: int, currency: str) -> str:
    """Write `minor` as a field shows it, without the currency: 70.00."""
    decimals = _DECIMALS.get(currency, 2)
    whole, part = divmod(minor, 10**decimals)
    return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
