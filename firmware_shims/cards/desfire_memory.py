"""What a DESFire card holds: applications with AES keys, and standard data files with their rights.

Rule: memory only; who may reach it is asked here (``may``), how it is carried in desfire_channels.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FREE, NEVER = 0xE, 0xF


@dataclass(slots=True)
class File:
    """A standard data file: communication mode, access rights (RW, change, read, write) and its content."""

    mode: int
    rights: bytes
    content: bytearray

    @property
    def settings(self) -> bytes:
        """As GetFileSettings tells them: type 00, mode, rights, size."""
        return bytes([0, self.mode]) + self.rights + len(self.content).to_bytes(3, "little")

    def may(self, what: str, key: int | None) -> bool:
        """Whether a session with this key (None: none) may ``read`` or ``write``."""
        both, one = self.rights[0] >> 4, self.rights[1] >> 4 if what == "read" else self.rights[1] & 0xF
        return any(right == FREE or (right == key and right != NEVER) for right in (both, one))

    def reach(self, place: bytes) -> slice | None:
        """The part named by offset and length (3 bytes each, low byte first); None if it is not all there."""
        offset, length = int.from_bytes(place[:3], "little"), int.from_bytes(place[3:6], "little")
        size = len(self.content)
        length = length or size - offset
        return slice(offset, offset + length) if 0 <= offset <= offset + length <= size else None


@dataclass(slots=True)
class Application:
    """Two settings bytes as CreateApplication gives them, AES keys, and files by number."""

    settings: bytes
    keys: list[bytes]
    files: dict[int, File] = field(default_factory=dict)

    def free(self, bit: int) -> bool:
        """Whether a bit of the first settings byte is set: 1 listing, 2 creating without the master key."""
        return bool(self.settings[0] >> bit & 1)

    def may_change(self, number: int, authenticated: int) -> bool:
        """Whether a session with key ``authenticated`` may change key ``number``."""
        if number == 0:
            return authenticated == 0 and self.free(0)
        who = self.settings[0] >> 4
        return authenticated == (number if who == FREE else who)
