"""Say what was found, in English or German: the only place where findings become sentences.

Units   points with one decimal; chances as "86 in 100", never above 99 and never below 1.
Errors  KeyError: a finding names a text that does not exist; tests go through all of them.
Source  knowledge/outcomes/sentences.toml
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import singledispatch

from unknot.domain.outcomes.findings import (
    HIGHER_IS_BETTER,
    Better,
    Estimate,
    Gate,
    Link,
    Outcome,
    Verdict,
)
from unknot.domain.outcomes.model import load as load_model
from unknot.domain.outcomes.sentences import Language, Text, load

#: Below this a change rounds to nothing.
NOTHING = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding in words: one word, one sentence, what it rests on, and what would help to tell.

    `others` leans on other clients and stands apart from the rest; empty without them.
    """

    word: str
    sentence: str
    detail: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def language_of(code: str | None) -> Language:
    """The language of ours for a reader's language code such as "de-ch"; English without one."""
    return "de" if (code or "").lower().startswith("de") else "en"


def number(value: float, language: Language) -> str:
    """One decimal, with the language's decimal sign."""
    written = f"{value:.1f}"
    return written.replace(".", ",") if language == "de" else written


@singledispatch
def say(
    finding: object, language: Language, *, worth: float | None = None, painkiller_days: int = 0
) -> Said:
    """Say a Verdict, a Better or a Link; `worth` are the points that count as worth it."""
    raise TypeError(f"nothing is said of a {type(finding).__name__}")


@say.register
def _(
    finding: Verdict, language: Language, *, worth: float | None = None, painkiller_days: int = 0
) -> Said:
    words, texts = _Words(language, finding.outcome, finding.technique), load()
    turned = finding.outcome in HIGHER_IS_BETTER and finding.state == "tends_higher"
    state = "tends_worse" if turned else finding.state
    effect = finding.effect
    if effect is None:
        return Said(
            word=words.of(texts.word[state]),
            sentence=words.of(texts.verdict[state]),
            help=(*words.missing(finding.gates), words.of(texts.help["door"])),
        )
    change = words.change(effect.mean)
    detail = [
        *([] if finding.identified else [words.of(texts.detail["weak"])]),
        *(words.measured(effect, said=state in ("early_sign", "likely_helps"))),
        words.sure(finding, effect),
        *_worth(finding, effect, words, worth),
        *([words.of(texts.detail["four_in_ten"])] if state == "early_sign" else []),
        *([words.of(texts.detail["kept"])] if finding.kept else []),
        *([] if finding.main else [words.of(texts.detail["also"])]),
        *_painkillers(painkiller_days, words),
        words.of(texts.detail["includes"]),
    ]
    return Said(
        word=words.of(texts.word[state]),
        sentence=words.of(texts.verdict[state], change=change),
        detail=tuple(detail),
        help=tuple(words.of(texts.help[one]) for one in HELPS[finding.state]),
        others=words.others(finding.with_others),
    )


@say.register
def _(
    finding: Better, language: Language, *, worth: float | None = None, painkiller_days: int = 0
) -> Said:
    words, texts = _Words(language, finding.outcome, None), load()
    if finding.change is None:
        return Said(
            word=words.of(texts.word[finding.state]),
            sentence=words.of(texts.better[finding.state]),
            help=words.missing(finding.gates),
        )
    is_nothing = abs(finding.change.mean) < NOTHING
    about = texts.better["nothing"] if is_nothing else texts.better["about"]
    cause = texts.better["not_blame" if finding.state == "worse" else "not_cause"]
    return Said(
        word=words.of(texts.word[finding.state]),
        sentence=words.of(texts.better[finding.state]),
        detail=(
            words.of(about, change=words.change(finding.change.mean)),
            words.of(texts.detail["fits"], range=words.range(finding.change)),
            words.of(texts.detail["worst_first"]),
            words.of(cause),
        ),
        help=(words.of(texts.help["talk"]),) if finding.state == "worse" else (),
    )


@say.register
def _(
    finding: Link, language: Language, *, worth: float | None = None, painkiller_days: int = 0
) -> Said:
    words, texts, gate = _Words(language, "pain", None), load(), load_model().gate
    detail: list[str] = []
    if finding.state in ("together", "apart", "cannot_tell"):
        detail.append(words.of(texts.link["same_day"], pairs=str(finding.pairs)))
        numbers = {"days": str(gate.link_days), "pairs": str(gate.link_pairs)}
        detail.append(words.of(texts.link["order"], **numbers))
    if finding.state in ("pain_first", "stress_first"):
        detail.append(words.of(texts.link["not_cause"]))
    return Said(
        word=words.of(texts.word[finding.state]),
        sentence=words.of(texts.link[finding.state]),
        detail=tuple(detail),
        help=words.missing(finding.gates) if finding.state == "too_early" else (),
    )


#: What would help to tell, or is fair to do next, for each state that has an estimate.
HELPS: Mapping[str, tuple[str, ...]] = {
    "cannot_tell": ("door", "sessions", "same_hour"),
    "early_sign": ("look_again", "door"),
    "likely_helps": ("keep",),
    "tends_higher": ("talk",),
}


def caption(language: Language) -> str:
    """What dots, line and band of the day-by-day chart mean."""
    return _Words(language, "pain", None).of(load().chart["caption"])


def outcome_name(outcome: Outcome, language: Language) -> str:
    """What is followed, as a heading."""
    return _Words(language, outcome, None).values["outcome_first"]


def technique_name(technique: str, language: Language) -> str:
    """A technique, as a heading."""
    return _Words(language, "pain", technique).values["technique_first"]


def start_label(level: float, language: Language) -> str:
    """The words at the line of where somebody started."""
    return _Words(language, "pain", None).of(load().chart["start"], level=number(level, language))


def collecting(gate: Gate, language: Language) -> str:
    """What is said while there is no line yet."""
    return _Words(language, "pain", None).of(
        load().chart["collecting"], need=str(gate.need), have=str(gate.have)
    )


class _Words:
    """The texts of one language about one outcome and technique, filled in."""

    def __init__(self, language: Language, outcome: Outcome, technique: str | None) -> None:
        texts = load()
        self.language, self.outcome = language, outcome
        name = self._in(texts.technique[technique or "massage"])
        inside = name if language == "de" or technique == "shiatsu" else _small(name)
        self.values = {
            "outcome": self._in(texts.outcome[outcome]),
            "outcome_first": _large(self._in(texts.outcome[outcome])),
            "your": self._in(texts.your[outcome]),
            "your_first": _large(self._in(texts.your[outcome])),
            "with_your": self._in(texts.with_your[outcome]),
            "technique": name if name.startswith(("Swedish", "Thai")) else inside,
            "technique_first": name,
        }

    def of(self, text: Text, **more: str) -> str:
        """One text with its values."""
        return self._in(text) % {**self.values, **more}

    def change(self, points: float) -> str:
        """Say a change: "1.1 points less pain"."""
        is_better = points >= 0 if self.outcome in HIGHER_IS_BETTER else points <= 0
        forms = load().less if is_better else load().more
        return self.of(forms[self.outcome], size=number(abs(points), self.language))

    def range(self, estimate: Estimate) -> str:
        """Say the range that fits: "0.4 to 1.9 points less"."""
        texts, low, high = load().range, estimate.low, estimate.high
        up, down, across = ("better", "worse", "either")
        if self.outcome not in HIGHER_IS_BETTER:
            up, down, across = ("more", "less", "both")
        if low >= 0:
            return self.of(texts[up], near=self._points(low), far=self._points(high))
        if high <= 0:
            return self.of(texts[down], near=self._points(high), far=self._points(low))
        return self.of(texts[across], **{down: self._points(low), up: self._points(high)})

    def measured(self, effect: Estimate, *, said: bool) -> list[str]:
        """What the check-ins show and what fits them; the mean only where no sentence has it."""
        texts, found = load().detail, []
        if not said:
            is_nothing = abs(effect.mean) < NOTHING
            text = texts["nothing"] if is_nothing else texts["about"]
            found.append(self.of(text, change=self.change(effect.mean)))
        return [*found, self.of(texts["fits"], range=self.range(effect))]

    def sure(self, finding: Verdict, effect: Estimate) -> str:
        """How sure it is, in so many of a hundred."""
        texts, rule = load().detail, load_model().rule
        if finding.state == "tends_higher":
            return self.of(texts["sure_worse"], chance=chance(1.0 - effect.p_better))
        is_main = finding.main and finding.technique is None
        needed = rule.likely if is_main else rule.also_likely
        written = f"{100 * needed:g}"
        shown = written.replace(".", ",") if self.language == "de" else written
        return self.of(texts["sure"], chance=chance(effect.p_better), needed=shown)

    def others(self, estimate: Estimate | None) -> tuple[str, ...]:
        """What others report together with one's own answers."""
        if estimate is None:
            return ()
        texts = load().others
        about = {"change": self.change(estimate.mean), "range": self.range(estimate)}
        return (
            self.of(texts["sure"], chance=chance(estimate.p_better)),
            self.of(texts["about"], **about),
        )

    def missing(self, gates: Iterable[Gate]) -> tuple[str, ...]:
        """What is still needed, one sentence for each closed gate."""
        texts = load().gate
        return tuple(
            self.of(
                texts[f"{gate.name}_{'one' if gate.need - gate.have == 1 else 'many'}"],
                more=str(gate.need - gate.have),
            )
            for gate in gates
            if not gate.is_open
        )

    def _in(self, text: Text) -> str:
        return text.de if self.language == "de" else text.en

    def _points(self, value: float) -> str:
        return number(abs(value), self.language)


def chance(p: float) -> str:
    """A chance in so many of a hundred; nothing is ever said to be certain."""
    if p > 0.99:
        return "99" if p < 0.995 else ">99"
    return str(max(round(100 * p), 1))


def _worth(finding: Verdict, effect: Estimate, words: _Words, worth: float | None) -> Iterable[str]:
    if finding.state != "likely_helps":
        return ()
    rule = load_model().rule
    text = load().detail["worth_it" if effect.p_worth >= rule.worth else "worth_unknown"]
    points = number(rule.worth_points if worth is None else worth, words.language)
    return (words.of(text, worth=points),)


def _painkillers(days: int, words: _Words) -> Iterable[str]:
    if not days:
        return ()
    text = load().detail["painkillers_one" if days == 1 else "painkillers"]
    return (words.of(text, days=str(days)),)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]
