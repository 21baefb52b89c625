"""What is said of a comparison, before and after; every sentence comes from here."""

import pytest

from unknot.domain.outcomes.trial import power
from unknot.domain.outcomes.trial_wording import CONSENT, TrialFinding, power_lines, result_lines


def a_finding(**fields: object) -> TrialFinding:
    values = {
        "outcome": "pain",
        "technique_a": "Swedish",
        "technique_b": "Thai",
        "planned_pairs": 6,
        "done_pairs": 6,
        "alpha": 0.05,
        "difference": -1.24,
        "p": 2 / 64,
        "low": -2.2,
        "high": -0.3,
        "level": 0.95,
    }
    return TrialFinding(**(values | fields))  # type: ignore[arg-type]


def test_six_pairs_spot_only_a_big_difference() -> None:
    assert power_lines(power(6)) == (
        "With 6 pairs we would spot only a big difference, and that only half the time.",
        "If one technique really brought 1.8 points more, about 5 of 10 such comparisons would "
        "find it.",
        "If one technique really brought 1.1 points more, about 2 of 10 such comparisons would "
        "find it.",
        "If one technique really brought 0.7 points more, about 1 of 10 such comparisons would "
        "find it.",
        "The smallest p that 6 pairs can give is 0.031.",
    )


def test_four_pairs_are_said_to_show_nothing() -> None:
    first, last = power_lines(power(4))
    assert first.startswith("With 4 pairs nothing can be shown, however big the difference")
    assert "12 of 100" in first
    assert "0.125" in last


def test_what_was_worked_out_for_fewer_pairs_is_said_to_be() -> None:
    assert "This was worked out for 8 pairs; 9 find a little more." in power_lines(power(9))
    assert not any("worked out" in line for line in power_lines(power(8)))


def test_a_difference_names_its_size_its_range_and_the_lists() -> None:
    lines = result_lines(a_finding())
    assert lines[0] == "For you, pain was rated lower after Swedish than after Thai."
    assert "about 1.2 points lower after Swedish than after Thai" in lines[1]
    assert "from −2.2 to −0.3 points" in lines[2]
    assert "95 % range, Swedish minus Thai" in lines[2]
    assert "2 of the 64 lists" in lines[3]
    assert "p = 0.031" in lines[3]
    assert "not with no session at all" in lines[-1]


def test_the_other_way_round_names_the_other_technique() -> None:
    first, second, *_rest = result_lines(a_finding(difference=1.24, low=0.3, high=2.2))
    assert "lower after Thai than after Swedish" in first
    assert "1.2 points lower after Thai than after Swedish" in second


def test_what_may_be_chance_is_not_called_a_difference() -> None:
    lines = result_lines(a_finding(p=0.25))
    assert lines[0] == "We cannot tell the two apart."
    assert not any("For you" in line for line in lines)


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_range_without_an_end_is_said_to_have_none(end: str) -> None:
    assert "set no limits" in result_lines(a_finding(**{end: None}))[2]


def test_a_stopped_comparison_says_what_counts() -> None:
    lines = result_lines(a_finding(done_pairs=2, p=0.5))
    assert any("stopped after 2 of 6 pairs" in line and "less sure" in line for line in lines)
    assert any("2 of the 4 lists" in line for line in lines)
    empty = result_lines(a_finding(done_pairs=0, p=None, difference=None))
    assert empty[0] == "No pair was finished, so there is nothing to compare."


def test_no_difference_to_a_decimal_is_no_direction() -> None:
    assert result_lines(a_finding(difference=0.04, p=1.0))[1].endswith("there was no difference.")


def test_the_stand_in_is_said() -> None:
    assert any("plain means" in line for line in result_lines(a_finding(stand_in=True)))


def test_nothing_promises_and_everything_is_short() -> None:
    every = [
        *CONSENT,
        *(line for pairs in range(4, 11) for line in power_lines(power(pairs))),
        *result_lines(a_finding(done_pairs=5, stand_in=True)),
    ]
    for line in every:
        assert not any(word in line.lower() for word in ("heal", "detox", "best", "proven", "cure"))
        assert max(len(part.split()) for part in line.split(".")) <= 32, line
