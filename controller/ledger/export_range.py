"""Verification of a run of entry bundles of an export, for one process. Rule: level-1 hashes are the answer.

Whoever builds the tree above the answered hashes and compares its root has proven every leaf below.
"""

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from controller.errors import EntryRefused, LogDamaged, NotCanonical
from controller.ledger.canonical import decode
from controller.ledger.disclosures import digests_in
from controller.ledger.entry import check
from controller.ledger.export_folder import ASK_AGAIN, DISCLOSURES
from controller.ledger.export_tree import ExportTree
from controller.ledger.formats.tiles import ENTRIES, WIDTH
from controller.ledger.key_trail import KEY_KINDS, KeyEntry, key_of
from controller.ledger.pictures import Picture, pictures_in
from controller.ledger.pruned_claims import KIND, Claim, claim_of
from controller.ledger.subtrees import perfect_root
from controller.ledger.tree import leaf_hash

LINE_BYTES = 128 * 1024
"""A line of disclosures.jsonl is not read on behind this: an entry, and so a claim in it, is smaller."""


@dataclass(slots=True)
class FoundThere:
    """What a run of bundles held.

    `above`: a level-1 hash for each full bundle; `rest`: the leaves of the partial one; `first_at` and
    `last_at`: room times of its ends, None where every body is pruned; `disclosed`: those of the
    digests given in `disclosures.jsonl` that its entries hold; `missing`: the first entry of the last bundle
    that is not there, -1 where all are; `claims`: what entries say of pruning.
    """

    above: list[bytes] = field(default_factory=list)
    rest: list[bytes] = field(default_factory=list)
    keys: list[KeyEntry] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    disclosed: set[str] = field(default_factory=set)
    first_at: int | None = None
    last_at: int | None = None
    bodies: int = 0
    missing: int = -1
    claims: list[Claim] = field(default_factory=list)


def verify_bundles(folder: Path, begin: int, end: int, minimum: int) -> FoundThere:
    """Verify the bundles `begin` to `end` - 1 with their level-0 tiles.

    Bundles that end before the entry `minimum` may be missing; their tiles are believed, as the root will
    tell. Raises LogDamaged with the file and the entry that are wrong.
    """
    return _Run(ExportTree(folder), minimum).run(begin, end)


def disclosed_digests(folder: Path) -> dict[str, str]:
    """Digest to disclosure text as the folder says; raises LogDamaged for a line of another form."""
    file, found = folder / DISCLOSURES, {}
    try:
        with file.open("rb") as opened:
            for number, line in enumerate(iter(partial(opened.readline, LINE_BYTES), b""), 1):
                digest, text = _disclosed(file, number, line)
                found[digest] = text
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LogDamaged(file, f"it cannot be read ({error.strerror})", ASK_AGAIN) from None
    return found


def _disclosed(file: Path, number: int, line: bytes) -> tuple[str, str]:
    try:
        one = json.loads(line)
        return str(one["digest"]), str(one["disclosure"])
    except (ValueError, TypeError, KeyError, RecursionError):
        wrong = f"line {number} is not a digest and its disclosure"
        raise LogDamaged(file, wrong, ASK_AGAIN) from None


class _Run:
    def __init__(self, tree: ExportTree, minimum: int) -> None:
        self._tree, self._minimum = tree, minimum
        self._known = disclosed_digests(tree.folder).keys()
        self._found = FoundThere()

    def run(self, begin: int, end: int) -> FoundThere:
        for index in range(begin, end):
            tile = self._tree.tile(0, index)
            leaves = list(self._tree.hashes(tile))
            if not self._may_be_missing(index):
                self._check_bundle(index, leaves)
            else:
                self._found.missing = index * WIDTH
            if tile.is_partial:
                self._found.rest = leaves
            else:
                self._found.above.append(perfect_root(leaves))
        return self._found

    def _may_be_missing(self, index: int) -> bool:
        bundle = self._tree.tile(ENTRIES, index)
        return bundle.span[1] <= self._minimum and not (self._tree.folder / str(bundle)).exists()

    def _check_bundle(self, index: int, leaves: list[bytes]) -> None:
        bodies = self._tree.bundle(index)
        hashed = [leaf_hash(body) for body in bodies]
        file = self._tree.folder / str(self._tree.tile(ENTRIES, index))
        if hashed != leaves:
            raise self._blamed(index, hashed, leaves)
        for n, body in enumerate(bodies, index * WIDTH):
            self._check_entry(file, n, body)
        self._found.bodies += len(bodies)

    def _blamed(self, index: int, hashed: list[bytes], leaves: list[bytes]) -> LogDamaged:
        """Which of the two is wrong, the bundle or its tile, the hash above them tells."""
        wrong = next(at for at, leaf in enumerate(leaves) if hashed[at] != leaf)
        n, tile = index * WIDTH + wrong, self._tree.tile(0, index)
        bundle = self._tree.tile(ENTRIES, index)
        if not tile.is_partial:
            above = self._tree.hashes(self._tree.tile(1, index // WIDTH))[index % WIDTH]
            if perfect_root(hashed) == above:
                said = f"the hash of entry {n} is not that of its bytes in {bundle}"
                return LogDamaged(self._tree.folder / str(tile), said, ASK_AGAIN, entry=n)
        said = f"the bytes of entry {n} are not those that {tile} has the hash of"
        return LogDamaged(self._tree.folder / str(bundle), said, ASK_AGAIN, entry=n)

    def _check_entry(self, file: Path, n: int, body: bytes) -> None:
        entry = _lawful(file, n, body)
        at, found = entry["at"], self._found
        assert isinstance(at, int)
        if found.last_at is not None and at < found.last_at:
            raise LogDamaged(file, f"room time runs backwards at entry {n}", ASK_AGAIN, entry=n)
        found.last_at = at
        if found.first_at is None:
            found.first_at = at
        if entry["kind"] in KEY_KINDS:
            found.keys.append(key_of(file, n, entry))
        if entry["kind"] == KIND:
            found.claims.append(claim_of(entry))
        if "pictures" in entry:
            found.pictures.update((one.sha256, one) for one in pictures_in(entry))
        if self._known:
            found.disclosed.update(digest for digest in digests_in(entry) if digest in self._known)


def _lawful(file: Path, n: int, body: bytes) -> dict[str, object]:
    try:
        entry = decode(body)
        check(entry)
    except NotCanonical as error:
        raise LogDamaged(file, f"the bytes of entry {n} are {error}", ASK_AGAIN, entry=n) from None
    except EntryRefused as error:
        raise LogDamaged(file, f"entry {n} is unlawful: {error}", ASK_AGAIN, entry=n) from None
    if entry["n"] != n:
        raise LogDamaged(file, f"entry {n} says that it is entry {entry['n']}", ASK_AGAIN, entry=n)
    return entry
