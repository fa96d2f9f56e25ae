"""What the stand-in for lgpio and the world behind the pins say to each other, on a Unix packet socket.

Rule 1: one packet is one fact or one wish: three bytes, operation, BCM number, value.
Rule 2: the world announces levels and answers each wish with one REPLY once it is true; it never asks.
It greets a controller with the level of every pin and one REPLY.
"""

from dataclasses import dataclass
from enum import IntEnum

PINS = 54  # BCM numbers 0-53, of which a header has 0-27
PATH_VARIABLE = "IRONROOM_PINBOARD"


class Op(IntEnum):
    """Operations. The first four come from the controller, the last two from the world."""

    CLAIM_INPUT = 1  # value: a PullBit
    CLAIM_OUTPUT = 2  # value: level
    FREE = 3
    WRITE = 4  # value: level
    LEVEL = 5  # value: level of a pin
    REPLY = 6  # value: 0 granted, 1 busy


class PullBit(IntEnum):
    """The resistor that an input is claimed with."""

    NONE = 0
    UP = 1
    DOWN = 2


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet."""

    op: Op
    bcm: int = 0
    value: int = 0

    def encode(self) -> bytes:
        """Three bytes."""
        return bytes((self.op, self.bcm, self.value))


def decode(data: bytes) -> Packet:
    """A packet from three bytes; ValueError for anything else."""
    if len(data) != 3 or data[1] >= PINS or data[2] > 2:
        raise ValueError(f"no packet of the pin wire: {data.hex()}")
    return Packet(Op(data[0]), data[1], data[2])
