"""The files of an NTAG 424 DNA: who may read and write them, and what the card mirrors into one at reading.

Source: NXP NT4H2421Gx data sheet (rev. 3.0), sections 8.2, 9.3 and 10.7. Only encrypted PICCData is mirrored.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.cmac import CMAC

from firmware_shims.cards.desfire_channels import FULL, PLAIN, ChannelError, seal

LENGTH, PARAMETER = 0x7E, 0x9E
_FREE = 0xE
_OPTIONS = 0xC1  # the only mirroring this card does: UID and counter, ASCII
_SETTINGS, _SDM_SETTINGS = 3, 15
LAST_COUNT = 0xFFFFFF
_CONTAINER = bytes.fromhex("001720010000FF0406E104010000000506E10500808283")


@dataclass(frozen=True, slots=True)
class Sdm:
    """Secure dynamic messaging of one file: two key numbers and three places."""

    meta_key: int
    mac_key: int
    data_at: int
    input_at: int
    mac_at: int


@dataclass(slots=True)
class File:
    """A standard data file. ``rights`` are two bytes as they go over the wire; ``mode``: CommMode."""

    data: bytearray
    rights: bytes
    mode: int = PLAIN
    sdm: Sdm | None = None

    def allows(self, key: int | None, *, writing: bool) -> bool:
        """Whether a session by this key, or nobody, may read or write."""
        own = self.rights[1] & 0xF if writing else self.rights[1] >> 4
        return bool({own, self.rights[0] >> 4} & {_FREE, key})

    def changeable(self, key: int) -> bool:
        """Whether a session by this key may change the settings."""
        return self.rights[0] & 0xF in {_FREE, key}

    def change(self, settings: bytes) -> None:
        """ChangeFileSettings. Raises ChannelError for what this card does not do."""
        if len(settings) not in {_SETTINGS, _SDM_SETTINGS}:
            raise ChannelError(LENGTH)
        sdm = _sdm(settings, len(self.data))
        self.mode, self.rights, self.sdm = settings[0] & 3, settings[1:3], sdm


@dataclass(slots=True)
class Mirror:
    """The read counter, and how a file looks while nobody is authenticated."""

    uid: bytes
    keys: list[bytes] = field(repr=False)
    counter: int = 0

    def counted(self) -> None:
        """One reading more."""
        self.counter += 1

    def image(self, file: File) -> bytes:
        """The file as the air sees it."""
        sdm, image = file.sdm, bytearray(file.data)
        if sdm is None:
            return bytes(image)
        count = self.counter.to_bytes(3, "little")
        text = b"\xc7" + self.uid + count + secrets.token_bytes(5)
        picc = seal(self.keys[sdm.meta_key], text, bytes(16))
        image[sdm.data_at : sdm.data_at + 32] = picc.hex().upper().encode()
        session = _cmac(self.keys[sdm.mac_key], bytes.fromhex("3CC300010080") + self.uid + count)
        mac = _cmac(session, bytes(image[sdm.input_at : sdm.mac_at]))[1::2]
        image[sdm.mac_at : sdm.mac_at + 16] = mac.hex().upper().encode()
        return bytes(image)


def factory() -> dict[int, File]:
    """The three files as they leave the factory (section 8.2.3.5)."""
    return {
        1: File(
            bytearray(bytes.fromhex("001720010000FF0406E104010000000506E10500808283").ljust(32, b"\0")),
            b"\x00\xe0",
        ),
        2: File(bytearray(256), b"\xe0\xee"),
        3: File(bytearray(128), b"\x30\x23", mode=FULL),
    }


def _cmac(key: bytes, text: bytes) -> bytes:
    mac = CMAC(AES128(key))
    mac.update(text)
    return mac.finalize()


def _sdm(settings: bytes, size: int) -> Sdm | None:
    if not settings[0] & 0x40:
        if len(settings) != _SETTINGS:
            raise ChannelError(LENGTH)
        return None
    if len(settings) != _SDM_SETTINGS:
        raise ChannelError(LENGTH)
    places = [int.from_bytes(settings[at : at + 3], "little") for at in (6, 9, 12)]
    sdm = Sdm(settings[5] >> 4, settings[5] & 0xF, *places)
    if settings[3] != _OPTIONS or max(sdm.meta_key, sdm.mac_key) > 4 or not _fits(sdm, size):
        raise ChannelError(PARAMETER)
    return sdm


def _fits(sdm: Sdm, size: int) -> bool:
    apart = sdm.data_at + 32 <= sdm.mac_at or sdm.mac_at + 16 <= sdm.data_at
    return apart and sdm.input_at <= sdm.mac_at and max(sdm.data_at + 32, sdm.mac_at + 16) <= size
