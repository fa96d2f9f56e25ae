"""A log, log witnesses on real sockets, and what they said: the houses that the tests here play in."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

from controller.inbox import Report
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.formats.witness_wire import AddCheckpoint
from controller.ledger.proofs import consistency_proof
from controller.log_witness.key import begin_key, load_key
from controller.log_witness.server import Server, listening
from controller.log_witness.trusted import LOGS
from controller.site_log import LogWitness
from controller.witnessing import LogWitnesses

LONG_S = 60.0
NAME = "bank.example/witness-1"


def draft(at: int, **more: object) -> dict[str, object]:
    """An Entry to write."""
    return {
        "at": at,
        "time": "2026-03-02T01:00:00.000Z",
        "clock": "synced",
        "policy": "p1",
        "kind": "granted",
        "place": "main",
        "who": ["li", "wang"],
        **more,
    }


def grow(log: CustodyLog, entries: int, **more: object) -> SignedNote:
    """Write so many Entries in one commit and give the new head."""
    log.append([draft(log.last_at + 1, **more) for _ in range(entries)])
    return head(log)


def head(log: CustodyLog) -> SignedNote:
    """The newest head of a log."""
    octets = log.note()
    assert octets
    return SignedNote.parse(octets)


def trust(folder: Path, *vkeys: VerifierKey) -> None:
    """Write the list of logs that a log witness trusts."""
    (folder / LOGS).write_text("".join(f"{vkey}\n" for vkey in vkeys), encoding="utf-8")
    (folder / LOGS).chmod(0o600)


def founded(folder: Path, *vkeys: VerifierKey, name: str = NAME, ml_dsa: bool = False) -> VerifierKey:
    """A log witness's folder with its key and the logs it trusts; gives its verifier key."""
    vkey = begin_key(folder, name, ml_dsa=ml_dsa).vkey
    trust(folder, *vkeys)
    return vkey


@contextmanager
def served(server: Server) -> Iterator[str]:
    """Serve in a thread; gives the URL."""
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://{server.address}"
    finally:
        server.stop()
        thread.join(LONG_S)


@contextmanager
def house(folder: Path, port: int = 0, name: str = "branch") -> Iterator[LogWitness]:
    """A log witness that serves its folder on a socket, as a site file would name it."""
    with listening(folder, port=port) as server, served(server) as url:
        yield LogWitness(name, url, load_key(folder).vkey)


def request(log: CustodyLog, old: int) -> bytes:
    """The body that an honest log sends for its newest head."""
    proof = consistency_proof(old, log.size, log.subtree) if 0 < old <= log.size else []
    return AddCheckpoint(old, tuple(proof), head(log)).to_bytes()


def post(url: str, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, bytes]:
    """POST a body; gives status, Content-Type and body of the answer."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LONG_S)
    try:
        connection.request("POST", path, body)
        response = connection.getresponse()
        return response.status, response.headers.get("Content-Type", ""), response.read()
    finally:
        connection.close()


class News:
    """What log witnesses told the room, in order."""

    def __init__(self) -> None:
        self._came: Queue[Report] = Queue()
        self.all: list[Report] = []

    def put(self, report: Report) -> None:
        """Take a report."""
        self._came.put(report)

    def drain(self) -> None:
        """Take what has come."""
        while not self._came.empty():
            self.all.append(self._came.get())

    def until(self, fits: Callable[[Report], bool]) -> Report:
        """Wait for the next report that fits."""
        end = time.monotonic() + LONG_S
        while (left := end - time.monotonic()) > 0:
            try:
                report = self._came.get(timeout=left)
            except Empty:
                break
            self.all.append(report)
            if fits(report):
                return report
        raise AssertionError(f"it did not come; what came: {self.all}")


def until(true: Callable[[], Any]) -> Any:
    """Wait until something is so, and give it."""

    end = time.monotonic() + LONG_S
    while not (so := true()):
        assert time.monotonic() < end, "it did not become so"
        Event().wait(0.01)
    return so


@contextmanager
def witnessed(log: CustodyLog, *witnesses: LogWitness) -> Iterator[tuple[LogWitnesses, News]]:
    """The controller's side at work for a log, and its news."""
    news = News()
    running = LogWitnesses(witnesses, log.file, news.put)
    running.start()
    try:
        yield running, news
    finally:
        running.stop()


def offered(running: LogWitnesses, log: CustodyLog) -> None:
    """Tell it of the newest head, as the loop does."""
    octets = log.note()
    assert octets
    running.offer(octets, log.size)


def fork(log: CustodyLog, tmp_path: Path, entries: int) -> CustodyLog:
    """Another history under the same name and key."""
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    (other / "log.key").write_bytes((log.file.parent / "log.key").read_bytes())
    (other / "log.key").chmod(0o600)
    twin = CustodyLog.open(other / "custody.db", origin=log.vkey.name)
    grow(twin, entries, place="somewhere else")
    return twin
