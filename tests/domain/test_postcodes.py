"""How a postcode is written: signs of countries, ZIP+4, and the first part of a British one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unknot.domain.postcodes import first_part, normalised


@pytest.mark.parametrize(
    ("country", "written", "code"),
    [
        ("DE", " 10 115 ", "10115"),
        ("DE", "D-10115", "10115"),
        ("DE", "de-10115", "10115"),
        ("DE", "D – 10115", "10115"),
        ("DE", "D 10115", "10115"),
        ("DE", "D10115", "10115"),
        ("DE", "１０１１５", "10115"),
        ("DE", "10\N{NO-BREAK SPACE}115", "10115"),
        ("DE", "A-1010", "A1010"),  # another country's sign is none
        ("AT", "A-1010", "1010"),
        ("FI", "FIN-00100", "00100"),
        ("LV", "LV-1010", "1010"),
        ("LV", "LV1010", "1010"),
        ("PT", "1000-205", "1000205"),
        ("PT", "PT-1000-205", "1000205"),
        ("PL", "00-001", "00001"),
        ("NL", "NL-1012 ab", "1012AB"),
        ("NL", "NL 1012 AB", "1012AB"),
        ("IE", "D02 X285", "D02X285"),
        ("JE", "JE2 3AB", "JE23AB"),
        ("KY", "KY1-1001", "KY11001"),
        ("CA", "k1a 0b1", "K1A0B1"),
        ("US", "90210", "90210"),
        ("US", "90210-1234", "90210"),
        ("US", "US 90210 1234", "90210"),
        ("US", "902101234", "90210"),
        ("US", "90210-12", "9021012"),
        ("DE", "90210-1234", "902101234"),
        ("GB", "bs1 4dj", "BS14DJ"),
        ("GB", "GB-BS1 4DJ", "BS14DJ"),
        ("GB", "N1 9gu", "N19GU"),
        ("GB", "N 19", "N19"),
        ("GB", "N19", "N19"),
        ("GB", "N1 9", "N1 9"),
        ("GB", "N 1 9", "N 1 9"),
        ("GB", "N1 9G", "N1 9G"),
        ("GB", "N1-9", "N1-9"),
        ("DE", "", ""),
        ("DE", "D-", ""),
    ],
)
def test_a_postcode_is_written_as_the_table_has_it(country: str, written: str, code: str) -> None:
    assert normalised(country, written) == code


@pytest.mark.parametrize(
    ("country", "code", "part"),
    [
        ("GB", "BS14DJ", "BS1"),
        ("GB", "N19GU", "N1"),
        ("GB", "N195AB", "N19"),
        ("GB", "EC1A1BB", "EC1A"),
        ("GB", "N19", "N19"),
        ("GB", "N1 9", "N1 9"),
        ("GB", "BS14D", "BS14D"),
        ("IE", "D02X285", "D02"),
        ("CA", "K1A0B1", "K1A"),
        ("NL", "1012AB", "1012"),
        ("DE", "10115", "10115"),
    ],
)
def test_only_a_full_british_postcode_has_another_first_part(
    country: str, code: str, part: str
) -> None:
    assert first_part(country, code) == part


@given(st.sampled_from(["DE", "GB", "US", "NL"]), st.text(st.sampled_from("DNA19 -７"), max_size=9))
def test_capitals_and_blanks_around_it_make_no_difference(country: str, written: str) -> None:
    code = normalised(country, written)
    assert code == code.upper().strip()
    assert normalised(country, f" {written.lower()} ") == code
