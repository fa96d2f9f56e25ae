"""The published tree as files: names of tiles, bundles of entries. Rule: names and bytes; no file is opened.

Specification: C2SP tlog-tiles, sections "Merkle Tree", "Partial Tiles", "Log entries".
A tile is 256 hashes side by side, 32 bytes each; the rightmost of a level is partial. Level 0 holds leaf
hashes, each hash above stands for a full tile below. Indexes are spelled in groups of three digits:

    tile/0/x001/x234/067          the full tile 1234067 of level 0
    tile/0/x001/234.p/5           the first 5 hashes of its tile 1234, partial
    tile/entries/x001/234.p/5     the entries under them: each with its length in 2 bytes, big endian

A tree of 70,000 leaves: 273 full tiles and one of width 112 in level 0, one full and one of width 17
in level 1, one of width 1 in level 2.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from controller.errors import FormatRefused
from controller.ledger.formats.spelling import NUMBER_LIMIT, require_number
from controller.ledger.tree import HASH_BYTES

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""

ENTRIES = -1
"""The level of entry bundles: they stand under level 0 and are counted like it."""

LEVELS = 64
"""Levels are numbered from 0 to 63."""

ENTRY_BYTES = 65_535
"""An entry's length is spelled in 16 bits."""

_LENGTH_BYTES = 2
_SPELLED = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)((?:/x[0-9]{3}){0,6}/[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
).fullmatch


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile or bundle: `level` 0 to 63 or ENTRIES, `index` in its level, `width` 1 to 256 (full)."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        require_number(self.index, "the tile index")
        if not ENTRIES <= self.level < LEVELS or not 0 < self.width <= WIDTH:
            raise FormatRefused(f"there is no tile of level {self.level} and width {self.width}")

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read `str(tile)` back; raises FormatRefused for every other spelling."""
        parts = _SPELLED(path)
        if parts is None:
            raise FormatRefused(f"{path[:80]!r} is not the path of a tile")
        level, index, width = parts.groups()
        number = int(index.replace("/", "").replace("x", ""))
        tile = cls(ENTRIES if level == "entries" else int(level), number, int(width or WIDTH))
        if str(tile) != path:
            raise FormatRefused(f"{path[:80]!r} is not the one spelling of {tile}")
        return tile

    def __str__(self) -> str:
        """The path below the log's prefix."""
        first, *rest = reversed(_groups(self.index))
        path = "".join(f"x{group}/" for group in reversed(rest)) + first
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{path}" + (f".p/{self.width}" if self.is_partial else "")

    @property
    def is_partial(self) -> bool:
        """Whether the tile still grows; a full one never changes again."""
        return self.width < WIDTH

    @property
    def span(self) -> tuple[int, int]:
        """First leaf and one past the last leaf that the tile's hashes (or entries) stand for."""
        unit = WIDTH ** max(self.level, 0)
        start = self.index * WIDTH * unit
        return start, start + self.width * unit


def tiles(size: int, level: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of one level that a tree of `size` leaves has and one of `since` leaves had not, in order."""
    unit = WIDTH ** max(level, 0)
    hashes, had = size // unit, since // unit
    if hashes == had:
        return
    for index in range(had // WIDTH, hashes // WIDTH):
        yield Tile(level, index)
    if hashes % WIDTH:
        yield Tile(level, hashes // WIDTH, hashes % WIDTH)


def all_tiles(size: int, since: int = 0) -> Iterator[Tile]:
    """All bundles and tiles that a tree of `size` leaves has and one of `since` had not: entries first."""
    if not 0 <= since <= size <= NUMBER_LIMIT:
        raise FormatRefused(f"a tree of {size} leaves does not continue one of {since}")
    for level in range(ENTRIES, LEVELS):
        if size // WIDTH ** max(level, 0) == 0:
            return
        yield from tiles(size, level, since)


def encode_hashes(hashes: Iterable[bytes]) -> bytes:
    """The bytes of a tile; raises FormatRefused unless they are 1 to 256 hashes of 32 bytes."""
    listed = list(hashes)
    if not 0 < len(listed) <= WIDTH or any(len(one) != HASH_BYTES for one in listed):
        raise FormatRefused(f"a tile is 1 to {WIDTH} hashes of {HASH_BYTES} bytes")
    return b"".join(listed)


def decode_hashes(octets: bytes, width: int) -> list[bytes]:
    """Read a tile of this width; raises FormatRefused for any other length."""
    if not 0 < width <= WIDTH or len(octets) != width * HASH_BYTES:
        raise FormatRefused(f"a tile of width {width} does not have {len(octets)} bytes")
    return [octets[at : at + HASH_BYTES] for at in range(0, len(octets), HASH_BYTES)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle of 1 to 256 entries; raises FormatRefused for one over 65,535 bytes."""
    if not 0 < len(entries) <= WIDTH or any(len(entry) > ENTRY_BYTES for entry in entries):
        raise FormatRefused(f"a bundle is 1 to {WIDTH} entries of at most {ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def decode_bundle(octets: bytes, width: int) -> list[bytes]:
    """Read a bundle of `width` entries; raises FormatRefused when it holds fewer, more or half a one."""
    if not 0 < width <= WIDTH:
        raise FormatRefused(f"there is no bundle of {width} entries")
    entries: list[bytes] = []
    at = 0
    for _ in range(width):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(octets[at:start], "big")
        if at > len(octets):
            raise FormatRefused(f"the bundle ends inside entry {len(entries)} of {width}")
        entries.append(octets[start:at])
    if at != len(octets):
        raise FormatRefused(f"the bundle goes on behind its {width} entries")
    return entries


def _groups(index: int) -> list[str]:
    """The decimal digits of an index in groups of three, the first filled up with zeroes."""
    digits = str(index)
    filled = digits.zfill(-(-len(digits) // 3) * 3)
    return [filled[at : at + 3] for at in range(0, len(filled), 3)]
