"""The routine in words: its rhythm, what it costs a month, and what the sessions took so far.

Units   weeks, minutes, money in minor units of its currency.
Errors  none.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unknot.domain.outcomes.spending import Fit
from unknot.journey.follow.reads.routines import MOST_WEEKS, Plan
from unknot.web import money

MINUTES_PER_HOUR = 60


def rhythm(weeks: int) -> str:
    """A rhythm at the start of a sentence, such as "Every 2 weeks"."""
    return ngettext("Every week", "Every %(weeks)d weeks", weeks) % {"weeks": weeks}


def budget(plan: Plan, fit: Fit) -> str:
    """Whether a rhythm stays within the budget, in one sentence; and which one would."""
    words = {
        "rhythm": rhythm(plan.every_weeks),
        "month": money.price(fit.monthly_minor, plan.currency),
        "budget": money.price(fit.budget_minor, plan.currency),
    }
    if fit.is_within:
        return _("%(rhythm)s is about %(month)s a month, within the budget of %(budget)s.") % words
    if fit.fitting is None:
        words["most"] = rhythm(MOST_WEEKS).lower()
        return (
            _(
                "%(rhythm)s is about %(month)s a month, more than the budget of %(budget)s, "
                "and so is %(most)s."
            )
            % words
        )
    words["fits"] = rhythm(fit.fitting).lower()
    return (
        _(
            "%(rhythm)s is about %(month)s a month, more than the budget of %(budget)s; "
            "%(fits)s would fit."
        )
        % words
    )


def lasted(minutes: int) -> str:
    """A length of time in hours and minutes."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    in_hours = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    in_minutes = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    if not hours:
        return in_minutes
    return f"{in_hours} {in_minutes}" if rest else in_hours
