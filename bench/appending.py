"""How long a durable append takes, alone and with 64 writers, beside SQLite without a tree and pymerkle.

Rule: peers and product take turns on the same disk in the same run, so that both meet the same neighbours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from statistics import median
from threading import Event, Thread

from bench.figures import Figure, spread
from bench.log_world import entries
from controller.ledger.canonical import encode
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3

TURNS = 20
A_TURN = 100
WRITERS = 64
EACH = 150
_PEER = Path(__file__).parent.parent / "tools" / "pymerkle_peer.py"

Draft = dict[str, object]


def append_1(folder: Path) -> Figure:
    """Milliseconds of one durable append by one caller."""
    source = entries(TURNS * A_TURN)
    ours: list[float] = []
    plain: list[float] = []
    with CustodyLog.open(folder / "ours" / "custody.db") as log, closing(_plain(folder)) as db:
        for _ in range(TURNS):
            drafts = list(islice(source, A_TURN))
            ours += _timed(lambda draft: log.append([draft]), drafts)
            plain += _timed(lambda draft: _insert(db, [draft]), drafts)
    beside = {"plain_sqlite_p50": _p(plain, 50), "plain_sqlite_p99": _p(plain, 99)}
    beside["ratio_p50"] = _p(ours, 50) / _p(plain, 50)
    beside |= _pymerkle(folder)
    return spread(ours, "ms", beside)


def append_64(folder: Path) -> Figure:
    """Durable entries a second of 64 writers, each of whom waits for its own; one commit for all who wait."""
    source = list(entries(WRITERS * EACH))
    with CustodyLog.open(folder / "many" / "custody.db") as log:
        at = [0]

        def ours(drafts: list[Draft]) -> None:
            for draft in drafts:  # room time never decreases, in whatever order the writers came
                at[0] = max(at[0], int(str(draft["at"])))
            log.append([{**draft, "at": at[0]} for draft in drafts])

        rate, batches = _crowd(source, ours)
    with closing(_plain(folder / "many")) as db:
        plain, _ = _crowd(source, lambda drafts: _insert(db, drafts))
    beside = {"plain_sqlite": plain, "ratio": rate / plain, "entries_a_commit": len(source) / batches}
    return Figure("entries/s", len(source), value=rate, beside=beside)


def _crowd(source: list[Draft], commit: Callable[[list[Draft]], None]) -> tuple[float, int]:
    """Entries a second, and the number of commits."""
    queue: SimpleQueue[tuple[Draft, Event] | None] = SimpleQueue()
    batches = 0

    def write(own: list[Draft]) -> None:
        for draft in own:
            durable = Event()
            queue.put((draft, durable))
            durable.wait()

    crowd = [Thread(target=write, args=(source[n::WRITERS],)) for n in range(WRITERS)]
    began = time.perf_counter()
    for writer in crowd:
        writer.start()
    done = 0
    while done < len(source):
        waiting = list(_waiting(queue))
        commit([draft for draft, _ in waiting])
        for _, durable in waiting:
            durable.set()
        done, batches = done + len(waiting), batches + 1
    spent = time.perf_counter() - began
    for writer in crowd:
        writer.join()
    return len(source) / spent, batches


def _waiting(queue: SimpleQueue[tuple[Draft, Event] | None]) -> Iterator[tuple[Draft, Event]]:
    """The first that comes, and everybody behind it."""
    one = queue.get()
    while one is not None:
        yield one
        try:
            one = queue.get_nowait()
        except Empty:
            return


def _plain(folder: Path) -> sqlite3.Connection:
    """The same database without tree, signature and checks: WAL, synchronous=FULL, one table."""
    folder.mkdir(mode=0o700, exist_ok=True)
    db = sqlite3.connect(folder / "plain.db", isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"):
        db.execute(f"PRAGMA {setting}").fetchall()
    db.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, at INTEGER, kind TEXT, place TEXT, body BLOB)")
    return db


def _insert(db: sqlite3.Connection, drafts: list[Draft]) -> None:
    rows = [(draft["at"], draft["kind"], draft["place"], encode(draft)) for draft in drafts]
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO entry (at, kind, place, body) VALUES (?, ?, ?, ?)", rows)
    db.execute("COMMIT")


def _pymerkle(folder: Path) -> dict[str, float]:
    """The peer's own SQLite tree, in a program of its own; nothing where it is not installed."""
    if not _PEER.exists():
        return {}
    told = subprocess.run(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, str(_PEER), str(folder / "pymerkle.db"), "200"],
        capture_output=True,
        check=False,
        text=True,
    )
    if told.returncode:
        return {}
    return {"pymerkle_sqlite_p50": median(json.loads(told.stdout))}


def _timed(append: Callable[[Draft], object], drafts: list[Draft]) -> list[float]:
    spent = []
    for draft in drafts:
        began = time.perf_counter()
        append(draft)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def _p(samples: list[float], percent: int) -> float:
    return sorted(samples)[len(samples) * percent // 100]
