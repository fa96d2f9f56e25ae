"""What no line of the console and of its counter in the controller may do: read from the code itself.

Rule: whoever has a reason to do it all the same changes this file, and is seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*(ROOT / "web").rglob("*.py"), *(ROOT / "controller" / "console").rglob("*.py")])
STATEMENTS = frozenset({"execute", "executemany", "executescript", "rows", "one", "do"})
RUN = frozenset({"eval", "exec", "compile", "__import__"})
MADE = frozenset({"render_template_string", "from_string", "import_module", "system", "popen"})
READERS = frozenset({"pickle", "marshal", "shelve", "yaml", "jsonpickle", "xml"})
CHANCE = frozenset({"random"})


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield str(file.relative_to(ROOT)), node


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {one.name.split(".")[0] for one in node.names}
    return {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_constant(text: ast.expr) -> bool:
    """Whether a statement is written in the code, with names of constants in it at most."""
    if isinstance(text, ast.JoinedStr):
        return all(is_constant(one) for one in text.values)
    if isinstance(text, ast.FormattedValue):
        return isinstance(text.value, ast.Name) and text.value.id.isupper()
    if isinstance(text, ast.BinOp):
        return all(isinstance(one, ast.Name) and one.id.isupper() for one in (text.left, text.right))
    return not (isinstance(text, ast.Call) and called(text) == "format")


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("'SELECT 1'", True),
        ("f'SELECT {COLUMNS}'", True),
        ("f'SELECT {what}'", False),
        ("'SELECT ' + what", False),
        ("'SELECT %s' % what", False),
        ("'SELECT {}'.format(what)", False),
    ],
)
def test_the_eye_for_statements_sees(text: str, constant: bool) -> None:
    assert is_constant(ast.parse(text, mode="eval").body) is constant


def test_no_statement_is_put_together_of_what_somebody_said() -> None:
    found = [
        (file, node.lineno)
        for file, node in nodes()
        if isinstance(node, ast.Call)
        and called(node) in STATEMENTS
        and node.args
        and not is_constant(node.args[0])
    ]
    assert found == []


def test_nothing_that_was_said_is_ever_run() -> None:
    runs = [
        (file, node.lineno)
        for file, node in nodes()
        if isinstance(node, ast.Call)
        and ((isinstance(node.func, ast.Name) and node.func.id in RUN) or called(node) in MADE)
    ]
    assert runs == []
    assert [file for file, node in nodes() if imported(node) & READERS] == []


def test_nothing_secret_comes_from_ordinary_chance() -> None:
    assert [file for file, node in nodes() if imported(node) & CHANCE] == []
