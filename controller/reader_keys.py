"""Secure Channel keys of OSDP readers and boards: one file a device, and two more while it is paired.

    keys/main.in.key      32 hexadecimal digits; in a second line who the device is, once it was paired
    keys/main.in.pending  the same of a key that was sent and not yet proved
    keys/main.in.earlier  the same of one that was sent before that, in a pairing that failed

Rule 1: a key is on disk before it is sent, and the old one stays until the new one has proved itself.
Rule 2: a device without a key is one that answers to nobody; it is paired, or its key is written here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from controller.errors import ConfigError
from controller.keys import KEY_BYTES, flush, read_secret, replace_secret


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """A key and who was given it; ``identity`` "" where nobody asked. ``paired``: it is in a file."""

    key: bytes = field(repr=False)
    identity: str = ""
    paired: bool = True


class ReaderKeys:
    """The keys of one box, in its data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "keys"

    def of(self, device: str) -> ReaderKey:
        """The key in force; a random one, which no device has, where there is none. Raises ConfigError."""
        found = self._read(self._file(device, "key"))
        return found or ReaderKey(secrets.token_bytes(KEY_BYTES), paired=False)

    def has(self, device: str) -> bool:
        """Whether there is a key in force; what it is, is not looked at."""
        return self._file(device, "key").exists()

    def pending(self, device: str) -> ReaderKey | None:
        """The key that a pairing sent and nobody has proved; None without one. Raises ConfigError."""
        return self._read(self._file(device, "pending"))

    def earlier(self, device: str) -> ReaderKey | None:
        """The key that was pending before that one; None without one. Raises ConfigError."""
        return self._read(self._file(device, "earlier"))

    def keep(self, device: str, key: bytes, identity: str, *, proved: bool) -> None:
        """Make a key durable: as pending before it is sent, in the old one's place once it is ``proved``.

        What was pending is then the earlier key; a key that is kept again is not pushed out by another.
        Raises OSError when it cannot. Called from the threads of buses.
        """
        told = f"{key.hex()}\n{identity}\n".encode("ascii")
        pending, earlier = self._file(device, "pending"), self._file(device, "earlier")
        if not proved:
            if pending.exists() and told not in {_content(pending), _content(earlier)}:
                pending.replace(earlier)
                flush(self._folder)
            replace_secret(pending, told)
            return
        replace_secret(self._file(device, "key"), told)
        pending.unlink(missing_ok=True)
        earlier.unlink(missing_ok=True)
        flush(self._folder)

    def _file(self, device: str, kind: str) -> Path:
        return self._folder / f"{device}.{kind}"

    def _read(self, file: Path) -> ReaderKey | None:
        try:
            first, _, second = read_secret(file).decode("ascii").partition("\n")
            key = bytes.fromhex(first.strip())
        except FileNotFoundError:
            return None
        except ValueError:
            raise ConfigError(f"{file}: not 32 hexadecimal digits") from None
        if len(key) != KEY_BYTES:
            raise ConfigError(f"{file}: {len(key)} bytes; a reader's key has {KEY_BYTES}")
        return ReaderKey(key, second.strip())


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""
