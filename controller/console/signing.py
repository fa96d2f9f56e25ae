"""Signed commands: proposed, read, signed by one or two people with their passkeys, then judged by the core.

Rule 1: the desk makes command, nonce and time; whoever proposes says only what is wanted (law 5).
Rule 2: one person signs once; the second is another person, and signs that they are the second.
Rule 3: nothing is carried out here: the core judges the Asking at the moment of the last signature.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from controller.console.commands import Command, Commands
from controller.console.digest import FIRST, SECOND, challenge_of, text_of
from controller.console.lines import Request
from controller.console.parts import Me, Parts, require_role
from controller.console.passkeys import Asserted
from controller.console.refusals import NoError, Told, no
from controller.console.sign_in_codes import check_of, fresh_code
from controller.console.sign_off_check import require_true_set
from controller.core.asking_rows import Row
from controller.core.askings import ASKINGS
from controller.core.chiefs import TWO
from controller.core.console import COMMAND_MS
from controller.core.console_roles import SEES_SEALED, ConsoleRole, Via
from controller.core.erasing import WORDS_SEARCHED
from controller.core.events import Asking
from controller.core.people import pin_tag
from controller.core.visit_approvals import AS_OF
from controller.core.words import Kind, Reason

SIGN = "sign"
LONGEST_TEXT = 16_384
SUBJECTS = ("person", "visitor", "holder")
"""Fields that say about whom a command is; the text of it is erased with them."""


class Signing:
    """The counter for commands; ``site`` is the log's name."""

    def __init__(self, parts: Parts, site: str, pepper: bytes, log: Path) -> None:
        self._parts, self._site, self._pepper, self._log = parts, site, pepper, log
        self._commands = Commands(parts.now_s)
        self._one_at_a_time = Lock()

    def propose(self, said: Request) -> Told:
        """Make a command of what somebody wants, and ask for the first signature."""
        me = self._parts.me(said.fields["token"])
        name, row = said.fields["ask"], ASKINGS.get(said.fields["ask"])
        if row is None or not row.signed or name == "sign_command":
            return no(Reason.NOT_UNDERSTOOD)
        require_role(me, *row.roles)
        if not me.sight.passkeys_of(me.person):
            return no(Reason.NEEDS_SIGNATURE)
        command = self._made(me, name, row, said.fields["fields"])
        self._commands.wait(command)
        asked = self._options(me, command, FIRST)
        return {**_told(command), "command": command.id, "text": command.text, **asked}

    def sign_options(self, said: Request) -> Told:
        """Ask for a signature of one that waits: the second, or the first again."""
        me = self._parts.me(said.fields["token"])
        command = self._commands.get(said.fields["command"])
        stage = self._stage(me, command)
        asked = self._options(me, command, stage)
        return {**_told(command), "command": command.id, "text": command.text, **asked}

    def sign(self, said: Request) -> Told:
        """Take a signature; the last one lets the core judge and carry out."""
        with self._one_at_a_time:
            me = self._parts.me(said.fields["token"])
            command = self._commands.get(said.fields["command"])
            stage = self._stage(me, command)
            if self._parts.handles.take(said.fields["handle"], SIGN) != (command.id, stage, me.person):
                return no("expired")
            challenge = challenge_of(command.digest, me.person, stage)
            credential, seat = said.fields["credential"], me.session.seat
            proof = self._parts.proof(me.sight, credential, challenge, me.person, "signature", seat)
            return self._signed(me, command, stage, _evidence(me.person, stage, proof))

    def commands(self, said: Request) -> Told:
        """Every command that waits and that somebody may see: who may sign it, or reads everything."""
        me = self._parts.me(said.fields["token"], quiet=said.fields["quiet"])
        seen = [one for one in self._commands.all() if _may_see(me, one)]
        return {"commands": [{**_told(one), "command": one.id, "signed": self._signers(one)} for one in seen]}

    def withdraw(self, said: Request) -> Told:
        """Take a command back: who proposed it, or a chief."""
        me = self._parts.me(said.fields["token"])
        command = self._commands.get(said.fields["command"])
        if command.by != me.person and ConsoleRole.CHIEF not in me.roles:
            return no(Reason.NOT_ALLOWED)
        command, signed = self._commands.take(command.id)
        if signed:
            about = {"ask": command.ask, "digest": command.digest, "code": command.code, "why": "withdrawn"}
            self._parts.core.tell(Kind.COMMAND_EXPIRED, me.person, **about)
        return {"accepted": True}

    def _made(self, me: Me, name: str, row: Row, wanted: Mapping[str, Any]) -> Command:
        secret = fresh_code() if name == "invite" else ""
        fields = {**wanted, "check": check_of(secret)} if secret else self._filled(me, name, wanted)
        nonce = secrets.token_urlsafe(32)
        shown = self._shown(fields, nonce)
        require_true_set(self._log, me.person, name, fields)
        until = me.sight.wall_ms + COMMAND_MS
        body = {
            "site": self._site,
            "ask": name,
            "fields": shown,
            "by": me.person,
            "nonce": nonce,
            "until": until,
        }
        if _has_fractions(shown) or len(text := text_of(body)) > LONGEST_TEXT:
            raise NoError(Reason.NOT_UNDERSTOOD)
        ident, ends = self._commands.fresh_id(), self._commands.ends
        people = row.takes(fields)
        signers = row.of_second(me.roles, me.sight.chiefs) if people == TWO else row.roles
        roles = tuple(role.value for role in signers)
        return Command(ident, name, fields, shown, text, me.person, people, roles, until, ends, secret)

    def _filled(self, me: Me, name: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """A passkey to be enrolled is one that its owner has offered; nobody else says its key.

        A visit is approved as it stands now: what is changed behind this is not approved unread.
        """
        if name == "approve_visit":
            return {**wanted, AS_OF: me.sight.size}
        if name != "enrol_passkey":
            return dict(wanted)
        credential = str(wanted.get("credential", ""))
        row = self._parts.store.one("SELECT person, key, label FROM offer WHERE credential = ?", credential)
        if row is None or wanted.get("person", row[0]) != row[0]:
            raise NoError(Reason.NOT_UNDERSTOOD)
        return {"person": row[0], "credential": credential, "key": row[1], "label": row[2]}

    def _shown(self, fields: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """Fields as they are signed and shown: of a PIN only a keyed tag of this command alone.

        Not the tag that the log keeps of a person's PIN (people.py): whoever could compare the two would try
        every PIN of anybody by proposing it, without a signature and without a trace.
        """
        if "pin" not in fields:
            return dict(fields)
        if not isinstance(pin := fields["pin"], str):
            raise NoError(Reason.NOT_UNDERSTOOD)
        return {**fields, "pin": pin_tag(self._pepper, f"command {nonce}", pin) if pin else ""}

    def _stage(self, me: Me, command: Command) -> int:
        """Which signature somebody may give now; raises NoError."""
        signed = self._signers(command)
        if not signed and me.person == command.by:
            return FIRST
        if not signed or not {*me.roles} & {*command.roles, *ASKINGS[command.ask].roles}:
            raise NoError(Reason.NOT_ALLOWED)
        if me.person in signed:
            raise NoError(Reason.NEEDS_SECOND)
        if not {*me.roles} & {*command.roles}:
            raise NoError(Reason.NOT_ALLOWED)
        return SECOND

    def _options(self, me: Me, command: Command, stage: int) -> Told:
        challenge = challenge_of(command.digest, me.person, stage)
        handle = self._parts.handles.give(SIGN, (command.id, stage, me.person))
        return {
            "handle": handle,
            "options": self._parts.passkeys.request(challenge, me.sight.passkeys_of(me.person)),
        }

    def _signed(self, me: Me, command: Command, stage: int, evidence: dict[str, str]) -> Told:
        if stage < command.people:
            return self._first_of_two(me, command, evidence)
        command, signed = self._commands.take(command.id)
        require_true_set(self._log, command.by, command.ask, command.fields)
        second = me.person if command.people == TWO else ""
        proof = self._proof(command, [*signed, evidence])
        asking = Asking(0, command.ask, command.by, second, command.fields, Via.SIGNATURE, proof)
        answer = self._parts.core.ask(asking)
        return answer | ({"code": command.secret} if command.secret and "accepted" in answer else {})

    def _first_of_two(self, me: Me, command: Command, evidence: dict[str, str]) -> Told:
        fields = {"ask": command.ask, "fields": dict(command.shown)}
        proof = self._proof(command, [evidence])
        asking = Asking(0, "sign_command", me.person, "", fields, Via.SIGNATURE, proof)
        answer = self._parts.core.ask(asking)
        if "accepted" not in answer:
            self._commands.take(command.id)
            return answer
        self._commands.sign(command.id, evidence)
        return {"waits": 1, "code": command.code}

    def _proof(self, command: Command, signatures: list[dict[str, str]]) -> dict[str, Any]:
        """What the Entry says; the command itself, which may name people, can be erased with them."""
        about = [command.fields[n] for n in SUBJECTS if isinstance(command.fields.get(n), str)]
        subject = next(filter(None, about), WORDS_SEARCHED)
        said = {"ask": command.ask, "digest": command.digest, "code": command.code, "signatures": signatures}
        return {**said, "personal": {subject: {"command": command.text}}}

    def _signers(self, command: Command) -> list[str]:
        return [one["signer"] for one in self._commands.signatures(command.id)]


def _evidence(signer: str, stage: int, proof: Asserted) -> dict[str, str]:
    """What an outsider needs to check a signature again (docs/console.md)."""
    return {
        "signer": signer,
        "stage": str(stage),
        "credential": proof.credential,
        "authenticator_data": proof.authenticator_data,
        "client_data": proof.client_data,
        "signature": proof.signature,
    }


def _told(command: Command) -> Told:
    return {
        "ask": command.ask,
        "fields": dict(command.shown),
        "code": command.code,
        "by": command.by,
        "people": command.people,
        "roles": list(command.roles),
        "until": command.until,
    }


def _may_see(me: Me, command: Command) -> bool:
    return bool({*me.roles} & ({*command.roles} | SEES_SEALED)) or command.by == me.person


def _has_fractions(value: object) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_fractions, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)
