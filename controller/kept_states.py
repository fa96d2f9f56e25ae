"""States that are kept so that a start replays only the tail, each vouched for by an Entry. Law 3.

A kept state is a cache. Its SHA-256 stands in an Entry ``state_kept`` written just before it, so that who
changes the one has to change the log itself; a state that its Entry does not vouch for is passed over.
"""

from __future__ import annotations

import json
from hashlib import sha256

from controller.core.events import LogNews, TimePassed
from controller.core.fold import CounterJumpError, fold
from controller.core.freeze import from_json, to_json
from controller.core.state import State
from controller.core.words import Kind
from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.saved_states import SavedState
from controller.loop import Loop


def keep_state(loop: Loop, at: int) -> None:
    """Write the Entry and keep the state as it was before it; raises LogDead when the disk refuses."""
    loop.turn([TimePassed(at)])  # whatever is due now is in the state, and not behind its Entry
    state = spelled(loop.site.state)
    fields = {"digest": digest(state), "size": loop.site.state.size}
    loop.turn([LogNews(at, Kind.STATE_KEPT, "", fields)])
    loop.log.save_state(loop.log.size - 1, state)


def spelled(state: State) -> bytes:
    """The bytes of a state, as they are kept."""
    return json.dumps(to_json(state), separators=(",", ":")).encode()


def digest(state: bytes) -> str:
    """SHA-256 of a state's bytes, in hexadecimal digits."""
    return sha256(state).hexdigest()


def remembered(log: CustodyLog) -> State:
    """State of the log: the newest kept state that its Entry vouches for, and the tail from there.

    Raises LogDamaged when the log does not replay to its own size.
    """
    state = State()
    for kept in log.saved_states():
        believed = _believed(log, kept)
        if believed is not None:
            state = believed
            break
    try:
        for entry in log.tail(state.size - 1):
            fold(state, entry)
    except CounterJumpError as error:
        raise LogDamaged(log.file, str(error)) from error
    if state.size != log.size:
        raise LogDamaged(log.file, f"{state.size} entries were replayed, and the head says {log.size}")
    return state


def vouched(log: CustodyLog) -> list[int]:
    """Counters behind which a start could begin with a kept state, the newest first."""
    return [kept.n for kept in log.saved_states() if kept.n >= log.kept_from and _believed(log, kept)]


def _believed(log: CustodyLog, kept: SavedState) -> State | None:
    entry = next(log.tail(kept.n - 1), None)
    if entry is None or entry["kind"] != Kind.STATE_KEPT or entry.get("digest") != digest(kept.state):
        log.notes.append(f"no entry vouches for the saved state after entry {kept.n}; replay begins earlier")
        return None
    try:
        state = from_json(json.loads(kept.state))
    except (ValueError, RecursionError):  # of an older version, say
        log.notes.append(f"the saved state after entry {kept.n} is of another version; replay begins earlier")
        return None
    return state if state.size == kept.n else None
