"""Running a conversation on a wire that can wait, and how long a card in the field may take.

Rule 1: the bound is on what a card needs, not on what a busy box needs: one late answer may be the box, but
where even the quicker of the last two is late, something stands between card and reader (a relay).
Only those two depend on the random number we drew: the answer to our challenge, and what is read under the
keys that come of it. Whatever a card says before, a relay can have fetched beforehand or say itself.
Rule 2: an answer that is slower than any card is refused whatever the others were.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from time import monotonic

from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof
from hardware.signals import CardFault

LONGEST_APDU = 65_544
"""Header, extended Lc, 65,535 bytes and extended Le (ISO/IEC 7816-3, 12.1)."""
PROOFS = 2
"""The last answers of an exchange that nobody can have before we ask."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Milliseconds: the quicker of the last two answers, each answer, and all of them together, at most.

    A smart card may take more than half a second for a signature. So a PIV card, of whose answers only that
    one depends on our random number, is bounded by ``each_ms`` alone.
    """

    quickest_ms: float = 40.0
    each_ms: float = 800.0
    whole_ms: float = 1500.0


@dataclass(slots=True)
class Timing:
    """The answers of one exchange. ``note`` and ``judge`` raise CardRefusedError (``slow``)."""

    bounds: Bounds
    spent_ms: list[float] = field(default_factory=list)

    def note(self, seconds: float) -> None:
        """Take the time of one answer."""
        self.spent_ms.append(seconds * 1000)
        if self.spent_ms[-1] > self.bounds.each_ms or sum(self.spent_ms) > self.bounds.whole_ms:
            raise CardRefusedError(CardFault.SLOW, "the card answers too late")

    def judge(self) -> None:
        """After the last answer: whether a proof was quick enough. Nothing asked is nothing late."""
        if self.spent_ms and min(self.spent_ms[-PROOFS:]) > self.bounds.quickest_ms:
            raise CardRefusedError(CardFault.SLOW, "the proof comes late, as through a relay")


Timed = Generator[bytes, tuple[bytes, float], Proof]
"""Yields command APDUs, is sent (response APDU, seconds it took), and ends with the Proof."""


def timed(exchange: Exchange, bounds: Bounds, room: int = LONGEST_APDU) -> Timed:
    """An exchange whose answers are timed by whoever has the wire.

    ``room``: the longest APDU the wire takes; a scheme that needs a longer one raises NotThisCardError. Else
    raises what the scheme raises, and CardRefusedError (``slow``).
    """
    timing = Timing(bounds)
    try:
        command = next(exchange)
        while len(command) <= room:
            answer, seconds = yield command
            timing.note(seconds)
            command = exchange.send(answer)
        raise NotThisCardError(f"the reader takes {room} bytes, not {len(command)}")
    except StopIteration as end:
        timing.judge()
        proof: Proof = end.value
        return proof
    finally:
        exchange.close()


def converse(
    exchange: Exchange,
    transceive: Callable[[bytes], bytes],
    bounds: Bounds,
    clock: Callable[[], float] = monotonic,
) -> Proof:
    """Run an exchange to its Proof over ``transceive`` (APDU to response APDU), a wire that waits.

    Raises what the scheme raises, CardRefusedError (``slow``), and what ``transceive`` raises.
    """
    talk = timed(exchange, bounds)
    try:
        command = next(talk)
        while True:
            begun = clock()
            answer = transceive(command)
            command = talk.send((answer, clock() - begun))
    except StopIteration as end:
        proof: Proof = end.value
        return proof
    finally:
        talk.close()
