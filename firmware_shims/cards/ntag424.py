"""An NTAG 424 DNA in software: three files, five keys, EV2 sessions and secure dynamic messaging.

Rule 1: it is a card and nothing else, as strict as the card: an error ends the session. Its sessions are
those of desfire_channels.py, since both cards speak the same; nothing is shared with the reader's side.
Rule 2: its secrets may be anything: another site's, another card's, a counter set back. ``Type4Tag`` is a tag
that has none and shows what was recorded; more lies are in desfire_lies.py and may be put on it.
Source: NXP NT4H2421Gx data sheet (rev. 3.0). Not shown: LRP, SetConfiguration, commands in several frames,
the delay after many failed authentications, originality signatures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_shims.cards.desfire_channels import FULL, MACED, PLAIN, Channel, ChannelError, crc, xor
from firmware_shims.cards.desfire_handshakes import Ev2Handshake
from firmware_shims.cards.ntag424_files import LAST_COUNT, LENGTH, File, Mirror, factory

APPLICATION = bytes.fromhex("D2760000850101")
NDEF_ID = bytes.fromhex("E104")
_FILE_IDS = {bytes.fromhex("E103"): 1, NDEF_ID: 2, bytes.fromhex("E105"): 3}
_OK, _NOT_FOUND, _NOT_ALLOWED = b"\x90\x00", b"\x6a\x82", b"\x69\x82"
_WRONG_CLASS, _WRONG_CODE, _WRONG_LENGTH = b"\x6e\x00", b"\x6d\x00", b"\x67\x00"
_UNKNOWN, _NO_KEY, _PERMISSION, _AUTHENTICATION = 0x1C, 0x40, 0x9D, 0xAE
_BOUNDARY, _NO_FILE = 0xBE, 0xF0
_READ_BINARY = 0xB0
_OWN_KEY, _OTHER_KEY = 17, 21  # bytes: key and version; and the CRC of the new key


@dataclass(slots=True)
class Ntag424:
    """A card as it leaves the factory. ``uid`` is what it shows at the call, ``own_uid`` its birth name.

    ``answer`` takes a command APDU and gives the response APDU.
    """

    uid: bytes = bytes.fromhex("04958CAA5C5E80")
    own_uid: bytes = b""
    keys: list[bytes] = field(default_factory=lambda: [bytes(16)] * 5, repr=False)
    versions: list[int] = field(default_factory=lambda: [0] * 5)
    files: dict[int, File] = field(default_factory=factory)
    mirror: Mirror = field(init=False)
    _there: bool = False
    _file: File | None = None
    _last: int = 0
    _handshake: Ev2Handshake | None = None
    _channel: Channel | None = None

    def __post_init__(self) -> None:
        self.own_uid = self.own_uid or self.uid
        self.mirror = Mirror(self.own_uid, self.keys)

    def power_on(self) -> None:
        """What the card forgets when it leaves the field."""
        self._there, self._file, self._last = False, None, 0
        self._handshake = self._channel = None

    def answer(self, apdu: bytes) -> bytes | None:
        """The response APDU to a command APDU; an honest card always has one."""
        if len(apdu) < 5 or (len(apdu) > 5 and len(apdu) - 5 - apdu[4] not in {0, 1}):
            return _WRONG_LENGTH
        said = self._native(apdu[1], apdu[5 : 5 + apdu[4]]) if apdu[0] == 0x90 else self._iso(apdu)
        self._last = apdu[1]
        return said

    def _iso(self, apdu: bytes) -> bytes:
        body = apdu[5 : 5 + apdu[4]]
        match apdu[0], apdu[1], apdu[2]:
            case 0x00, 0xA4, 0x04:
                return self._select_application(body)
            case 0x00, 0xA4, 0x00:
                return self._select_file(body)
            case 0x00, 0xB0, _:
                return self._read_binary(int.from_bytes(apdu[2:4], "big"), apdu[4] or 256)
            case 0x00, _, _:
                return _WRONG_CODE
        return _WRONG_CLASS

    def _select_application(self, name: bytes) -> bytes:
        self.power_on()
        self._there = name == APPLICATION
        return _OK if self._there else _NOT_FOUND

    def _select_file(self, name: bytes) -> bytes:
        self._file = self.files[_FILE_IDS[name]] if self._there and name in _FILE_IDS else None
        return _OK if self._file else _NOT_FOUND

    def _read_binary(self, offset: int, length: int) -> bytes:
        file, who = self._file, self._who()
        if file is None or file.mode != PLAIN or not file.allows(who, writing=False):
            return _NOT_ALLOWED
        # Section 9.3.1: the first reading counts, those that follow it without a pause show the same.
        if who is None and file.sdm and self._last != _READ_BINARY:
            if self.mirror.counter == LAST_COUNT:
                return _NOT_ALLOWED
            self.mirror.counter += 1
        image = self.mirror.image(file) if who is None else bytes(file.data)
        return image[offset : offset + length] + _OK

    def _native(self, code: int, body: bytes) -> bytes:
        handshake, self._handshake = self._handshake, None
        try:
            if code == 0x71:
                return self._challenge(body)
            if code == 0xAF and handshake:
                return self._proved(handshake, body)
            return self._command(code, body) + b"\x91\x00"
        except ChannelError as error:
            self._channel = None
            return bytes((0x91, error.status))

    def _challenge(self, body: bytes) -> bytes:
        self._channel = None
        if not self._there or len(body) < 2 or body[0] >= len(self.keys):
            raise ChannelError(_NO_KEY)
        self._handshake = Ev2Handshake(self.keys[body[0]], body[0])
        return self._handshake.challenge() + b"\x91\xaf"

    def _proved(self, handshake: Ev2Handshake, body: bytes) -> bytes:
        finished = handshake.finish(body)
        if finished is None:
            raise ChannelError(_AUTHENTICATION)
        said, self._channel = finished
        return said + b"\x91\x00"

    def _command(self, code: int, body: bytes) -> bytes:
        known: dict[int, Callable[[Channel, bytes], bytes]] = {
            0x51: self._card_uid,
            0x5F: self._change_settings,
            0x64: self._key_version,
            0x8D: self._write,
            0xAD: self._read,
            0xC4: self._change_key,
        }
        if code not in known:
            raise ChannelError(_UNKNOWN)
        if self._channel is None:
            raise ChannelError(_PERMISSION)  # this one reads and writes freely by ISO commands alone
        return known[code](self._channel, body)

    def _card_uid(self, channel: Channel, body: bytes) -> bytes:
        channel.received(0x51, body, None, MACED)
        return channel.sent(self.own_uid, FULL)

    def _key_version(self, channel: Channel, body: bytes) -> bytes:
        head, _ = channel.received(0x64, body, 1, MACED)
        if head[0] >= len(self.keys):
            raise ChannelError(_NO_KEY)
        return channel.sent(bytes((self.versions[head[0]],)), MACED)

    def _change_settings(self, channel: Channel, body: bytes) -> bytes:
        head, settings = channel.received(0x5F, body, 1, FULL)
        file = self._chosen(head)
        if not file.changeable(channel.number):
            raise ChannelError(_PERMISSION)
        was = file.sdm
        file.change(settings)
        if file.sdm and not was:
            self.mirror.counter = 0  # section 9.3.1
        return channel.sent(b"", FULL)

    def _change_key(self, channel: Channel, body: bytes) -> bytes:
        head, data = channel.received(0xC4, body, 1, FULL)
        number = head[0]
        if channel.number != 0 or number >= len(self.keys):
            raise ChannelError(_PERMISSION)
        own = number == channel.number
        if len(data) != (_OWN_KEY if own else _OTHER_KEY):
            raise ChannelError(LENGTH)
        key = data[:16] if own else xor(data[:16], self.keys[number])
        if not own and data[17:] != crc(key):
            raise ChannelError
        self.keys[number], self.versions[number] = key, data[16]
        self._channel = None if own else channel
        return b"" if own else channel.sent(b"", FULL)

    def _read(self, channel: Channel, body: bytes) -> bytes:
        file = self._chosen(body)
        head, _ = channel.received(0xAD, body, 7, file.mode)
        at, end = self._place(head, file, writing=False)
        return channel.sent(bytes(file.data[at:end]), file.mode)

    def _write(self, channel: Channel, body: bytes) -> bytes:
        file = self._chosen(body)
        head, data = channel.received(0x8D, body, 7, file.mode)
        at, end = self._place(head, file, writing=True)
        if len(data) != end - at:
            raise ChannelError(LENGTH)
        file.data[at:end] = data
        return channel.sent(b"", file.mode)

    def _place(self, head: bytes, file: File, *, writing: bool) -> tuple[int, int]:
        if not file.allows(self._who(), writing=writing):
            raise ChannelError(_PERMISSION)
        at, length = int.from_bytes(head[1:4], "little"), int.from_bytes(head[4:7], "little")
        if len(head) != 7 or not 0 < length <= len(file.data) - at:
            raise ChannelError(_BOUNDARY)
        return at, at + length

    def _chosen(self, body: bytes) -> File:
        if not body or body[0] not in self.files:
            raise ChannelError(_NO_FILE)
        return self.files[body[0]]

    def _who(self) -> int | None:
        return self._channel.number if self._channel else None


@dataclass(frozen=True, slots=True)
class Type4Tag:
    """A tag without secrets that shows one NDEF file for ever, such as one recorded from a badge.

    ``uid`` may be anybody's. To what it does not know it says ``else_says``.
    """

    uid: bytes
    ndef: bytes
    else_says: bytes = _WRONG_CODE

    def answer(self, apdu: bytes) -> bytes | None:
        """The response APDU to a command APDU."""
        if apdu[:3] == b"\x00\xa4\x04":
            return _OK if apdu[5:12] == APPLICATION else _NOT_FOUND
        if apdu[:2] == b"\x00\xa4":
            return _OK if apdu[5:7] == NDEF_ID else _NOT_FOUND
        if apdu[:2] == b"\x00\xb0":
            return self.ndef[: apdu[4] or 256] + _OK
        return self.else_says
