"""The settings of the suite: those of every run, with cheap password hashing and its own folder."""

import os

os.environ["UNKNOT_MODE"] = "test"
os.environ.setdefault("UNKNOT_DATA", "var/test")
os.environ.setdefault("UNKNOT_SECRET_KEY", "only-for-the-tests-and-never-for-a-person")

from django.contrib.auth.hashers import Argon2PasswordHasher

from unknot.project.settings import *  # noqa: F403 (the same settings, two lines changed)
from unknot.project.settings import DATABASES


class CheapArgon2(Argon2PasswordHasher):
    """The real algorithm with the smallest parameters: hundreds of accounts in a second."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


PASSWORD_HASHERS = ["tests.settings.CheapArgon2"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
