"""What lies inside a backup: a tar file of a few plain files under known names, in one spelling.

Format: POSIX ustar headers in the spelling of GNU tar (base-256 sizes from 8 GiB on), so that Debian's own
`age -d backup.age | tar t` shows it. In this order:

    backup.json  custody.db  pepper  restored.json  keys/DEVICE.key …  policies/DIGEST.toml …

Rule 1: every header must be, byte for byte, the one that this file would have written: a plain file of mode
0600 with a name from the list. Links, folders, foreign names, twins and extensions have no spelling here.
Rule 2: knows bytes only; whoever unpacks says where a member goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tarfile import BLOCKSIZE, GNU_FORMAT, TarInfo

from controller.errors import RestoreRefused

ABOUT, LOG = "backup.json", "custody.db"
LARGEST = 1_048_576
"""Bytes of any member but the log."""
MOST = 4096
"""Members of a backup."""

_PIECE = 262_144
_END = bytes(2 * BLOCKSIZE)
_is_name = re.compile(
    r"backup\.json|custody\.db|pepper|restored\.json"
    r"|keys/[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.(?:key|pending|earlier)|policies/[0-9a-f]{16,64}\.toml"
).fullmatch

Sink = Callable[[bytes], object]
Digests = dict[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """A file that goes into a backup: its name there, its size, and where its bytes are."""

    name: str
    size: int
    source: Path | bytes


def member(name: str, source: Path | bytes) -> Member:
    """A member out of a file or of bytes; raises ValueError for a name that no backup has."""
    if not _is_name(name):
        raise ValueError(f"{name!r} is no member of a backup")
    return Member(name, len(source) if isinstance(source, bytes) else source.stat().st_size, source)


def header(name: str, size: int) -> bytes:
    """The only header of a member."""
    info = TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(GNU_FORMAT)


@dataclass(slots=True)
class Packed:
    """A tar file that is read once, like a stream; `digests` holds the SHA-256 of what went into it."""

    members: Iterable[Member]
    digests: Digests = field(default_factory=dict)
    _rest: bytes = b""
    _pieces: Iterator[bytes] | None = None

    def read(self, most: int = _PIECE) -> bytes:
        """At most so many bytes, none at the end; raises OSError when a file is no longer what it was."""
        if self._pieces is None:
            self._pieces = self._spelled()
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        some, self._rest = self._rest[:most], self._rest[most:]
        return some

    def _spelled(self) -> Iterator[bytes]:
        for one in self.members:
            yield header(one.name, one.size)
            digest, left = sha256(), one.size
            for piece in _pieces(one.source):
                digest.update(piece)
                left -= len(piece)
                yield piece
            if left:
                raise OSError(f"{one.name} changed while it was read")
            self.digests[one.name] = digest.hexdigest()
            yield bytes(-one.size % BLOCKSIZE)
        yield _END


class Unpacker:
    """Takes a tar file in pieces and hands members on; raises RestoreRefused at the first strange byte."""

    def __init__(self, largest_log: int, begin: Callable[[str, int], Sink]) -> None:
        self.digests: Digests = {}
        self._largest_log, self._begin = largest_log, begin
        self._sink: Sink = bytes
        self._name, self._digest = "", sha256()
        self._left = self._padding = self._zeros = 0
        self._header = b""

    def write(self, octets: bytes) -> int:
        """Take the next bytes."""
        at = 0
        while at < len(octets):
            at += self._take(octets[at : at + _PIECE])
        return len(octets)

    def finish(self) -> Digests:
        """The digests of all members; RestoreRefused when the end is missing."""
        if self._zeros != len(_END) or self._header:
            raise RestoreRefused("the backup ends before its end")
        return self.digests

    def _take(self, some: bytes) -> int:
        if self._left:
            return self._body(some[: self._left])
        if self._padding:
            some = some[: self._padding]
            if any(some):
                raise RestoreRefused(f"bytes of nobody follow {self._name} in the backup")
            self._padding -= len(some)
            return len(some)
        some = some[: BLOCKSIZE - len(self._header)]
        self._header += some
        if len(self._header) == BLOCKSIZE:
            block, self._header = self._header, b""
            self._open(block)
        return len(some)

    def _body(self, some: bytes) -> int:
        self._sink(some)
        self._digest.update(some)
        self._left -= len(some)
        if not self._left:
            self.digests[self._name] = self._digest.hexdigest()
        return len(some)

    def _open(self, block: bytes) -> None:
        if not any(block) and self._zeros < len(_END):
            self._zeros += BLOCKSIZE
            return
        name, size = _parsed(block)
        if self._zeros or name in self.digests or len(self.digests) >= MOST:
            raise RestoreRefused("the backup has a member too many")
        if [ABOUT, LOG][len(self.digests) : len(self.digests) + 1] not in ([], [name]):
            raise RestoreRefused(f"the backup does not begin with {ABOUT} and {LOG}")
        if not 0 < size <= (self._largest_log if name == LOG else LARGEST):
            raise RestoreRefused(f"{name} in the backup cannot have {size} bytes")
        self._name, self._left, self._padding = name, size, -size % BLOCKSIZE
        self._digest, self._sink = sha256(), self._begin(name, size)


def _parsed(block: bytes) -> tuple[str, int]:
    """Name and size of a header that is spelled as ours."""
    name = block[:100].rstrip(b"\0").decode("ascii", "replace")
    told = block[124:136]
    with suppress(ValueError):
        size = int.from_bytes(told[1:]) if told[0] == 0x80 else int(told.rstrip(b"\0 "), 8)
        if _is_name(name) and size >= 0 and header(name, size) == block:
            return name, size
    raise RestoreRefused(f"a member of the backup is not one that a backup has: {name[:100]!r}")


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece
