"""What pytest adds when `./unknot mutate` runs it: cold caches, and examples that stay the same.

A run for one mutant starts from a process that has already run every test. What a cached reader
kept there was made by the unchanged rules, so it is forgotten first. Hypothesis draws the same
examples each time, and does not look for a shorter one: any failure is enough.
"""

import os
import sys

import pytest
from hypothesis import Phase, settings


def pytest_configure() -> None:
    """Draw the same examples each time; tests that set their own number keep it."""
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("mutants")


def pytest_sessionstart() -> None:
    """Forget what the readers of the package under test kept."""
    forget(package_under_test())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """While mutmut learns which test runs which function, each test starts with cold caches."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        forget("unknot.domain.screening")
        forget("unknot.domain.instruments")


def package_under_test() -> str:
    """The package of the mutant that mutmut tries, or all rules."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    return ".".join(mutant.split(".")[:3]) if mutant.startswith("unknot.") else "unknot.domain"


def forget(package: str) -> None:
    """Empty every cache of the modules of `package`."""
    for name, module in list(sys.modules.items()):
        if f"{name}.".startswith(f"{package}."):
            for thing in list(vars(module).values()):
                if clear := getattr(thing, "cache_clear", None):
                    clear()
