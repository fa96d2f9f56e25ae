"""From a durable commit to its cosignature known to the room: one log, one log witness, on loopback.

Rule: the product's own client and server over a real socket, both of them durable on this machine's disk;
a wire between two boxes adds its round trip, and nothing else.
"""

from __future__ import annotations

import time
from pathlib import Path
from queue import Queue
from threading import Thread

from controller.core.events import Witnessed
from controller.inbox import Report
from controller.ledger.custody_log import CustodyLog
from controller.ledger.private import make_folder
from controller.log_witness.key import begin_key
from controller.log_witness.server import listening
from controller.log_witness.trusted import begin_list
from controller.site_log import LogWitness
from controller.witnessing import LogWitnesses

ORIGIN, NAME = "bench.example/log", "bench.example/log-witness"
PATIENCE_S = 30.0


def cosigned_latency(folder: Path, commits: int, *, ml_dsa: bool = False) -> list[float]:
    """Seconds from the end of each commit until the room is told that it was cosigned, in order.

    `folder` is new or empty. The first commit, which opens the connection, is not counted. Raises
    queue.Empty when a cosignature does not come within 30 s.
    """
    make_folder(folder)
    vkey = begin_key(folder / "witness", NAME, ml_dsa=ml_dsa).vkey
    news: Queue[Report] = Queue()
    with CustodyLog.open(folder / "log" / "custody.db", origin=ORIGIN) as log:
        begin_list(folder / "witness").write_text(f"{log.vkey}\n", encoding="ascii")
        with listening(folder / "witness", port=0) as server:
            serving = Thread(target=server.run, daemon=True)
            serving.start()
            witnesses = LogWitnesses(
                [LogWitness("one", f"http://{server.address}", vkey)], log.file, news.put
            )
            witnesses.start()
            try:
                return [_once(log, witnesses, news, at) for at in range(commits + 1)][1:]
            finally:
                witnesses.stop()
                server.stop()
                serving.join()


def _once(log: CustodyLog, witnesses: LogWitnesses, news: Queue[Report], at: int) -> float:
    stamp = {"at": at, "time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1"}
    log.append([{**stamp, "kind": "granted", "place": "main", "who": ["li", "wang"]}])
    begun = time.perf_counter()
    note = log.note()
    if note:
        witnesses.offer(note, log.size)
    while not (isinstance(said := news.get(timeout=PATIENCE_S), Witnessed) and said.size == log.size):
        pass
    return time.perf_counter() - begun
