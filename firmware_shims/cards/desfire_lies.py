"""Cards that lie: what stands between an honest card and the reader, and what only looks like a card.

Rule: a lie is a card, with ``uid`` and ``answer``, so lies can be put on lies; None is silence, a card that
has been taken away.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Card(Protocol):
    """Anything that lies on a reader and answers APDUs."""

    @property
    def uid(self) -> bytes:
        """The number it shows at selection."""

    def answer(self, apdu: bytes) -> bytes | None:
        """The response APDU, or None for silence."""


@dataclass(slots=True)
class _Before:
    card: Card

    @property
    def uid(self) -> bytes:
        """The number of the card behind."""
        return self.card.uid


@dataclass(slots=True)
class Recorder(_Before):
    """Listens: ``heard`` is every command and its answer."""

    heard: list[tuple[bytes, bytes | None]] = field(default_factory=list)

    def answer(self, apdu: bytes) -> bytes | None:
        """As the card behind."""
        self.heard.append((apdu, self.card.answer(apdu)))
        return self.heard[-1][1]


@dataclass(slots=True)
class Replay:
    """Says again, in order, what a card once said, whatever it is asked; then nothing."""

    uid: bytes
    answers: list[bytes | None]

    def answer(self, _: bytes) -> bytes | None:
        """The next of the recorded answers."""
        return self.answers.pop(0) if self.answers else None


@dataclass(slots=True)
class Changed(_Before):
    """Changes the answer number ``at`` (from 0) on its way: a nonce, a MAC, a status, anything."""

    at: int
    change: Callable[[bytes], bytes]
    said: int = 0

    def answer(self, apdu: bytes) -> bytes | None:
        """As the card behind, but for that one."""
        answer = self.card.answer(apdu)
        self.said += 1
        return answer if answer is None or self.said != self.at + 1 else self.change(answer)


@dataclass(slots=True)
class Steered(_Before):
    """Puts other answers to chosen commands (by their code), and does not pass those on."""

    instead: dict[int, bytes]

    def answer(self, apdu: bytes) -> bytes | None:
        """The chosen answer, or that of the card behind."""
        return self.instead[apdu[1]] if apdu[1] in self.instead else self.card.answer(apdu)


@dataclass(slots=True)
class Late(_Before):
    """A relay: calls ``wait`` before every answer (it may sleep, or push a clock)."""

    wait: Callable[[], None]

    def answer(self, apdu: bytes) -> bytes | None:
        """As the card behind, after waiting."""
        self.wait()
        return self.card.answer(apdu)


@dataclass(slots=True)
class Torn(_Before):
    """Is taken away: silent after so many answers, for good; ``arrives``: the next command still does."""

    after: int
    arrives: bool = False

    def answer(self, apdu: bytes) -> bytes | None:
        """As the card behind, as long as it is there."""
        self.after -= 1
        if self.after >= 0:
            return self.card.answer(apdu)
        if self.after == -1 and self.arrives:
            self.card.answer(apdu)
        return None


@dataclass(slots=True)
class Stubborn:
    """Has one answer to everything, such as 91AE."""

    uid: bytes
    says: bytes = b"\x91\xae"

    def answer(self, _: bytes) -> bytes | None:
        """Always the same."""
        return self.says


@dataclass(slots=True)
class Babbler:
    """Answers random bytes, well-formed to half: the status is one of these cards'."""

    uid: bytes
    dice: random.Random

    def answer(self, _: bytes) -> bytes | None:
        """Up to 64 random bytes, and a status."""
        status = self.dice.choice([b"\x91\x00", b"\x91\xaf", b"\x91\x1c", b"\x91\xae", b"\x90\x00", b""])
        return self.dice.randbytes(self.dice.randrange(65)) + status
