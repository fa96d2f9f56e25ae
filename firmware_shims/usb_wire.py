"""What the stand-in for libusb and the sockets of a USB say to each other, on a Unix packet socket.

Rule 1: one packet is one question or its answer, a JSON object; bytes are in hexadecimal.
Rule 2: a connection is one opened device or one look around; its end lets go of everything.

Questions: ``{"do": "list"}``; ``open`` with ``bus`` and ``address``; ``claim`` and ``release``; ``clear``,
``write`` and ``read`` with ``endpoint``, the latter two with ``timeout_ms`` (0: for ever), ``data`` or
``size``.
Answers: ``{"error": -7}``, an error of libusb (libusb.h, enum libusb_error), or what was asked for.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any

PATH_VARIABLE = "IRONROOM_USB"
LONGEST = 65536


class UsbError(IntEnum):
    """Errors of libusb that can come out of this."""

    IO = -1
    ACCESS = -3
    NO_DEVICE = -4
    NOT_FOUND = -5
    BUSY = -6
    TIMEOUT = -7
    OVERFLOW = -8
    PIPE = -9


def packed(told: dict[str, Any]) -> bytes:
    """A packet."""
    return json.dumps(told).encode()


def unpacked(packet: bytes) -> dict[str, Any]:
    """What a packet says; ValueError when it is none."""
    told = json.loads(packet)
    if not isinstance(told, dict):
        raise ValueError("no packet of the USB wire")  # noqa: TRY004  # a value from outside
    return told
