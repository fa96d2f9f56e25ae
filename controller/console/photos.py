"""Photographs of visitors: sealed to their own keys, as long as the log's personal data names them.

Rule 1: whose a photograph is stands in the log alone; it is looked up there, as far as the log has grown.
Rule 2: the Entry that erases a visitor takes the key, and with it every copy of their photographs; the files
go at the next look, at the latest after half a minute. What no visit names may be anybody's: every erasure
takes it, and so does a day. Rule 3: none outlives the pictures of the room (`picture_days` after the last
visit that named it), unless something is under legal hold.
Rule 4: a look is an Entry, once a session and photograph (behaviour 61).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from controller.console.lines import Request
from controller.console.parts import Me, Parts, require_role
from controller.console.photo_seals import SealedPhotos
from controller.console.picture import LOG
from controller.console.refusals import NoError, Told, no
from controller.console.visitor import DESK
from controller.core.console_roles import ConsoleRole, Via
from controller.core.events import Asking
from controller.core.words import Kind, Reason
from controller.errors import IronroomError
from controller.keeping_rules import DAY_MS
from controller.ledger.reading import LogReader

LONGEST = 100_000
"""Bytes of a photograph."""
MOST_UNNAMED = 200
UNNAMED_MS = 86_400_000
MOST_KNOWN = 4_096
JPEG = (b"\xff\xd8\xff", b"\xff\xd9")  # how a JPEG file begins and ends
KINDS = (Kind.VISIT_REQUESTED, Kind.VISIT_CHANGED, Kind.PASS_ISSUED, Kind.ERASED)


class Photos:
    """The counter for visitors' photographs."""

    def __init__(self, parts: Parts, data: Path, days: int) -> None:
        self._parts, self._log, self._days = parts, data / LOG, days
        self._lock, self._seen = Lock(), set[tuple[str, str]]()
        self._kept = SealedPhotos(parts.store)

    def keep(self, said: Request) -> Told:
        """Keep a JPEG of at most 100,000 bytes; answers its digest, which a visit then names."""
        require_role(self._parts.me(said.fields["token"]), *DESK)
        jpeg = _jpeg(said.fields["jpeg"])
        if jpeg is None:
            return no(Reason.NOT_UNDERSTOOD)
        if self._kept.unnamed() >= MOST_UNNAMED:
            return no(Reason.TOO_MANY)
        return {"digest": self._kept.add(jpeg, self._parts.now_ms())}

    def photo(self, said: Request) -> Told:
        """A photograph by its digest."""
        me = self._parts.me(said.fields["token"])
        require_role(me, *DESK, ConsoleRole.AUDITOR)
        digest = said.fields["digest"]
        try:
            self.catch_up()
            with LogReader(self._log) as log:
                jpeg = self._kept.opened(digest, log)
        except IronroomError:
            return no("no_answer")
        if jpeg is None:
            return no("no_picture")
        self._write_down(me, digest)
        return {"jpeg": b64encode(jpeg).decode()}

    def sweep(self) -> None:
        """Take away what was erased, what nobody named within a day, and what is too old."""
        self.catch_up()
        now = self._parts.now_ms()
        self._kept.drop_unnamed(now - UNNAMED_MS)
        if not self._parts.core.room(sealed=False)["log"]["holds"]:
            self._kept.drop_named(now - self._days * DAY_MS)

    def catch_up(self) -> None:
        """Learn from the log whose photographs there are, and take away those of who was erased."""
        with LogReader(self._log) as log, self._kept.whole():
            newest = log.fetch("SELECT max(n) FROM entry", ())[0][0]
            upto = self._kept.upto(newest)
            if newest is None or upto == newest:
                return
            news = _news(log, upto, newest)
            for entry in news:  # names first: nobody who was erased comes again
                self._learn(entry, log)
            for erased in (entry for entry in news if entry["kind"] == Kind.ERASED):
                self._kept.erase([str(one) for one in erased.get("erases", ())])
            self._kept.learned(newest)

    def _learn(self, entry: Mapping[str, Any], log: LogReader) -> None:
        personal = entry.get("personal")
        for visitor, claims in personal.items() if isinstance(personal, Mapping) else ():
            digest = claims.get("photo") if isinstance(claims, Mapping) else None
            if digest:
                self._kept.name(str(digest), str(visitor), self._parts.now_ms(), log)

    def _write_down(self, me: Me, digest: str) -> None:
        with self._lock:
            if (me.session.id, digest) in self._seen:
                return
        fields = {"what": "picture", "filter": f"visitor={self._kept.whose(digest)}", "words": ""}
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
