"""How long a start takes with a million entries in the log, beside reading the file once.

Rule: the product's own start: open, check the tail, newest saved state, replay of what came after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench.figures import Figure
from controller.core.effects import Body
from controller.core.events import Asking, BadgeRead, InputLevel, Level, Started
from controller.core.plan import DoorPlan, InputPlan, ReaderPlan, Role, RoomPlan, Side, SitePlan
from controller.core.site import Site
from controller.core.turn import stamped
from controller.core.words import Kind
from controller.kept_states import digest, remembered, spelled
from controller.ledger.custody_log import CustodyLog
from controller.log_care import SAVE_EVERY

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


def build(
    file: Path,
    entries: int,
    progress: Callable[[int], None] | None = None,
    story: Iterator[Body] | None = None,
) -> None:
    """Write the log of a busy room, with a saved state as far back as the controller lets it fall."""
    source = story or _story(Site(_plan()))
    with CustodyLog.open(file) as log:
        while log.size < entries:
            room = entries - SAVE_EVERY - log.size
            log.append(list(islice(source, min(BATCH, room if room > 0 else entries - log.size))))
            if log.size == entries - SAVE_EVERY:
                _keep_state(log)
            if progress:
                progress(min(BATCH, entries))


def _keep_state(log: CustodyLog) -> None:
    """Keep the state after the last Entry, folded from the log, as the product would."""
    state = remembered(log)
    kept = spelled(state)
    fields = {"digest": digest(kept), "size": state.size}
    log.append([{**stamped(state, state.at, Kind.STATE_KEPT), **fields}])
    log.save_state(log.size - 1, kept)


def _plan() -> SitePlan:
    return SitePlan(
        "bench",
        rooms={"vault": RoomPlan("vault")},
        doors={"main": DoorPlan("main", "vault", has_bolt=False)},
        readers={
            "main.in": ReaderPlan("main.in", "main", Side.IN),
            "main.out": ReaderPlan("main.out", "main", Side.OUT),
        },
        inputs={"main.contact": InputPlan("main.contact", Role.CONTACT, "main")},
        cameras=("door", "room"),
    )


def _story(site: Site) -> Iterator[Body]:
    """A room that a pair opens and closes for ever, as the core writes it down."""
    people = {"li": {"badges": ["B1"]}, "wang": {"badges": ["B2"]}}
    yield from site.step(Started(0, MONDAY_NINE, "bench")).entries
    yield from site.step(Asking(0, "found", "", "", {"people": people})).entries
    yield from site.step(InputLevel(0, "main.contact", Level.NORMAL)).entries
    at = 0
    while True:
        for reader in ("main.in", "main.out"):
            for event in (
                BadgeRead(at + 2_000, reader, "B1"),
                BadgeRead(at + 4_000, reader, "B2"),
                InputLevel(at + 6_000, "main.contact", Level.ACTIVE, settled=True),
                InputLevel(at + 8_000, "main.contact", Level.NORMAL, settled=True),
            ):
                yield from site.step(event).entries
            at += 60_000


def _read_once(file: Path) -> float:
    begin = time.perf_counter()
    with file.open("rb") as opened:
        while opened.read(1 << 20):
            pass
    return time.perf_counter() - begin
