"""A MIFARE DESFire in software, EV1 or EV2, that answers native commands in ISO 7816 APDUs.

Rule 1: it is a card and nothing else: it knows no badge and no room, and says of an error what a card says;
after every error, selection and change of its own key the session is gone.
Rule 2: how it may be attacked is in desfire_lies.py; this one is honest.
Sources: NXP MF3ICDx21_41_81 and MF3D(H)x2 short data sheets, AN12196 for EV2's secure messaging.
Not shown: DES and the card's own master key, deleting, backup, value and record files, files of CommMode MAC
written under EV1, commands in several frames, the failed-authentication counter, proximity check.
"""

from __future__ import annotations

from firmware_shims.cards import desfire_commands as do
from firmware_shims.cards.desfire_channels import FULL, Channel, ChannelError
from firmware_shims.cards.desfire_commands import COMMANDS, PICC, Command, RefusedError, View
from firmware_shims.cards.desfire_handshakes import AesHandshake, Ev2Handshake, Handshake
from firmware_shims.cards.desfire_memory import Application, File

FRAME_BYTES = 59
_OK, _MORE = 0x00, 0xAF


class Desfire:
    """A card of ``generation`` 1 (EV1) or 2 (EV2, EV3), blank as from the factory.

    ``applications`` by AID as on the wire; a test may look into it and change it.
    """

    def __init__(self, uid: bytes, generation: int = 2) -> None:
        self.uid = uid
        self.generation = generation
        self.applications: dict[bytes, Application] = {}
        self.power_on()

    def power_on(self) -> None:
        """What a card forgets when it leaves the field."""
        self._aid = PICC
        self._channel: Channel | None = None
        self._handshake: Handshake | None = None
        self._frames: list[bytes] = []

    def answer(self, apdu: bytes) -> bytes | None:
        """The response APDU to a command APDU; an honest card always has one."""
        if len(apdu) < 5 or apdu[0] != 0x90 or apdu[2:4] != b"\x00\x00":
            return b"\x6e\x00"
        if len(apdu) > 5 and len(apdu) != apdu[4] + 6:
            return b"\x67\x00"
        try:
            data, status = self._native(apdu[1], apdu[5:-1])
        except (RefusedError, ChannelError) as refused:
            self._channel, self._handshake, self._frames = None, None, []
            data, status = b"", refused.status
        return data + bytes([0x91, status])

    def _native(self, code: int, body: bytes) -> tuple[bytes, int]:
        if code == 0xAF:
            return self._continued(body)
        self._frames, self._handshake = [], None
        if code in {0xAA, 0x71}:
            return self._begun(code, body), _MORE
        if code == 0x5A:
            return self._selected(body), _OK
        if code == 0xC4:
            return self._key_changed(body), _OK
        if (command := COMMANDS.get(code)) is None:
            raise RefusedError(do.UNKNOWN)
        return self._framed(self._run(code, command, body), command.frames)

    def _view(self) -> View:
        who = None if self._channel is None else self._channel.number
        return View(self.uid, self.generation, self.applications, self._aid, who)

    def _run(self, code: int, command: Command, body: bytes) -> bytes:
        view = self._view()
        if self._channel is None:
            header = len(body) if command.header is None else command.header
            return command.run(view, body[:header], body[header:])
        mode = view.file(body).mode if command.mode is None else command.mode
        head, data = self._channel.received(code, body, command.header, mode)
        return self._channel.sent(command.run(view, head, data), mode)

    def _framed(self, data: bytes, cuts: tuple[int, ...]) -> tuple[bytes, int]:
        for size in cuts or (FRAME_BYTES,) * (max(0, len(data) - 1) // FRAME_BYTES):
            self._frames.append(data[:size])
            data = data[size:]
        self._frames.append(data)
        return self._frame()

    def _frame(self) -> tuple[bytes, int]:
        frame = self._frames.pop(0)
        return frame, _MORE if self._frames else _OK

    def _continued(self, body: bytes) -> tuple[bytes, int]:
        if self._frames and not body:
            return self._frame()
        if (handshake := self._handshake) is None:
            raise RefusedError(do.ABORTED)
        if (finished := handshake.finish(body)) is None:
            raise RefusedError(do.AUTHENTICATION)
        self._handshake = None
        answer, self._channel = finished
        return answer, _OK

    def _begun(self, code: int, body: bytes) -> bytes:
        self._channel = None
        if code == 0x71 and self.generation == 1:
            raise RefusedError(do.UNKNOWN)
        if len(body) != (1 if code == 0xAA else 2 + sum(body[1:2])):  # EV2: key, length, capabilities
            raise RefusedError(do.LENGTH)
        keys = self.applications[self._aid].keys if self._aid in self.applications else []
        if body[0] >= len(keys):
            raise RefusedError(do.NO_KEY)
        kind = AesHandshake if code == 0xAA else Ev2Handshake
        self._handshake = kind(keys[body[0]], body[0])
        return self._handshake.challenge()

    def _selected(self, aid: bytes) -> bytes:
        self._channel = None
        if aid != PICC and aid not in self.applications:
            raise RefusedError(do.NO_APPLICATION if len(aid) == 3 else do.LENGTH)
        self._aid = aid
        return b""

    def _key_changed(self, body: bytes) -> bytes:
        channel, application = self._channel, self._view().application
        if channel is None or not body:
            raise RefusedError(do.AUTHENTICATION)
        number = body[0]
        if number >= len(application.keys):
            raise RefusedError(do.NO_KEY)
        if not application.may_change(number, channel.number):
            raise RefusedError(do.DENIED)
        own = number == channel.number
        application.keys[number] = channel.new_key(0xC4, body, None if own else application.keys[number])
        if own:
            self._channel = None
            return b""
        return channel.sent(b"", FULL)


def personalised(uid: bytes, aid: bytes, keys: list[bytes], number: bytes, generation: int = 2) -> Desfire:
    """A card with one application (frozen settings) and its number in file 0: read by key 1, written by 0."""
    card = Desfire(uid, generation)
    file = File(FULL, b"\xff\x10", bytearray(number))
    card.applications[aid] = Application(bytes([0x01, 0x80 + len(keys)]), list(keys), {0: file})
    return card
