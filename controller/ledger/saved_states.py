"""Saved states: the room as it was after an entry, so that a start replays only the tail. Law 3.

A saved state is a cache and no evidence: one that is damaged, or belongs to another log, is passed
over with a note, and replay begins earlier. It is bound to the log by a digest over the head after
its entry, which must be stored too:

    digest = SHA-256("ironroom saved state 1" || 0x0a || size, 8 bytes big endian || root || state)

What the bytes of a state mean is the core's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from sqlite_utils import Database

from controller.ledger.walk import Fetch, Head

KEPT = 3
"""Saved states that stay: the newest, and two to fall back on."""


@dataclass(frozen=True, slots=True)
class SavedState:
    """The core's state after entry `n`, as the bytes that were handed over."""

    n: int
    state: bytes


def state_digest(head: Head, state: bytes) -> bytes:
    """The digest of this file's first lines, 32 bytes."""
    return sha256(b"ironroom saved state 1\n" + head.size.to_bytes(8, "big") + head.root + state).digest()


def save(db: Database, head: Head, state: bytes) -> None:
    """Write a state for the head and drop the oldest ones; the caller holds the transaction."""
    db.execute(
        "INSERT OR REPLACE INTO saved_state (size, digest, state) VALUES (?, ?, ?)",
        (head.size, state_digest(head, state), state),
    )
    db.execute(
        "DELETE FROM saved_state WHERE size NOT IN (SELECT size FROM saved_state ORDER BY size DESC LIMIT ?)",
        (KEPT,),
    )


def behind(fetch: Fetch, n: int) -> bool:
    """Whether a state after entry `n` or a later one is kept."""
    return bool(fetch("SELECT 1 FROM saved_state WHERE size > ?", (n,)))


def whole(fetch: Fetch, notes: list[str]) -> Iterator[SavedState]:
    """Yield the saved states that are whole and belong to this log, newest first; a note for each other."""
    for (size,) in fetch("SELECT size FROM saved_state ORDER BY size DESC", ()):
        stored = fetch(
            "SELECT root, digest, state FROM saved_state JOIN head USING (size) WHERE size = ?", (size,)
        )
        good = [state for root, digest, state in stored if _is_whole(Head(size, root), digest, state)]
        if good:
            yield SavedState(size - 1, good[0])
        else:
            wrong = "is damaged" if stored else "belongs to no head of this log"
            notes.append(f"the saved state after entry {size - 1} {wrong}; replay begins earlier")


def _is_whole(head: Head, digest: bytes, state: bytes) -> bool:
    try:
        return compare_digest(digest, state_digest(head, state))
    except TypeError:  # damage can make anything of a column
        return False
