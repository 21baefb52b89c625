"""Every deed that the source writes has its words, and no words are left over."""

import ast
from pathlib import Path

import unknot
from unknot.people.deeds import WORDS

SOURCE = Path(unknot.__file__).parent


def written() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="record" | "record_reads", value=ast.Name(id="audit")),
                    args=[_, deed, *_],
                ):
                    found |= {
                        part.value
                        for part in ast.walk(deed)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    }
    return found


def test_every_deed_has_words() -> None:
    assert written() == set(WORDS)
