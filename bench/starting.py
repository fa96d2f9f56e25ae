"""How long a start takes with a million entries in the log, beside reading the file once.

Rule: the product's own start: open, check the tail, newest saved state, replay of what came after it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from controller.core.freeze import to_json

from bench.figures import Figure
from controller.controller_process import SAVE_EVERY
from controller.core.fold import fold
from controller.core.state import State
from controller.core.turn import stamped
from controller.core.words import Kind
from controller.ledger.custody_log import CustodyLog
from controller.start import remembered

ENTRIES = 1_000_000
BATCH = 5_000
MONDAY_NINE = 1_772_413_200_000


def start_1m(folder: Path, entries: int = ENTRIES, progress: Callable[[int], None] | None = None) -> Figure:
    """Seconds of a start whose last saved state is as old as it may become."""
    file = folder / "custody.db"
    build(file, entries, progress)
    began = time.perf_counter()
    with CustodyLog.open(file) as log:
        opened = time.perf_counter()
        state = remembered(log)
        spent = time.perf_counter() - began
        size = log.size
    reading = _read_once(file)
    beside = {
        "entries": float(size),
        "replayed": float(min(SAVE_EVERY, entries)),
        "open_s": opened - began,
        "people_inside": float(sum(len(r.inside) for r in state.rooms.values())),
        "read_file_once_s": reading,
    }
    return Figure("s", 1, value=spent, beside=beside)


def build(file: Path, entries: int, progress: Callable[[int], None] | None = None) -> None:
    """Write a log of a busy room, with a saved state as far back as the controller lets it fall."""
    state, source = State(offset=MONDAY_NINE, policy="bench"), _story()
    with CustodyLog.open(file) as log:
        while log.size < entries:
            room = entries - SAVE_EVERY - log.size
            size = min(BATCH, room if room > 0 else entries - log.size)
            drafts = []
            for kind, more in islice(source, size):
                body = {**stamped(state, state.at + 900, kind), **more}
                fold(state, body)
                drafts.append(body)
            log.append(drafts)
            if log.size == entries - SAVE_EVERY:
                log.save_state(log.size - 1, json.dumps(to_json(state), separators=(",", ":")).encode())
            if progress:
                progress(len(drafts))


def _story() -> Iterator[tuple[Kind, dict[str, object]]]:
    """A room that is opened and closed for ever, as the core writes it."""
    pair = ["li", "wang"]
    lone: dict[str, object] = {"lone_at": None}
    out: dict[str, object] = {"place": "main", "who": pair, "direction": "out", "unknown_leaver": False}
    n = 0
    while True:
        n += 1
        yield Kind.GRANTED, {"place": "main", "who": pair, "direction": "in", "until": n, "counted": False}
        yield Kind.OPENED, {"place": "main", "point": "main.contact", "level": "active"}
        yield Kind.ROOM_OPENED, {"place": "vault", "who": pair}
        yield Kind.SNAPSHOT, {"place": "main", "why": "room_opened", "cameras": ["door", "room"]}
        yield Kind.SHUT, {"place": "main", "point": "main.contact", "level": "normal"}
        yield Kind.ENTERED, {"place": "vault", "who": pair, "visitors": [], "occupancy": 2, **lone}
        yield Kind.GRANTED, {**out, "until": n}
        yield Kind.OPENED, {"place": "main", "point": "main.contact", "level": "active"}
        yield Kind.SHUT, {"place": "main", "point": "main.contact", "level": "normal"}
        yield Kind.LEFT, {"place": "vault", "who": pair, "visitors": [], "occupancy": 0, **lone}
        yield Kind.ROOM_CLOSED, {"place": "vault"}


def _read_once(file: Path) -> float:
    begin = time.perf_counter()
    with file.open("rb") as opened:
        while opened.read(1 << 20):
            pass
    return time.perf_counter() - begin
