"""What osdp_XWR and osdp_XRD say: a card's APDUs through a reader. Rule 1: data in, values out; no state.

Rule 2: a decoder accepts one spelling and refuses the rest with MalformedError; a length that does not add
up is never read past.
OSDP v2.2, sections 6.20 (osdp_XWR) and 7.26 (osdp_XRD); after the code both begin with the mode and a
command or reply number, and in mode 1 with the number of the reader in its device, here always 0::

    command                                     reply
    00 02 mode config     set the mode          (osdp_ACK)
    01 04 reader          look for a card       00 02 reader protocol n m csn[n] protocol data[m]
    01 01 reader apdu     send this to it       01 02 reader status apdu
    01 02 reader          leave the card        (osdp_ACK)
                          by itself, to a poll  01 01 reader [status]    a card came or went
                          anything refused      mode 00 error            or osdp_NAK
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.osdp.messages import Command, MalformedError, Message

XWR, XRD = 0xA1, 0xB1
ACURXSIZE = 0x7B
"""Tells a device how long a message the panel takes (section 6.19)."""
READER = 0
NORMAL_MODE, TRANSPARENT_MODE = 0, 1
LONGEST_APDU = 261
"""The longest command without extended length: header, length, 255 bytes, expected length (ISO 7816-4)."""
LONGEST_ANSWER = 258
"""256 bytes and the status word."""
MOST_UID = 10
AROUND_APDU = 5 + 2 + 1 + 3 + 16 + 4 + 2
"""Bytes around an APDU in a sealed osdp_XWR: header, block, code, mode to reader, padding, MAC, CRC."""
LONGEST_MESSAGE = AROUND_APDU + 1 + LONGEST_ANSWER
"""What a line with such readers must take in one message; osdp_XRD has a status byte more."""
SMART_CARDS, BUFFER = 12, 10
"""Functions of osdp_PDCAP (annex B): smart card support, of which bit 0 is this mode; receive buffer."""
MOST_CAPABILITIES = 64

CAPABILITIES = Message(Command.CAP, b"\0")
LEAVE = Message(XWR, bytes([1, 2, READER]))
LOOK = Message(XWR, bytes([1, 4, READER]))


@dataclass(frozen=True, slots=True)
class Refused:
    """The reader could not do what it was asked in mode 1, or does not know it; ``error`` is its own code."""

    error: int


@dataclass(frozen=True, slots=True)
class ModeIs:
    """The mode the reader works in."""

    mode: int


@dataclass(frozen=True, slots=True)
class CardHere:
    """A card came (``here``) or went."""

    here: bool


@dataclass(frozen=True, slots=True)
class CardIs:
    """The card's own number, 1 to 10 bytes."""

    uid: bytes


@dataclass(frozen=True, slots=True)
class CardSays:
    """The card's answer: data and status word; none when ``status`` is not 0 or the card gave no answer."""

    status: int
    apdu: bytes


Report = Refused | ModeIs | CardHere | CardIs | CardSays


def set_mode(mode: int) -> Message:
    """The osdp_XWR that sets the mode, with nothing reported by itself in mode 0."""
    return Message(XWR, bytes([0, 2, mode, 0]))


def send(apdu: bytes) -> Message:
    """The osdp_XWR that carries an APDU to the card; ValueError when it is empty or longer than 261 bytes.

    The standard has no multi-part form of osdp_XWR (section 5.10 names the messages that have one).
    """
    if not 0 < len(apdu) <= LONGEST_APDU:
        raise ValueError(f"an APDU of {len(apdu)} bytes does not go through a reader")
    return Message(XWR, bytes([1, 1, READER]) + apdu)


def receive_size(size: int) -> Message:
    """The osdp_ACURXSIZE for messages of so many bytes, 128 to 1440."""
    return Message(ACURXSIZE, size.to_bytes(2, "little"))


def capability(data: bytes, function: int) -> tuple[int, int] | None:
    """Compliance and number of one function in osdp_PDCAP (section 7.5), None if it is not in the list."""
    if not data or len(data) % 3 or len(data) > 3 * MOST_CAPABILITIES:
        raise MalformedError(f"capabilities in {len(data)} bytes")
    rows = {data[at]: (data[at + 1], data[at + 2]) for at in range(0, len(data), 3)}
    return rows.get(function)


def report(data: bytes) -> Report:
    """What an osdp_XRD says."""
    match data[0:2], data[2:]:
        case ((b"\x00\x00" | b"\x01\x00"), body) if len(body) == 1:
            return Refused(body[0])
        case b"\x00\x01", body if len(body) in {1, 2}:
            return ModeIs(body[0])
        case b"\x00\x02", body:
            return CardIs(_uid(body))
        case b"\x01\x01", body:
            return CardHere(_here(body))
        case b"\x01\x02", body:
            return _says(body)
        case _:
            raise MalformedError(f"extended read of {len(data)} bytes")


def _uid(body: bytes) -> bytes:
    """Reader, protocol, two lengths, the number, data of the protocol (an ATR or ATS, of no use here)."""
    if len(body) < 4 or body[0] != READER or len(body) != 4 + body[2] + body[3]:
        raise MalformedError(f"card information of {len(body)} bytes")
    if not 0 < body[2] <= MOST_UID:
        raise MalformedError(f"a card number of {body[2]} bytes")
    return body[4 : 4 + body[2]]


def _here(body: bytes) -> bool:
    """The status is optional: 0 no card, 1 to 3 a card on one interface or the other."""
    if not 1 <= len(body) <= 2 or body[0] != READER or (len(body) == 2 and body[1] > 3):
        raise MalformedError("card present")
    return len(body) == 1 or body[1] != 0


def _says(body: bytes) -> CardSays:
    if not 2 <= len(body) <= 2 + LONGEST_ANSWER or body[0] != READER:
        raise MalformedError(f"a card's answer of {len(body)} bytes")
    return CardSays(body[1], body[2:])
