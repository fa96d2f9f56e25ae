"""What the desk knows of a visitor: a document known again, the code of a pass, and whose code one is.

Rule 1: looking writes nothing, so it is counted: a session asks after so many documents a minute, no more.
Rule 2: the loop sees a document's keyed tag alone; the number goes no further than this file.
Rule 3: a pass's code is worked out, never kept; it says nothing to anybody else, and opens nothing.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections import deque
from hashlib import sha256
from threading import Lock

from controller.console.lines import Request
from controller.console.parts import Parts, require_role
from controller.console.refusals import Told, no
from controller.core.console_roles import ConsoleRole
from controller.core.documents import LONGEST_TYPED, document_tag, spelled
from controller.core.words import Reason

DESK = (ConsoleRole.GUARD, ConsoleRole.CHIEF)
MOST, WITHIN_S = 30, 60.0
"""Documents a session may ask after, and in how many seconds."""
MOST_SESSIONS = 1_024
CODE_BYTES = 10  # 16 letters of base 32: eighty bits that nobody guesses


class Visitors:
    """The counter of the visitor desk."""

    def __init__(self, parts: Parts, pepper: bytes) -> None:
        self._parts, self._pepper = parts, pepper
        self._lock = Lock()
        self._asked: dict[str, deque[float]] = {}

    def visitor(self, said: Request) -> Told:
        """What the site knows of a document: ``visitor``, ``blocked``, ``visits``, ``open``."""
        me = self._parts.me(said.fields["token"])
        require_role(me, *DESK)
        number = said.fields["document"]
        if not 0 < len(number) <= LONGEST_TYPED or not spelled(number):
            return no(Reason.NOT_UNDERSTOOD)
        if not self._counted(me.session.id):
            return no(Reason.TOO_MANY)
        return self._parts.core.visitor(document_tag(self._pepper, number))

    def pass_code(self, said: Request) -> Told:
        """The code that stands on the pass of a visit."""
        require_role(self._parts.me(said.fields["token"]), *DESK)
        visit = said.fields["visit"]
        return {"code": self._code(visit)} if visit in self._book() else no(Reason.NOTHING_TO_DO)

    def pass_of(self, said: Request) -> Told:
        """The visit whose pass carries a code, however it is typed."""
        require_role(self._parts.me(said.fields["token"]), *DESK)
        code = spelled(said.fields["code"]).encode()
        for visit in self._book():
            if hmac.compare_digest(self._code(visit).encode(), code):
                return {"visit": visit}
        return no(Reason.NOTHING_TO_DO)

    def _book(self) -> list[str]:
        return list(self._parts.core.room(sealed=False)["visits"]["book"])

    def _code(self, visit: str) -> str:
        made = hmac.new(self._pepper, f"visitor pass\n{visit}".encode(), sha256).digest()
        return b32encode(made[:CODE_BYTES]).decode()

    def _counted(self, session: str) -> bool:
        """Whether one more is within what a session may ask."""
        now = self._parts.now_s()
        with self._lock:
            if len(self._asked) >= MOST_SESSIONS:
                self._asked = {k: v for k, v in self._asked.items() if v and now - v[-1] < WITHIN_S}
            times = self._asked.setdefault(session, deque())
            while times and now - times[0] >= WITHIN_S:
                times.popleft()
            if len(times) >= MOST:
                return False
            times.append(now)
            return True
