"""An exported tree, read from its files: rows of hashes, subtrees, the signed head. Rule: believes nothing.

Every number comes from the checkpoint; whether that one is signed by anybody is the caller's question.
"""

from functools import lru_cache
from pathlib import Path

from controller.errors import FormatRefused, LogDamaged
from controller.ledger.export_folder import (
    ASK_AGAIN,
    CHECKPOINT,
    COSIGNED,
    LONGEST,
    MINIMUM,
    TILES,
    UNFINISHED,
    read,
)
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.spelling import to_number
from controller.ledger.formats.tiles import ENTRIES, WIDTH, Tile, decode_bundle, decode_hashes
from controller.ledger.subtrees import subtree_of_rows


class ExportTree:
    """The tree of an exported folder, of the size that its `checkpoint` says."""

    def __init__(self, folder: Path) -> None:
        """Read the checkpoint; raises LogDamaged when the export is unfinished or its head is no head."""
        self.folder = folder
        if (folder / UNFINISHED).exists():
            wrong = "this export was interrupted"
            raise LogDamaged(folder / UNFINISHED, wrong, "Run `ironroom log export` into this folder again")
        self.note, self.head = self._head(CHECKPOINT)
        self._rows = lru_cache(maxsize=64)(self._hashes)

    def cosigned(self) -> tuple[SignedNote, Checkpoint] | None:
        """The older head that is cosigned, where there is one in a file of its own."""
        return self._head(COSIGNED) if (self.folder / COSIGNED).exists() else None

    def minimum(self) -> int:
        """The first entry that is certainly there."""
        if not (self.folder / MINIMUM).exists():
            return 0
        octets = read(self.folder, MINIMUM, LONGEST[MINIMUM])
        try:
            minimum = to_number(octets.decode("ascii", "replace").removesuffix("\n"))
        except FormatRefused as error:
            raise LogDamaged(self.folder / MINIMUM, str(error), ASK_AGAIN) from None
        if minimum > self.head.size or (minimum % WIDTH and minimum != self.head.size):
            raise LogDamaged(self.folder / MINIMUM, f"{minimum} does not begin a bundle", ASK_AGAIN)
        return minimum

    def tile(self, level: int, index: int) -> Tile:
        """The tile of this tree there, as wide as it is in it."""
        return Tile(level, index, min(WIDTH, self.head.size // WIDTH ** max(level, 0) - index * WIDTH))

    def hashes(self, tile: Tile) -> tuple[bytes, ...]:
        """The hashes of a tile of this tree."""
        return self._rows(tile)

    def bundle(self, index: int) -> list[bytes]:
        """The entries of a bundle of this tree."""
        tile = self.tile(ENTRIES, index)
        octets = read(self.folder, str(tile), LONGEST[TILES])
        try:
            return decode_bundle(octets, tile.width)
        except FormatRefused as error:
            wrong = f"entries {tile.span[0]} to {tile.span[1] - 1}: {error}"
            raise LogDamaged(self.folder / str(tile), wrong, ASK_AGAIN, entry=tile.span[0]) from None

    def subtree(self, start: int, end: int) -> bytes:
        """The tree hash over leaves `start` to `end` - 1, for proofs (proofs.py)."""
        return subtree_of_rows(self._row, start, end)

    def require_root(self) -> None:
        """Raise LogDamaged unless the tiles give the checkpoint's root."""
        if self.subtree(0, self.head.size) != self.head.root:
            wrong = f"the tiles do not give the root of its {self.head.size} entries"
            raise LogDamaged(self.folder / CHECKPOINT, wrong, ASK_AGAIN)

    def _row(self, level: int, start: int, end: int) -> list[bytes]:
        row: list[bytes] = []
        for index in range(start // WIDTH, -(-end // WIDTH)):
            row += self.hashes(self.tile(level, index))
        first = start // WIDTH * WIDTH
        return row[start - first : end - first]

    def _hashes(self, tile: Tile) -> tuple[bytes, ...]:
        octets = read(self.folder, str(tile), LONGEST[TILES])
        try:
            return tuple(decode_hashes(octets, tile.width))
        except FormatRefused as error:
            raise LogDamaged(self.folder / str(tile), str(error), ASK_AGAIN, entry=tile.span[0]) from None

    def _head(self, name: str) -> tuple[SignedNote, Checkpoint]:
        octets = read(self.folder, name, LONGEST[name])
        try:
            note = SignedNote.parse(octets)
            return note, Checkpoint.parse(note.text)
        except FormatRefused as error:
            raise LogDamaged(self.folder / name, f"this is no signed head ({error})", ASK_AGAIN) from None
