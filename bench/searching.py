"""Verification and search over a log of many entries, beside SHA-256 alone and the log without its index.

Rule: the product's own verification and its own finder on a warm cache; entries are those of log_world.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

from bench.figures import Figure, spread
from bench.log_world import BEGIN, entries
from controller.ledger.custody_log import CustodyLog
from controller.ledger.entry import utc_millis
from controller.ledger.reading import LogReader
from controller.ledger.search.finder import Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question
from controller.ledger.verify import verify

QUERIES = 200
MONTHS_3 = 90 * 86_400_000
BATCH = 1_000

Progress = Callable[[int], None]


def build(file: Path, size: int, progress: Progress | None = None) -> None:
    """Write a log of so many entries and its index; what is there of it already is continued."""
    with CustodyLog.open(file) as log:
        source = islice(entries(size), log.size, None)
        if progress:
            progress(log.size)
        while batch := list(islice(source, BATCH)):
            log.append(batch)
            if progress:
                progress(len(batch))
    with Indexer(file) as indexer:
        while indexer.step():
            pass


def verification(file: Path) -> Figure:
    """Entries a second of CPU time that one process verifies, and of wall time that all cores do."""
    began = time.process_time()
    report = verify(file)
    alone = report.entries / (time.process_time() - began)
    began = time.perf_counter()
    cores = os.cpu_count() or 1
    verify(file, jobs=cores)
    together = report.entries / (time.perf_counter() - began)
    beside = {f"wall_per_s_{cores}_processes": together, "sha256_of_the_same_bytes_per_s": _sha256(file)}
    return Figure("entries/s of CPU time", report.entries, value=alone, beside=beside)


def searches(file: Path) -> dict[str, Figure]:
    """Milliseconds of the first page for a person in a room, of counts, and of a word with a person."""
    dice = Random(7)  # noqa: S311 - a repeatable load
    asked = _asked(file, dice)
    with Finder(file) as finder:
        person_room = [
            Question(who=who, places=frozenset({place}), since=end - MONTHS_3, until=end)
            for who, place, end in asked
        ]
        words = [Question(who=who, words=dice.choice(_WORDS)) for who, _, _ in asked]
        size = float(_size(file))
        figures = {
            "search_person_room": spread(_timed(finder.find, person_room), "ms", {"entries": size}),
            "search_words": spread(_timed(finder.find, words), "ms", {"entries": size}),
        }
        days = [(BEGIN + timedelta(milliseconds=end - _BEGIN_MS)).date() for _, _, end in asked]
        counted = _timed(lambda last: finder.counts(last - timedelta(days=30), last), days)
        figures["count_30d"] = spread(counted, "ms", {"entries": size, "scan_without_index": _scan(file)})
    return figures


def bytes_per_entry(file: Path) -> Figure:
    """Bytes on the disk for each entry: log, tree, signatures, disclosures and search index."""
    size = _size(file)
    parts = {
        path.name: path.stat().st_size / size for path in file.parent.iterdir() if path.stat().st_size > size
    }
    bodies = _fetch(file, "SELECT sum(length(body)) FROM entry")
    beside = {**parts, "canonical_bytes": bodies / size}
    return Figure("bytes", size, value=sum(parts.values()), beside=beside)


_WORDS = ("siren", "inventory", "key", "清点", "钥匙", "fire", "guard", "kongtiao")
_BEGIN_MS = utc_millis(BEGIN.strftime("%Y-%m-%dT%H:%M:%S.000Z"))


def _asked(file: Path, dice: Random) -> list[tuple[str, str, int]]:
    """People with a place and a time at which they were there."""
    asked: list[tuple[str, str, int]] = []
    with LogReader(file) as reader:
        while len(asked) < QUERIES:
            n = dice.randrange(_size(file))
            entry = next(reader.entries(after=n - 1, before=n + 1, sealed=True))
            who = entry.get("who")
            if isinstance(who, list) and who:
                end = utc_millis(entry["time"]) + dice.randrange(MONTHS_3)
                asked.append((str(who[0]), str(entry["place"]), end))
    return asked


def _timed(ask: Callable[..., object], questions: Sequence[object]) -> list[float]:
    spent = []
    for warm in (True, False):
        for question in questions:
            began = time.perf_counter()
            ask(question)
            if not warm:
                spent.append((time.perf_counter() - began) * 1000)
    return spent


def _scan(file: Path) -> float:
    """Milliseconds of counting 30 days by kind without an index, in SQLite alone."""
    began = time.perf_counter()
    sql = "SELECT count(*) FROM (SELECT kind, count(*) FROM entry WHERE time BETWEEN ? AND ? GROUP BY kind)"
    _fetch(file, sql, _BEGIN_MS, _BEGIN_MS + 30 * 86_400_000)
    return (time.perf_counter() - began) * 1000


def _sha256(file: Path) -> float:
    with LogReader(file) as reader:
        bodies = [body for (body,) in reader.fetch("SELECT body FROM entry WHERE n < 100000", ())]
    began = time.process_time()
    for body in bodies:
        sha256(b"\x00" + body).digest()
    return len(bodies) / (time.process_time() - began)


def _size(file: Path) -> int:
    return _fetch(file, "SELECT count(*) FROM entry")


def _fetch(file: Path, sql: str, *parameters: object) -> int:
    with LogReader(file) as reader:
        ((value,),) = reader.fetch(sql, parameters)
        return int(value)
