"""What goes into a backup: a copy of the log as it was at one moment, and what a new box needs beside it.

Goes along: custody.db, the site files that were approved (policies/), the PIN's pepper, the readers' keys,
and the mark of an earlier restoration. Stays behind: log.key, search.db (made anew), locks and sockets, and
console.sqlite: people sign in with their passkeys, which the log knows, and set the rest anew.
Rule: the copy is in the data folder, as private as the log itself, and goes with the run that made it; one
that a kill left behind goes with the next backup or the next start.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import mkdtemp

from controller.backup_manifest import About, Erased
from controller.backup_tar import ABOUT, LOG, Member, member
from controller.clock import system_wall_ms
from controller.core.turn import utc
from controller.errors import BackupFailed
from controller.keys import PEPPER
from controller.ledger import restored
from controller.ledger.reading import LogReader
from controller.ledger.verify import Report, verify
from controller.ledger.walk import decoded

LOCK = "backup.lock"
READER_KEYS = frozenset({".key", ".pending", ".earlier"})
_SCRATCH = ".backup-"
_BESIDE = ("custody.db", "custody.db-wal")
_ERASURES = "SELECT n, body FROM entry WHERE kind = 'erased' AND body != x'' ORDER BY n"


@dataclass(frozen=True, slots=True)
class Part:
    """A verified copy of the log: its file, what verification said, its signed head, when, and erasures."""

    file: Path
    report: Report
    note: str
    time: str
    erased: tuple[Erased, ...]

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.note.partition("\n")[0]

    @property
    def name(self) -> str:
        """The name of the backup's file: log, entries, time."""
        log = "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in self.origin)[:100]
        when = self.time[:19].replace("-", "").replace(":", "")
        return f"{log}-{self.report.entries:012}-{when}Z.age"

    def about(self, file: str, sha: str, size: int) -> About:
        """Its line in the manifest."""
        root = self.report.root.hex()
        return About(file, self.origin, self.report.entries, root, self.note, sha, size, self.time)

    @property
    def told(self) -> bytes:
        """What backup.json says inside the seal."""
        about = {"version": 1, "origin": self.origin, "size": self.report.entries}
        about |= {"root": self.report.root.hex(), "time": self.time}
        return json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"


@contextmanager
def snapshot(data: Path, reserve: int) -> Iterator[Part]:
    """A verified copy of the log, for as long as the block lasts.

    Raises BackupFailed when there is no room for it or nothing in it, LogDamaged, LogMissing.
    """
    sweep(data)
    with LogReader(data / LOG) as reader:
        _require_room(data, reserve)
        scratch = Path(mkdtemp(prefix=_SCRATCH, dir=data))
        try:
            file = scratch / LOG
            _copied(reader, file)
            yield _verified(data, file)
        finally:
            _remove(scratch)


def sweep_at_start(data: Path) -> None:
    """Remove such copies when the controller starts, unless a backup is just being written."""
    with suppress(OSError), (data / LOCK).open("rb") as lock:
        flock(lock, LOCK_EX | LOCK_NB)
        sweep(data)


def sweep(data: Path) -> None:
    """Remove copies that a run left behind when it was killed; the caller holds the lock."""
    for left in data.glob(f"{_SCRATCH}*"):
        _remove(left)


def parts(data: Path, copied: Part) -> Iterator[Member]:
    """Everything that goes along, in the order of the format."""
    yield member(ABOUT, copied.told)
    yield member(LOG, copied.file)
    for name in (PEPPER, restored.RESTORED):
        if (data / name).exists():
            yield member(name, (data / name).read_bytes())
    for file in (*_reader_keys(data), *sorted((data / "policies").glob("*.toml"))):
        try:
            yield member(f"{file.parent.name}/{file.name}", file.read_bytes())
        except ValueError:
            raise BackupFailed(f"{file}: a file of that name cannot go into a backup; rename it") from None


def _reader_keys(data: Path) -> list[Path]:
    """Keys of readers, and those that a pairing cut short left: the reader may hold one of them."""
    return sorted(file for file in (data / "keys").glob("*.*") if file.suffix in READER_KEYS)


def erased_in(reader: LogReader, file: Path) -> tuple[Erased, ...]:
    """Whom the entries of a log erased, under the first name that the log had."""
    note = (reader.note() or b"").decode(errors="replace")
    log = restored.first_origin(note.partition("\n")[0])
    found = []
    for n, body in reader.fetch(_ERASURES, ()):
        subjects = decoded(file, n, body).get("erases")
        found += [Erased(log, str(one), n) for one in subjects] if isinstance(subjects, list) else []
    return tuple(found)


def _copied(reader: LogReader, file: Path) -> None:
    try:
        file.touch(0o600)
        reader.copy(file)
    except OSError as error:
        raise BackupFailed(f"{file.parent.parent}: the log cannot be copied here ({error})") from None


def _verified(data: Path, file: Path) -> Part:
    report = verify(file, restored=restored.known(data))
    with LogReader(file) as copied:
        note = copied.note()
        if note is None:
            raise BackupFailed(f"{data / LOG}: the log has no signed head yet; start the controller once")
        return Part(file, report, note.decode(), utc(system_wall_ms()), erased_in(copied, file))


def _require_room(data: Path, reserve: int) -> None:
    needed = reserve
    for name in _BESIDE:
        with suppress(FileNotFoundError):
            needed += (data / name).stat().st_size
    free = os.statvfs(data)
    if free.f_bavail * free.f_frsize < needed:
        raise BackupFailed(
            f"{data}: a backup needs {needed // 1_000_000} MB free here for its copy of the log; make room"
        )


def _remove(scratch: Path) -> None:
    for name in (LOG, f"{LOG}-journal", f"{LOG}-wal", f"{LOG}-shm"):
        (scratch / name).unlink(missing_ok=True)
    scratch.rmdir()
