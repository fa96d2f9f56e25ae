"""What the desk's counters share: the file, who is signed in, the way into the loop, and who somebody is.

Rule: whoever a token belongs to is looked up anew for every request, with the roles that they have now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from controller.console.core_line import CoreLine, Sight
from controller.console.handles import Handles
from controller.console.lockout import Lockout
from controller.console.news import RefusalNews
from controller.console.passkeys import Asserted, Passkeys, WrongKeyError
from controller.console.passwords import Passwords
from controller.console.refusals import NoError
from controller.console.sessions import FRESH_S, Session, Sessions
from controller.console.store import Store
from controller.console.totp import Codes
from controller.core.words import Kind, Reason


@dataclass(frozen=True, slots=True)
class Me:
    """Whose request it is: their session, and the room as far as signing in goes."""

    session: Session
    sight: Sight

    @property
    def person(self) -> str:
        """Id of the person."""
        return self.session.person

    @property
    def roles(self) -> tuple[str, ...]:
        """Their roles now."""
        return self.session.roles


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the counters need; ``now_s`` is a monotonic second."""

    store: Store
    core: CoreLine
    sessions: Sessions
    passkeys: Passkeys
    passwords: Passwords
    codes: Codes
    lockout: Lockout
    handles: Handles
    refused: RefusalNews
    now_ms: Callable[[], int]
    now_s: Callable[[], float]

    def me(self, token: str, *, quiet: bool = False) -> Me:
        """Whose token it is; raises NoError ``signed_out``. One whose roles have changed is signed out."""
        session = self.sessions.of(token, quiet=quiet)
        if session is None:
            raise NoError("signed_out")
        sight = self.core.sight()
        if sight.people.get(session.person) != session.roles:
            self.end(session, "changed")
            raise NoError("signed_out")
        return Me(session, sight)

    def end(self, session: Session, why: str) -> None:
        """End a session and say so."""
        if self.sessions.end(session.id):
            self.core.tell(Kind.SIGNED_OUT, session.person, why=why)

    def sweep(self) -> None:
        """End and tell what has lasted its time."""
        for session in self.sessions.sweep():
            self.core.tell(Kind.SIGNED_OUT, session.person, why="time")

    def require_fresh(self, me: Me) -> None:
        """Raise NoError ``not_fresh`` unless the person has just proved themselves."""
        if self.now_ms() - me.session.fresh > FRESH_S * 1000:
            raise NoError("not_fresh")

    def proof(
        self, sight: Sight, said: Mapping[str, Any], challenge: bytes, person: str, how: str, seat: str = ""
    ) -> Asserted:
        """A proof by a passkey of ``person`` that counts now ("" for anybody's); raises NoError ``wrong``.

        What is wrong is told in the log; a counter that went back is a copied passkey, and calls the guard.
        """
        credential = str(said.get("id", ""))[:1_400]
        key = sight.passkeys.get(credential)
        owner = str(key["person"]) if key else ""
        if key is None or owner not in sight.people or (person and owner != person):
            self._wrong(person or owner, how, "not_theirs" if person else "unknown", seat)
        try:
            found = self.passkeys.asserted(said, challenge, str(key["key"]), owner)
        except WrongKeyError:
            self._wrong(owner, how, "wrong", seat)
        if not self._counted(credential, found.count):
            self._wrong(owner, how, "counter", seat)
        return found

    def _counted(self, credential: str, count: int) -> bool:
        """Whether the counter went on; one that is always 0 does not count (WebAuthn level 2, 6.1.1)."""
        with self.store.whole():
            row = self.store.one("SELECT count FROM counter WHERE credential = ?", credential)
            known = int(row[0]) if row else 0
            if (count or known) and count <= known:
                return False
            self.store.do(
                "INSERT OR REPLACE INTO counter (credential, count) VALUES (?, ?)", credential, count
            )
        return True

    def _wrong(self, person: str, how: str, why: str, seat: str) -> NoReturn:
        self.refused.tell(person, how, why, seat)
        raise NoError("wrong")


def require_role(me: Me, *roles: str) -> None:
    """Raise NoError ``not_allowed`` for somebody who has none of the roles."""
    if not {*me.roles} & {*roles}:
        raise NoError(Reason.NOT_ALLOWED)
