"""Read the credentials that Washington's Department of Health publishes.

Units   dates are calendar days: 2026-03-27, also with a midnight behind it, or 03/27/2026.
Errors  as in boards.py.
Source  the open data of provider credentials. Its words for massage are not known for sure, so
        none are built in: the person who imports names them. `actiontaken` says whether there is
        a finding against the holder.
"""

from unknot.interfaces.rosters.boards import Layout

LAYOUT = Layout(
    source="washington",
    called="Washington's list of credentials",
    jurisdiction="US-WA",
    type="credentialtype",
    number="credentialnumber",
    status="status",
    issued="firstissuedate",
    expires="expirationdate",
    acted="actiontaken",
    kept=("middlename", "lastissuedate", "actiontaken"),
)
