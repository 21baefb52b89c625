"""Say what a comparison can find, what somebody agrees to, and what it found.

Units   points of a 0 to 10 scale with one decimal; p as "2 of 64 lists" and with three decimals.
Errors  none.
Source  docs/explanation/trials.md; wording rules of the insight note, 8 and 11
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from unknot.domain.outcomes.trial import Power


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


#: What a client agrees to, in these words; they are stored as they were shown.
CONSENT: Final = (
    gettext_noop(
        "We compare two techniques that are both safe for me. Neither is known as better."
    ),
    gettext_noop(
        "A coin decides the order inside each pair of sessions, not I and not my therapist."
    ),
    gettext_noop("I answer the daily questions, also on days without a session."),
    gettext_noop("My therapist and I see what is found."),
    gettext_noop("I can stop at any time, without a reason and without a loss."),
)
BLINDING: Final = gettext_noop(
    "You both know which technique it is. So hopes and habits can colour the answers, "
    "and nothing can be done about that."
)
#: How outcomes are named inside a sentence.
OUTCOMES: Final = {
    "pain": gettext_noop("pain"),
    "stiffness": gettext_noop("stiffness"),
    "stress": gettext_noop("stress"),
    "sleep": gettext_noop("sleep"),
    "mood": gettext_noop("mood"),
}
_LEAD: Final = {
    "none": gettext_noop(
        "With %(pairs)s pairs nothing can be shown, however big the difference: chance alone "
        "can do as much in %(smallest)s of 100 comparisons. It can only show how it goes."
    ),
    "big_half": gettext_noop(
        "With %(pairs)s pairs we would spot only a big difference, and that only half the time."
    ),
    "big": gettext_noop("With %(pairs)s pairs we would spot a big difference most of the time."),
}
_FOUND: Final = gettext_noop(
    "If one technique really brought %(points)s points more, about %(found)s of 10 such "
    "comparisons would find it."
)
_SIMULATED: Final = gettext_noop(
    "This was worked out for %(simulated)s pairs; %(pairs)s find a little more."
)
_SMALLEST: Final = gettext_noop("The smallest p that %(pairs)s pairs can give is %(smallest_p)s.")

_NOTHING: Final = gettext_noop("No pair was finished, so there is nothing to compare.")
_CANNOT: Final = gettext_noop("We cannot tell the two apart.")
_LOWER: Final = gettext_noop("For you, %(outcome)s was rated lower after %(a)s than after %(b)s.")
_SIZE: Final = gettext_noop(
    "Over the 3 days after a session: about %(size)s points lower after %(a)s than after %(b)s."
)
_EQUAL: Final = gettext_noop("Over the 3 days after a session there was no difference.")
_RANGE: Final = gettext_noop(
    "Anything from %(low)s to %(high)s points fits your answers (%(level)s %% range, %(a)s minus "
    "%(b)s)."
)
_NO_RANGE: Final = gettext_noop("So few answers set no limits to the difference.")
_LISTS: Final = gettext_noop(
    "If both did the same, %(lists)s of the %(all)s lists that could have been drawn would show "
    "at least this much (p = %(p)s)."
)
_STOPPED: Final = gettext_noop(
    "It was stopped after %(done)s of %(planned)s pairs. Only finished pairs count, and p is less "
    "sure than that of a whole list."
)
_ALWAYS: Final = gettext_noop(
    "This compares the two with each other, not with no session at all. It includes rest, "
    "attention and expectation."
)
_STAND_IN: Final = gettext_noop(
    "There were too few answers for the planned model, so plain means were compared, as agreed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFinding:
    """What is to be said of a comparison: A minus B in points, `p` None without a pair."""

    outcome: str
    technique_a: str
    technique_b: str
    planned_pairs: int
    done_pairs: int
    alpha: float
    stand_in: bool = False
    difference: float | None = None
    p: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None


Translate = Callable[[str], str]
Number = Callable[[float], str]


def one_decimal(number: float) -> str:
    """Return the number with one decimal, a true minus sign and a point."""
    return f"{number:.1f}".replace("-", "−")


def power_lines(
    power: Power, *, translate: Translate = gettext_noop, number: Number = one_decimal
) -> tuple[str, ...]:
    """Say what so many pairs would find: the plain sentence first, then the numbers."""
    facts = {
        "pairs": power.pairs,
        "simulated": power.simulated_pairs,
        "smallest": f"{100 * power.smallest_p:.0f}",
        "smallest_p": f"{power.smallest_p:.3f}",
    }
    lines = [translate(_LEAD[_lead(power)]) % facts]
    if power.can_find_any:
        lines += [
            translate(_FOUND) % {"points": number(points), "found": round(10 * share)}
            for points, share in reversed(power.found)
        ]
        if power.simulated_pairs != power.pairs:
            lines.append(translate(_SIMULATED) % facts)
    return (*lines, translate(_SMALLEST) % facts)


def _lead(power: Power) -> str:
    if not power.can_find_any:
        return "none"
    _points, share = power.found[-1]
    return "big" if share >= 0.8 else "big_half"


def result_lines(
    found: TrialFinding, *, translate: Translate = gettext_noop, number: Number = one_decimal
) -> tuple[str, ...]:
    """Say what was found: the sentence, its size and range, p in lists, and what it is not."""
    stopped = found.done_pairs < found.planned_pairs
    told = {"done": found.done_pairs, "planned": found.planned_pairs}
    ends = [translate(_STOPPED) % told] if stopped else []
    if found.p is None or found.difference is None:
        return (translate(_NOTHING), *ends)
    words = {"a": found.technique_a, "b": found.technique_b}
    lower = words if found.difference < 0 else {"a": found.technique_b, "b": found.technique_a}
    outcome = translate(OUTCOMES[found.outcome])
    sure = found.p <= found.alpha
    first = translate(_LOWER) % {**lower, "outcome": outcome} if sure else translate(_CANNOT)
    size = abs(round(found.difference, 1))
    second = translate(_SIZE) % {**lower, "size": number(size)} if size else translate(_EQUAL)
    stand_in = [translate(_STAND_IN)] if found.stand_in else []
    return (
        first,
        second,
        _range(found, words, translate, number),
        translate(_LISTS) % _lists(found, found.p),
        *ends,
        *stand_in,
        translate(_ALWAYS),
    )


def _range(found: TrialFinding, words: dict[str, str], translate: Translate, number: Number) -> str:
    if found.low is None or found.high is None or found.level is None:
        return translate(_NO_RANGE)
    level = f"{100 * found.level:.0f}"
    told = {"low": number(found.low), "high": number(found.high), "level": level, **words}
    return translate(_RANGE) % told


def _lists(found: TrialFinding, p: float) -> dict[str, object]:
    lists = 2**found.done_pairs
    return {"lists": round(p * lists), "all": lists, "p": f"{p:.3f}"}
