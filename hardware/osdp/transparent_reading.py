"""How the cards of one reader are asked, and one card being asked. Rule 1: sans-I/O, and no clock.

Rule 2: the strongest scheme that fits wins; a card that speaks one and fails it is asked for no weaker one.
Rule 3: card keys are diversified by the card's number: a card whose number is not known is asked only in
schemes without keys.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from hardware.credentials import CREDENTIALS
from hardware.credentials.exchange import CardRefusedError, NotThisCardError, Scheme
from hardware.credentials.running import Bounds, timed
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.signals import CardFault, CardRead, Signal

OSDP_BOUNDS = Bounds(quickest_ms=150.0, each_ms=1000.0, whole_ms=4000.0)
"""Through a reader on a bus an answer takes, beside the card's own time: two messages on the wire (12 ms at
115200 baud, 90 ms at 9600), the reader's own microcontroller, and up to one round of the other devices when
it comes with a later poll. So a relay is seen less sharply than at a chip of our own (40 ms): one that adds
less than about 100 ms passes here. Where that matters the card is read at the box."""


Keys = Callable[[], SiteKeys | None]


def no_keys() -> SiteKeys | None:
    """The keys of a box that has none yet."""
    return None


@dataclass(frozen=True, slots=True)
class CardReading:
    """How cards of one reader are read: schemes, strongest first; where the site's keys are; the bounds."""

    schemes: tuple[Scheme, ...] = CREDENTIALS
    keys: Keys = field(default=no_keys, repr=False)
    bounds: Bounds = OSDP_BOUNDS


SAME_CARD = 1.0
"""A card found again sooner than this, without having been reported gone, has been lying there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one card has shown: the fields of a CardRead that do not depend on the reader."""

    token: str
    scheme: str
    counter: int | None = None
    fault: CardFault | None = None


Talk = Generator[bytes, tuple[bytes, float], Finding | None]
"""Yields APDUs, is sent (answer, seconds it took); ends with what was found, None when nothing fits."""


def examine(uid: bytes, reading: CardReading, room: int) -> Talk:
    """Asks one card in every scheme that may fit; ``uid`` empty when it is not known.

    ``room``: the longest APDU that the reader takes; a scheme that needs a longer one does not fit here.
    """
    keys = reading.keys()
    keyless = keys is None and next((one for one in reading.schemes if one.keyed), None)
    for scheme in reading.schemes:
        if (scheme.keyed and (keys is None or not uid)) or scheme == UID:
            continue
        try:
            proof = yield from timed(scheme.read(uid, keys), reading.bounds, room)
        except NotThisCardError:
            continue
        except CardRefusedError as refusal:
            return _unproved(uid, scheme, refusal.fault)
        return Finding(proof.token, scheme.name, proof.counter)
    # As its UID it would look like a copy of the badge that it may well be.
    return _unproved(uid, keyless, CardFault.NO_KEY) if keyless else _unproved(uid, UID)


def _unproved(uid: bytes, scheme: Scheme, fault: CardFault | None = None) -> Finding | None:
    """The card by its number alone; a card whose number nobody knows cannot be told from another."""
    return Finding(uid.hex().upper(), scheme.name, fault=fault) if uid else None


class Teller:
    """Says each card of one reader once, with the time since it was first seen."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._seen_at = self._last_at = 0.0
        self._last: tuple[bytes, str] | None = None

    def came(self, now: float) -> None:
        """A card was seen."""
        self._seen_at = now

    def went(self) -> None:
        """No card is there; the same one will be a new presentation."""
        self._last = None

    def told(self, uid: bytes, finding: Finding | None, now: float) -> list[Signal]:
        """The CardRead, unless this card was read before and has been lying there since."""
        if finding is None:
            return []
        again = self._last == (uid, finding.token) and now < self._last_at + SAME_CARD
        self._last, self._last_at = (uid, finding.token), now
        return [] if again else [self._card(uid, finding, now)]

    def _card(self, uid: bytes, finding: Finding, now: float) -> CardRead:
        return CardRead(
            self._device,
            finding.token,
            finding.scheme,
            uid=uid.hex().upper(),
            counter=finding.counter,
            fault=finding.fault,
            took_ms=round((now - self._seen_at) * 1000),
        )
