"""The errands that one device always has, side by side: cards, outputs, display. Rule 1: sans-I/O.

Rule 2: none waits until another is done, since none ever is; each gets its turn when it has something to ask.
"""

from __future__ import annotations

from hardware.osdp.ear import LONGEST
from hardware.osdp.errand import Errand
from hardware.osdp.messages import Message
from hardware.osdp.outputs import OutputErrand
from hardware.osdp.peripheral import Peripheral
from hardware.osdp.texts import TextErrand
from hardware.osdp.transparent import CardErrand
from hardware.osdp.transparent_messages import LONGEST_MESSAGE
from hardware.signals import Signal


class Duties:
    """Several errands as one: answers go to whoever asked, replies to polls to whoever claims their code.

    ``outputs`` sets those of the device, ``texts`` writes on its display; ``longest_reply``: bytes that one
    message from it may have.
    """

    def __init__(
        self, outputs: OutputErrand, cards: CardErrand | None = None, texts: TextErrand | None = None
    ) -> None:
        self.outputs, self.texts = outputs, texts
        self.longest_reply = LONGEST_MESSAGE if cards else LONGEST
        self._errands: list[Errand] = [cards] if cards else []
        self._errands += [outputs] if outputs.in_use else []
        self._errands += [texts] if texts else []
        self.codes = frozenset(code for errand in self._errands for code in errand.codes)
        self._giver: Errand | None = None
        self._asker: Errand | None = None

    @classmethod
    def of(cls, peripheral: Peripheral) -> Duties:
        """What is always to be done with this device."""
        cards = CardErrand(peripheral.device, peripheral.reading) if peripheral.reading else None
        texts = TextErrand(peripheral.device, peripheral.display) if peripheral.display else None
        return cls(OutputErrand(peripheral.device, peripheral.outputs), cards, texts)

    @property
    def done(self) -> bool:
        """True for a device with no cards to be asked, no outputs in use and no display."""
        return not self._errands

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
