"""The keys one device may hold: its own, and one it was given and has not yet proved. Rule 1: no wire.

Rule 2: the public default key is never in here. Rule 3: a key and the identity that goes with it are one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardware.osdp.peripheral import Peripheral


@dataclass(frozen=True, slots=True)
class Held:
    """A key and who holds it; identity "" is whoever does. ``proved``: a session has stood under it."""

    key: bytes = field(repr=False)
    identity: str = ""
    proved: bool = True


class KeyRing:
    """Tries the keys in turn until one stands; ``now`` is the one to try."""

    def __init__(self, peripheral: Peripheral) -> None:
        self._held = [Held(peripheral.key, peripheral.identity)]
        if peripheral.pending is not None:
            self._held.append(Held(peripheral.pending, peripheral.pending_identity, proved=False))
        self._at = self._wrong = 0

    @property
    def now(self) -> Held:
        """The key to try."""
        return self._held[self._at]

    def __len__(self) -> int:
        return len(self._held)

    def wrong(self) -> bool:
        """The device does not hold this key: the next one is tried. True when all were wrong in a row."""
        self._at = (self._at + 1) % len(self._held)
        self._wrong = (self._wrong + 1) % len(self._held)
        return self._wrong == 0

    def right(self) -> None:
        """The device holds this key."""
        self._wrong = 0

    def given(self, key: bytes, identity: str) -> None:
        """A key is about to be given to the device; from now on it may hold that one."""
        self._held.append(Held(key, identity, proved=False))

    def settle(self, held: Held) -> None:
        """The device has proved that it holds this key: it holds no other."""
        self._held = [held]
        self._at = self._wrong = 0
