"""What others made is what they published: each file is hashed again."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from unknot.web.templatetags import unknot

STATIC = Path(unknot.__file__).resolve().parent.parent / "static" / "web"
SOURCE = Path(unknot.__file__).resolve().parents[2]
PACKAGES = tomllib.loads((STATIC / "vendor" / "VENDORED.toml").read_text(encoding="utf-8"))[
    "package"
]
LISTED = [(name, digest) for package in PACKAGES for name, digest in package["files"].items()]
ICON = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")


def changed(path: Path, digest: str) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() != digest


@pytest.mark.parametrize(("name", "digest"), LISTED)
def test_a_vendored_file_is_unchanged(name: str, digest: str) -> None:
    assert not changed(STATIC / name, digest)


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    name, digest = LISTED[0]
    copy = tmp_path / "copy"
    copy.write_bytes((STATIC / name).read_bytes() + b" ")
    assert changed(copy, digest)


def test_every_file_in_the_vendor_folders_is_listed() -> None:
    present = {
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file() and path.name != "VENDORED.toml"
    }
    assert present == {name for name, _digest in LISTED}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_package_names_version_licence_and_its_text(package: dict[str, str]) -> None:
    assert package["version"]
    assert package["licence"] in {"ISC", "OFL-1.1"}
    assert (STATIC / package["licence_file"]).is_file()


def test_every_icon_that_a_template_asks_for_exists() -> None:
    asked = {
        name
        for path in SOURCE.rglob("templates/**/*.html")
        for name in ICON.findall(path.read_text(encoding="utf-8"))
    }
    assert asked
    for name in sorted(asked):
        assert unknot.outline(name)
