"""The report of one comparison, ordered by the topics of CONSORT that CENT 2015 extends.

The numbers are those of the CONSORT 2010 checklist, on which the CONSORT extension for N-of-1
trials (CENT 2015) is built; its own sub-items are not quoted here. What is still sealed, or not
shared with whoever reads, is left out and said to be.

Units   aware datetimes in ISO 8601; points of a 0 to 10 scale.
Errors  none.
Source  Vohra et al. 2015, CONSORT extension for reporting N-of-1 trials (CENT) 2015 Statement
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.models import AfterSession, Trial
from unknot.journey.follow.reads.after_session import session_events
from unknot.journey.follow.reads.trials import TrialPage

AFTER = "after CENT 2015; item numbers of CONSORT 2010"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One topic of the checklist with what there is to report."""

    number: str
    topic: str
    text: str


#: Number, topic and text of each item; the texts are filled with what `_facts` finds.
_ITEMS: Final = (
    ("1", _("Title"), _("An N-of-1 trial: %(a)s and %(b)s compared in one person.")),
    (
        "2",
        _("Background"),
        _(
            "Both techniques are offered and safe for this person, and which one helps them more "
            "is not known. Comparing them in one person answers that for this person only."
        ),
    ),
    (
        "2",
        _("Objectives"),
        _(
            "To learn whether %(outcome)s in the %(days)s days after a session differs between "
            "%(a)s (A) and %(b)s (B) in this person."
        ),
    ),
    (
        "3",
        _("Design"),
        _(
            "%(pairs)s pairs of sessions; each pair has A and B once. At least %(gap)s days "
            "between sessions and no wash-out: what is left of the last session is counted."
        ),
    ),
    (
        "4",
        _("Participant"),
        _(
            "One adult whose safety answers allow both techniques. "
            "Consent in words on %(consented)s."
        ),
    ),
    (
        "5",
        _("Interventions"),
        _("A: %(a)s, B: %(b)s, each %(minutes)s minutes, by the same therapist."),
    ),
    (
        "6",
        _("Outcome"),
        _(
            "Fixed beforehand: the daily rating of %(outcome)s, 0 to 10, over the %(days)s days "
            "after each session."
        ),
    ),
    (
        "7",
        _("Number of periods and power"),
        _("Fixed beforehand: %(sessions)s sessions. %(power)s"),
    ),
    (
        "7",
        _("Rules for stopping"),
        _(
            "A safety stop or red flag; the client's or the therapist's wish at any time; a pair "
            "not finished within %(weeks)s weeks. Then only finished pairs count."
        ),
    ),
    (
        "8",
        _("Randomisation"),
        _(
            "A coin (a cryptographic source) for each pair: AB or BA. "
            "Drawn once, by the system, on %(drawn)s."
        ),
    ),
    (
        "9",
        _("Concealment"),
        _(
            "The list was sealed before the first session: SHA-256 of salt, line feed and order "
            "is %(commitment)s. Each technique was shown when its session was due to be booked."
        ),
    ),
    ("9", _("The list, opened"), "%(opened)s"),
    ("11", _("Blinding"), "%(blinding)s"),
    (
        "12",
        _("Statistics"),
        _(
            "Fixed beforehand: the generalised least squares difference of the decaying effects, "
            "with variance and half-life fitted without the labels; with fewer than 20 ratings "
            "the difference of means. Exact randomisation test over all lists, two-sided, "
            "%(alpha)s."
        ),
    ),
    (
        "13",
        _("Flow"),
        _("%(done)s of %(sessions)s sessions took place. %(stop)s"),
    ),
    ("14", _("Dates"), _("Proposed %(proposed)s, begun %(drawn)s, ended %(ended)s.")),
    ("16", _("Numbers analysed"), "%(analysed)s"),
    ("17", _("Results"), "%(result)s"),
    ("19", _("Harms"), "%(harms)s"),
    ("20", _("Deviations and limits"), "%(deviations)s"),
    (
        "23",
        _("Registration"),
        _(
            "Not in a public register. The protocol and the sealed list were logged in this "
            "installation before the first session."
        ),
    ),
)


def items(page: TrialPage, *, with_answers: bool) -> tuple[Item, ...]:
    """The whole report, in the order of the checklist; about 4 queries.

    Without `with_answers` nothing of what the client answered is in it.
    """
    facts = _facts(page, with_answers=with_answers)
    return tuple(
        Item(number=number, topic=str(topic), text=(str(text) % facts).strip())
        for number, topic, text in _ITEMS
    )


def _facts(page: TrialPage, *, with_answers: bool) -> dict[str, object]:
    trial, hidden = page.trial, gettext("Not shared with whoever reads this.")
    return {
        "a": page.a,
        "b": page.b,
        "outcome": page.outcome,
        "days": trial.window_days,
        "pairs": trial.pairs,
        "sessions": 2 * trial.pairs,
        "gap": trial.gap_days,
        "minutes": page.minutes,
        "weeks": trial.pair_weeks,
        "alpha": trial.alpha,
        "commitment": trial.commitment or "–",
        "done": page.done,
        "consented": _day(trial.consented_at),
        "proposed": _day(trial.proposed_at),
        "drawn": _day(trial.drawn_at),
        "ended": _day(trial.ended_at),
        "power": " ".join(page.power),
        "blinding": page.blinding,
        "stop": page.stop_words,
        "opened": _opened(page),
        "analysed": _analysed(page),
        "result": _result(page) if with_answers else hidden,
        "harms": _harms(trial) if with_answers else hidden,
        "deviations": " ".join(_deviations(trial)),
    }


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment is not None else "–"


def _opened(page: TrialPage) -> str:
    if not page.order:
        return gettext("Still sealed: it is opened at the end.")
    told = {"order": page.order, "salt": page.salt}
    return gettext("Order %(order)s, salt %(salt)s.") % told


def _analysed(page: TrialPage) -> str:
    result = page.result
    if result is None:
        return gettext("Not analysed yet.")
    told = {
        "pairs": ", ".join(map(str, result.pairs)) or "–",
        "ratings": result.check_ins,
        "engine": result.engine,
    }
    return gettext("Pairs %(pairs)s, %(ratings)s ratings. Computed by %(engine)s.") % told


def _result(page: TrialPage) -> str:
    return " ".join(page.said) or gettext("Not analysed yet.")


def _harms(trial: Trial) -> str:
    """What was noticed after the sessions of the list, from the answers 24 and 72 hours later."""
    found = list(AfterSession.objects.filter(appointment__trial_session__trial=trial))
    if not found:
        return gettext("Nobody answered the questions after a session.")
    words = session_events()
    noticed = Counter(event for one in found for event in one.events if event != "none")
    sore = [one.soreness for one in found if one.soreness is not None]
    parts = [
        ngettext("%(n)s answer after a session.", "%(n)s answers after sessions.", len(found))
        % {"n": len(found)}
    ]
    if sore:
        parts.append(gettext("Highest soreness %(most)s of 10.") % {"most": max(sore)})
    listed = "; ".join(f"{words.get(event, event)}: {count}" for event, count in noticed.items())
    parts.append(listed or gettext("Nothing else was noticed."))
    return " ".join(parts)


def _deviations(trial: Trial) -> list[str]:
    """What was not as planned, counted; and what this design cannot show."""
    if trial.drawn_at is None:
        return []
    others = Appointment.objects.filter(
        client=trial.client, start__gte=trial.drawn_at, trial_session__isnull=True
    )
    if trial.ended_at is not None:
        others = others.filter(start__lt=trial.ended_at)
    elsewhere = others.filter(status=Status.ATTENDED).count()
    lost = others.filter(
        therapist=trial.therapist,
        status__in=[Status.CANCELLED, Status.NO_SHOW],
        booked_at__gt=trial.drawn_at,
    ).count()
    return [
        gettext("Sessions outside of the list: %(n)s.") % {"n": elsewhere},
        gettext("Cancelled or missed, their place kept: %(n)s.") % {"n": lost},
        gettext("The two techniques are compared with each other, not with no session at all."),
        gettext("One person: nothing follows for others."),
    ]
