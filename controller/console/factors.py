"""How somebody signs in, changed by themselves: passkeys offered, password, one-time codes.

Rule 1: every change takes a proof that is not older than five minutes, and is told in the log (ASVS 7.5.1).
Rule 2: a passkey that was offered is nothing yet; two chiefs sign the Asking ``enrol_passkey``.
"""

from __future__ import annotations

import secrets

from controller.console.lines import Request
from controller.console.parts import Me, Parts
from controller.console.passkeys import WrongKeyError
from controller.console.passwords import fault_of
from controller.console.ration import SIGNING_IN
from controller.console.refusals import NoError, Told, no
from controller.console.totp import fresh_secret, step_of, uri_of
from controller.core.console_roles import ConsoleRole
from controller.core.legible import undeceiving
from controller.core.words import Kind, Reason

OFFER, TOTP = "offer", "totp"
MOST_OFFERS = 5
LONGEST_LABEL = 60
OFFERS = "SELECT credential FROM offer WHERE person = ? ORDER BY rowid DESC"


class Factors:
    """The counter for changing how one signs in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def passkey_begin(self, said: Request) -> Told:
        """Ask for one more passkey."""
        me = self._parts.me(said.fields["token"])
        self._parts.require_fresh(me)
        challenge = secrets.token_bytes(32)
        options = self._parts.passkeys.creation(me.person, challenge, me.sight.passkeys_of(me.person))
        return {"handle": self._parts.handles.give(OFFER, (me.person, challenge)), "options": options}

    def passkey_finish(self, said: Request) -> Told:
        """Offer it."""
        me = self._parts.me(said.fields["token"])
        person, challenge = self._parts.handles.take(said.fields["handle"], OFFER) or ("", b"")
        if person != me.person:
            return no("expired")
        try:
            made = self._parts.passkeys.registered(said.fields["credential"], challenge)
        except WrongKeyError:
            return no("wrong")
        if made.credential in me.sight.passkeys:
            return no(Reason.NOTHING_TO_DO)
        label, now = undeceiving(said.fields["label"][:LONGEST_LABEL]), me.sight.wall_ms
        with self._parts.store.whole():
            self._parts.store.do(
                "INSERT OR IGNORE INTO offer (credential, person, key, label, since) VALUES (?, ?, ?, ?, ?)",
                *(made.credential, me.person, made.key, label, now),
            )
            self._parts.store.do("INSERT OR IGNORE INTO counter VALUES (?, ?)", made.credential, made.count)
            self._forget_old(me)
        return {"accepted": True, "offered": made.credential}

    def offered(self, said: Request) -> Told:
        """Passkeys that wait for two chiefs: one's own, as a chief everybody's."""
        me = self._parts.me(said.fields["token"], quiet=True)
        self._forget_enrolled(me)
        rows = self._parts.store.rows("SELECT credential, person, label, since FROM offer ORDER BY since")
        shown = [row for row in rows if row[1] == me.person or ConsoleRole.CHIEF in me.roles]
        names = ("credential", "person", "label", "since")
        return {"offered": [dict(zip(names, row, strict=True)) for row in shown]}

    def set_password(self, said: Request) -> Told:
        """Set one's password; other sessions of the person end."""
        me, password = self._parts.me(said.fields["token"]), said.fields["password"]
        self._parts.require_fresh(me)
        if refused := self._not_old(me, said.fields["old"]):
            return refused
        if fault := fault_of(password, me.person, self._parts.passkeys.site):
            return no("weak", fault)
        self._tell(me, "password")
        self._parts.passwords.set(me.person, password)
        return {"accepted": True}

    def _not_old(self, me: Me, old: str) -> Told:
        """What whoever does not know their password is told; {} for whoever does, or has none."""
        if not self._parts.passwords.has(me.person):
            return {}
        with self._parts.lockout.one(me.person, me.session.seat) as wait_s:
            if wait_s or self._parts.passwords.right(me.person, old):
                return no("locked", wait_s=wait_s) if wait_s else {}
            why = self._parts.lockout.wrong(me.person, me.session.seat) or "wrong"
        self._parts.refused.tell(me.person, "old_password", why, me.session.seat)
        return no("wrong")

    def totp_begin(self, said: Request) -> Told:
        """A secret for an authenticator app; it counts once a code of it was typed."""
        me = self._parts.me(said.fields["token"])
        self._parts.require_fresh(me)
        secret = fresh_secret()
        self._parts.handles.give(TOTP, (me.person, secret), me.session.id)
        return {"uri": uri_of(secret, me.person, self._parts.passkeys.site), "secret": secret}

    def totp_finish(self, said: Request) -> Told:
        """Take it, when the code is right; a wrong one begins anew."""
        me = self._parts.me(said.fields["token"])
        person, secret = self._parts.handles.take(me.session.id, TOTP) or ("", "")
        if person != me.person:
            return no("expired")
        step = step_of(secret, said.fields["code"], me.sight.wall_ms)
        if step is None:
            self._parts.handles.give(TOTP, (me.person, secret), me.session.id)
            return no("wrong")
        self._tell(me, "one_time_codes")
        self._parts.codes.keep(me.person, secret, step)
        return {"accepted": True}

    def _forget_old(self, me: Me) -> None:
        """Keep the last few offers, and of none that went its counter: a file must not grow by offering."""
        kept = self._parts.store.rows(OFFERS, me.person)
        for (credential,) in kept[MOST_OFFERS:]:
            self._parts.store.do("DELETE FROM offer WHERE credential = ?", credential)
            if credential not in me.sight.passkeys:
                self._parts.store.do("DELETE FROM counter WHERE credential = ?", credential)

    def _tell(self, me: Me, what: str) -> None:
        """Say so, then end every other session of the person: it may be the one that is to be kept out.

        Raises NoError where it is not in the log: what was not told is not changed.
        """
        self._parts.core.ration.require(me.person, SIGNING_IN)
        if not self._parts.core.tell(Kind.SIGN_IN_CHANGED, me.person, what=what):
            raise NoError("no_answer")
        for one in self._parts.sessions.all():
            if one.person == me.person and one.id != me.session.id:
                self._parts.end(one, "changed")

    def _forget_enrolled(self, me: Me) -> None:
        for (credential,) in self._parts.store.rows("SELECT credential FROM offer"):
            if credential in me.sight.passkeys:
                self._parts.store.do("DELETE FROM offer WHERE credential = ?", credential)
