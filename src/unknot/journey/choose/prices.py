"""Write an amount of money for a person to read.

Pure. Units   whole numbers of the currency's smallest unit, as they are stored.
Errors  none: a currency that is not listed has two decimals, as most have.
Source  ISO 4217, the currencies without decimals and those with three.
"""

_DECIMALS = {
    **dict.fromkeys(("JPY", "KRW", "CLP", "VND", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG"), 0),
    **dict.fromkeys(("BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"), 3),
}


def price(minor: int, currency: str) -> str:
    """Write `minor` of `currency`, such as 70.00 EUR."""
    decimals = _DECIMALS.get(currency, 2)
    return f"{minor / 10**decimals:.{decimals}f} {currency}"
