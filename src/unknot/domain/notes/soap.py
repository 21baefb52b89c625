"""What a session note must hold before it can be signed, and who may amend it afterwards.

SOAP: subjective, objective, assessment, plan. A signed note never changes; an amendment is a
text of its own beside it.

Units   minutes of hands-on time; pressure 1 to 5; ratings 0 to 10; text in characters.
Errors  NotComplete, TextTooLong; NotSigned, AmendmentEmpty, MayNotAmend (all NoteRefused).
Source  the parts are those of a SOAP record; the limits are ours.
"""

from dataclasses import dataclass

TEXT_MAX = 10_000
MINUTES = range(1, 241)
PRESSURE = range(1, 6)
RATING = range(11)
TEXTS = ("subjective", "objective", "assessment", "plan")


class NoteRefused(ValueError):
    """The note or amendment cannot be taken as it is."""


class NotComplete(NoteRefused):
    """Parts are missing that a signed note must have; `parts` names them."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__(f"missing before signing: {', '.join(parts)}")
        self.parts = parts


class TextTooLong(NoteRefused):
    """A text is longer than `TEXT_MAX`; `parts` names which."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__(f"longer than {TEXT_MAX} characters: {', '.join(parts)}")
        self.parts = parts


class NotSigned(NoteRefused):
    """A draft is edited, not amended."""


class AmendmentEmpty(NoteRefused):
    """An amendment needs a text."""


class MayNotAmend(NoteRefused):
    """Only the author or a practice manager may amend a signed note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedRegion:
    """One region as the therapist recorded it; None and "" mean not filled in."""

    region: str
    technique: str = ""
    minutes: int | None = None
    pressure: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it stands; `before` and `after` are the client's rating 0 to 10."""

    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""
    regions: tuple[TreatedRegion, ...] = ()
    before: int | None = None
    after: int | None = None


def missing_parts(note: Note) -> tuple[str, ...]:
    """Return the names of the parts that keep `note` from being signed, in page order.

    "regions" stands for no treated region at all or any row that is not filled in.
    """
    parts = [name for name in TEXTS if not _text(note, name).strip()]
    if not note.regions or not all(_is_complete(region) for region in note.regions):
        parts.append("regions")
    if note.before is None or note.before not in RATING:
        parts.append("before")
    if note.after is None or note.after not in RATING:
        parts.append("after")
    return tuple(parts)


def too_long(note: Note) -> tuple[str, ...]:
    """Return the names of the texts longer than `TEXT_MAX` characters."""
    return tuple(name for name in TEXTS if len(_text(note, name)) > TEXT_MAX)


def check_can_sign(note: Note) -> None:
    """Raise NotComplete or TextTooLong unless `note` may be signed."""
    if parts := missing_parts(note):
        raise NotComplete(parts)
    if parts := too_long(note):
        raise TextTooLong(parts)


def check_amendment(text: str, *, signed: bool, by_author: bool, by_manager: bool) -> None:
    """Raise a NoteRefused unless this person may add `text` to the note.

    Whether a manager may open the note at all is decided before, by access.
    """
    if not signed:
        raise NotSigned("the note is a draft")
    if not (by_author or by_manager):
        raise MayNotAmend("neither the author nor a manager")
    if not text.strip():
        raise AmendmentEmpty("no text")
    if len(text) > TEXT_MAX:
        raise TextTooLong(("amendment",))


def _is_complete(treated: TreatedRegion) -> bool:
    return (
        bool(treated.region.strip() and treated.technique.strip())
        and treated.minutes in MINUTES
        and treated.pressure in PRESSURE
    )


def _text(note: Note, name: str) -> str:
    return str(getattr(note, name))
