"""What the log says of the pictures of an Entry, and what is left of them. Rule: shows nothing by itself.

Whoever calls has written the look down before (evidence_reading.py). A picture is opened with the keys of
all whom its Snapshot names in `seals`; what cannot be opened or is not there has its reason in the log, or
something is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

from controller.core.words import Kind
from controller.errors import LogUnreadable, UserMistake
from controller.ledger.picture_key_check import AGAIN
from controller.ledger.picture_keys import made_by
from controller.ledger.pictures import FOLDER, described_in
from controller.ledger.reading import LogReader
from controller.ledger.walk import decoded
from controller.picture_words import ALTERED, DELETED, ERASED, ESTRANGED, GIVEN, KEYLESS, MISSING, UNSEEN
from recorder.seal import MOST_BYTES, Opened, SealError, opened

ANSWERS = (Kind.PICTURES_TAKEN, Kind.NO_PICTURE)

_NEXT = (
    "SELECT n, body FROM entry WHERE n > ? AND kind IN ('pictures_taken', 'no_picture') AND body != x'' "
    "AND instr(body, ?) ORDER BY n LIMIT ?"
)
_BEFORE = (
    "SELECT n, body FROM entry WHERE n < ? AND kind = 'snapshot' AND body != x'' AND instr(body, ?) "
    "ORDER BY n DESC LIMIT 1"
)
_ERASURES = (
    "SELECT n, body FROM entry WHERE n > ? AND kind IN ('erased', 'restored') AND body != x'' ORDER BY n"
)
_DELETION = (
    "SELECT n, body FROM entry WHERE n > ? AND kind = 'pictures_deleted' AND body != x'' AND instr(body, ?) "
    "ORDER BY n LIMIT 1"
)

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wished:
    """One picture that was asked for: of Entry `n`, with its digest, or the reason `why` there is none."""

    n: int
    camera: str
    moment: int
    thumbnail: bool = False
    sha256: str = ""
    size: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of it: a word of picture_words.py, what that tells, and the picture where it is whole."""

    wished: Wished
    state: str
    n: int = 0
    who: str = ""
    why: str = ""
    sealed: bytes = field(default=b"", repr=False)
    opened: Opened | None = field(default=None, repr=False)


class Shot:
    """A Snapshot with the Entries that answer it."""

    def __init__(self, reader: LogReader, n: int, *, sealed: bool) -> None:
        """Entry `n` is the Snapshot, or one that answers it; raises UserMistake for any other."""
        self._reader, self._data = reader, reader.file.parent
        entry = self._entry(n, sealed=sealed)
        if entry["kind"] == Kind.SNAPSHOT:
            self.asked, self.answers = entry, self._answers(entry)
        elif entry["kind"] in ANSWERS:
            self.asked, self.answers = self._snapshot(entry), [entry]
        else:
            raise UserMistake(f"entry {n} is about no pictures; see `ironroom picture list`")
        self.seals = [str(one) for one in self.asked.get("seals", [])]
        self._erased = self._erasures()

    def wished(self) -> Iterator[Wished]:
        """Every picture that was asked for, taken or not, in the order of the Entries."""
        for entry in self.answers:
            for picture, told in described_in(entry):
                camera, moment = str(told.get("camera", "")), _number(told.get("moment"))
                small = told.get("thumbnail") is True
                yield Wished(entry["n"], camera, moment, small, picture.sha256, picture.size)
            for lack in _mappings(entry.get("missing")):
                camera, moment = str(lack.get("camera", "")), _number(lack.get("moment"))
                yield Wished(entry["n"], camera, moment, why=str(lack.get("why", "")))

    def shown(self, one: Wished) -> Shown:
        """Read, check and open a picture, or say why that cannot be."""
        if not one.sha256:
            return Shown(one, UNSEEN, why=one.why)
        octets = _read(self._data / FOLDER / one.sha256)
        if octets is None:
            return self._gone(one)
        if sha256(octets).hexdigest() != one.sha256:
            return Shown(one, ALTERED, one.n)
        if self._erased:
            who, n = next(iter(self._erased.items()))
            return Shown(one, ERASED if n else KEYLESS, n, who)
        keys = self._reader.picture_identities(self.seals)
        try:
            found = opened(octets, keys)
        except SealError:
            return Shown(one, ESTRANGED if keys else KEYLESS, who=", ".join(self.seals))
        return Shown(one, GIVEN, sealed=octets, opened=found)

    def _gone(self, one: Wished) -> Shown:
        for n, body in self._reader.fetch(_DELETION, (one.n, one.sha256.encode())):
            told = decoded(self._reader.file, n, body)
            if one.sha256 in str(told.get("digests", "")).split():
                return Shown(one, DELETED, n, why=str(told.get("why", "")))
        return Shown(one, MISSING)

    def _entry(self, n: int, *, sealed: bool) -> Entry:
        found = next(self._reader.entries(after=n - 1, before=n + 1, sealed=sealed), None)
        if found is None:
            raise UserMistake(f"there is no entry {n} yet")
        if "kind" not in found:
            raise UserMistake(
                f"entry {n} is pruned, and nothing is known of its pictures any more"
                if found.get("pruned")
                else f"entry {n} is sealed; the chief and the auditor add --sealed"
            )
        return found

    def _answers(self, asked: Entry) -> list[Entry]:
        parts = {_number(one.get("moment")) > 0 for one in _mappings(asked.get("wanted"))}
        rows = self._reader.fetch(_NEXT, (asked["n"], _needle(asked), len(parts)))
        return [decoded(self._reader.file, n, body) for n, body in rows]

    def _snapshot(self, answer: Entry) -> Entry:
        for n, body in self._reader.fetch(_BEFORE, (answer["n"], _needle(answer))):
            return decoded(self._reader.file, n, body)
        raise UserMistake(
            f"the snapshot that entry {answer['n']} answers is pruned; whose keys open it is lost"
        )

    def _erasures(self) -> dict[str, int]:
        """Whose key of that time is gone, each with the Entry that says so; 0 where none does."""
        made = made_by(self._reader.fetch, self.seals)
        gone = dict.fromkeys(
            (who for who in self.seals if made.get(who, self.asked["n"] + 1) > self.asked["n"]), 0
        )
        for n, body in self._reader.fetch(_ERASURES, (self.asked["n"],)) if gone else ():
            for who in _erases(decoded(self._reader.file, n, body)):
                if gone.get(who) == 0:
                    gone[who] = n
        return gone


def _erases(entry: Entry) -> list[str]:
    """Whom an Entry erased; that of a restoration names whom it erased again."""
    erases = entry.get("erases", str(entry.get("gap", "")).partition(AGAIN)[2].split(", "))
    return [str(one) for one in erases] if isinstance(erases, list) else []


def _needle(entry: Mapping[str, Any]) -> bytes:
    """How a shot stands in the canonical bytes of every Entry about it, where `time` always follows."""
    shot = entry.get("shot")
    if type(shot) is not int:
        raise UserMistake(f"entry {entry['n']} is of a version that took no pictures")
    return b'"shot":%d,' % shot


def _read(file: Path) -> bytes | None:
    """The bytes of a file, at most one more than a picture can have; None where there is none."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise LogUnreadable(f"{file}: this user may not read pictures; run this as the log's owner") from None
    except OSError:  # a link: no picture
        return b""
    try:
        return _plain(descriptor)
    finally:
        os.close(descriptor)


def _plain(descriptor: int) -> bytes:
    if not S_ISREG(os.fstat(descriptor).st_mode):
        return b""
    with os.fdopen(descriptor, "rb", closefd=False) as reading:
        return reading.read(MOST_BYTES + 1)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _mappings(value: object) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
