"""Restoring: out of the seal, verified whole, held against the live log, erased again, under a new name.

Rule 1: into an empty folder, which gets its name at the very end. Rule 2: a restored log never goes on under
the old name and key: it could fork what log witnesses know (controller/ledger/restored.py). A drill does
all of it in a folder of no stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from controller import backup_manifest
from controller.backup_manifest import MANIFEST, Erased
from controller.backup_parts import erased_in
from controller.backup_tar import ABOUT, LOG
from controller.errors import FormatRefused, RestoreRefused, UserMistake
from controller.ledger import restored
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.hold import Hold
from controller.ledger.log_key import begin_key
from controller.ledger.private import make_folder, sync_folder
from controller.ledger.reading import LogReader
from controller.ledger.verify import Report, verify
from controller.ledger.walk import Head
from controller.restore_parts import erase, require_as_told, require_plain, unsealed
from controller.restore_proof import Proof, by_head, by_live, named_keys

LOCK = "custody.lock"
LONGEST_GAP = 2000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is restored, whereto (None: a drill), and what is known of the live log from elsewhere."""

    file: Path
    data: Path | None
    live: Path | None = None
    head: Path | None = None
    vkeys: tuple[str, ...] = ()
    manifest: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, what was proven and what was not, in sentences; and the names of old and new log."""

    file: Path
    data: Path | None
    entries: int
    root: str
    old_vkey: str
    vkey: str
    origin: str
    proven: tuple[str, ...]
    unproven: tuple[str, ...]
    erased: int

    def sentences(self) -> Iterator[str]:
        """For people, one a line."""
        yield f"{self.file}: {self.entries:,} entries verified, root {self.root}"
        yield f"signed by {self.old_vkey}"
        yield from (f"proven: {one}" for one in self.proven)
        yield from (f"NOT proven: {one}" for one in self.unproven)
        yield f"{self.erased:,} claims and picture keys of people erased since were removed again"
        if self.data is None:
            yield "a drill: nothing of it is left"
            return
        yield f"{self.data}: restored; it goes on as {self.origin}"
        yield f"tell head office, and every log witness by its new name: {self.vkey}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        data = str(self.data) if self.data else None
        return {"ok": True, **asdict(self), "file": str(self.file), "data": data}


def restore(wish: Wish, by: Sequence[Any]) -> Outcome:
    """Restore a backup, or try to; RestoreRefused, LogDamaged, UserMistake, and then nothing is left."""
    trusted = _vkeys(wish.vkeys)
    listed = wish.manifest or wish.file.with_name(MANIFEST)
    if wish.manifest and not listed.exists():
        raise UserMistake(f"{listed}: there is no such file")
    with _folder(wish.data) as folder:
        sha = unsealed(wish.file, folder, by, drill=wish.data is None)
        manifest = backup_manifest.load(listed)
        _require_listed(manifest, wish.file, sha)
        report, proofs, erased, origin = _judged(wish, folder, trusted, manifest)
        time = require_as_told(folder, report)
        gone = erase(folder / LOG, erased)
        mark = _begun_anew(folder, report, origin, _gap(report, proofs, time, erased))
        _require_opens(folder)
    knows = bool(wish.live) or bool(manifest.backups)
    return Outcome(
        wish.file,
        wish.data,
        report.entries,
        report.root.hex(),
        report.vkey,
        mark.vkey,
        mark.origin,
        tuple(proof.proven for proof in proofs),
        tuple(_unproven(proofs, trusted=bool(trusted), knows=knows)),
        gone,
    )


def _judged(
    wish: Wish, folder: Path, trusted: Sequence[VerifierKey], manifest: backup_manifest.Manifest
) -> tuple[Report, list[Proof], list[Erased], str]:
    """Verify the log, prove it, and find whose data was erased since."""
    with LogReader(folder / LOG) as reader:
        require_plain(reader)
        report = verify(folder / LOG, trusted=trusted, restored=restored.known(folder))
        origin = (reader.note() or b"").decode().partition("\n")[0]
        if not origin:
            raise RestoreRefused(f"{wish.file}: the log in it has no signed head")
        if not report.vkey:
            raise RestoreRefused(
                f"{wish.file}: no entry names the key that signed the log: give it with --vkey"
            )
        proofs = [by_live(wish.live, reader)] if wish.live else []
        if wish.head:
            proofs.append(by_head(wish.head, reader, trusted or named_keys(reader, folder)))
    erased = set(manifest.erased)
    if wish.live:
        with LogReader(wish.live / LOG) as live:
            erased |= set(erased_in(live, live.file))
    first = restored.first_origin(origin)
    return report, proofs, sorted(one for one in erased if one.log == first), origin


def _begun_anew(folder: Path, report: Report, origin: str, gap: str) -> restored.Restored:
    """Give the log its new name and key, the mark of the restoration, and the memory of its head."""
    before = restored.load(folder)
    (folder / restored.RESTORED).unlink(missing_ok=True)
    signer = begin_key(folder, restored.next_origin(origin))
    vkey, root = str(signer.vkey), report.root.hex()
    known = (*(before.vkeys if before else ()), vkey)
    mark = restored.Restored(origin, signer.vkey.name, report.entries, root, vkey, gap, known)
    restored.write(folder, mark)
    (folder / ABOUT).unlink()
    hold = Hold.take(folder / LOCK)
    hold.mark_begun()
    hold.mark(Head(report.entries, report.root))
    hold.release()
    return mark


def _require_opens(folder: Path) -> None:
    """The proof of the pudding: the log opens for writing, and waits for its first Entry."""
    with CustodyLog.open(folder / LOG) as log:
        if log.restored is None:
            raise RestoreRefused("the restored log does not know that it was restored")
    sync_folder(folder)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """A folder beside the one that is wished for, which becomes it at the end, or goes."""
    if data is not None:
        _require_empty(data)
        make_folder(data.absolute().parent)
    folder = Path(mkdtemp(prefix=".restoring-", dir=data.absolute().parent if data else None))
    try:
        yield folder
        if data is not None:
            folder.rename(data)
            sync_folder(data.absolute().parent)
    except OSError as error:
        raise RestoreRefused(f"{data or folder}: it cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(folder, ignore_errors=data is not None)


def _require_empty(data: Path) -> None:
    if data.is_symlink() or (data.exists() and (not data.is_dir() or any(data.iterdir()))):
        raise UserMistake(
            f"{data}: a backup is restored into a new folder, or an empty one, and over nothing"
        )


def _require_listed(manifest: backup_manifest.Manifest, file: Path, sha: str) -> None:
    for one in manifest.backups:
        if one.file == file.name and one.sha256 != sha:
            raise RestoreRefused(f"{file}: this is not the file that {MANIFEST} lists under its name")


def _vkeys(texts: Sequence[str]) -> list[VerifierKey]:
    try:
        return [VerifierKey.parse(text) for text in texts]
    except FormatRefused as error:
        raise UserMistake(f"--vkey: {error}") from None


def _gap(report: Report, proofs: Sequence[Proof], time: str, erased: Sequence[Erased]) -> str:
    size = max((proof.size for proof in proofs), default=report.entries)
    lost = f"entries {report.entries} to {size - 1}" if size > report.entries else "whatever came after it"
    again = ", ".join(sorted({one.subject for one in erased}))
    return f"backup of {time}; not in it: {lost}; erased again: {again or 'nobody'}"[:LONGEST_GAP]


def _unproven(proofs: Sequence[Proof], *, trusted: bool, knows: bool) -> Iterator[str]:
    if not proofs:
        yield "that this is the newest backup, or of the live log at all: give --live or --head"
    yield from (proof.open for proof in proofs if proof.open)
    if not trusted:
        yield "that the key above is the log's: compare it with the one head office holds, or give --vkey"
    if not knows:
        yield f"whose personal data was erased since: there is no {MANIFEST} and no --live"
