"""The keys one device may hold: its own, and those it was given and has not yet proved. Rule 1: no wire.

Rule 2: the public default key is never in here. Rule 3: a key and the identity that goes with it are one.
Rule 4: a key that was given under the default key, or under a key given like that, and never proved may be in
anybody's hands: it is tried in the pairing of a device that was not there, and never in operation. Nobody's
identity goes with it; that is how it is known.
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

    def vouches(self, told: str) -> bool:
        """True if who says under this key that it is ``told`` is the one who was given it."""
        return self.secret and self.identity in {"", told}


class KeyRing:
    """Tries the keys in turn until one stands; ``now`` is the one to try."""

    def __init__(self, peripheral: Peripheral) -> None:
        self._held = [Held(peripheral.key, peripheral.identity)]
        if peripheral.earlier is not None:
            self._held.append(Held(peripheral.earlier, peripheral.earlier_identity, proved=False))
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
        in_force, *pending = self._held
        self._held = [in_force, *pending[-1:], Held(key, identity, proved=False)]

    def hold_on(self) -> None:
        """The device holds this key, which is still not proved: the next one that is given spares it."""
        self._held.append(self._held.pop(self._held.index(self.now)))

    def settle(self, held: Held) -> None:
        """The device has proved that it holds this key: it holds no other."""
        self._held = [held]
        self.choose(pairing=False)
