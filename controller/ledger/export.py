"""Writing a log out as static files that anybody can check (export_folder.py). Only reads the log.

Rule 1: what is damaged is not exported: every body is hashed, every full bundle compared with its node.
Rule 2: the checkpoint comes last, when all it stands for is durable; until then a marker says so.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from controller.errors import FormatRefused, LogBusy, LogDamaged, UserMistake
from controller.ledger.export_folder import (
    CHECKPOINT,
    COSIGNED,
    DISCLOSURES,
    LONGEST,
    MINIMUM,
    PICTURES,
    POLICY,
    README,
    TILES,
    UNFINISHED,
    FolderWriter,
    plain_files,
    read,
)
from controller.ledger.export_text import readme
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.policy import NONE, Policy, PolicyLog
from controller.ledger.formats.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    all_tiles,
    encode_bundle,
    encode_hashes,
    tiles,
)
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.pictures import Picture, is_whole, pictures_in
from controller.ledger.private import sync_folder
from controller.ledger.reading import LogReader
from controller.ledger.signed_head import cosigned_head, log_keys, newest_head, signing_key
from controller.ledger.subtrees import hashes, perfect_root
from controller.ledger.tree import leaf_hash
from controller.ledger.walk import decoded, kept_from

Progress = Callable[[int, int], None]
_BUNDLES = "SELECT n, leaf, body FROM entry WHERE n >= ? AND n < ? ORDER BY n"
_DISCLOSURES = (
    "SELECT digest, text FROM disclosure WHERE n >= ? AND n < ? AND digest > ? ORDER BY digest LIMIT 1000"
)
_AT_ONCE = 16  # bundles read in one go


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the head's `entries` and `root`, since which older export, and what was left out.

    `cosigned` counts the entries under a cosigned head; `minimum` is the first entry that is certainly
    there; `altered` names pictures that are not what their entry says and were not copied.
    """

    folder: Path
    entries: int
    root: bytes
    since: int
    cosigned: int
    minimum: int
    pictures: int
    altered: tuple[str, ...]


def export(
    reader: LogReader, target: Path, policy: Policy | None, progress: Progress, *, personal: bool = False
) -> Exported:
    """Write the log into a new or empty folder, or continue an older export of it there.

    `policy` is written down for the auditor; without it, one that names the log's newest key alone.
    `personal` adds what personal digests stand for. Raises UserMistake for a folder that holds something
    else, LogDamaged where the log is not what was written or the older export is not its beginning.
    """
    return _Export(reader, target, progress, personal=personal).run(policy)


class _Export:
    def __init__(self, reader: LogReader, target: Path, progress: Progress, *, personal: bool) -> None:
        self._reader, self._file, self._data = reader, reader.file, reader.file.parent
        self._target, self._progress, self._personal = target, progress, personal
        self._pictures: dict[str, Picture] = {}

    def run(self, policy: Policy | None) -> Exported:
        keys = log_keys(self._reader)
        cosigned = cosigned_head(self._reader, keys)  # first: the newest head is then not older
        note, head = newest_head(self._reader)
        if cosigned and cosigned[1] == head:
            note = cosigned[0]
        since = self._since(keys)
        writer = FolderWriter(self._target, again=(self._target / UNFINISHED).exists())
        writer.write(UNFINISHED, b"")
        writer.sync()
        minimum = self._minimum(head.size)
        self._write_tiles(writer, head, since, minimum)
        copied, altered = self._write_pictures(writer)
        self._write_words(writer, note, head, policy, minimum)
        writer.sync()
        older = cosigned and cosigned[1] != head
        self._set(writer, COSIGNED, cosigned[0].to_bytes() if cosigned and older else None)
        writer.replace(CHECKPOINT, note.to_bytes())
        self._remove_stale(head.size)
        self._set(writer, UNFINISHED, None)
        under = cosigned[1].size if cosigned else 0
        return Exported(self._target, head.size, head.root, since, under, minimum, copied, altered)

    def _since(self, keys: Sequence[VerifierKey]) -> int:
        """The size of the older export that is continued; 0 for a new one."""
        if not self._target.exists() or not any(self._target.iterdir()):
            return 0
        names = set(plain_files(self._target))
        if not names & {CHECKPOINT, UNFINISHED}:
            raise UserMistake(f"{self._target}: there is something else in it; name a new or an empty folder")
        if CHECKPOINT not in names:
            return 0
        octets = read(self._target, CHECKPOINT, LONGEST[CHECKPOINT])
        try:
            note = SignedNote.parse(octets)
            older = Checkpoint.parse(note.text)
            verify(note, keys)
        except FormatRefused as error:
            raise UserMistake(f"{self._target}: the export in it is not of this log ({error})") from None
        if older.size > self._reader.count() or self._reader.subtree(0, older.size) != older.root:
            wrong = f"the older export of {older.size} entries there is not the beginning of this log"
            raise LogDamaged(self._target / CHECKPOINT, wrong, "See what differs with `ironroom log diff`")
        return older.size

    def _minimum(self, size: int) -> int:
        """Minimum index: kept_from, rounded up to a whole bundle, because a bundle is there or not."""
        return min(-(-kept_from(self._reader.fetch) // WIDTH) * WIDTH, size)

    def _write_tiles(self, writer: FolderWriter, head: Checkpoint, since: int, minimum: int) -> None:
        if self._reader.subtree(0, head.size) != head.root:
            raise LogDamaged(self._file, f"the tree of {head.size} entries does not give its signed root")
        for few in _some(tiles(head.size, ENTRIES, since)):
            rows = self._reader.fetch(_BUNDLES, (few[0].span[0], few[-1].span[1]))
            for bundle in few:
                start, end = bundle.span
                self._write_bundle(writer, bundle, rows[start - few[0].span[0] :][: end - start], minimum)
            self._progress(few[-1].span[1], head.size)
        for tile in all_tiles(head.size, since):
            if tile.level > 0:
                writer.write(str(tile), encode_hashes(self._hashes(tile)))

    def _write_bundle(
        self, writer: FolderWriter, bundle: Tile, rows: Sequence[tuple[int, bytes, bytes]], minimum: int
    ) -> None:
        start, end = bundle.span
        if [row[0] for row in rows] != list(range(start, end)):
            raise LogDamaged(self._file, f"entries {start} to {end - 1} are not all there", entry=start)
        leaves = [row[1] for row in rows]
        if not bundle.is_partial and [perfect_root(leaves)] != hashes(
            self._reader.fetch, 1, bundle.index, bundle.index + 1
        ):
            wrong = f"entries {start} to {end - 1} do not give the node stored over them"
            raise LogDamaged(self._file, wrong, entry=start)
        writer.write(str(Tile(0, bundle.index, bundle.width)), encode_hashes(leaves))
        if end <= minimum:
            return
        for n, leaf, body in rows:
            if leaf_hash(body) != leaf:
                self._require_unpruned(n, body)
                raise LogDamaged(
                    self._file, f"the bytes of entry {n} are not those that were written", entry=n
                )
            self._name_pictures(n, body)
        writer.write(str(bundle), encode_bundle([row[2] for row in rows]))

    def _require_unpruned(self, n: int, body: bytes) -> None:
        if not body and n < kept_from(self._reader.fetch):
            raise LogBusy(f"{self._file}: entries were pruned during the export; run it again")

    def _hashes(self, tile: Tile) -> list[bytes]:
        start = tile.index * WIDTH
        return hashes(self._reader.fetch, tile.level, start, start + tile.width)

    def _name_pictures(self, n: int, body: bytes) -> None:
        if b'"pictures":' in body:
            for picture in pictures_in(decoded(self._file, n, body)):
                self._pictures[picture.sha256] = picture

    def _write_pictures(self, writer: FolderWriter) -> tuple[int, tuple[str, ...]]:
        copied, altered = 0, []
        for digest, picture in sorted(self._pictures.items()):
            source, name = self._data / PICTURES / digest, f"{PICTURES}/{digest}"
            if not source.exists() or is_whole(picture, self._target / name):
                continue
            if is_whole(picture, source):
                writer.copy(name, source)
                copied += 1
            else:
                altered.append(digest)
        return copied, tuple(altered)

    def _write_words(
        self, writer: FolderWriter, note: SignedNote, head: Checkpoint, policy: Policy | None, minimum: int
    ) -> None:
        if policy is None:
            signer = signing_key(self._reader, note, log_keys(self._reader))
            policy = Policy((PolicyLog(signer),), (), (), NONE)
        writer.replace(POLICY, policy.to_bytes())
        writer.replace(README, readme(head.origin, head.size, head.root))
        self._set(writer, MINIMUM, b"%d\n" % minimum if minimum else None)
        self._set(writer, DISCLOSURES, None)
        if self._personal:
            writer.write(DISCLOSURES, b"".join(self._disclosures(minimum, head.size)))

    def _disclosures(self, minimum: int, size: int) -> Iterator[bytes]:
        last = ""
        while page := self._reader.fetch(_DISCLOSURES, (minimum, size, last)):
            for last, text in page:
                yield json.dumps({"digest": last, "disclosure": text}).encode() + b"\n"

    def _set(self, writer: FolderWriter, name: str, octets: bytes | None) -> None:
        """Write a file that an older export may have too, or see that there is none."""
        if octets is not None:
            writer.replace(name, octets)
            return
        with suppress(FileNotFoundError):
            (self._target / name).unlink()
            sync_folder(self._target)

    def _remove_stale(self, size: int) -> None:
        """Partial tiles of older trees, which tlog-tiles lets go once a longer tile is there."""
        current = {str(tile) for tile in all_tiles(size) if tile.is_partial}
        for name in list(plain_files(self._target)):
            if name.startswith(f"{TILES}/") and ".p/" in name and name not in current:
                (self._target / name).unlink()
                with suppress(OSError):  # another width is still in it
                    (self._target / name).parent.rmdir()


def _some(bundles: Iterator[Tile]) -> Iterator[list[Tile]]:
    while few := list(islice(bundles, _AT_ONCE)):
        yield few
