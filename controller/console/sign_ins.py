"""Signing in and out: by passkey, or by password and one-time code.

Rule 1: nobody has a token before the log says so. Rule 2: a refusal tells nobody which part was wrong, and
takes the same work for a name that nobody has.
"""

from __future__ import annotations

import secrets
from typing import Any

from controller.console.lines import Request
from controller.console.news import LONGEST_SEAT
from controller.console.parts import Me, Parts
from controller.console.ration import SIGNING_IN
from controller.console.refusals import NoError, Told, no
from controller.console.sessions import ABSOLUTE_MS, IDLE_MS, Session
from controller.core.console_roles import ConsoleRole
from controller.core.words import Kind, Reason

PASSKEY, PASSWORD, CODE = "passkey", "password", "code"


class SignIns:
    """The counter for signing in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def passkey_options(self, _said: Request) -> Told:
        """What a browser asks its passkeys, without anybody's name."""
        challenge = secrets.token_bytes(32)
        handle = self._parts.handles.give(PASSKEY, challenge)
        return {"handle": handle, "options": self._parts.passkeys.request(challenge)}

    def sign_in(self, said: Request) -> Told:
        """Sign in by passkey."""
        challenge = self._parts.handles.take(said.fields["handle"], PASSKEY)
        if challenge is None:
            return no("expired")
        sight, seat = self._parts.core.sight(), said.fields["seat"]
        proof = self._parts.proof(sight, said.fields["credential"], challenge, "", PASSKEY, seat)
        person = str(sight.passkeys[proof.credential]["person"])
        return self.begin(person, sight.people[person], PASSKEY, seat)

    def sign_in_password(self, said: Request) -> Told:
        """Sign in by password and one-time code, both; wrong ones make the next ones wait."""
        person, seat = said.fields["person"], said.fields["seat"]
        sight = self._parts.core.sight()
        fields = said.fields
        if refused := self._refused(person, fields["password"], fields["code"], sight.wall_ms, seat):
            return refused
        if person not in sight.people:
            self._parts.refused.tell(person, PASSWORD, "not_allowed", seat)
            return no("wrong")
        return self.begin(person, sight.people[person], PASSWORD, seat)

    def who(self, said: Request) -> Told:
        """Whose token it is, and how long it lasts yet."""
        me = self._parts.me(said.fields["token"], quiet=said.fields["quiet"])
        now, one = self._parts.now_ms(), me.session
        return {
            "person": me.person,
            "roles": list(me.roles),
            "wall_ms": me.sight.wall_ms,
            "since": me.sight.wall_ms - (now - one.since),
            "how": one.how,
            "seat": one.seat,
            "idle_s": max(0, IDLE_MS - (now - one.seen)) // 1000,
            "absolute_s": max(0, ABSOLUTE_MS - (now - one.since)) // 1000,
            "fresh_s": max(0, now - one.fresh) // 1000,
            "passkeys": passkeys_told(me),
            "password": self._parts.passwords.has(me.person),
            "totp": self._parts.codes.has(me.person),
        }

    def prove(self, said: Request) -> Told:
        """Prove oneself anew by passkey; the answer is another token for the same session."""
        me = self._parts.me(said.fields["token"])
        challenge = self._parts.handles.take(said.fields["handle"], PASSKEY)
        if challenge is None:
            return no("expired")
        self._parts.proof(me.sight, said.fields["credential"], challenge, me.person, PASSKEY, me.session.seat)
        return self._proved(said)

    def prove_password(self, said: Request) -> Told:
        """The same by password and one-time code."""
        me = self._parts.me(said.fields["token"])
        fields, wall_ms, seat = said.fields, me.sight.wall_ms, me.session.seat
        refused = self._refused(me.person, fields["password"], fields["code"], wall_ms, seat)
        return refused or self._proved(said)

    def sign_out(self, said: Request) -> Told:
        """End one's own session."""
        session = self._parts.sessions.of(said.fields["token"], quiet=True)
        if session is not None:
            self._parts.end(session, "left")
        return {"accepted": True}

    def sessions(self, said: Request) -> Told:
        """One's own sessions, as a chief everybody's."""
        me = self._parts.me(said.fields["token"], quiet=True)
        shown = [one for one in self._parts.sessions.all() if _may_see(me, one)]
        now, wall_ms = self._parts.now_ms(), me.sight.wall_ms
        return {"sessions": [_told(one, me, wall_ms - now) for one in shown]}

    def end_session(self, said: Request) -> Told:
        """End one of them."""
        me = self._parts.me(said.fields["token"])
        found = [
            one for one in self._parts.sessions.all() if one.id == said.fields["id"] and _may_see(me, one)
        ]
        if not found:
            return no(Reason.NOTHING_TO_DO)
        self._parts.end(found[0], "left" if found[0].person == me.person else "ended_by_chief")
        return {"accepted": True}

    def begin(self, person: str, roles: tuple[str, ...], how: str, seat: str) -> Told:
        """Begin a session, once the log says so; its token."""
        self._parts.core.ration.require(person, SIGNING_IN)
        token, over = self._parts.sessions.begin(person, roles, how, seat[:LONGEST_SEAT])
        for one in over:
            self._parts.core.tell(Kind.SIGNED_OUT, one.person, why="too_many")
        if not self._parts.core.tell(Kind.SIGNED_IN, person, how=how, seat=seat[:LONGEST_SEAT]):
            session = self._parts.sessions.of(token)
            self._parts.sessions.end(session.id if session else "")
            raise NoError("no_answer")
        self._parts.lockout.knows(person, seat)
        return {"token": token, "person": person, "roles": list(roles)}

    def _refused(self, person: str, password: str, code: str, wall_ms: int, seat: str) -> Told:
        """What whoever is wrong, or must wait, is told and no more than that; {} for whoever is right."""
        with self._parts.lockout.one(person, seat) as wait_s:
            if wait_s or self._is_right(person, password, code, wall_ms, seat):
                return no("locked", wait_s=wait_s) if wait_s else {}
        wait_s = self._parts.lockout.wait_s(person, seat)
        return no("locked", wait_s=wait_s) if wait_s else no("wrong")

    def _is_right(self, person: str, password: str, code: str, wall_ms: int, seat: str) -> bool:
        """Both are looked at whatever the first one says; a code is used up by a right password alone."""
        known = self._parts.passwords.right(person, password)
        spent = self._parts.codes.spend(person if known else "", code, wall_ms)
        if known and spent:
            self._parts.lockout.right(person, seat)
            return True
        why = self._parts.lockout.wrong(person, seat) or "wrong"
        self._parts.refused.tell(person, PASSWORD, why, seat, self._parts.lockout.wait_s(person, seat))
        return False

    def _proved(self, said: Request) -> Told:
        token = self._parts.sessions.proved(said.fields["token"])
        return {"accepted": True, "token": token} if token else no("signed_out")


def passkeys_told(me: Me) -> list[dict[str, Any]]:
    """Somebody's own passkeys."""
    own = me.sight.passkeys_of(me.person)
    shift = me.sight.wall_ms - me.sight.at
    keys = [(name, me.sight.passkeys[name]) for name in own]
    return [{"credential": n, "label": k["label"], "since": k["since"] + shift} for n, k in keys]


def _may_see(me: Me, one: Session) -> bool:
    return one.person == me.person or ConsoleRole.CHIEF in me.roles


def _told(one: Session, me: Me, shift: int) -> Told:
    own = one.id == me.session.id
    times = {"since": one.since + shift, "seen": one.seen + shift}
    return {"id": one.id, "person": one.person, "how": one.how, "seat": one.seat, "own": own, **times}
