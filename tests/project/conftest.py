"""Start the real launcher and commands as a person would."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
Result = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    """The environment of a person who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNKNOT_")}
    if chosen := os.environ.get("UNKNOT_POSTGRES"):
        kept["UNKNOT_POSTGRES"] = chosen
    return {**kept, "PYTHONPATH": str(CHECKOUT / "src")}


@pytest.fixture(scope="session")
def unknot(plain_environment: dict[str, str]) -> Callable[..., Result]:
    """Run one command: `unknot("backup", "file", UNKNOT_DATA="…")`."""

    def run(*arguments: object, **variables: str) -> Result:
        return subprocess.run(
            [sys.executable, "-P", "-m", "unknot", *(str(each) for each in arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**plain_environment, **variables},
        )

    return run


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the server's account can pass through when the tests run as root.

    Not below pytest's own folder, which every session closes to other accounts when it starts.
    """
    with tempfile.TemporaryDirectory(prefix="unknot-tests-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o711)
        yield folder


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Such a folder for one test."""
    with open_folder() as folder:
        yield folder


def one_sentence(text: str) -> bool:
    """Whether `text` is one line that ends as a sentence or with the command to type."""
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text
