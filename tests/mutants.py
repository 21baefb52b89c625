"""What pytest adds when `./unknot mutate` runs it: cold caches, and few examples, always the same.

A run for one mutant starts from a process that has already run every test. What a cached reader
kept there was made by the unchanged rules, so it is forgotten first. Hypothesis draws the same
examples each time, and does not look for a shorter one: any failure is enough. A change that only
more examples would notice counts as not noticed.
"""

import gc
import os
import sys
from functools import cache, cached_property
from types import ModuleType

import pytest
from hypothesis import Phase, settings

#: How many examples of a test Hypothesis draws, and where it keeps the settings of that test.
EXAMPLES = 50
SETTINGS = "_hypothesis_internal_use_settings"


def pytest_configure() -> None:
    """Draw the same examples each time, and do not look for a shorter one."""
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("mutants")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the loops of ten thousand cases; Hypothesis tries the same promises in fewer."""
    items[:] = [item for item in items if "ten_thousand" not in item.name]
    for item in items:
        test = getattr(item, "obj", None)
        own = getattr(test, SETTINGS, None)
        if own is not None and own.max_examples > EXAMPLES:
            setattr(test, SETTINGS, settings(own, max_examples=EXAMPLES))


def pytest_sessionstart() -> None:
    """Forget what the readers of the package under test kept."""
    forget(package_under_test())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """While mutmut learns which test runs which function, each test starts with cold caches.

    The readers of whole folders stay warm: that is slow, and their own tests read copies.
    """
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        forget("unknot.domain", but="load")


def package_under_test() -> str:
    """The package of the mutant that mutmut tries, or all rules."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    return ".".join(mutant.split(".")[:3]) if mutant.startswith("unknot.") else "unknot.domain"


def forget(package: str, *, but: str = "") -> None:
    """Empty every cache of `package`, except of functions called `but`."""
    for module in modules(package):
        for thing in list(vars(module).values()):
            clear = getattr(thing, "cache_clear", None)
            if clear is not None and thing.__name__ != but:
                clear()
    for instance, names in kept():
        for name in names:
            vars(instance).pop(name, None)


def modules(package: str) -> list[ModuleType]:
    """The modules of `package` that are loaded."""
    loaded = list(sys.modules.items())
    return [module for name, module in loaded if f"{name}.".startswith(f"{package}.")]


@cache
def kept() -> list[tuple[object, tuple[str, ...]]]:
    """Each object of the rules that is alive at the first call, with what it may have kept."""
    classes = {
        thing: tuple(
            name
            for part in thing.__mro__
            for name, value in vars(part).items()
            if isinstance(value, cached_property)
        )
        for module in modules("unknot.domain")
        for thing in vars(module).values()
        if isinstance(thing, type)
    }
    return [(one, classes[type(one)]) for one in gc.get_objects() if classes.get(type(one))]
