import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from controller.config import BUILT_IN, builtin
from controller.toml_lines import Path, below, key_lines
from tests.config.small import unhurried

EVERYTHING = """\
first = 1
"quoted key".inner = [1, # a comment with ] and "
  [2, 3], { brace = "}", 'single' = [ ]}]
long = \"\"\"
not_a_key = 1
ends in two quotes\"\"\"\"\"
[table] # comment
backslash = '\\'
moment = 1979-05-27 07:32:00 # comment
zoned = 1979-05-27T07:32:00Z
"esc\\u0061pe" = '''
[not.a.table]'''
[[list.of]]
a.b.c = { d = { e = 1 } }
[list.of.inner]
text = "a\\"#"
[[list.of]]
[list.of.inner]
number=1.5
  [ spaced . "out" ]
\tx = true
[a.b]
[a]
"""


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Every path of a parsed document."""
    if here:
        yield here
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, inner in pairs:
        yield from paths(inner, (*here, part))


def test_every_key_of_a_document_with_all_of_toml_has_a_line() -> None:
    assert set(key_lines(EVERYTHING)) == set(paths(tomllib.loads(EVERYTHING)))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("first",), 1),
        (("quoted key", "inner"), 2),
        (("quoted key", "inner", 1, 0), 3),
        (("quoted key", "inner", 2, "single"), 3),
        (("long",), 4),
        (("table",), 7),
        (("table", "moment"), 9),
        (("table", "escape"), 11),
        (("list", "of", 0), 13),
        (("list", "of", 0, "a", "b", "c", "d", "e"), 14),
        (("list", "of", 0, "inner", "text"), 16),
        (("list", "of", 1), 17),
        (("list", "of", 1, "inner", "number"), 19),
        (("spaced", "out"), 20),
        (("spaced", "out", "x"), 21),
        (("a", "b"), 22),
        (("a",), 23),
    ],
)
def test_a_key_is_found_on_its_line(path: Path, line: int) -> None:
    assert key_lines(EVERYTHING)[path] == line


@pytest.mark.parametrize("site", BUILT_IN)
def test_every_key_of_a_built_in_site_stands_on_the_line_that_is_told(site: str) -> None:
    text = builtin(site).read_text(encoding="utf-8")
    lines = text.splitlines()
    for path, line in key_lines(text).items():
        word = next(part for part in reversed(path) if isinstance(part, str))
        assert word in lines[line - 1]


def test_the_lines_of_an_inner_table_are_seen_from_there() -> None:
    lines = key_lines("[site.door.main]\nroom = 'x'\n[steps]\nn = 1\n")
    assert below(lines, "site", "door") == {(): 1, ("main",): 1, ("main", "room"): 2}


KEYS = st.sampled_from(["a", "b-c", '"d e"', "'f.g'", '"h\\"#"', '"\\u00e4"', "1"])
SCALARS = st.sampled_from(
    [
        "1",
        "0x1F",
        "1.5e3",
        "true",
        "2026-10-01",
        "2026-10-01 08:00:00",
        "08:00:00",
        '"x"',
        '"]},#\\\\"',
        "'\\'",
        '"""\n[x]\ny = 1\n"""',
        "'''\n#'''''",
        '"""a\\\n  b"""""',
    ]
)
GAPS = st.sampled_from(["", " ", "\n", " # ]\n", "\n\t"])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.integers(0, 3)) if depth else 0
    if kind < 2:
        return draw(SCALARS)
    if kind == 2:
        items = [draw(GAPS) + draw(values(depth - 1)) + draw(GAPS) for _ in range(draw(st.integers(0, 3)))]
        return f"[{','.join(items)}{draw(st.sampled_from(['', ','])) if items else ''}]"
    keys = draw(st.lists(KEYS, unique=True, max_size=3))
    return "{" + ", ".join(f"{key} = {draw(values(depth - 1))}" for key in keys) + "}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 8))):
        dotted = " . ".join(draw(st.lists(KEYS, min_size=1, max_size=3)))
        heading = draw(st.sampled_from(["", "", "[{}]", "[[{}]]"]))
        lines.append(heading.format(dotted) if heading else f"{dotted} = {draw(values())}")
    return draw(st.sampled_from(["\n", " # [x]\n"])).join(lines)


def read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


@unhurried
@given(documents())
def test_exactly_the_keys_that_tomllib_reads_have_a_line(text: str) -> None:
    table = read(text)
    assume(table is not None)  # a key may be there twice
    lines = key_lines(text)
    assert set(lines) == set(paths(table))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
