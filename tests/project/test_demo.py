"""The demo as a person starts it: address, logins, pages, Ctrl-C, and a quicker second start."""

import contextlib
import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.conftest import open_folder
from tests.project.test_commands import free_port


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "demo"


@contextlib.contextmanager
def demo(folder: Path, variables: dict[str, str]) -> Iterator[tuple[str, int]]:
    """What a demo says until it is ready, and its port; ended by Ctrl-C."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "unknot", "demo", "--port", str(port), "--data", folder]
    running = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)
    try:
        said = ""
        while "Ctrl-C stops it" not in said:
            line = running.stdout.readline()
            assert line, said
            said += line
        yield said, port
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=30)[0].strip() == "Stopped."
        assert running.returncode == 0
    finally:
        running.kill()
        running.communicate()


def status(port: int, path: str) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked.request("GET", path)
    answer = asked.getresponse().status
    asked.close()
    return answer


def test_first_it_is_filled_and_then_it_is_only_started(folder, plain_environment):
    with demo(folder, plain_environment) as (said, port):
        assert "Preparing the database … " in said
        assert "Filling the practice with made-up people … " in said
        assert f"http://127.0.0.1:{port}" in said
        for role in ("client", "therapist", "practice manager"):
            assert f"  {role} " in said
        assert status(port, "/") == 200
    with demo(folder, plain_environment) as (again, port):
        assert "Preparing" not in again
        assert "Filling" not in again
        assert again.replace(str(port), "").count("@") == said.count("@")
        assert status(port, "/") == 200
