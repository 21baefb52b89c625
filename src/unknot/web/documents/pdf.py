"""A PDF is read and written anew by a child process that may use little time and memory.

The child is `rewriting.py`, run by its path: it needs no settings, no database and no Django, and
gets nothing of this process's environment. It reads the upload and writes one line and the PDF.

Units   seconds.
Errors  RefusedDocument: what the child names, or "heavy" when it ran into a limit. A child that
        cannot even start is a fault of the installation: RuntimeError.
Source  getrlimit(2); the limits are in `rewriting.py`.
"""

import importlib.util
import signal
import subprocess
import sys
from pathlib import Path

from unknot.web.documents.kinds import RefusedDocument

CHILD = Path(__file__).with_name("rewriting.py")
LONGEST = 30

#: How the system ends a child that reached a limit.
STOPPED = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT}


def rewrite(raw: bytes) -> tuple[bytes, int]:
    """Return the PDF in `raw` written anew, and its number of pages, or raise RefusedDocument."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; the upload is its input alone
            [sys.executable, "-P", "-s", str(CHILD)],
            input=raw,
            capture_output=True,
            env={"PYTHONPATH": _packages()},
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedDocument("heavy") from error
    if done.returncode in STOPPED:
        raise RefusedDocument("heavy") from RuntimeError(f"stopped: {done.returncode}")
    if done.returncode != 0:
        raise RuntimeError(f"the PDF child failed ({done.returncode}): {done.stderr[-500:]!r}")
    return _answer(done.stdout, done.stderr)


def _answer(reply: bytes, log: bytes) -> tuple[bytes, int]:
    line, _, content = reply.partition(b"\n")
    word, _, rest = line.decode("ascii").partition(" ")
    if word == "clean":
        return content, int(rest)
    raise RefusedDocument(rest) from RuntimeError(log[-500:].decode("utf-8", "replace"))


def _packages() -> str:
    """Return the folder that pypdf was installed into, for a child that inherits no path."""
    found = importlib.util.find_spec("pypdf")
    if found is None or found.origin is None:
        raise RuntimeError("pypdf is not installed")
    return str(Path(found.origin).parents[1])
