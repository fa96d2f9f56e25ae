"""The CustodyLog: appends entries durably and gives them back for replay. Law 4: what is not here never was.

One transaction is one durable commit: entries, their hashes and the new head together. After any
error the log is dead for ever; a failed fsync is never tried again, because the kernel may have
thrown the pages away (behaviour 59, facts on fsync). One thread calls; nobody else writes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Self

from sqlite_utils import Database

from controller.errors import EntryRefused, LogDead
from controller.ledger import pruning, saved_states, wal
from controller.ledger.batch import Batch, compose
from controller.ledger.commit import write
from controller.ledger.formats.signer import Signer
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.high_water import require_not_rolled_back
from controller.ledger.hold import Hold
from controller.ledger.key_places import keys_of
from controller.ledger.log_key import KeyStore
from controller.ledger.opening import begin, checked_tail
from controller.ledger.private import private_folder
from controller.ledger.pruning import Round, Term
from controller.ledger.restored import pending, require_first
from controller.ledger.signing import signer_of
from controller.ledger.sqlite import sqlite3
from controller.ledger.stored_log import StoredLog
from controller.ledger.walk import Head

ANCHOR_EVERY = 1024
"""Entries between two heads that are kept: so many are hashed again at most when the log is opened."""

UPKEEP_BYTES = 4_000_000
"""Bytes in the WAL after which `upkeep` copies them into the database; `append` does it at four times."""

_PAGES_OF_A_COMMIT = 5 * 4096  # entry, index and head, rarely a split


class CustodyLog(StoredLog):
    """The one writer of a custody log, from `open` to `close`."""

    def __init__(self, file: Path, hold: Hold, db: Database, origin: str, keys: KeyStore) -> None:
        super().__init__(file, db)
        self._hold = hold
        self._cause = ""  # why the log is dead
        self._wal_bytes = UPKEEP_BYTES  # unknown, so the first upkeep is due
        self._frontier, self._last_at = checked_tail(self._fetch, file, hold)
        self._root = self._frontier.root()
        self._keep_head = True  # the newest head's row stays when the next commit comes
        self._signer = signer_of(self._fetch, file, self.head, origin, keys)
        self.restored = pending(file.parent, self.head)  # until its Entry is durable
        require_not_rolled_back(self._fetch, file, self.head, hold, self.vkey)
        self._traces = True  # of what was erased may lie in the WAL
        self.before_commit: Callable[[], None] = lambda: None  # may free room on the disk

    @classmethod
    def open(cls, file: Path, *, origin: str = "", keys: KeyStore | None = None) -> Self:
        """Open the log for writing, or begin it where there is none, and check its tail.

        A new log is called `origin` (otherwise a name of chance). `keys` is where its signing key is kept:
        what log.key beside it says, unless given.

        The folder has mode 0700 (or 0750), the files 0600 (or 0640). Raises LogBusy when another
        controller has it, LogExposed for wrong modes, LogDamaged when what is stored does not give
        the last head or has gone altogether, or when the key that signed it is not there, LogDead when
        the disk or the key's token refuses.
        """
        try:
            private_folder(file.parent)
            hold = Hold.take(file.with_suffix(".lock"))
            return cls._opened(file, hold, origin or f"ironroom/{token_hex(4)}", keys or keys_of(file.parent))
        except OSError as error:
            raise LogDead(f"{file}: the log cannot be opened: {error}") from error

    @classmethod
    def _opened(cls, file: Path, hold: Hold, origin: str, keys: KeyStore) -> Self:
        db = None
        try:
            db = begin(file, hold)
            return cls(file, hold, db, origin, keys)
        except BaseException:
            if db is not None:
                db.close()
            hold.release()
            raise

    @property
    def head(self) -> Head:
        """Size and RFC 6962 root (32 bytes) after the last durable commit."""
        return Head(self._frontier.size, self._root)

    @property
    def size(self) -> int:
        """The number of durable entries; the next one gets this counter."""
        return self._frontier.size

    @property
    def root(self) -> bytes:
        """The RFC 6962 root over all durable entries, 32 bytes."""
        return self._root

    @property
    def vkey(self) -> VerifierKey:
        """The key that signs the heads, as a verifier must know it; its name is the log's origin."""
        return self._signer.signer.vkey

    @property
    def signer(self) -> Signer:
        """The key that signs, for the word that it gives at its own rotation."""
        return self._signer.signer

    def change_key(self, coming: Signer) -> None:
        """Sign with another key from the next commit on, which is signed by both."""
        self._signer.change(coming)

    @property
    def last_at(self) -> int:
        """Room time of the last entry in milliseconds, 0 in an empty log; the next is not earlier."""
        return self._last_at

    def append(self, drafts: Sequence[Mapping[str, object]]) -> list[int]:
        """Write drafts as one durable commit and answer their counters, in order.

        A draft is an entry (entry.py) without its `n`. On return everything is on disk. Raises
        EntryRefused, and nothing is written, for an unlawful draft; LogDead when the disk or the key's
        token refuses, now and for ever after.
        """
        self._require_alive()
        if self.restored and (wrong := require_first([draft.get("kind") for draft in drafts])):
            raise EntryRefused(wrong)
        batch = compose(drafts, self._frontier, self._last_at)
        if batch.rows:
            self._commit(batch)
        return [row[0] for row in batch.rows]

    def save_state(self, n: int, state: bytes) -> None:
        """Keep the core's state after entry `n`, which must be the last one; durable on return.

        Raises ValueError for another `n`, LogDead when the disk refuses.
        """
        self._require_alive()
        if n != self.size - 1:
            raise ValueError(f"a state after entry {n} was offered, the last entry is {self.size - 1}")
        with self._durably("saving a state"), self._db.atomic():
            saved_states.save(self._db, self.head, state)
        self._keep_head = True
        self._wal_bytes += len(state) + _PAGES_OF_A_COMMIT

    def next_round(self, terms: Sequence[Term], limit: int) -> Round | None:
        """What is to be pruned next, before counter `limit` (pruning.py); None when there is nothing."""
        return pruning.plan(self._fetch, terms, min(limit, self.size))

    def prune(self, planned: Round) -> bool:
        """Empty the next portion of a round's bodies, durably; whether that was the last.

        The Entry that says so must be durable. Raises ValueError where no start could begin behind it.
        """
        self._require_alive()
        if not saved_states.behind(self._fetch, planned.kept_from):
            raise ValueError(
                f"there is no saved state from behind entry {planned.kept_from}: nothing is pruned"
            )
        with self._durably("pruning"), self._db.atomic():
            done, octets = pruning.portion(self._db.conn, self._fetch, planned)
        self._traces, self._wal_bytes = True, self._wal_bytes + octets + _PAGES_OF_A_COMMIT
        return done

    def upkeep(self) -> None:
        """Copy a grown WAL into the database, and leave nothing erased in it: when nobody waits at a door.

        Takes some 10 ms when it is due, nothing otherwise. Raises LogDead when the disk refuses.
        """
        self._require_alive()
        if self._wal_bytes >= UPKEEP_BYTES:
            self._copy_wal()
        if self._traces:
            self._wipe_wal()

    def close(self) -> None:
        """End: copy the WAL into the database, let go of the lock; a second call does nothing."""
        if self._cause != "it is closed":
            self._cause = "it is closed"
            with suppress(sqlite3.Error):  # a dead log may not be able to copy its WAL; the next open does
                self._db.close()
            self._hold.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit(self, batch: Batch) -> None:
        with self._durably("a commit"):
            self.before_commit()
            with self._db.atomic():
                moved = None if self._keep_head else self.size
                head = write(self._db.conn, batch, self._signer, moved)
            self._hold.mark_begun()
        self._signer.changed()
        self._keep_head = batch.frontier.size // ANCHOR_EVERY > self.size // ANCHOR_EVERY
        self._frontier, self._root, self._last_at = batch.frontier, head.root, batch.last_at
        self._hold.mark(self.head)
        self.restored = None
        self._traces = self._traces or bool(batch.erases)
        self._wal_bytes += batch.body_bytes + _PAGES_OF_A_COMMIT
        if self._wal_bytes >= 4 * UPKEEP_BYTES:
            self._copy_wal()

    def _copy_wal(self) -> None:
        with self._durably("copying the WAL"):
            wal.copy(self._db)
        self._hold.sync()
        self._wal_bytes = 0

    def _wipe_wal(self) -> None:
        """Leave nothing in the WAL of what was erased; while somebody reads from it, the next call tries."""
        with self._durably("emptying the WAL"):
            self._traces = not wal.emptied(self._db)

    @contextmanager
    def _durably(self, deed: str) -> Iterator[None]:
        self._cause = f"{deed} did not come to its end"  # stays, whatever interrupts us
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self._cause = f"{deed} failed: {error}"
            raise LogDead(f"{self.file}: {self._cause}; {_DEAD}") from error
        self._cause = ""

    def _require_alive(self) -> None:
        if self._cause:
            raise LogDead(f"{self.file}: {self._cause}; {_DEAD}")


_DEAD = "nothing more is written, and nothing may open, until that was looked at and the controller restarted"
