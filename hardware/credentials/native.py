"""Native commands of DESFire and NTAG 424 in ISO/IEC 7816-4 APDUs: 90 code 00 00 Lc body 00, answer 91xx.

Rule 1: no keys and no state here; one frame out, one frame back.
Rule 2: an answer that is no frame of these cards is CardRefusedError (``broken``), never another exception.
"""

from __future__ import annotations

import zlib
from enum import IntEnum
from typing import Never

from hardware.credentials.exchange import CardRefusedError
from hardware.signals import CardFault

LONGEST_BODY = 255
LONGEST_DATA = 256
_WRAPPED = 0x91


class Status(IntEnum):
    """The status bytes we know by name (NTAG 424 DNA data sheet NT4H2421Gx, section 11.3; SW1 is 91)."""

    OK = 0x00
    UNKNOWN_COMMAND = 0x1C
    INTEGRITY = 0x1E
    NO_SUCH_KEY = 0x40
    LENGTH = 0x7E
    PERMISSION_DENIED = 0x9D
    PARAMETER = 0x9E
    NO_SUCH_APPLICATION = 0xA0
    AUTHENTICATION_DELAY = 0xAD
    AUTHENTICATION = 0xAE
    MORE = 0xAF
    DUPLICATE = 0xDE
    NO_SUCH_FILE = 0xF0


def broken(why: str) -> Never:
    """Refuse the card as one that answers what no genuine card answers."""
    raise CardRefusedError(CardFault.BROKEN, why)


def wrapped(code: int, body: bytes = b"") -> bytes:
    """The APDU of one native command. Raises ValueError beyond 255 bytes of body."""
    if len(body) > LONGEST_BODY:
        raise ValueError(f"a command holds {LONGEST_BODY} bytes, not {len(body)}")
    return bytes((0x90, code, 0, 0)) + (bytes((len(body),)) + body if body else b"") + b"\x00"


def split(response: bytes) -> tuple[bytes, int]:
    """Data and status byte of a response APDU. Raises CardRefusedError (``broken``) if it is none of ours."""
    if not 2 <= len(response) <= LONGEST_DATA + 2:
        broken(f"an answer of {len(response)} bytes")
    if response[-2] != _WRAPPED:
        broken(f"the answer ends in {response[-2:].hex().upper()}")
    return response[:-2], response[-1]


def refuse_wrong_key(response: bytes) -> None:
    """Raise CardRefusedError (``wrong_key``) if the card answers 91AE to a part of an authentication."""
    if split(response)[1] == Status.AUTHENTICATION:
        raise CardRefusedError(CardFault.WRONG_KEY, "the card says that it holds another key")


def crc32(text: bytes) -> bytes:
    """The CRC of these cards: CRC-32 without the last inversion, least significant byte first."""
    return (zlib.crc32(text) ^ 0xFFFFFFFF).to_bytes(4, "little")


def expect(response: bytes, status: Status = Status.OK, length: int | None = None) -> bytes:
    """The data of an answer that must have this status, and this many bytes if given."""
    data, said = split(response)
    if said != status:
        broken(f"the card says 91{said:02X} where 91{status:02X} is due")
    if length is not None and len(data) != length:
        broken(f"{len(data)} bytes where {length} are due")
    return data
