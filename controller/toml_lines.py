"""On which line every key of a TOML file stands; tomllib does not tell.

Rule: the text has been accepted by tomllib before. So this scanner judges nothing, it only walks.
Source: TOML 1.0.0, sections Keys, Table, Array of Tables, Inline Table, String.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # a text of several lines may end in two quotes of its own
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+")  # a date and time may hold one space


def key_lines(text: str) -> dict[Path, int]:
    """Map every key, table and list element of valid TOML to the line it stands on, counted from 1.

    ``text`` has line ends LF. Elements of lists are numbered from 0:
    ``("hours", "duty", "windows", 0, "from")``.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))  # tomllib reads a line end so, wherever it comes from
    table: Path = ()
    while scanner.peek(_BLANK):
        if scanner.peek() == "[":
            table = scanner.heading()
        else:
            scanner.pair(table)
    return scanner.lines


def below(lines: Mapping[Path, int], *prefix: str | int) -> dict[Path, int]:
    """The part of a map of lines that lies inside one table, with its keys seen from there."""
    depth = len(prefix)
    return {path[depth:]: line for path, line in lines.items() if path[:depth] == prefix}


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [place for place, sign in enumerate(text) if sign == "\n"]
        self._last: dict[Path, int] = {}  # array of tables: number of its newest element

    def peek(self, skip: re.Pattern[str] = _SPACE) -> str:
        """Go over what does not count and look at the next character; empty at the end."""
        self._over(skip)
        return self._text[self._at : self._at + 1]

    def heading(self) -> Path:
        """Go over ``[table]`` or ``[[table]]`` and give the path of what follows."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        here = self._line()
        self._at += brackets
        *around, last = self._key()
        self._over(_SPACE)
        self._at += brackets
        path = (*self._inside(around, here), last)
        self._note(path, here)
        if brackets == 2:
            self._last[path] = self._last.get(path, -1) + 1
            path = (*path, self._last[path])
        self.lines[path] = here  # the heading itself is a better place than a mention before it
        return path

    def pair(self, table: Path) -> None:
        """Go over ``key = value``."""
        here = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, here)
        self.peek()
        self._at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        match self.peek():
            case "[":
                self._list(path)
            case "{":
                self._inline(path)
            case '"' | "'":
                self._over(_TEXT)
            case _:
                self._over(_PLAIN)

    def _list(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self.peek(_BLANK) != "]":
            self._note((*path, number), self._line())
            self._value((*path, number))
            number += 1
            if self.peek(_BLANK) == ",":
                self._at += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self.peek() != "}":
            self.pair(path)
            if self.peek() == ",":
                self._at += 1
        self._at += 1

    def _key(self) -> list[str]:
        parts = [self._part()]
        while self.peek() == ".":
            self._at += 1
            parts.append(self._part())
        return parts

    def _part(self) -> str:
        if self.peek() in {'"', "'"}:
            return str(tomllib.loads(f"key = {self._over(_TEXT)}")["key"])
        return self._over(_BARE)

    def _inside(self, parts: list[str], here: int) -> Path:
        path: Path = ()
        for part in parts:
            path = (*path, part)
            self._note(path, here)
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _over(self, what: re.Pattern[str]) -> str:
        found = what.match(self._text, self._at)
        if found is None:
            raise ValueError(
                f"not valid TOML at character {self._at}: key_lines() is for text that tomllib took"
            )
        self._at = found.end()
        return found.group()

    def _line(self) -> int:
        return bisect_right(self._ends, self._at - 1) + 1

    def _note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)
