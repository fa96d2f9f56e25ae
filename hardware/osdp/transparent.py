"""Cards read through an OSDP reader in transparent mode: the reader carries, the box asks. Rule 1: sans-I/O.

Rule 2: what the reader says of a card by itself is never believed beyond the card's number; only what the
card proves to this box is.
Rule 3: a card that goes away in the middle is no card; nothing of it is reported.

The order within a session (OSDP v2.2 sections 6.20 and 7.26)::

    osdp_CAP, osdp_ACURXSIZE, osdp_XWR set mode 1      once
    osdp_XRD card present, to a poll                   a card came
    osdp_XWR look for a card                           its number, where the reader tells it
    osdp_XWR APDU -> osdp_XRD answer                   as often as the schemes ask
    osdp_XWR leave the card                            and wait for the next

An answer may come at once or, after an osdp_ACK, with a later poll. A reader that reports no number is asked
for it with the pseudo-APDU FF CA 00 00 00 (PC/SC part 3, section 3.2.2.1.3), which many understand.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from time import monotonic

from hardware.osdp import transparent_messages as wire
from hardware.osdp.messages import MalformedError, Message, Reply
from hardware.osdp.transparent_reading import CardReading, Talk, Teller, examine
from hardware.signals import DeviceLost, Signal

ASK_NUMBER = bytes.fromhex("FFCA000000")
DONE = b"\x90\x00"
UID_SIZES = (4, 7, 10)
"""ISO/IEC 14443-3, section 6.5.4."""
NUMBER_WAIT = 0.3
"""How long a reader may take to tell a card's number with a later poll, in seconds."""


class Stage(Enum):
    """Where the talk with the reader stands."""

    CAPABILITIES = auto()
    SIZE = auto()
    MODE = auto()
    REST = auto()
    NUMBER = auto()
    NUMBER_OF_CARD = auto()
    CARD = auto()
    LEAVE = auto()
    UNABLE = auto()


PREPARING = (Stage.CAPABILITIES, Stage.SIZE, Stage.MODE)


class CardErrand:
    """Reads every card that is held before one reader, for as long as the bus runs.

    ``clock`` is a steady clock in seconds. A reader that does not offer transparent mode is reported lost,
    with that reason, each time it comes back: the cards it reads by itself would prove nothing.
    """

    codes = (wire.XRD, Reply.RAW)
    done = False

    def __init__(self, device: str, reading: CardReading, clock: Callable[[], float] = monotonic) -> None:
        self._device = device
        self._reading = reading
        self._clock = clock
        self._teller = Teller(device)
        self._stage = Stage.UNABLE
        self._command: Message | None = None
        self._sent_at: float | None = None
        self._talk: Talk | None = None
        self._begin()

    def next(self) -> Message | None:
        """The command to send with the next free turn."""
        if self._sent_at is not None:
            self._overdue(self._clock() - self._sent_at)
        command, self._command = self._command, None
        return command

    def sent(self) -> None:
        """The command goes onto the wire."""
        self._sent_at = self._clock()

    def heard(self, answer: Message) -> list[Signal]:
        """Takes the answer to the last command, or an osdp_XRD that came with a poll."""
        if answer.code == Reply.RAW:
            return []  # a card the reader has read by itself
        if self._stage == Stage.LEAVE and self._sent_at is not None:
            # Some readers say more than osdp_ACK to this; whatever it is, the card was left.
            self._ask(Stage.REST, None)
            return []
        try:
            return self._report(answer) if answer.code == wire.XRD else self._accepted(answer)
        except MalformedError:
            return self._nonsense()

    def lost(self) -> list[Signal]:
        """The session is over; the next one begins from the mode."""
        self._begin()
        return []

    def _begin(self) -> None:
        self._drop()
        self._uid = b""
        self._room = wire.LONGEST_APDU
        self._ask(Stage.CAPABILITIES, wire.CAPABILITIES)

    def _ask(self, stage: Stage, command: Message | None) -> None:
        self._stage, self._command = stage, command
        self._sent_at = None

    def _overdue(self, waited: float) -> None:
        """Nothing came although the reader had accepted the command: the card is gone, or never answers."""
        if self._stage == Stage.NUMBER and waited > NUMBER_WAIT:
            self._ask(Stage.NUMBER_OF_CARD, wire.send(ASK_NUMBER))
        elif waited > 2 * self._reading.bounds.each_ms / 1000:
            self._nonsense()

    def _nonsense(self) -> list[Signal]:
        """No telling what the card said: the attempt is over, as if the card had been torn away."""
        if self._stage in PREPARING:
            return self._unable("does not answer properly about transparent mode")
        if self._stage != Stage.REST:
            self._leave()
        return []

    def _accepted(self, answer: Message) -> list[Signal]:
        """An osdp_ACK, an osdp_NAK or an osdp_PDCAP."""
        refused = answer.code == Reply.NAK
        match self._stage:
            case Stage.CAPABILITIES:
                return self._able(answer)
            case Stage.SIZE:  # An older reader does not know this command; its answers may still fit.
                self._ask(Stage.MODE, wire.set_mode(wire.TRANSPARENT_MODE))
            case Stage.MODE if refused:
                return self._unable("refuses transparent mode")
            case Stage.MODE:
                self._ask(Stage.REST, None)
            case Stage.NUMBER if refused:
                self._ask(Stage.NUMBER_OF_CARD, wire.send(ASK_NUMBER))
            case Stage.NUMBER_OF_CARD if refused:
                return self._examine(b"")
            case Stage.CARD if refused:
                self._leave()
        return []

    def _able(self, answer: Message) -> list[Signal]:
        data = answer.data if answer.code == Reply.PDCAP else b""
        offered = wire.capability(data, wire.SMART_CARDS) if data else None
        if offered is None or not offered[0] & 1:
            return self._unable("does not offer transparent mode")
        buffer = wire.capability(data, wire.BUFFER)
        size = buffer[0] + 256 * buffer[1] if buffer else 0
        if size:
            self._room = min(wire.LONGEST_APDU, size - wire.AROUND_APDU)
        self._ask(Stage.SIZE, wire.receive_size(wire.LONGEST_MESSAGE))
        return []

    def _unable(self, what: str) -> list[Signal]:
        self._ask(Stage.UNABLE, None)
        return [DeviceLost(self._device, f"{self._device} {what}, in which its cards are to be read")]

    def _report(self, answer: Message) -> list[Signal]:
        match wire.report(answer.data), self._stage:
            case wire.ModeIs(mode), Stage.MODE:
                return self._in_mode(mode)
            case wire.CardHere(here=False), _:
                self._gone()
            case wire.CardHere() | wire.CardIs(), Stage.REST:
                return self._came(answer)
            case wire.CardIs(uid), Stage.NUMBER:
                return self._examine(uid)
            case wire.CardHere(), Stage.NUMBER:
                self._ask(Stage.NUMBER_OF_CARD, wire.send(ASK_NUMBER))
            case (wire.CardSays() | wire.Refused()) as said, Stage.NUMBER_OF_CARD:
                return self._examine(_number(said))
            case wire.CardSays(status=0, apdu=apdu), Stage.CARD if len(apdu) >= 2:
                return self._answered(apdu)
            case ((wire.CardSays() | wire.Refused()), Stage.CARD):
                self._leave()
        return []

    def _in_mode(self, mode: int) -> list[Signal]:
        if mode != wire.TRANSPARENT_MODE:
            return self._unable("stays out of transparent mode")
        self._ask(Stage.REST, None)
        return []

    def _came(self, answer: Message) -> list[Signal]:
        self._teller.came(self._clock())
        match wire.report(answer.data):
            case wire.CardIs(uid):
                return self._examine(uid)
        self._ask(Stage.NUMBER, wire.LOOK)
        return []

    def _gone(self) -> None:
        self._teller.went()
        if self._stage in {Stage.NUMBER, Stage.NUMBER_OF_CARD, Stage.CARD}:
            self._leave()

    def _examine(self, uid: bytes) -> list[Signal]:
        self._uid = uid
        self._talk = examine(uid, self._reading, self._room)
        return self._go_on(next)

    def _answered(self, apdu: bytes) -> list[Signal]:
        if self._sent_at is None:
            return []  # an answer to a question that was not yet asked is none
        waited = self._clock() - self._sent_at
        return self._go_on(lambda talk: talk.send((apdu, waited)))

    def _go_on(self, step: Callable[[Talk], bytes]) -> list[Signal]:
        if self._talk is None:
            return []
        try:
            self._ask(Stage.CARD, wire.send(step(self._talk)))
        except StopIteration as end:
            self._leave()
            return self._teller.told(self._uid, end.value, self._clock())
        return []

    def _leave(self) -> None:
        """Whatever became of the card: the reader is to look for the next one."""
        self._drop()
        self._ask(Stage.LEAVE, wire.LEAVE)

    def _drop(self) -> None:
        if self._talk is not None:
            self._talk.close()
        self._talk = None


def _number(said: wire.CardSays | wire.Refused) -> bytes:
    """The number in the answer to the pseudo-APDU; empty when it is no such answer."""
    if isinstance(said, wire.Refused) or said.status or not said.apdu.endswith(DONE):
        return b""
    uid = said.apdu[: -len(DONE)]
    return uid if len(uid) in UID_SIZES else b""
