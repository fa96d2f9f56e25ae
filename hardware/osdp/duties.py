"""The errands that one device always has, side by side: its cards and its outputs. Rule 1: sans-I/O.

Rule 2: none waits until another is done, since none ever is; each gets its turn when it has something to ask.
"""

from __future__ import annotations

from collections.abc import Sequence

from hardware.osdp.errand import Errand
from hardware.osdp.messages import Message
from hardware.signals import Signal


class Duties:
    """Several errands as one: answers go to whoever asked, replies to polls to whoever claims their code."""

    done = False

    def __init__(self, errands: Sequence[Errand]) -> None:
        self.codes = frozenset(code for errand in errands for code in errand.codes)
        self._errands = list(errands)
        self._giver: Errand | None = None
        self._asker: Errand | None = None

    def next(self) -> Message | None:
        """The command of the first errand that has one; it goes to the end of the row."""
        for errand in self._errands:
            if (command := errand.next()) is not None:
                self._giver = errand
                self._errands.remove(errand)
                self._errands.append(errand)
                return command
        return None

    def sent(self) -> None:
        """The command goes onto the wire."""
        self._asker = self._giver
        if self._asker is not None:
            self._asker.sent()

    def heard(self, answer: Message) -> list[Signal]:
        """Passes the answer on."""
        asker, self._asker = self._asker, None
        if asker is not None:
            return asker.heard(answer)
        return [
            one for errand in self._errands if answer.code in errand.codes for one in errand.heard(answer)
        ]

    def lost(self) -> list[Signal]:
        """The session is over for all of them."""
        self._giver = self._asker = None
        return [one for errand in self._errands for one in errand.lost()]
