"""Write requirements/*.lock anew from pyproject.toml: pinned, with hashes, without addresses."""

import argparse
import subprocess

from unknot.project.commands import start

UV = start.CHECKOUT / ".venv" / "uv" / "bin" / "uv"
COMPILE = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
PLAIN = ["--generate-hashes", "--no-header", "--no-annotate", "pyproject.toml"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to move to newer versions."""
    parser.add_argument("--upgrade", action="store_true", help="take newer versions where allowed")


def run(options: argparse.Namespace) -> int:
    """Write both locks."""
    newer = ["--upgrade"] if options.upgrade else []
    for name, group in (("run", []), ("dev", ["--group", "dev"])):
        lock = f"requirements/{name}.lock"
        with start.step(f"Writing {lock}"):
            answer = subprocess.run(
                [UV, *COMPILE, *newer, *PLAIN, *group, "-o", lock], cwd=start.CHECKOUT, check=False
            )
        if answer.returncode != 0:
            return 1
    return 0
