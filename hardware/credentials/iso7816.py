"""Commands and answers of ISO/IEC 7816-4 that every kind of card shares: SELECT, and what a status says.

Rule 1: no state; what a card sends is cut into data and status here and believed nowhere.
"""

from __future__ import annotations

from hardware.credentials.exchange import CardRefusedError
from hardware.signals import CardFault

DONE = b"\x90\x00"
"""The answer of a card that has done it and has no data to give."""
_STATUS_BYTES = 2


def select_application(name: bytes, *, control: int = 0x00) -> bytes:
    """SELECT by DF name (ISO/IEC 7816-4, 11.2.2); ``control`` (P2) 00 asks for FCI, 0C for no data."""
    return bytes((0x00, 0xA4, 0x04, control, len(name))) + name + b"\x00"


def select_file(identifier: bytes) -> bytes:
    """SELECT of an elementary file by its two bytes, as the NFC Forum's Type 4 Tag has it: no data, no Le."""
    return bytes((0x00, 0xA4, 0x00, 0x0C, len(identifier))) + identifier


def read_binary(length: int) -> bytes:
    """READ BINARY of the selected file from its beginning; ``length`` 1 to 255."""
    return bytes((0x00, 0xB0, 0x00, 0x00, length))


def split(response: bytes) -> tuple[bytes, int]:
    """Data and status word. Raises CardRefusedError (``broken``) for what is shorter than a status."""
    if len(response) < _STATUS_BYTES:
        raise CardRefusedError(CardFault.BROKEN, f"an answer of {len(response)} bytes")
    return response[:-_STATUS_BYTES], int.from_bytes(response[-_STATUS_BYTES:], "big")


def selected(response: bytes) -> bool:
    """Whether an answer to SELECT is a yes, with whatever data, fetched or still to be fetched (61xx)."""
    return not said_no(response) or response[-2:-1] == b"\x61"


def said_no(response: bytes) -> bool:
    """Whether an answer is anything but data with status 9000, whatever it is."""
    return response[-_STATUS_BYTES:] != DONE
