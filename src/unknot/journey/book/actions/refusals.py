"""What the booking step refuses, each with its sentence and what to do instead.

Units   none.
Errors  all of them; none leaves a trace in the tables.
Source  the booking policies in docs/decisions.
"""

from django.utils.translation import gettext_lazy as _

from unknot.web.errors import Conflict


class SlotTaken(Conflict):
    """An overlapping time is already held or booked."""

    title = _("Somebody was faster")
    sentence = _("This time has just been taken. Here is what is free now.")
    mend = _("Choose another time.")


class NotOffered(Conflict):
    """The slot rule refuses this start; the sentence is the rule's."""

    title = _("This time cannot be booked")
    mend = _("Choose another time.")


class HoldEnded(Conflict):
    """The time is no longer kept for this person."""

    title = _("The time is no longer held")
    sentence = _("We no longer hold this time for you.")
    mend = _("Choose a time again.")


class TooManyHolds(Conflict):
    """One browser, person or address holds as many times as it may."""

    title = _("You already hold several times")
    sentence = _("You already hold several times. Book one of them, or wait ten minutes.")


class CallThePractice(Conflict):
    """The practice does not book this person by itself; why is between the two."""

    title = _("Please call the practice")
    sentence = _("This cannot be booked here at the moment. Please call the practice.")


class NotPossible(Conflict):
    """The appointment is in a state from which this step does not lead."""

    title = _("This is no longer possible")
    sentence = _("This appointment has changed, so this is no longer possible.")


class CostsMore(Conflict):
    """Meanwhile cancelling costs more than was shown."""

    title = _("Cancelling now has a fee")
    sentence = _("Meanwhile it has become late, so nothing was cancelled. Look at the fee first.")


class OnHold(Conflict):
    """A safety question is open; until it is settled the appointment cannot go on."""

    title = _("This appointment is on hold")
    sentence = _("This appointment is on hold until the practice has spoken with the client.")
