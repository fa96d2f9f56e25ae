"""Five years in a room that keeps everything for half a year: the disk stays as it was after the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.core.events import TimePassed
from controller.ledger.proofs import check_inclusion, inclusion_proof
from controller.ledger.reading import LogReader
from controller.ledger.search.indexer import Indexer
from controller.ledger.tree import leaf_hash
from controller.ledger.verify import verify
from controller.loop import Loop
from controller.pruner import Pruner
from controller.site_log import Keeping
from tests.keeping.house import DAY, busy_day, room

KEEPING = Keeping(log_days=180, alarm_days=180)
YEARS, BADGES = 5, 6
HASHES = 80
"""Bytes that may stay of an Entry that was pruned: its leaf hash, its counter, its times and its row."""

LIVE = 4_000
"""More than the Entries of half a year."""


@pytest.mark.long
def test_after_five_years_the_disk_holds_half_a_year_and_the_hashes(tmp_path: Path) -> None:
    file = tmp_path / "data" / "custody.db"
    after_a_year = (0, 0)
    receipt: tuple[bytes, int, bytes, list[bytes]] | None = None
    with room(file) as loop, Indexer(file) as indexer:
        pruner = Pruner(loop, KEEPING)
        for day in range(1, YEARS * 365, 5):
            for more in range(5):
                loop.turn(busy_day(day + more, BADGES))
            rest(loop, pruner, indexer, day + 5)
            if day == 366:
                after_a_year = size_of(loop)
                n = loop.log.size - 1
                with LogReader(file) as reader:
                    ((body,),) = reader.fetch("SELECT body FROM entry WHERE n = ?", (n,))
                receipt = body, n, loop.log.root, inclusion_proof(n, loop.log.size, loop.log.subtree)
        entries = loop.log.size
        more, grown = entries - after_a_year[0], size_of(loop)[1] - after_a_year[1]
        assert more > 15_000
        assert grown < HASHES * more
        assert receipt is not None
        body, n, root, proof = receipt
        assert inclusion_proof(n, n + 1, loop.log.subtree) == proof
        check_inclusion(leaf_hash(body), n, n + 1, root, proof)
    assert file.with_name("search.db").stat().st_size < HASHES * LIVE
    assert verify(file).entries == entries
    with room(file) as again:
        assert again.site.state.size == entries


def rest(loop: Loop, pruner: Pruner, indexer: Indexer, day: int) -> None:
    """A quiet night."""
    loop.turn([TimePassed(day * DAY + DAY // 2)])
    for _ in range(12):
        pruner.idle(loop.site.state.at)
        loop.log.upkeep()
    while indexer.step():
        pass


def size_of(loop: Loop) -> tuple[int, int]:
    """Entries, and bytes of the log when everything is in its file."""
    loop.log._copy_wal()
    return loop.log.size, loop.log.file.stat().st_size
