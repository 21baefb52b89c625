"""Unknot: back-and-neck massage care, from where it hurts to whether it helped."""

import zoneinfo

# One source of time zone rules wherever this runs: the tzdata package that the lock file pins. Two
# versions on one machine disagree about real places, and a booking would follow either.
zoneinfo.reset_tzpath(to=())

__version__ = "0.1.0"
