"""The launcher: what it installs, when, and what it says when it cannot."""

import ast
import errno
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.project.conftest import CHECKOUT, one_sentence

CLOSED = "http://127.0.0.1:9/simple"  # nothing listens there: as good as no network


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that was never started: the launcher, the source, the locks."""
    shutil.copy(CHECKOUT / "unknot", tmp_path / "unknot")
    (tmp_path / "src").symlink_to(CHECKOUT / "src")
    (tmp_path / "requirements").mkdir()
    for name in ("run.lock", "dev.lock"):
        (tmp_path / "requirements" / name).write_text(f"# {name}\n")
    return tmp_path


@pytest.fixture
def launcher(checkout: Path) -> ModuleType:
    """The launcher of that checkout as a module."""
    loader = importlib.machinery.SourceFileLoader("launcher", str(checkout / "unknot"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("launcher", loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def installer(checkout: Path) -> Path:
    """A stand-in for the installer: it makes a Python and notes what it was asked."""
    uv = checkout / ".venv" / "uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    python = checkout / ".venv" / "bin" / "python"
    uv.write_text(
        "#!/bin/sh\n"
        f'echo "$1 $2" >> {checkout}/asked; sleep 0.3\n'
        f'if [ "$1" = venv ]; then mkdir -p {python.parent}\n'
        f"printf '#!/bin/sh\\nexec {sys.executable} \"$@\"\\n' > {python}; chmod +x {python}; fi\n"
        f"test ! -e {checkout}/broken || {{ cat {checkout}/broken; exit 1; }}\n"
    )
    uv.chmod(0o755)
    return checkout / "asked"


def start(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNKNOT_")}
    return subprocess.run(
        [sys.executable, checkout / "unknot", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**kept, **variables},
    )


def test_an_old_python_can_read_it_and_is_told_what_to_install(launcher, monkeypatch, capsys):
    ast.parse((CHECKOUT / "unknot").read_text(), feature_version=(3, 6))
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 2, "final", 0)[:2])
    assert launcher.main(["demo"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Unknot needs Python 3.11 or newer, and this is Python 3.9:")
    assert one_sentence(said)


def test_help_needs_nothing_installed(checkout):
    answer = start(checkout, "help")
    assert answer.returncode == 0
    assert answer.stdout.startswith("demo ")
    assert not (checkout / ".venv").exists()


def test_without_pip_it_says_what_to_install(checkout, launcher, monkeypatch, capsys):
    python = checkout / "python-without-pip"
    python.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(launcher.sys, "executable", str(python))
    assert launcher.main(["demo"]) == 2
    said = capsys.readouterr().err
    assert said.strip().endswith("on Debian or Ubuntu, run: apt install python3-pip")
    assert one_sentence(said)


def test_a_first_start_offline_says_that_it_needs_the_network(checkout):
    answer = start(checkout, "demo", PIP_INDEX_URL=CLOSED, PIP_CONFIG_FILE="/dev/null")
    assert answer.returncode == 2
    assert answer.stderr.strip().splitlines()[-1] == (
        "The package index could not be reached: the first start needs the network,"
        " later ones do not."
    )
    assert "Traceback" not in answer.stderr
    assert list((checkout / ".venv").glob("*.lock")) == [checkout / ".venv" / "unknot.lock"]


def test_the_installer_offline_is_understood_too(checkout):
    real = CHECKOUT / ".venv" / "uv"
    if not real.exists():
        pytest.skip("this environment was not made by the launcher")
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "uv").symlink_to(real)
    shutil.copy(CHECKOUT / "requirements" / "run.lock", checkout / "requirements" / "run.lock")
    answer = start(
        checkout,
        "demo",
        UV_DEFAULT_INDEX=CLOSED,
        UV_CACHE_DIR=str(checkout / "cache"),
        UV_HTTP_RETRIES="0",
    )
    assert answer.returncode == 2
    assert "The package index could not be reached" in answer.stderr


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("error: failed to write: No space left on device (os error 28)", "is full: Unknot needs"),
        ("OSError: [Errno 28] No space left on device", "is full: Unknot needs"),
        ("error: Hash mismatch for `django==5.2.19`", "differs from its pinned fingerprint"),
        ("error: dns error: failed to lookup address", "could not be reached"),
        ("something else\nbecause of this", "Installing packages failed: because of this"),
        ("", "Installing packages failed: no reason given"),
    ],
)
def test_every_failed_installation_gets_one_sentence(launcher, said, sentence):
    assert sentence in launcher.reason("Installing packages", said)
    assert one_sentence(launcher.reason("Installing packages", said))


def test_a_full_or_closed_disk_gets_one_sentence(launcher):
    assert "is full" in launcher.explain(OSError(errno.ENOSPC, "full"))
    assert "may not write" in launcher.explain(PermissionError(errno.EACCES, "no", "/x"))


def test_it_installs_once_and_then_starts_without_asking(checkout, installer):
    first = start(checkout, "help", "demo")
    assert first.returncode == 0, first.stderr
    assert "Installing packages … " in first.stderr
    assert "usage: ./unknot demo" in first.stdout
    second = start(checkout, "help", "demo")
    assert second.stderr == ""
    assert installer.read_text().splitlines() == ["venv --quiet", "pip sync"]


def test_a_changed_lock_is_installed_again(checkout, installer):
    start(checkout, "help", "demo")
    (checkout / "requirements" / "run.lock").write_text("# changed\n")
    start(checkout, "help", "demo")
    assert installer.read_text().splitlines().count("pip sync") == 2


def test_a_developers_packages_stay_when_the_demo_starts(checkout, installer, launcher):
    lock = launcher.LOCKS / "dev.lock"
    launcher.synchronise(lock)
    assert launcher.wanted_lock(developer=False) == lock
    start(checkout, "help", "demo")
    assert installer.read_text().splitlines().count("pip sync") == 1


def test_an_interrupted_installation_goes_on_at_the_next_start(checkout, installer):
    (checkout / "broken").write_text("No space left on device")
    assert start(checkout, "help", "demo").returncode == 2
    (checkout / "broken").unlink()
    assert start(checkout, "help", "demo").returncode == 0
    assert installer.read_text().splitlines()[-1] == "pip sync"


def test_two_starts_at_once_install_once(checkout, installer):
    command = [sys.executable, checkout / "unknot", "help", "demo"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=60)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert installer.read_text().splitlines() == ["venv --quiet", "pip sync"]
    assert any("Waiting for another start" in text for text in said)
