"""The SUN message of an NTAG 424 DNA: what the card writes into its NDEF file at every reading. No I/O.

Rule 1: one spelling. A file that differs from the template in more than its two mirrors is no badge of ours,
and mirrors are upper-case hex.
Rule 2: a SUN message proves that the card has counted, not that the card is here: a recording proves as much.
Format, 77 bytes: length, one short well-known record of type U without abbreviation, and a URI that no
telephone can open, so that no reading of a badge reaches anybody:

    004B D1 01 47 55 00 ironroom:badge/1?e=EF963FF7828658A599F3041510671E88&m=94EED9EE65337086

``e`` is PICCData (tag C7, UID, read counter, random), AES-CBC under the key for meta data; ``m`` is SDMMAC.
Sources: NXP NT4H2421Gx data sheet (rev. 3.0), section 9.3; AN12196, section 3.4; NFC Forum URI RTD.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.credentials.aes import cmac, decrypted, same, truncated
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.signals import CardFault

UID_BYTES = 7
_PICCDATA_HEX, _MAC_HEX = 32, 16
_URI_HEAD, _URI_MIDDLE = b"ironroom:badge/1?e=", b"&m="
_URI = _URI_HEAD + b"0" * _PICCDATA_HEX + _URI_MIDDLE + b"0" * _MAC_HEX
_RECORD = bytes((0xD1, 1, len(_URI) + 1)) + b"U\x00" + _URI
TEMPLATE = len(_RECORD).to_bytes(2, "big") + _RECORD
"""The NDEF file as it is written at personalisation, its mirrors zeros."""
PICCDATA_AT = TEMPLATE.index(_URI) + len(_URI_HEAD)
MAC_AT = PICCDATA_AT + _PICCDATA_HEX + len(_URI_MIDDLE)
MAC_INPUT_AT = MAC_AT
"""SDMMACInputOffset: the MAC covers no part of the file; its key covers UID and counter (AN12196, 3.4)."""

_PICCDATA_TAG = 0xC7  # UID and counter are mirrored, and the UID has seven bytes
_COUNTER = slice(1 + UID_BYTES, 1 + UID_BYTES + 3)
_HEX = frozenset(b"0123456789ABCDEF")


@dataclass(frozen=True, slots=True)
class Sun:
    """What a SUN message says: the card's UID (7 bytes) and its read counter (0 to 2**24-1)."""

    uid: bytes
    counter: int


@dataclass(frozen=True, slots=True)
class Mirrors:
    """What the card has put into its file: PICCData (16 bytes), SDMMAC (8 bytes), and what the MAC covers."""

    encrypted: bytes
    mac: bytes
    covered: bytes = b""

    def verified(self, uid: bytes, meta_key: bytes, mac_key: bytes) -> Sun:
        """What it says, if the card of this UID has written it.

        Raises CardRefusedError: ``wrong_key`` where PICCData is not of this card and key, ``broken`` for a
        wrong MAC.
        """
        sun = opened(self.encrypted, meta_key)
        if not same(sun.uid, uid):
            raise CardRefusedError(CardFault.WRONG_KEY, "the SUN message names another card")
        if not same(self.mac, sdm_mac(mac_key, sun, self.covered)):
            raise CardRefusedError(CardFault.BROKEN, "the SUN message has a wrong MAC")
        return sun


def mirrors(file: bytes) -> Mirrors:
    """The mirrors in an NDEF file.

    Raises NotThisCardError where the file is none of ours, CardRefusedError (``broken``) for mirrors that
    are no upper-case hex.
    """
    if len(file) != len(TEMPLATE) or _blanked(file) != TEMPLATE:
        raise NotThisCardError("an NDEF file of another kind")
    encrypted, mac = file[PICCDATA_AT : PICCDATA_AT + _PICCDATA_HEX], file[MAC_AT : MAC_AT + _MAC_HEX]
    if not _HEX.issuperset(encrypted + mac):
        raise CardRefusedError(CardFault.BROKEN, "a SUN message that is not in upper-case hex")
    covered = file[MAC_INPUT_AT:MAC_AT]
    return Mirrors(bytes.fromhex(encrypted.decode()), bytes.fromhex(mac.decode()), covered)


def opened(encrypted: bytes, meta_key: bytes) -> Sun:
    """PICCData in the clear; not yet proved. Raises CardRefusedError (``wrong_key``) for any other tag."""
    text = decrypted(meta_key, encrypted)
    if text[0] != _PICCDATA_TAG:
        raise CardRefusedError(CardFault.WRONG_KEY, "the SUN message is not under this card's key")
    return Sun(text[1 : 1 + UID_BYTES], int.from_bytes(text[_COUNTER], "little"))


def session_key(mac_key: bytes, sun: Sun) -> bytes:
    """KSesSDMFileReadMAC: the key of one reading, from SV2 (NT4H2421Gx, section 9.3.9)."""
    return cmac(mac_key, b"\x3c\xc3\x00\x01\x00\x80" + sun.uid + sun.counter.to_bytes(3, "little"))


def sdm_mac(mac_key: bytes, sun: Sun, covered: bytes) -> bytes:
    """SDMMAC, 8 bytes, over the part of the file that it covers."""
    return truncated(cmac(session_key(mac_key, sun), covered))


def _blanked(file: bytes) -> bytes:
    blanks = ((PICCDATA_AT, _PICCDATA_HEX), (MAC_AT, _MAC_HEX))
    for at, length in blanks:
        file = file[:at] + b"0" * length + file[at + length :]
    return file
