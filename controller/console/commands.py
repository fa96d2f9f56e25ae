"""Commands that wait for signatures, in memory. Rule: a command never changes; another one is another id.

At most eight wait in a site and two of one person; they end after ten minutes and with the controller. What
was signed once stands in the log, and so does its end (controller/core/console.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from controller.console.digest import code_of, digest_of
from controller.console.refusals import NoError
from controller.core.console import COMMAND_MS
from controller.core.words import Reason

MOST, MOST_OF_ONE = 8, 2


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was proposed: ``fields`` are carried out, ``text`` is signed (a PIN is in neither log).

    ``until``: UTC milliseconds. ``shown``: fields as they may be shown. ``roles`` are those of the second
    signer, where it takes two.
    """

    id: str
    ask: str
    fields: Mapping[str, Any] = field(repr=False)
    shown: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)
    by: str
    people: int
    roles: tuple[str, ...]
    until: int
    ends: float
    secret: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """Digest of the text."""
        return digest_of(self.text)

    @property
    def code(self) -> str:
        """Code by which people compare screens."""
        return code_of(self.digest)


class Commands:
    """Those that wait; ``now`` is a monotonic second."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, Lock()
        self._waiting: dict[str, Command] = {}
        self._signed: dict[str, list[dict[str, str]]] = {}

    def fresh_id(self) -> str:
        """An id of a command to be."""
        return secrets.token_urlsafe(16)

    @property
    def ends(self) -> float:
        """When one that is proposed now is over."""
        return self._now() + COMMAND_MS / 1000

    def wait(self, command: Command) -> None:
        """Let one wait; raises NoError ``too_many``. The oldest of a person that nobody signed makes room."""
        with self._lock:
            self._tidy()
            own = [one for one in self._waiting.values() if one.by == command.by]
            unsigned = [one for one in own if not self._signed.get(one.id)]
            if len(own) >= MOST_OF_ONE and unsigned:
                self._drop(unsigned[0].id)
                own.remove(unsigned[0])
            if len(own) >= MOST_OF_ONE or len(self._waiting) >= MOST:
                raise NoError(Reason.TOO_MANY)
            self._waiting[command.id] = command

    def get(self, ident: str) -> Command:
        """One that waits; raises NoError ``expired``."""
        with self._lock:
            self._tidy()
            if ident not in self._waiting:
                raise NoError("expired")
            return self._waiting[ident]

    def take(self, ident: str) -> tuple[Command, list[dict[str, str]]]:
        """Take one away, with its signatures, so that it is carried out once; raises NoError ``expired``."""
        with self._lock:
            self._tidy()
            signed = list(self._signed.get(ident, ()))
            if (command := self._waiting.get(ident)) is None:
                raise NoError("expired")
            self._drop(ident)
            return command, signed

    def signatures(self, ident: str) -> list[dict[str, str]]:
        """Signatures that one has so far."""
        with self._lock:
            return list(self._signed.get(ident, ()))

    def sign(self, ident: str, signature: dict[str, str]) -> None:
        """Keep a signature of one that goes on waiting."""
        with self._lock:
            if ident in self._waiting:
                self._signed.setdefault(ident, []).append(signature)

    def all(self) -> list[Command]:
        """Every one that waits, oldest first."""
        with self._lock:
            self._tidy()
            return list(self._waiting.values())

    def _tidy(self) -> None:
        for ident in [one.id for one in self._waiting.values() if self._now() >= one.ends]:
            self._drop(ident)

    def _drop(self, ident: str) -> None:
        self._waiting.pop(ident, None)
        self._signed.pop(ident, None)
