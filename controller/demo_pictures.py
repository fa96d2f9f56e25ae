"""The newest event's pictures, opened into a folder for whoever wants to see them.

Rule: it is the product's own way, ``ironroom picture show``: the look is an Entry before anything is opened.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

END_S = 10.0
TAKEN = "pictures_taken"
ANSWERS = (TAKEN, "no_picture")

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """How many pictures of the Snapshot ``n`` lie in ``folder``, of how many that were asked for."""

    n: int
    folder: Path
    there: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest Snapshot whose first pictures have an answer: its Entry, and the Entries that answer it."""

    asked: Entry
    answers: tuple[Entry, ...]

    @property
    def taken(self) -> int:
        """Pictures on disk, small ones not counted."""
        return sum(not one["thumbnail"] for entry in self.answers for one in entry.get("pictures", ()))

    @property
    def missing(self) -> Sequence[Mapping[str, Any]]:
        """Pictures that were asked for and are not there."""
        return [one for entry in self.answers for one in entry.get("missing", ())]


def newest(entries: Sequence[Entry], kinds: Collection[str] = ANSWERS) -> Newest | None:
    """The newest Snapshot among these Entries that has an answer of these kinds."""
    answered: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry["kind"] in kinds:
            answered.setdefault(entry.get("shot", 0), []).append(entry)
    for entry in reversed(entries):
        if entry["kind"] == "snapshot" and entry.get("shot", -1) in answered:
            return Newest(entry, tuple(answered[entry["shot"]]))
    return None


class DemoPictures:
    """Opens pictures of the log in ``data`` into new folders of ``folder``, one Snapshot at a time."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._data, self._folder = data, folder
        self._process: subprocess.Popen[bytes] | None = None
        self._n, self._out = 0, folder

    @property
    def busy(self) -> bool:
        """Whether pictures are being opened."""
        return self._process is not None

    def begin(self, n: int) -> None:
        """Begin to open the pictures of the Snapshot ``n``."""
        self._n, self._out = n, Path(tempfile.mkdtemp(prefix="pictures-", dir=self._folder))
        look = ["picture", "show", str(n), "--data", str(self._data), "--out", str(self._out), "--json"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "controller", *look],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def done(self) -> Opened | None:
        """Once for each Snapshot: what became of it; None while there is nothing to tell."""
        if self._process is None or self._process.poll() is None:
            return None
        told, _ = self._process.communicate()
        self._process = None
        states = [json.loads(line)["state"] for line in told.splitlines()]
        return Opened(self._n, self._out, states.count("given"), len(states))

    def stop(self) -> None:
        """Wait for one that is at work; it is soon done."""
        if self._process is None:
            return
        try:
            self._process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._process = None
