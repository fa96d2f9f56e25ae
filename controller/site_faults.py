"""Faults of a site file: where, which key, what is wrong, what would be right.

Rule 1: a fault never stops the reading; all of them are told at once.
Rule 2: whatever the file holds is shown without commanding a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from controller.errors import ConfigError

Path = tuple[str | int, ...]  # ("hours", "duty", "windows", 0, "from")
WHOLE_FILE = "(file)"
MOST = 500  # faults told at once; a file with more is not a site file
_LONGEST = 60
_ALIKE = 0.8  # of difflib's ratio: so near that nothing farther is meant


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a file; ``line`` counts from 1, ``key`` is dotted."""

    file: str
    line: int
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return printable(f"{self.file}:{self.line}: {self.key}: {self.problem}; {self.remedy}")


class Faults:
    """What was found wrong so far in one file.

    ``partial`` says that lines had to be left out because they are no TOML: then nothing is called missing.
    """

    def __init__(self, file: str, lines: Mapping[Path, int], *, partial: bool = False) -> None:
        self.file = file
        self.partial = partial
        self._lines = lines
        self._found: list[Fault] = []

    @property
    def full(self) -> bool:
        """Whether enough was found."""
        return len(self._found) >= MOST

    def line(self, path: Path) -> int:
        """Line of a key, or of the nearest table around it; 1 where nothing is known."""
        around = (path[:length] for length in range(len(path), -1, -1))
        return next((self._lines[part] for part in around if part in self._lines), 1)

    def add(self, path: Path, problem: str, remedy: str) -> None:
        """Note one fault at a key."""
        self.note(Fault(self.file, self.line(path), dotted(path), problem, remedy))

    def note(self, fault: Fault) -> None:
        """Note one fault that is already placed; the same one counts once."""
        if not self.full and fault not in self._found:
            self._found.append(fault)

    def missing(self, path: Path, remedy: str) -> None:
        """Note a key that should be there."""
        if not self.partial:
            self.add(path, "is missing", remedy)

    def settle(self) -> None:
        """Raise ConfigError with every fault, in the order of the lines, if there is any."""
        if self._found:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Raise ConfigError with every fault, in the order of the lines."""
        raise ConfigError(*sorted(self._found))


def dotted(path: Path) -> str:
    """The key as one would write it: ``hours.duty.windows[0].from``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _is_bare(part) else json.dumps(part[:_LONGEST]))
    return text or WHOLE_FILE


def near(word: str, known: Iterable[str], *, every: bool = True) -> str:
    """Say which of the known words may be meant; if none is near, list them all, or say nothing."""
    words = {one.lower(): one for one in sorted(known)}
    meant = word[:_LONGEST].lower()
    close = get_close_matches(meant, words, cutoff=_ALIKE) or get_close_matches(meant, words)
    if close:
        return f"did you mean {' or '.join(words[one] for one in close)}?" + ("" if every else " If not, ")
    if not every:
        return ""
    return f"there is {', '.join(words.values())}" if words else "there is none"


def shown(raw: object) -> str:
    """A value of the file, shortened, as it may be printed."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, str):
        text = json.dumps(raw[: _LONGEST + 1], ensure_ascii=False)
    elif isinstance(raw, int):
        text = str(raw) if raw.bit_length() < 4 * _LONGEST else "a number of very many digits"
    else:
        text = _NAMES.get(type(raw)) or str(raw)
    return printable(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")


def printable(text: str) -> str:
    r"""The text with every character that does not print as \uXXXX."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def _is_bare(part: str) -> bool:
    return 0 < len(part) <= _LONGEST and part.isascii() and part.replace("-", "_").isidentifier()


_NAMES: dict[type, str] = {dict: "a table", list: "a list"}
