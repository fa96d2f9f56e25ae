"""Who is signed in: opaque tokens of 256 bits, of which only the hash is kept.

Rule 1: a session ends after an hour without its person, after twelve hours in any case, and at once when
the person ends or has other roles; the desk looks at every request (ASVS 5.0, 7.3.1, 7.3.2, 7.4.2, 8.3.2).
Rule 2: times are room time, which no clock that is set can move; a restart of the controller ends nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock

from controller.console.store import Store

IDLE_MS = 60 * 60_000
ABSOLUTE_MS = 12 * 60 * 60_000
FRESH_S = 300
"""For how long a proof lets somebody change how they sign in (ASVS 5.0, 7.5.1)."""
NOTED_MS = 60_000
"""How much of the idle time a crash may forget."""
MOST = 10
"""Sessions of one person; one more ends the oldest."""
TOKEN_BYTES = 32
_COLUMNS = "id, person, roles, since, seen, fresh, how, seat"


@dataclass(frozen=True, slots=True)
class Session:
    """One session; times in milliseconds of room time. ``fresh``: when its person last proved themselves."""

    id: str
    person: str
    roles: tuple[str, ...]
    since: int
    seen: int
    fresh: int
    how: str
    seat: str = ""


def hash_of(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


class Sessions:
    """Every session of a site; ``now`` is room time."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store, self._now, self._lock = store, now, Lock()
        self._live: dict[bytes, Session] = {}
        for row in store.rows(f"SELECT hash, {_COLUMNS} FROM session"):  # noqa: S608 - our own columns
            digest, ident, person, roles, *rest = row
            self._live[bytes(digest)] = Session(ident, person, tuple(roles.split()), *rest)

    def begin(self, person: str, roles: tuple[str, ...], how: str, seat: str) -> tuple[str, list[Session]]:
        """A new token, and the sessions that it ended because there were too many."""
        now, token = self._now(), secrets.token_urlsafe(TOKEN_BYTES)
        made = Session(secrets.token_hex(8), person, roles, now, now, now, how, seat)
        with self._lock:
            own = sorted((one.since, key) for key, one in self._live.items() if one.person == person)
            over = [self._live[key] for _, key in own[: max(0, len(own) - MOST + 1)]]
            self._drop({one.id for one in over})
            self._keep(hash_of(token), made)
        return token, over

    def of(self, token: str, *, quiet: bool = False) -> Session | None:
        """Whose token it is, None for nobody's; ``quiet`` does not count as its person."""
        key, now = hash_of(token), self._now()
        with self._lock:
            found = self._live.get(key)
            if found is None or _over(found, now):
                return None
            if not quiet:
                found, noted = replace(found, seen=now), found.seen
                self._live[key] = found
                if now - noted >= NOTED_MS:
                    self._store.do("UPDATE session SET seen = ? WHERE hash = ?", now, key)
            return found

    def proved(self, token: str) -> str:
        """Another token for the same session, whose person has just proved themselves (ASVS 7.2.4)."""
        fresh, now = secrets.token_urlsafe(TOKEN_BYTES), self._now()
        with self._lock:
            found = self._live.get(hash_of(token))
            if found is None:
                return ""
            self._drop({found.id})
            self._keep(hash_of(fresh), replace(found, fresh=now, seen=now))
        return fresh

    def end(self, ident: str) -> Session | None:
        """End a session by its id, None where there is none."""
        with self._lock:
            found = next((one for one in self._live.values() if one.id == ident), None)
            self._drop({ident})
        return found

    def all(self) -> list[Session]:
        """Every session that lasts, oldest first."""
        now = self._now()
        with self._lock:
            return sorted((one for one in self._live.values() if not _over(one, now)), key=lambda s: s.since)

    def sweep(self) -> list[Session]:
        """End those whose time is over, and answer which."""
        now = self._now()
        with self._lock:
            over = [one for one in self._live.values() if _over(one, now)]
            self._drop({one.id for one in over})
        return over

    def _keep(self, key: bytes, one: Session) -> None:
        self._live[key] = one
        values = (one.id, one.person, " ".join(one.roles), one.since, one.seen, one.fresh, one.how, one.seat)
        sql = f"INSERT INTO session (hash, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        self._store.do(sql, key, *values)

    def _drop(self, idents: set[str]) -> None:
        for key, one in list(self._live.items()):
            if one.id in idents:
                del self._live[key]
                self._store.do("DELETE FROM session WHERE hash = ?", key)


def _over(one: Session, now: int) -> bool:
    return now - one.seen >= IDLE_MS or now - one.since >= ABSOLUTE_MS
