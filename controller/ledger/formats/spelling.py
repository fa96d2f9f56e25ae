"""Base64 and decimals as the C2SP formats spell them. Rule: one spelling, no second; bytes and text only.

Specifications: RFC 4648 section 4 (standard base64 with padding, unused bits zero, no line breaks);
the C2SP "ASCII decimal with no leading zeroes (unless 0)", held below 2^63 as the C2SP logs hold it.

    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=      a hash: 32 bytes
    20852163                                          a tree size
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from controller.errors import FormatRefused
from controller.ledger.tree import HASH_BYTES

NUMBER_LIMIT = 2**63 - 1
"""No size, index or time may be larger: what a signed 64-bit reader can hold."""

_decimal = re.compile(r"0|[1-9][0-9]{0,18}").fullmatch
_control = re.compile(r"[\x00-\x09\x0b-\x1f]").search


def to_base64(octets: bytes) -> str:
    """Spell bytes in standard base64 with padding (RFC 4648 section 4)."""
    return b64encode(octets).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read `to_base64` back; raises FormatRefused for every other spelling of the same bytes."""
    try:
        octets = b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, NotBase64):
        raise FormatRefused(f"{text[:60]!r} is not base64") from None
    if to_base64(octets) != text:
        raise FormatRefused(f"{text[:60]!r} is not the one base64 spelling of its bytes")
    return octets


def to_hash(text: str) -> bytes:
    """Read one SHA-256 hash, 32 bytes, from its base64 line."""
    octets = from_base64(text)
    if len(octets) != HASH_BYTES:
        raise FormatRefused(f"{text[:60]!r} holds {len(octets)} bytes, a hash has {HASH_BYTES}")
    return octets


def to_number(text: str) -> int:
    """Read a decimal from 0 to 2^63 - 1; raises FormatRefused for signs, leading zeroes, other digits."""
    if not _decimal(text) or (number := int(text)) > NUMBER_LIMIT:
        raise FormatRefused(f"{text[:60]!r} is not a decimal from 0 to 2^63 - 1 without leading zeroes")
    return number


def require_number(number: int, what: str) -> None:
    """Refuse a number that no spelling could carry."""
    if not 0 <= number <= NUMBER_LIMIT:
        raise FormatRefused(f"{what} {number} is not from 0 to 2^63 - 1")


def to_text(octets: bytes, limit: int, what: str) -> str:
    """Read UTF-8 without control characters below U+0020 other than newline (signed-note, Format).

    Raises FormatRefused for more than `limit` bytes, bytes that are not UTF-8, and control characters.
    """
    if len(octets) > limit:
        raise FormatRefused(f"{what} has {len(octets)} bytes, at most {limit} are read")
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        raise FormatRefused(f"{what} is not UTF-8") from None
    if _control(text):
        raise FormatRefused(f"{what} holds a control character other than newline")
    return text
