"""What each entry of the audit table says to the person whose record it is."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, str | Promise] = {
    "appointment.arrived": _("noted that you arrived"),
    "appointment.attended": _("noted that the session took place"),
    "appointment.cancelled": _("cancelled an appointment"),
    "appointment.confirmed": _("confirmed an appointment"),
    "appointment.held": _("held a time"),
    "appointment.no-show": _("noted that nobody came"),
    "appointment.released": _("gave a held time back"),
    "briefing.read": _("read the briefing"),
    "call-back.done": _("noted a call"),
    "call-back.read": _("read why to call"),
    "check-in.claimed": _("joined a check-in with the account"),
    "check-in.completed": _("completed a check-in"),
    "clearance.recorded": _("recorded a clinician's word"),
    "consent.given": _("agreed to something"),
    "consent.withdrawn": _("took an agreement back"),
    "credential.added": _("added a credential"),
    "credential.checked": _("checked a credential"),
    "credentials.imported": _("imported a roster"),
    "daily.imported": _("imported daily answers"),
    "daily.saved": _("saved daily answers"),
    "day.read": _("saw your notes in the day's list"),
    "hours-day.added": _("changed one day's hours"),
    "hours-day.removed": _("took back one day's hours"),
    "hours.saved": _("changed the weekly hours"),
    "listing.saved": _("changed a therapist's page"),
    "outcome.saved": _("saved answers about how things have changed"),
    "practice.set-up": _("set up the practice"),
    "preparation.saved": _("saved wishes for an appointment"),
    "progress.read": _("read the progress page"),
    "recheck.recorded": _("wrote down what was said before a session"),
    "record.amended": _("added to a session record"),
    "record.read": _("read a session record"),
    "record.saved": _("wrote in a session record"),
    "record.signed": _("signed a session record"),
    "review.written": _("wrote a review"),
    "safety-table.approved": _("approved the safety table"),
    "service.added": _("added a service"),
    "service.changed": _("changed a service"),
    "stop.opened": _("closed booking until a clinician has spoken"),
    "weekly.saved": _("saved weekly answers"),
}
