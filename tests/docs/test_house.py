"""The house rules, each with an example that keeps it and one that breaks it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from unknot.journey import STEPS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "unknot"
PILES = re.compile(r"(^|_)(utils|helpers|misc|common|services|manager)(_|\.|$)")


def modules() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


# Rules: each yields what breaks it ------------------------------------------------------------


def piles(name: str) -> Iterator[str]:
    if PILES.search(name.rsplit("/", 1)[-1]):
        yield f"{name}: name the subject instead"


def loose_locks(source: str) -> Iterator[str]:
    for call in _calls(source, "select_for_update"):
        if "no_key" not in {word.arg for word in call.keywords}:
            yield f"line {call.lineno}: select_for_update without no_key="


def whole_row_saves(source: str) -> Iterator[str]:
    for call in _calls(source, "save"):
        if not {word.arg for word in call.keywords} & {"update_fields", "using"}:
            yield f"line {call.lineno}: save() without update_fields"


def tables_in_pages(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            yield f"line {node.lineno}: a page touches a table"


def silent_modules(source: str) -> Iterator[str]:
    text = ast.get_docstring(ast.parse(source)) or ""
    for word in ("Units", "Errors", "Source"):
        if not re.search(rf"^{word}\b", text, re.MULTILINE):
            yield f"the module docstring has no paragraph {word}"


def silent_functions(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if public and not ast.get_docstring(node):  # type: ignore[arg-type]
            yield f"line {node.lineno}: a public function without a sentence"


def _calls(source: str, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=attr)) if attr == name:
                yield node


RULES = [
    (loose_locks, lambda path: True, "q.select_for_update(no_key=True)", "q.select_for_update()"),
    (whole_row_saves, lambda path: True, "row.save(update_fields=['a'])", "row.save()"),
    (
        tables_in_pages,
        lambda path: path.name == "pages.py" or "practice" in path.parts,
        "reads.rows()",
        "Row.objects.all()",
    ),
    (
        silent_modules,
        lambda path: (
            path.name == "actions.py" or ("domain" in path.parts and path.name != "__init__.py")
        ),
        '"""A.\n\nUnits   a\nErrors  b\nSource  c\n"""',
        '"""A."""',
    ),
    (
        silent_functions,
        lambda path: path.name in {"actions.py", "reads.py"} or "domain" in path.parts,
        'def rule():\n    """Say."""',
        "def rule():\n    return 1",
    ),
]


@pytest.mark.parametrize(("rule", "applies", "good", "bad"), RULES)
def test_the_house_keeps_its_rules(rule, applies, good, bad) -> None:
    assert not list(rule(good))
    assert list(rule(bad)), "the rule must see what breaks it"
    broken = [
        f"{named(path)} {problem}"
        for path in modules()
        if applies(path.relative_to(SOURCE))
        for problem in rule(path.read_text(encoding="utf-8"))
    ]
    assert broken == []


def test_no_file_is_a_pile() -> None:
    assert list(piles("web/utils.py"))
    assert not list(piles("book/slots.py"))
    assert [found for path in modules() for found in piles(named(path))] == []


def test_the_order_of_the_steps_is_the_contract() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (order,) = [one["layers"] for one in contracts if one.get("containers") == ["unknot.journey"]][
        :1
    ]
    assert tuple(reversed(order)) == STEPS


def test_no_public_text_names_a_machine() -> None:
    told = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    places = re.compile(r"/(work|root|home|tmp)/|pypi\.org|files\.pythonhosted|registry\.npmjs")
    assert places.search("see /tmp/x")
    assert [p.name for p in told if places.search(p.read_text(encoding="utf-8"))] == []
