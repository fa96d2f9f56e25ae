"""The commands of a DESFire card on its memory: what each needs, does and answers.

Rule: a command sees header and data in clear and the key that was proved (``who``); how they came over the
air is not its affair. It refuses with the status a card gives (MF3ICDx21_41_81, section on status codes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from firmware_shims.cards.desfire_channels import FULL, MACED, PLAIN
from firmware_shims.cards.desfire_memory import Application, File

PICC = b"\x00\x00\x00"
UNKNOWN, NO_KEY, LENGTH, DENIED, PARAMETER, NO_APPLICATION = 0x1C, 0x40, 0x7E, 0x9D, 0x9E, 0xA0
AUTHENTICATION, BOUNDARY, ABORTED, DUPLICATE, NO_FILE = 0xAE, 0xBE, 0xCA, 0xDE, 0xF0
_PICC_SETTINGS = b"\x0f\x01"
_VERSIONS = {1: b"\x01\x00", 2: b"\x12\x00"}


class RefusedError(Exception):
    """The card refuses with 91 ``status``."""

    def __init__(self, status: int) -> None:
        super().__init__(f"91{status:02X}")
        self.status = status


@dataclass(slots=True)
class View:
    """What a command sees of the card: its memory, the selected application, and the key proved (or None)."""

    uid: bytes
    generation: int
    applications: dict[bytes, Application]
    aid: bytes = PICC
    who: int | None = None

    @property
    def application(self) -> Application:
        """The selected application; commands on the card itself are refused."""
        if self.aid not in self.applications:
            raise RefusedError(DENIED)
        return self.applications[self.aid]

    def file(self, head: bytes) -> File:
        """The file that the first byte of a header names."""
        if head[:1] not in {bytes([number]) for number in self.application.files}:
            raise RefusedError(NO_FILE)
        return self.application.files[head[0]]

    def need_master(self, bit: int) -> None:
        """Refuse if this needs the application's master key and nobody proved it."""
        if self.who != 0 and not self.application.free(bit):
            raise RefusedError(AUTHENTICATION)


def _version(view: View, _: bytes, __: bytes) -> bytes:
    part = b"\x04\x01\x01" + _VERSIONS[view.generation] + b"\x18\x05"
    return part + part + view.uid[:7].ljust(7, b"\x00") + bytes.fromhex("BA5EBA11000126")


def _create_application(view: View, head: bytes, _: bytes) -> bytes:
    aid, settings = head[:3], head[3:]
    if view.aid != PICC:
        raise RefusedError(DENIED)
    if len(head) != 5 or settings[1] & 0xF0 != 0x80 or not 1 <= settings[1] & 0xF <= 14:
        raise RefusedError(PARAMETER)
    if aid in view.applications:
        raise RefusedError(DUPLICATE)
    view.applications[aid] = Application(settings, [bytes(16)] * (settings[1] & 0xF))
    return b""


def _application_ids(view: View, _: bytes, __: bytes) -> bytes:
    return b"".join(view.applications)


def _key_settings(view: View, _: bytes, __: bytes) -> bytes:
    if view.aid == PICC:
        return _PICC_SETTINGS
    view.need_master(1)
    return view.application.settings


def _file_ids(view: View, _: bytes, __: bytes) -> bytes:
    view.need_master(1)
    return bytes(view.application.files)


def _file_settings(view: View, head: bytes, _: bytes) -> bytes:
    view.need_master(1)
    return view.file(head).settings


def _create_file(view: View, head: bytes, _: bytes) -> bytes:
    view.need_master(2)
    if len(head) != 7 or head[1] not in {PLAIN, MACED, FULL}:
        raise RefusedError(PARAMETER)
    if head[0] in view.application.files:
        raise RefusedError(DUPLICATE)
    view.application.files[head[0]] = File(head[1], head[2:4], bytearray(int.from_bytes(head[4:], "little")))
    return b""


def _read(view: View, head: bytes, _: bytes) -> bytes:
    file = view.file(head)
    if not file.may("read", view.who):
        raise RefusedError(AUTHENTICATION)
    if (place := file.reach(head[1:])) is None:
        raise RefusedError(BOUNDARY)
    return bytes(file.content[place])


def _write(view: View, head: bytes, data: bytes) -> bytes:
    file = view.file(head)
    if not file.may("write", view.who):
        raise RefusedError(AUTHENTICATION)
    place = file.reach(head[1:])
    if place is None or place.stop - place.start != len(data):
        raise RefusedError(BOUNDARY)
    file.content[place] = data
    return b""


def _card_uid(view: View, _: bytes, __: bytes) -> bytes:
    if view.who is None:
        raise RefusedError(AUTHENTICATION)
    return view.uid


class Command(NamedTuple):
    """``header`` bytes are never encrypted (None: all); ``mode`` in a session (None: as the file says)."""

    header: int | None
    mode: int | None
    run: Callable[[View, bytes, bytes], bytes]
    frames: tuple[int, ...] = ()


COMMANDS = {
    0x60: Command(None, MACED, _version, (7, 7)),
    0xCA: Command(None, MACED, _create_application),
    0x6A: Command(None, MACED, _application_ids),
    0x45: Command(None, MACED, _key_settings),
    0x6F: Command(None, MACED, _file_ids),
    0xF5: Command(None, MACED, _file_settings),
    0xCD: Command(None, MACED, _create_file),
    0xBD: Command(7, None, _read),
    0x3D: Command(7, None, _write),
    0x51: Command(None, FULL, _card_uid),
}
