"""What OSDP commands and replies say. Rule 1: data in, values out; no frames, no keys, no devices.

Rule 2: a decoder accepts one spelling and refuses the rest with MalformedError; it guesses nothing.
Sections are those of OSDP v2.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Command(IntEnum):
    """Codes of the commands used here (section 6)."""

    POLL = 0x60
    ID = 0x61
    CAP = 0x62
    LSTAT = 0x64
    ISTAT = 0x65
    OSTAT = 0x66
    OUT = 0x68
    LED = 0x69
    BUZ = 0x6A
    TEXT = 0x6B
    KEYSET = 0x75
    CHLNG = 0x76
    SCRYPT = 0x77


class Reply(IntEnum):
    """Codes of the replies used here (section 7)."""

    ACK = 0x40
    NAK = 0x41
    PDID = 0x45
    PDCAP = 0x46
    LSTATR = 0x48
    ISTATR = 0x49
    OSTATR = 0x4A
    RAW = 0x50
    KEYPAD = 0x53
    CCRYPT = 0x76
    RMAC_I = 0x78
    BUSY = 0x79


class Nak(IntEnum):
    """Why a peripheral refuses (section 7.3)."""

    CHECK = 1
    LENGTH = 2
    UNKNOWN_COMMAND = 3
    SEQUENCE = 4
    NO_SECURE_CHANNEL = 5
    NOT_IN_CLEAR = 6
    RECORD = 9


class MalformedError(Exception):
    """The data does not have the form its code demands."""


@dataclass(frozen=True, slots=True)
class Message:
    """One command or reply: its code and its data in clear."""

    code: int
    data: bytes = b""


def message(body: bytes) -> Message:
    """The message in a body of at least one byte."""
    return Message(body[0], body[1:])


POLL = Message(Command.POLL)
LOCAL_STATUS = Message(Command.LSTAT)
INPUT_STATUS = Message(Command.ISTAT)
IDENTITY = Message(Command.ID, b"\0")
"""The reply type byte of osdp_ID (6.2): standard."""
MAX_CARD_BITS = 512
_KEYS = {0x0D: "#", 0x7F: "*"} | {ord(key): key for key in "0123456789#*"}


def card(data: bytes) -> bytes:
    """Card data of RAW (7.10): reader, format, bit count, bits from the left; spare bits are zeroed."""
    bits = int.from_bytes(data[2:4], "little")
    whole = -(-bits // 8)
    if not 0 < bits <= MAX_CARD_BITS or len(data) != 4 + whole:
        raise MalformedError(f"card data of {bits} bits in {len(data)} bytes")
    value = int.from_bytes(data[4:]) >> (-bits % 8) << (-bits % 8)
    return value.to_bytes(whole)


def keys(data: bytes) -> str:
    """Keys of KEYPAD (section 7.12): reader, count, one code a key; 0D is enter (#), 7F is delete (*)."""
    if len(data) < 3 or len(data) != 2 + data[1] or not all(code in _KEYS for code in data[2:]):
        raise MalformedError(f"keypad data of {len(data)} bytes")
    return "".join(_KEYS[code] for code in data[2:])


def cover_open(data: bytes) -> bool:
    """Tamper of LSTATR (section 7.6): tamper, then power, each 0 or 1."""
    if len(data) != 2 or data[0] > 1 or data[1] > 1:
        raise MalformedError("local status")
    return data[0] == 1


def power_lost(data: bytes) -> bool:
    """Power of LSTATR (section 7.6): 1 when the supply has failed."""
    cover_open(data)
    return data[1] == 1


def identity(data: bytes) -> str:
    """Who PDID says it is (section 7.4), such as ``1A2B3C-01-02-00C0FFEE``: maker, model, version, serial.

    The firmware version at the end is left out: it may change without the device being another one.
    """
    if len(data) != 12:
        raise MalformedError(f"an identity of {len(data)} bytes")
    parts = data[:3], data[3:4], data[4:5], data[5:9][::-1]
    return "-".join(part.hex().upper() for part in parts)


def refusal(data: bytes) -> str:
    """The reason in NAK (section 7.3) for people, such as ``NAK 6``; further bytes are the maker's own."""
    return f"NAK {data[0]}" if data else "NAK without a reason"
