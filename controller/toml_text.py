"""TOML text to tables, with every line that is no TOML, not only the first.

Rule 1: what tomllib takes is the file. A statement it does not take is left out and the rest is read again,
so that all faults are told at once; such a file is never used.
Rule 2: limits first. tomllib needs memory by the square of a dotted key's length and a stack frame a bracket.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.site_faults import WHOLE_FILE, Fault, Path
from controller.toml_lines import key_lines

LONGEST_TEXT = 256 * 1024  # characters
LONGEST_LINE = 2_000
MOST_DOTS = 60  # on one line
DEEPEST = 12
_ROUNDS = 50
_LONGEST_RETRIED = 64 * 1024  # reading again costs time; a longer file tells its first fault only

# Possessive (++, *+): a line of nothing but spaces and dots must not cost the square of its length.
_KEY = re.compile(r"""[ \t]*((?:[A-Za-z0-9_-]|"[^"\n]*"|'[^'\n]*'|[ \t]*+\.[ \t]*+)++)[ \t]*=""")
_HEADING = re.compile(r"[ \t]*\[\[?[ \t]*([A-Za-z][\w.\"' -]*+)(?:\]\]?)?[ \t]*(?:#.*)?$")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

# What tomllib says, in the words of somebody who writes a site file, and what would be right.
_WORDS = (
    ("Cannot overwrite", "the key is written twice", "keep one of the two"),
    ("Cannot declare", "this table is written twice", "put all its keys under one heading"),
    ("Cannot mutate", "this table is already closed", "put all its keys into one place"),
    ("Unterminated", "a text has no end", "close it with the quotes it began with"),
    ("Illegal character '\\n'", "a text has no end on its line", "close it with the quotes it began with"),
    (
        "Found invalid character '\\n'",
        "a text has no end on its line",
        "close it with the quotes it began with",
    ),
    ("Illegal character", "there is a character that may not stand here", "remove it"),
    ("Found invalid character", "there is a character that may not stand here", "remove it"),
    ("Unclosed array", "a list has no end", "close it with ]"),
    ("Unclosed inline", "a table in braces has no end", "close it with } on the same line"),
    ("Expected ']", "the heading has no end", "close it with ]"),
    ("Expected '='", "there is no = after the key", 'write key = value, such as room = "vault"'),
    ("Invalid value", "the value is not TOML", 'write text as "text", yes or no as true or false, 15 as 15'),
    ("Invalid initial", "the key is not TOML", 'write key = value, such as room = "vault"'),
    ("Invalid date", "there is no such date or time", "write a date as 2026-10-01"),
    ("Invalid statement", "this is neither a key nor a heading", "write key = value or [door.main]"),
    ("Expected newline", "more stands behind the value", 'write one key = value on a line, times as "08:00"'),
    ("Unescaped '\\'", "there is a backslash in a text", "use single quotes around a text with backslashes"),
    ("maximum recursion", "brackets are nested too deeply", f"nest at most {DEEPEST}"),
)
_BROKEN_OFF = (
    "a list is broken off by something else",
    "put commas between values; write a date as 2026-10-01",
)
_NO_END = ("a list has no end", "close it with ]")  # what follows was read as a part of it


@dataclass(frozen=True, slots=True)
class Parsed:
    """A TOML text as read: its tables, the line of every key, and what had to be left out."""

    table: Mapping[str, Any]
    lines: Mapping[Path, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def parse(text: str, file: str) -> Parsed:
    """Read TOML text with line ends LF; never raises. ``faults`` is empty when the text is valid TOML."""
    if fault := _beyond_limits(text, file):
        return Parsed({}, {}, (fault,))
    lines = [*text.split("\n"), ""]
    faults: list[Fault] = []
    for _ in range(_ROUNDS if len(text) <= _LONGEST_RETRIED else 1):
        try:
            table = tomllib.loads("\n".join(lines))
        except (ValueError, RecursionError) as error:
            faults.append(_left_out(lines, str(error), file))
        else:
            return _shallow(table, "\n".join(lines), faults, file)
    return Parsed({}, {}, tuple(faults))


def is_deep(table: Mapping[str, Any]) -> bool:
    """Tell whether values are nested deeper than any site file needs."""
    layer: list[Any] = [table]
    for _ in range(DEEPEST):
        layer = [inner for value in layer for inner in _inside(value)]
    return bool(layer)


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _shallow(table: Mapping[str, Any], text: str, faults: list[Fault], file: str) -> Parsed:
    if is_deep(table):
        deep = Fault(file, 1, WHOLE_FILE, "tables are nested too deeply", f"nest at most {DEEPEST}")
        return Parsed({}, {}, (*faults, deep))
    return Parsed(table, key_lines(text), tuple(faults))


def _beyond_limits(text: str, file: str) -> Fault | None:
    if len(text) > LONGEST_TEXT:
        right = f"a site file has at most {LONGEST_TEXT} characters"
        return Fault(file, 1, WHOLE_FILE, f"the file has {len(text)} characters", right)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            right = f"a line has at most {LONGEST_LINE}"
            return Fault(file, number, WHOLE_FILE, f"the line has {len(line)} characters", right)
        if line.count(".") > MOST_DOTS and not line.lstrip().startswith("#"):
            right = f"a line has at most {MOST_DOTS}"
            return Fault(file, number, WHOLE_FILE, f"the line has {line.count('.')} dots", right)
    return None


def _left_out(lines: list[str], says: str, file: str) -> Fault:
    """Empty the statement that tomllib did not take, and say what is wrong with it."""
    place = _PLACE.search(says)
    at = int(place[1]) - 1 if place and place[1] else len(lines)
    begin = _culprit(lines, at)
    end = _end(lines, begin)
    shown = begin if at >= end or says.startswith(("Unclosed", "Cannot overwrite")) else at
    words = _NO_END if place and place[1] and at >= end else _in_words(says)
    if words == _NO_END and place and place[2] and at < end and "]" in lines[at][int(place[2]) - 1 :]:
        words = _BROKEN_OFF
    fault = Fault(file, shown + 1, _key(lines, begin), *words)
    lines[begin:end] = [""] * (end - begin)
    return fault


def _culprit(lines: list[str], at: int) -> int:
    """Where the statement begins that breaks the text: the last beginning before which all is valid."""
    begins = sorted(
        {n for n, line in enumerate(lines) if n <= at and _begins(line)} | {min(at, len(lines) - 1)}
    )
    broken = bisect_left(begins, True, key=lambda begin: not _is_toml(lines[:begin]))
    return begins[max(broken - 1, 0)]


def _end(lines: list[str], begin: int) -> int:
    """Where the next statement begins; behind a broken heading, the next heading."""
    heads = _is_heading(lines[begin])
    rest = range(begin + 1, len(lines))
    return next((n for n in rest if (_is_heading if heads else _begins)(lines[n])), len(lines))


def _key(lines: list[str], at: int) -> str:
    """The dotted key of a statement, as well as it can be seen."""
    if heading := _HEADING.match(lines[at]):
        return heading[1].strip()
    found = _KEY.match(lines[at])
    above = next((h for line in reversed(lines[:at]) if (h := _HEADING.match(line))), None)
    parts = [above[1].strip() if above else "", found[1].strip() if found else ""]
    return ".".join(filter(None, parts)) or WHOLE_FILE


def _begins(line: str) -> bool:
    return bool(_KEY.match(line)) or _is_heading(line)


def _is_heading(line: str) -> bool:
    return bool(_HEADING.match(line))


def _is_toml(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return False
    return True


def _in_words(says: str) -> tuple[str, str]:
    known = next(((wrong, right) for start, wrong, right in _WORDS if says.startswith(start)), None)
    return known or (_PLACE.sub("", says), "write it as TOML 1.0 asks")
