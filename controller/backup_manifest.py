"""backups.json: what lies in a folder of backups, and whose personal data was erased since. Rule: no secrets.

    {"version": 1,
     "backups": [{"file": "bank.example-vault-000000000120-20260302T010000Z.age", "origin": …, "size": 120,
                  "root": "6f1c…", "note": "the signed head", "sha256": …, "bytes": 81920, "time": …}],
     "erased": [{"log": "bank.example/vault", "subject": "v17", "n": 131}]}

It is not signed: each head in it is, and whoever can change it can remove the backups too. An erasure is
there from the next backup on; the live log knows it at once. Behaviour 60.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from controller.errors import LogDamaged
from controller.ledger.private import sync_folder

MANIFEST = "backups.json"
LARGEST = 33_554_432
_REMEDY = "Move it away and keep it: who restores a backup reads in it whose data was erased"
_ABOUT: dict[str, type] = {
    "file": str,
    "origin": str,
    "size": int,
    "root": str,
    "note": str,
    "sha256": str,
    "bytes": int,
    "time": str,
}
_ERASED: dict[str, type] = {"log": str, "subject": str, "n": int}


@dataclass(frozen=True, slots=True)
class About:
    """One backup: its file, the log's name, entries, root (hexadecimal), signed head; SHA-256 and bytes."""

    file: str
    origin: str
    size: int
    root: str
    note: str
    sha256: str
    bytes: int
    time: str


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """In the log of that first name, entry `n` erased what was personal about the subject until then."""

    log: str
    subject: str
    n: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What backups.json holds; backups in the order in which they were made."""

    backups: tuple[About, ...] = ()
    erased: tuple[Erased, ...] = ()

    def grown(self, about: About, erased: Iterable[Erased]) -> Manifest:
        """With one more backup and what its log erased."""
        return Manifest((*self.backups, about), tuple(sorted({*self.erased, *erased})))

    def without(self, files: Iterable[str]) -> Manifest:
        """Without these backups."""
        gone = set(files)
        return Manifest(tuple(one for one in self.backups if one.file not in gone), self.erased)


def load(file: Path) -> Manifest:
    """The manifest of a folder, an empty one where there is none; LogDamaged for anything else, OSError."""
    try:
        with file.open("rb") as opened:
            octets = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return Manifest()
    try:
        told = json.loads(octets if len(octets) <= LARGEST else b"")
        backups = tuple(About(**_checked(one, _ABOUT)) for one in told["backups"])
        erased = tuple(Erased(**_checked(one, _ERASED)) for one in told["erased"])
        right = told["version"] == 1 and all(Path(one.file).name == one.file for one in backups)
    except (ValueError, TypeError, KeyError, RecursionError):
        right = False
    if not right:
        raise LogDamaged(file, "this is no list of backups", _REMEDY)
    return Manifest(backups, erased)


def save(file: Path, manifest: Manifest) -> None:
    """Write the manifest durably, whole or not at all; OSError."""
    told = {"version": 1, **asdict(manifest)}
    fresh = file.with_name(f".{file.name}.part")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump(told, opened, ensure_ascii=False, indent=1)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def _checked(told: Any, shape: dict[str, type]) -> dict[str, Any]:
    if not isinstance(told, dict) or {key: type(value) for key, value in told.items()} != shape:
        raise TypeError(shape)
    return told
