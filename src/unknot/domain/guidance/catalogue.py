"""Read the techniques and everything else guidance needs, cross-checked.

Units   pressure 1 to 5, minutes, degrees Celsius, weeks since the onset.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected;
        KeyError for an id that the catalogue does not have; OnsetInFuture from `duration_class`.
Source  knowledge/techniques/*.toml; the claims come from guidance/evidence.py
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.guidance import evidence
from unknot.domain.guidance.entries import (
    Aim,
    AimId,
    Alternative,
    BannedPhrases,
    Cause,
    Circumstance,
    CodeSystems,
    Dose,
    DurationId,
    Durations,
    PressureScale,
    Reason,
    StoneHeat,
    StopRule,
    Technique,
)
from unknot.domain.guidance.evidence import Claim, Evidence, Status, Step
from unknot.domain.knowledge import KNOWLEDGE, Entry, HasId, KnowledgeError, by_id, read
from unknot.domain.screening import catalogue as screening

DAYS_PER_WEEK = 7
#: The files of the techniques folder that are not a technique each.
SHARED = frozenset(
    f"{name}.toml"
    for name in (
        "banned_phrases",
        "causes",
        "codes",
        "dosing",
        "duration",
        "pressure",
        "reasons",
        "session_plan",
        "stop_rules",
    )
)


class OnsetInFuture(ValueError):
    """A pain cannot have begun after the day it is asked about."""


class DosingFile(Entry):
    """dosing.toml"""

    dose: tuple[Dose, ...]


class StopRulesFile(Entry):
    """stop_rules.toml"""

    replaces: tuple[str, ...]
    stop_rule: tuple[StopRule, ...]


class CausesFile(Entry):
    """causes.toml"""

    cause: tuple[Cause, ...]


class ReasonsFile(Entry):
    """reasons.toml"""

    method: str
    tie_break: str
    always_say: str
    also_say: str
    reason: tuple[Reason, ...]
    aim: tuple[Aim, ...]
    alternative: tuple[Alternative, ...]


class Catalogue(Entry):
    """Everything guidance knows, already checked: every reference in it leads somewhere."""

    techniques: tuple[Technique, ...]
    evidence: Evidence
    doses: tuple[Dose, ...]
    stop_rules: tuple[StopRule, ...]
    causes: tuple[Cause, ...]
    pressure: PressureScale
    durations: Durations
    words: ReasonsFile
    banned: BannedPhrases
    codes: CodeSystems

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Give every claim, in the file's order."""
        return self.evidence.claims

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Give every status a claim may have."""
        return self.evidence.statuses

    def technique(self, technique_id: str) -> Technique:
        """Give one technique; KeyError when there is none of that id."""
        return by_id(self.techniques, technique_id)

    def claim(self, claim_id: str) -> Claim:
        """Give one claim; KeyError when there is none of that id."""
        return self.evidence.claim(claim_id)

    def status(self, claim_id: str) -> Status:
        """Give how well the claim of that id stands; KeyError when there is none."""
        return self.evidence.status(claim_id)

    def step(self, claim_id: str) -> Step | None:
        """Give a claim's step on the evidence meter; None when it has no meter."""
        return self.evidence.step(claim_id)

    def duration_class(self, onset: date, on: date) -> DurationId:
        """Class the time from `onset` to `on`; raises OnsetInFuture."""
        days = (on - onset).days
        if days < 0:
            raise OnsetInFuture(f"the pain began on {onset}, after {on}")
        weeks = days / DAYS_PER_WEEK
        return next(row.id for row in self.durations.classes if row.holds(weeks))


@cache
def load() -> Catalogue:
    """Give the catalogue shipped with Unknot, read once; raises KnowledgeError."""
    return read_catalogue(KNOWLEDGE)


def duration_class(onset: date, on: date) -> DurationId:
    """Class a pain by the days from `onset` to `on`: under 6, 6 to 12, over 12 weeks."""
    return load().duration_class(onset, on)


def read_catalogue(knowledge: Path) -> Catalogue:
    """Read techniques/ and evidence/ below `knowledge`, cross-checked; raises KnowledgeError."""
    folder = knowledge / "techniques"
    stops = read(folder / "stop_rules.toml", StopRulesFile)
    own = sorted(path for path in folder.glob("*.toml") if path.name not in SHARED)
    catalogue = Catalogue(
        techniques=_in_order(read(path, Technique) for path in own),
        evidence=evidence.read_evidence(knowledge),
        doses=read(folder / "dosing.toml", DosingFile).dose,
        stop_rules=stops.stop_rule,
        causes=read(folder / "causes.toml", CausesFile).cause,
        pressure=read(folder / "pressure.toml", PressureScale),
        durations=read(folder / "duration.toml", Durations),
        words=read(folder / "reasons.toml", ReasonsFile),
        banned=read(folder / "banned_phrases.toml", BannedPhrases),
        codes=read(folder / "codes.toml", CodeSystems),
    )
    if problems := tuple(_problems(catalogue)):
        raise KnowledgeError("\n".join(problems))
    return catalogue


def _in_order(techniques: Iterable[Technique]) -> tuple[Technique, ...]:
    order = screening.load().techniques
    known = {name: place for place, name in enumerate(order)}
    return tuple(sorted(techniques, key=lambda one: (known.get(one.id, len(order)), one.id)))


def _problems(catalogue: Catalogue) -> Iterator[str]:
    yield from _same_techniques(catalogue)
    for technique in catalogue.techniques:
        yield from _technique_problems(catalogue, technique)
    yield from _repeated(catalogue)
    yield from _reason_problems(catalogue)
    yield from _aim_problems(catalogue)
    yield from _dose_problems(catalogue)
    yield from _too_short(catalogue)
    yield from _cause_problems(catalogue)
    yield from _duration_problems(catalogue)


def _same_techniques(catalogue: Catalogue) -> Iterator[str]:
    here = {technique.id for technique in catalogue.techniques}
    there = set(screening.load().techniques)
    for name in sorted(here ^ there):
        where = "techniques/" if name in there else "screening/groups.toml: techniques"
        yield f"{where}: {name}: expected in both the technique files and screening/groups.toml"


def _technique_problems(catalogue: Catalogue, technique: Technique) -> Iterator[str]:
    file = f"techniques/{technique.id}.toml"
    table = screening.load()
    groups = {"all", *table.techniques, *(group.id for group in table.groups)}
    claims = {claim.id for claim in catalogue.claims}
    yield from _dangling(file, "rules_from", technique.rules_from, groups)
    yield from _dangling(file, "claims", technique.claims, claims)
    known = [name for name in technique.claims if name in claims]
    expected = {name: catalogue.step(name) for name in known if catalogue.step(name) is not None}
    if dict(technique.evidence) != expected:
        yield f"{file}: evidence: expected {expected}, got {technique.evidence}"
    if isinstance(technique.heat, StoneHeat):
        yield from _heat_problems(file, technique.heat)


def _heat_problems(file: str, heat: StoneHeat) -> Iterator[str]:
    skin, table = heat.skin_contact_c, screening.load()
    rules = {row.id for row in table.rules} | {row.id for row in table.age_rules}
    for key in ("elderly_or_thin_skin_rules", "dulled_feeling_rules"):
        yield from _dangling(file, f"heat.skin_contact_c.{key}", getattr(skin, key), rules)
    limits = (skin.start_low, skin.dulled_feeling_max, skin.elderly_or_thin_skin_max, skin.max)
    if list(limits) != sorted(limits) or skin.max >= heat.bath_c.max:
        yield f"{file}: heat: expected start <= dulled <= thin skin <= skin < bath, got {limits}"


def _repeated(catalogue: Catalogue) -> Iterator[str]:
    files: tuple[tuple[str, tuple[HasId, ...]], ...] = (
        ("techniques/reasons.toml", catalogue.words.reason),
        ("techniques/reasons.toml", catalogue.words.alternative),
        ("techniques/reasons.toml", catalogue.words.aim),
        ("techniques/causes.toml", catalogue.causes),
        ("techniques/dosing.toml", catalogue.doses),
        ("techniques/stop_rules.toml", catalogue.stop_rules),
        ("techniques", catalogue.techniques),
    )
    for file, rows in files:
        ids = [row.id for row in rows]
        for name in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{file}: {name}.id: expected an id used once"


def _reason_problems(catalogue: Catalogue) -> Iterator[str]:
    file = "techniques/reasons.toml"
    techniques = {"all", *screening.load().techniques}
    claims = {claim.id for claim in catalogue.claims}
    for reason in catalogue.words.reason:
        yield from _dangling(file, f"{reason.id}.favours", reason.favours, techniques)
        yield from _dangling(file, f"{reason.id}.speaks_against", reason.speaks_against, techniques)
        yield from _area_problems(file, reason.id, reason.when)
        if not reason.favours and not reason.speaks_against:
            yield f"{file}: {reason.id}: expected favours or speaks_against to name a technique"
    for other in catalogue.words.alternative:
        yield from _dangling(file, f"{other.id}.claims", other.claims, claims)
        if other.when is not None:
            yield from _area_problems(file, other.id, other.when)


def _aim_problems(catalogue: Catalogue) -> Iterator[str]:
    file = "techniques/reasons.toml"
    claims = {claim.id for claim in catalogue.claims}
    for aim in catalogue.words.aim:
        yield from _dangling(file, f"{aim.id}.claims", aim.claims, claims)
    named = {one for reason in catalogue.words.reason for one in reason.when.aims}
    answered = named | {aim.id for aim in catalogue.words.aim}
    for missing in sorted(set(get_args(AimId)) - answered):
        yield f"{file}: aim: expected {missing} to be met by a reason or answered by an aim"


def _dose_problems(catalogue: Catalogue) -> Iterator[str]:
    file = "techniques/dosing.toml"
    claims = {claim.id for claim in catalogue.claims}
    said = [dose for dose in catalogue.doses if dose.say]
    for dose in said:
        yield from _dangling(file, f"{dose.id}.claims", dose.claims, claims)
        if dose.when is not None:
            yield from _area_problems(file, dose.id, dose.when)
    if [dose.id for dose in said if dose.when is None] != [dose.id for dose in said[-1:]]:
        yield f"{file}: dose: expected the last dose with `say`, and no other, to have no `when`"


def _too_short(catalogue: Catalogue) -> Iterator[str]:
    """A gain found with long sessions is no claim of a technique that never lasts as long."""
    found = {claim.id for claim in catalogue.claims if catalogue.step(claim.id) is not None}
    for dose in catalogue.doses:
        gains = found.intersection(dose.claims)
        for technique in catalogue.techniques:
            if dose.minutes is None or dose.minutes <= technique.minutes.max:
                continue
            for name in sorted(gains.intersection(technique.claims)):
                yield (
                    f"techniques/{technique.id}.toml: claims: {name} is from sessions of "
                    f"{dose.minutes} minutes, expected minutes.max of at least that"
                )


def _cause_problems(catalogue: Catalogue) -> Iterator[str]:
    file = "techniques/causes.toml"
    claims = {claim.id for claim in catalogue.claims}
    for cause in catalogue.causes:
        yield from _dangling(file, f"{cause.id}.claims", (c.id for c in cause.claims), claims)
        for claim in cause.claims:
            if claim.when is not None:
                yield from _area_problems(file, f"{cause.id}.claims", claim.when)


def _area_problems(file: str, key: str, when: Circumstance) -> Iterator[str]:
    groups = set(bodymap.load().entry.area_groups)
    for part in (when, *when.any):
        yield from _dangling(file, f"{key}.when.main_area", part.main_area, groups)


def _duration_problems(catalogue: Catalogue) -> Iterator[str]:
    for days in range(366):
        weeks = days / DAYS_PER_WEEK
        found = [row.id for row in catalogue.durations.classes if row.holds(weeks)]
        if len(found) != 1:
            yield f"techniques/duration.toml: class: expected one class at {days} days, got {found}"
            return


def _dangling(file: str, key: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    allowed = set(known)
    for name in names:
        if name not in allowed:
            yield f"{file}: {key}: unknown {name!r}, expected one of {', '.join(sorted(allowed))}"
