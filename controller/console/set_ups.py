"""Setting up how one signs in, by a one-time code: a passkey, or a password with an authenticator app.

Rule 1: the core looks whether the code still counts, and uses it up, in the same Entry that tells the change.
Rule 2: a wrong code and a name that nobody has cost the same work and the same words.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from controller.console.core_line import Sight
from controller.console.lines import Request
from controller.console.parts import Parts
from controller.console.passkeys import Registered, WrongKeyError
from controller.console.passwords import fault_of
from controller.console.refusals import Told, no
from controller.console.sign_in_codes import check_of
from controller.console.sign_ins import CODE, PASSKEY, PASSWORD, SignIns
from controller.console.totp import fresh_secret, step_of, uri_of
from controller.core.console import BY_CODE
from controller.core.legible import undeceiving
from controller.core.words import Kind, Reason

APP = "app"


class SetUps:
    """The counter for whoever comes with a code."""

    def __init__(self, parts: Parts, sign_ins: SignIns) -> None:
        self._parts, self._sign_ins = parts, sign_ins

    def set_up_begin(self, said: Request) -> Told:
        """Begin a sign-in with a one-time code of the box: ask for a passkey."""
        person, sight = said.fields["person"], self._parts.core.sight()
        kept = self._kept(sight, person, said.fields["code"])
        if not kept:
            return no("wrong")
        challenge = secrets.token_bytes(32)
        options = self._parts.passkeys.creation(person, challenge, sight.passkeys_of(person))
        return {"handle": self._parts.handles.give(CODE, (person, kept, challenge)), "options": options}

    def set_up_finish(self, said: Request) -> Told:
        """Take the passkey that a code was good for; the core looks whether it still is, and uses it up."""
        asked = self._parts.handles.take(said.fields["handle"], CODE)
        if asked is None:
            return no("expired")
        person, kept, challenge = asked
        sight = self._parts.core.sight()
        if sight.codes.get(person, {}).get("check") != kept or person not in sight.people:
            return no("expired")
        try:
            made = self._parts.passkeys.registered(said.fields["credential"], challenge)
        except WrongKeyError:
            self._parts.refused.tell(person, CODE, "wrong", said.fields["seat"])
            return no("wrong")
        if not self._enrolled(person, made, said.fields["label"]):
            return no(Reason.NOT_ALLOWED)
        return self._sign_ins.begin(person, sight.people[person], PASSKEY, said.fields["seat"])

    def set_up_password(self, said: Request) -> Told:
        """Begin with a password; it counts once a code of the authenticator app was typed (set_up_codes)."""
        person, password = said.fields["person"], said.fields["password"]
        kept = self._kept(self._parts.core.sight(), person, said.fields["code"])
        if not kept:
            return no("wrong")
        if fault := fault_of(password, person, self._parts.passkeys.site):
            return no("weak", fault)
        secret = fresh_secret()
        handle = self._parts.handles.give(APP, (person, kept, password, secret))
        return {"handle": handle, "uri": uri_of(secret, person, self._parts.passkeys.site), "secret": secret}

    def set_up_codes(self, said: Request) -> Told:
        """Take password and authenticator app when its code is right; a wrong one may be typed again."""
        handle = said.fields["handle"]
        asked = self._parts.handles.take(handle, APP)
        if asked is None:
            return no("expired")
        person, kept, password, secret = asked
        sight = self._parts.core.sight()
        if sight.codes.get(person, {}).get("check") != kept or person not in sight.people:
            return no("expired")
        step = step_of(secret, said.fields["code"], sight.wall_ms)
        if step is None:
            self._parts.handles.give(APP, asked, handle)
            return no("wrong")
        if not self._parts.core.tell(Kind.SIGN_IN_CHANGED, person, what=BY_CODE):
            return no(Reason.NOT_ALLOWED)
        self._parts.passwords.set(person, password)
        self._parts.codes.keep(person, secret, step)
        return self._sign_ins.begin(person, sight.people[person], PASSWORD, said.fields["seat"])

    def _kept(self, sight: Sight, person: str, code: str) -> str:
        """Check value of the code in force for somebody, where that is the one typed; else "".

        Guessing 80 bits within a quarter of an hour needs no lock, and a lock would keep newcomers out.
        """
        kept = str(sight.codes.get(person, {}).get("check", "")) or sha256(secrets.token_bytes(8)).hexdigest()
        if hmac.compare_digest(check_of(code), kept) and person in sight.people:
            return kept
        self._parts.refused.tell(person, CODE, "wrong")
        return ""

    def _enrolled(self, person: str, made: Registered, label: str) -> bool:
        told = self._parts.core.tell(
            Kind.PASSKEY_ENROLLED,
            person,
            credential=made.credential,
            key=made.key,
            label=undeceiving(label[:60]),
        )
        if told:
            sql = "INSERT OR REPLACE INTO counter (credential, count) VALUES (?, ?)"
            self._parts.store.do(sql, made.credential, made.count)
        return told
