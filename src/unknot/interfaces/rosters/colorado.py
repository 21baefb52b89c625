"""Read the licences that Colorado's Department of Regulatory Agencies publishes.

Units   dates are calendar days: 2026-03-27, also with a midnight behind it, or 03/27/2026.
Errors  as in boards.py.
Source  the open data set 7s5z-vewr. Which of its type codes means massage is not known for sure,
        so none is built in: the person who imports names it.
"""

from unknot.interfaces.rosters.boards import Layout

LAYOUT = Layout(
    source="colorado",
    called="Colorado's list of licences",
    jurisdiction="US-CO",
    type="licensetype",
    number="licensenumber",
    status="licensestatusdescription",
    issued="licensefirstissuedate",
    expires="licenseexpirationdate",
    kept=("middlename", "licenselastreneweddate"),
)
