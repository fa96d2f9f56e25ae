"""The mark of a restored log: restored.json beside custody.db. Law 3: a restored log never forks the old one.

A log that comes out of a backup goes on under a new name and a new key, so that whoever knows the old name
(log witnesses, the guard's book) never sees two continuations of it. The mark stays for ever:

    {"version": 1, "old_origin": "bank.example/vault", "origin": "bank.example/vault/r2-5c1f09ab",
     "old_size": 120, "old_head": "6f1c…", "vkey": "bank.example/vault/r2-5c1f09ab+530bd27f+AeBy…",
     "gap": "entries from 120 on were not in the backup …", "vkeys": [keys of all restorations]}

Until the first commit after it, the newest head is still the old key's, and the only Entry that the log
takes is `restored`. Rule: the name grows by one generation and a part of chance, because the same backup
may be restored twice.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from controller.errors import FormatRefused, LogDamaged, LogUnreadable
from controller.ledger.formats.signer import Signer
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.private import require_private, sync_folder, unwaiting
from controller.ledger.walk import Head

RESTORED = "restored.json"
KIND = "restored"
VERSION = 1
LONGEST = 65_536

_generation = re.compile(r"(?P<base>.+)/r(?P<number>[1-9][0-9]{0,5})-[0-9a-f]{8}").fullmatch
_ITS_KEY = (
    "It is in log.key: if [log] in the site file says another `key`, take that out, start, and rotate to it "
    "after; if log.key is gone, restore the backup once more, into an empty folder"
)
_REMEDY = "Restore the backup once more, into an empty folder"


@dataclass(frozen=True, slots=True)
class Restored:
    """What is known of a restoration: the log before it, its new name and key, and what is missing."""

    old_origin: str
    origin: str
    old_size: int
    old_head: str
    vkey: str
    gap: str
    vkeys: tuple[str, ...]

    @property
    def fields(self) -> dict[str, object]:
        """The fields of the Entry `restored`."""
        return {"old_size": self.old_size, "old_head": self.old_head, "gap": self.gap}


def next_origin(origin: str) -> str:
    """A name for what follows a log of that name."""
    base, number = _parts(origin)
    return f"{base}/r{number + 1}-{token_hex(4)}"


def follows(new: str, old: str) -> bool:
    """Whether a name can be that of a log restored from one of the old name."""
    (base, number), (before, earlier) = _parts(new), _parts(old)
    return base == before and number == earlier + 1


def first_origin(origin: str) -> str:
    """The name that the log had before any restoration."""
    return _parts(origin)[0]


def write(folder: Path, mark: Restored) -> None:
    """Write the mark durably; FileExistsError where there is one."""
    descriptor = os.open(
        folder / RESTORED, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
    )
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(spelled(mark))
        opened.flush()
        os.fsync(opened.fileno())
    sync_folder(folder)


def load(folder: Path) -> Restored | None:
    """The mark of a folder, None where there is none; raises LogDamaged for anything that is no mark."""
    mark = _read(folder / RESTORED)
    if mark:
        require_private(folder / RESTORED, "chmod 600")
    return mark


def known(folder: Path) -> list[VerifierKey]:
    """Keys of all restorations that a box was told of, for its readers; LogUnreadable, LogDamaged."""
    mark = _read(folder / RESTORED)
    return [VerifierKey.parse(vkey) for vkey in mark.vkeys] if mark else []


def spelled(mark: Restored) -> bytes:
    """The one spelling of a mark."""
    told = {"version": VERSION, **asdict(mark)}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def parsed(file: Path, octets: bytes) -> Restored:
    """The mark of these bytes; raises LogDamaged for every other spelling."""
    try:
        told = json.loads(octets)
        version = told.pop("version")
        mark = Restored(**{**told, "vkeys": tuple(told["vkeys"])})
        for vkey in {*mark.vkeys, mark.vkey}:
            VerifierKey.parse(vkey)
        right = version == VERSION and spelled(mark) == octets and mark.vkeys[-1] == mark.vkey
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, FormatRefused):
        right = False
    if not right:
        raise LogDamaged(file, "this is no mark of a restoration", _REMEDY)
    return mark


def pending(folder: Path, head: Head) -> Restored | None:
    """The mark, if the log has had no commit since its restoration; LogDamaged if it is of another log."""
    mark = load(folder)
    if mark is None or head.size > mark.old_size:
        return None
    if (head.size, head.root.hex()) != (mark.old_size, mark.old_head):
        raise LogDamaged(folder / RESTORED, "the log beside it is not the one that was restored", _REMEDY)
    return mark


def require_key(folder: Path, mark: Restored, key: Signer | None) -> Signer:
    """The key that restoration made; LogDamaged when another or none is here."""
    if key is None or str(key.vkey) != mark.vkey:
        raise LogDamaged(
            folder / RESTORED, "the key that restoration made for this log is not here", _ITS_KEY
        )
    return key


def require_first(kinds: Iterable[object]) -> str:
    """Why these kinds of Entries may not follow a restoration; "" when they may."""
    first = next(iter(kinds), None)
    return "" if first in (KIND, None) else f"after a restoration `{KIND}` comes first, and not {first!r}"


def _read(file: Path) -> Restored | None:
    try:
        with open(file, "rb", opener=unwaiting) as opened:
            return parsed(file, opened.read(LONGEST + 1))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LogUnreadable(f"{file}: it cannot be read ({error.strerror})") from None


def _parts(origin: str) -> tuple[str, int]:
    found = _generation(origin)
    return (found["base"], int(found["number"])) if found else (origin, 1)
