"""Photographs of visitors: kept beside the log, as long as the log's personal data names them.

Rule 1: whose a photograph is stands in the log alone; it is looked up there, as far as the log has grown.
Rule 2: the Entry that erases a visitor takes their photographs: at the next look, at the latest after half a
minute. What no visit names may be anybody's: every erasure takes it, and so does a day.
Rule 3: a look is an Entry, once a session and photograph (behaviour 61).

    photo     digest (SHA-256 of the JPEG), jpeg, since        photo_of  digest, visitor
    photo_log upto: counter of the newest Entry that was looked at
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from controller.console.lines import Request
from controller.console.parts import Me, Parts, require_role
from controller.console.picture import LOG
from controller.console.refusals import NoError, Told, no
from controller.console.visitor import DESK
from controller.core.console_roles import ConsoleRole, Via
from controller.core.events import Asking
from controller.core.words import Kind, Reason
from controller.errors import IronroomError
from controller.ledger.reading import LogReader

LONGEST = 100_000
"""Bytes of a photograph."""
MOST_UNNAMED = 200
UNNAMED_MS = 86_400_000
MOST_KNOWN = 4_096
JPEG = (b"\xff\xd8\xff", b"\xff\xd9")  # how a JPEG file begins and ends
KINDS = (Kind.VISIT_REQUESTED, Kind.VISIT_CHANGED, Kind.PASS_ISSUED, Kind.ERASED)
SCHEMA = """
CREATE TABLE IF NOT EXISTS photo (digest TEXT PRIMARY KEY, jpeg BLOB NOT NULL, since INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS photo_of (
    digest TEXT NOT NULL, visitor TEXT NOT NULL, PRIMARY KEY (digest, visitor)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS photo_log (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL) STRICT;
"""
UNNAMED = "digest NOT IN (SELECT digest FROM photo_of)"


class Photos:
    """The counter for visitors' photographs."""

    def __init__(self, parts: Parts, data: Path) -> None:
        self._parts, self._store, self._log = parts, parts.store, data / LOG
        self._lock, self._seen = Lock(), set[tuple[str, str]]()
        self._store.script(SCHEMA)

    def keep(self, said: Request) -> Told:
        """Keep a JPEG of at most 100,000 bytes; answers its digest, which a visit then names."""
        require_role(self._parts.me(said.fields["token"]), *DESK)
        jpeg = _jpeg(said.fields["jpeg"])
        if jpeg is None:
            return no(Reason.NOT_UNDERSTOOD)
        waiting = self._store.one(f"SELECT count(*) FROM photo WHERE {UNNAMED}")  # noqa: S608 - ours alone
        if waiting and waiting[0] >= MOST_UNNAMED:
            return no(Reason.TOO_MANY)
        digest = sha256(jpeg).hexdigest()
        self._store.do("INSERT OR IGNORE INTO photo VALUES (?, ?, ?)", digest, jpeg, self._parts.now_ms())
        return {"digest": digest}

    def photo(self, said: Request) -> Told:
        """A photograph by its digest."""
        me = self._parts.me(said.fields["token"])
        require_role(me, *DESK, ConsoleRole.AUDITOR)
        try:
            self.catch_up()
        except IronroomError:
            return no("no_answer")
        digest = said.fields["digest"]
        found = self._store.one("SELECT jpeg FROM photo WHERE digest = ?", digest)
        if found is None:
            return no("no_picture")
        self._write_down(me, digest)
        return {"jpeg": b64encode(found[0]).decode()}

    def sweep(self) -> None:
        """Take away what was erased, and what nobody has named within a day."""
        self.catch_up()
        old = self._parts.now_ms() - UNNAMED_MS
        if self._store.do(f"DELETE FROM photo WHERE since < ? AND {UNNAMED}", old):  # noqa: S608 - ours alone
            self._forget()

    def catch_up(self) -> None:
        """Learn from the log whose photographs there are, and take away those of who was erased."""
        with LogReader(self._log) as log, self._store.whole():
            newest = log.fetch("SELECT max(n) FROM entry", ())[0][0]
            row = self._store.one("SELECT upto FROM photo_log")
            upto = row[0] if row and newest is not None and row[0] <= newest else -1
            if newest is None or upto == newest:
                return
            gone = self._learned(_news(log, upto, newest))
            self._store.do("INSERT OR REPLACE INTO photo_log VALUES (1, ?)", newest)
        if gone:
            self._forget()

    def _learned(self, news: list[dict[str, Any]]) -> int:
        """Take Entries in; answers how many photographs went. Nobody who was erased comes again."""
        for entry in news:
            self._named(entry.get("personal"))
        erased = [entry for entry in news if entry["kind"] == Kind.ERASED]
        gone = sum(self._erase(str(one)) for entry in erased for one in entry.get("erases", ()))
        return gone + (self._store.do(f"DELETE FROM photo WHERE {UNNAMED}") if erased else 0)  # noqa: S608

    def _named(self, personal: object) -> None:
        for visitor, claims in personal.items() if isinstance(personal, Mapping) else ():
            digest = claims.get("photo") if isinstance(claims, Mapping) else None
            if digest and self._store.one("SELECT 1 FROM photo WHERE digest = ?", digest):
                self._store.do("INSERT OR IGNORE INTO photo_of VALUES (?, ?)", digest, visitor)

    def _erase(self, visitor: str) -> int:
        gone = self._store.do(
            "DELETE FROM photo WHERE digest IN (SELECT digest FROM photo_of WHERE visitor = ?)", visitor
        )
        self._store.do("DELETE FROM photo_of WHERE visitor = ?", visitor)
        return gone

    def _forget(self) -> None:
        """Let nothing of what was deleted stand in the file's log of changes (SQLite, secure_delete)."""
        self._store.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write_down(self, me: Me, digest: str) -> None:
        with self._lock:
            if (me.session.id, digest) in self._seen:
                return
        row = self._store.one("SELECT visitor FROM photo_of WHERE digest = ? ORDER BY visitor", digest)
        fields = {"what": "picture", "filter": f"visitor={row[0] if row else ''}", "words": ""}
        answer = self._parts.core.ask(Asking(0, "read_evidence", me.person, "", fields, Via.SESSION))
        if "accepted" not in answer:
            raise NoError(Reason.NOT_ALLOWED)
        with self._lock:
            if len(self._seen) >= MOST_KNOWN:
                self._seen.clear()
            self._seen.add((me.session.id, digest))


def _news(log: LogReader, upto: int, newest: int) -> list[dict[str, Any]]:
    """What tells of photographs and takes them away, in the order of the log."""
    asked = [log.entries(after=upto, before=newest + 1, kind=kind, sealed=True) for kind in KINDS]
    return sorted((dict(entry) for one in asked for entry in one), key=lambda entry: entry["n"])


def _jpeg(text: str) -> bytes | None:
    try:
        jpeg = b64decode(text, validate=True)
    except (NotBase64Error, ValueError):
        return None
    is_one = jpeg.startswith(JPEG[0]) and jpeg.endswith(JPEG[1]) and len(jpeg) <= LONGEST
    return jpeg if is_one else None
