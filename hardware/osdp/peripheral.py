"""One configured peripheral: address, name, key, inputs. Rule 1: what is here is believed; so it is checked.

Rule 2: a key that an outsider could guess is refused when the site is read, not when it is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from hardware.osdp.codec import HIGHEST_ADDRESS
from hardware.osdp.outputs import HIGHEST_OUTPUT
from hardware.osdp.secure import DEFAULT_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardware.osdp.display import Display
    from hardware.osdp.transparent_reading import CardReading

KEY_LENGTH = 16
HIGHEST_INPUT = 63
IDENTITY = re.compile("[0-9A-F]{6}-[0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{8}")


@dataclass(frozen=True, slots=True)
class Peripheral:
    """A reader or input board on an OSDP bus.

    ``address`` 0 to 126; ``device`` its name in the site file; ``key`` its own base key (SCBK), 16 bytes;
    ``inputs`` maps input number (0 to 63) to line name. ``identity``: who it must say it is, in the form of
    ``messages.identity``; "" for whoever holds the key. ``pending``: a key that it was given and has not yet
    proved, if a pairing was cut short, and who was given it; "" if that was not in secret, and then the key
    counts in the next pairing only. ``earlier``: one more such key, given before that. ``outputs``: numbers
    (0 to 63) of the outputs in use. ``reading``: how its cards are asked through it; None: it reads them
    itself, and how far it then authenticates them ``scheme`` says, which is believed. ``display``: what can
    be written on, None for nothing. Raises ValueError for
    what cannot be right.
    """

    address: int
    device: str
    key: bytes = field(repr=False)
    inputs: Mapping[int, str] = field(default_factory=dict, hash=False)
    identity: str = ""
    pending: bytes | None = field(default=None, repr=False)
    pending_identity: str = ""
    earlier: bytes | None = field(default=None, repr=False)
    earlier_identity: str = ""
    outputs: tuple[int, ...] = ()
    reading: CardReading | None = None
    scheme: str = "uid"
    display: Display | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.address <= HIGHEST_ADDRESS:
            raise ValueError(f"{self.device}: address {self.address} is not between 0 and {HIGHEST_ADDRESS}")
        if not all(0 <= number <= HIGHEST_INPUT for number in self.inputs):
            raise ValueError(f"{self.device}: input numbers go from 0 to {HIGHEST_INPUT}")
        if not all(0 <= number <= HIGHEST_OUTPUT for number in self.outputs):
            raise ValueError(f"{self.device}: output numbers go from 0 to {HIGHEST_OUTPUT}")
        if len(set(self.inputs.values())) != len(self.inputs):
            raise ValueError(f"{self.device}: two inputs have the same line name")
        for name, key in (
            ("key", self.key),
            ("pending key", self.pending),
            ("earlier key", self.earlier),
        ):
            if key is not None and (fault := weakness(key)):
                raise ValueError(f"{self.device}: the {name} {fault}")
        for identity in (self.identity, self.pending_identity, self.earlier_identity):
            if identity and not IDENTITY.fullmatch(identity):
                raise ValueError(f"{self.device}: {identity!r} is no identity, as 1A2B3C-01-02-00C0FFEE is")
        object.__setattr__(self, "inputs", MappingProxyType(dict(self.inputs)))


def weakness(key: bytes) -> str:
    """Why this key must not guard a reader, as the end of a sentence; empty if nothing is wrong with it."""
    if len(key) != KEY_LENGTH:
        return f"must have {KEY_LENGTH} bytes"
    if key == DEFAULT_KEY:
        return "is the public default key of the standard"
    if len({(after - before) % 256 for before, after in pairwise(key)}) == 1:
        return "is a simple row of bytes"
    return ""
