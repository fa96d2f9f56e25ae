"""The keys one device may hold: its own, and one it was given and has not yet proved. Rule 1: no wire.

Rule 2: the public default key is never in here. Rule 3: a key and the identity that goes with it are one.
Rule 4: a key that was given under the default key and never proved may be in anybody's hands: it is tried in
a pairing only, never in operation. Nobody's identity goes with it; that is how it is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardware.osdp.peripheral import Peripheral


@dataclass(frozen=True, slots=True)
class Held:
    """A key and who holds it; identity "" is whoever does. ``proved``: a pairing has ended well with it."""

    key: bytes = field(repr=False)
    identity: str = ""
    proved: bool = True

    @property
    def secret(self) -> bool:
        """True unless it was sent readable for everybody and has not been proved since."""
        return self.proved or bool(self.identity)


class KeyRing:
    """Tries the keys in turn until one stands; ``now`` is the one to try."""

    def __init__(self, peripheral: Peripheral) -> None:
        self._held = [Held(peripheral.key, peripheral.identity)]
        if peripheral.pending is not None:
            self._held.append(Held(peripheral.pending, peripheral.pending_identity, proved=False))
        self.choose(pairing=False)

    def choose(self, *, pairing: bool) -> None:
        """Begins with the first key; which ones there are depends on what is being done."""
        self._tried = [held for held in self._held if pairing or held.secret]
        self._at = self._wrong = 0

    @property
    def now(self) -> Held:
        """The key to try."""
        return self._tried[self._at]

    def wrong(self) -> bool:
        """The device does not hold this key: the next one is tried. True when all were wrong in a row."""
        self._at = (self._at + 1) % len(self._tried)
        self._wrong = (self._wrong + 1) % len(self._tried)
        return self._wrong == 0

    def right(self) -> None:
        """The device holds this key."""
        self._wrong = 0

    def given(self, key: bytes, identity: str) -> None:
        """A key is about to be given to the device; from now on it may hold that one. "": not in secret."""
        self._held.append(Held(key, identity, proved=False))

    def settle(self, held: Held) -> None:
        """The device has proved that it holds this key: it holds no other."""
        self._held = [held]
        self.choose(pairing=False)
