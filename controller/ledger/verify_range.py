"""Verification of the entries between two stored heads. Rule: a range believes the head it begins with.

Whoever verifies all ranges has proven each of those heads by the range before it; so they can run
beside each other in processes of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from controller.errors import EntryRefused, LogDamaged
from controller.ledger.entry import check
from controller.ledger.key_trail import KEY_KINDS, KeyEntry, key_of
from controller.ledger.pruned_claims import KIND, Claim, claim_of
from controller.ledger.reading import LogReader
from controller.ledger.tree import Node
from controller.ledger.walk import (
    PAGE,
    Head,
    Row,
    anchor,
    decoded,
    is_pruned,
    require_root,
    walk,
)

Told = Callable[[int], None]
"""Called now and then with how many more entries were verified."""


@dataclass(slots=True)
class Found:
    """What a range held: the keys its entries name, in order, and how many nodes it completed.

    `pruned` bodies were missing, the last that of `last_pruned`; `claims` is what entries say of pruning.
    """

    keys: list[KeyEntry] = field(default_factory=list)
    nodes: int = 0
    claims: list[Claim] = field(default_factory=list)
    pruned: int = 0
    last_pruned: int = -1


def verify_range(file: Path, begin: int, heads: Sequence[Head], told: Told) -> Found:
    """Verify entries from the stored head of size `begin` (0: none) to the last of `heads`, each of them.

    Raises LogDamaged with the first entry that is wrong.
    """
    with LogReader(file) as reader:
        return _Range(reader, begin).run(heads, told)


class _Range:
    def __init__(self, reader: LogReader, begin: int) -> None:
        self._reader, self._file = reader, reader.file
        self._frontier = anchor(reader.fetch, self._file, begin)
        if self._frontier.size != begin:
            raise LogDamaged(self._file, f"the head of {begin} entries went while it was verified")
        self._last_at = self._at_before(begin)
        self._found = Found()

    def run(self, heads: Sequence[Head], told: Told) -> Found:
        since = self._frontier.size
        for head in heads:
            self._frontier.nodes = []
            for row in walk(self._reader.fetch, self._file, self._frontier, head.size):
                self._check(row)
                if not row[0] % PAGE:
                    told(PAGE)
            require_root(self._file, self._frontier, head, since)
            self._check_nodes(self._frontier.nodes)
            since = head.size
        return self._found

    def _at_before(self, begin: int) -> int:
        rows = self._reader.fetch("SELECT at FROM entry WHERE n = ?", (begin - 1,))
        return rows[0][0] if rows and type(rows[0][0]) is int else 0

    def _check(self, row: Row) -> None:
        n, at, time, kind, place, _, body = row
        if at < self._last_at:
            raise LogDamaged(self._file, f"room time runs backwards at entry {n}", entry=n)
        self._last_at = at
        if is_pruned(row):
            self._found.pruned, self._found.last_pruned = self._found.pruned + 1, n
            return
        entry = decoded(self._file, n, body)
        try:
            written = check(entry)
        except EntryRefused as error:
            raise LogDamaged(self._file, f"entry {n} is unlawful: {error}", entry=n) from None
        if (at, time, kind, place) != (entry["at"], written, entry["kind"], entry.get("place")):
            wrong = f"the columns for searching entry {n} do not agree with its bytes"
            raise LogDamaged(self._file, wrong, entry=n)
        if kind in KEY_KINDS:
            self._found.keys.append(key_of(self._file, n, entry))
        if kind == KIND:
            self._found.claims.append(claim_of(entry))

    def _check_nodes(self, nodes: Sequence[Node]) -> None:
        for level, i, hashed in nodes:
            rows = self._reader.fetch("SELECT hash FROM node WHERE level = ? AND i = ?", (level, i))
            if rows != [(hashed,)]:
                raise LogDamaged(self._file, f"node {i} of tile level {level} is not what its entries give")
        self._found.nodes += len(nodes)
