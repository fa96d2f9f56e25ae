"""From a card's frame to the unlock command with its Entry on disk, and a burst on sixteen readers.

Rule: the product's inbox, wiring table, loop and log on a real disk; only the relay is a stop-watch.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from bench.figures import Figure, spread
from controller.clock import RoomClock
from controller.core.effects import Effect, Release
from controller.core.events import (
    Asking,
    BadgeRead,
    CameraSeen,
    DeviceBack,
    DeviceLost,
    InputLevel,
    Level,
    PicturesTaken,
    Started,
    TimePassed,
)
from controller.core.events import Event as CoreEvent
from controller.core.plan import DoorPlan, InputPlan, ReaderPlan, Role, Side, SitePlan, Together
from controller.core.site import Site
from controller.core.state import State
from controller.inbox import Inbox, Item
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.loop import Hands, Loop
from hardware.signals import CardRead, LineLevel
from hardware.signals import Level as WireLevel

TAPS = 400
BADGES = 1_000
READERS = 16
MONDAY_NINE = 1_772_413_200_000


class StopWatch:
    """Takes the place of the relay: notes when the unlock command came."""

    def __init__(self) -> None:
        self.released: list[float] = []
        self.seen = Event()

    def secure(self, effects: Iterable[Effect]) -> None:
        """Bolts drop; nothing to measure."""

    def release(self, effects: Iterable[Effect], state: State) -> None:  # noqa: ARG002 - the loop's interface
        """Note the moment of a release."""
        if any(isinstance(effect, Release) for effect in effects):
            self.released.append(time.perf_counter())
            self.seen.set()

    def drop_everything(self) -> None:
        """The log died; the bench ends with its error."""


class Bench:
    """A loop of its own thread on a log of its own."""

    def __init__(self, plan: SitePlan, folder: Path, sighted: Callable[[Bench], Hands] | None = None) -> None:
        self.watch = StopWatch()
        self.clock = RoomClock()
        self.inbox = Inbox(self.clock)
        self.log = CustodyLog.open(folder / "custody.db")
        self.loop = Loop(Site(plan), self.log, sighted(self) if sighted else self.watch)
        self.answered = 0
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self, people: dict[str, dict[str, object]]) -> None:
        """Start, enrol, report every input, and let the loop run."""
        plan = self.loop.site.plan
        events: list[CoreEvent] = [
            Started(0, MONDAY_NINE, "bench"),
            Asking(0, "found", "", "", {"people": people}),
        ]
        events += [InputLevel(0, point, Level.NORMAL, settled=True) for point in plan.inputs]
        self.loop.turn(events)
        self._thread.start()

    def end(self) -> None:
        """Stop the thread and close the log."""
        self._stop.set()
        self.inbox.wake()
        self._thread.join()
        self.log.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            items = self.inbox.take(0.2)
            events = [_event(item) for item in items] or [TimePassed(self.clock.now())]
            outcomes = self.loop.turn(events)
            self.answered += sum(outcome.answer is not None for outcome in outcomes)


def _event(item: Item) -> CoreEvent:
    match item.content:
        case CardRead(device, token, scheme):
            return BadgeRead(item.at, device, token, scheme)
        case LineLevel(line, level):
            return InputLevel(item.at, line, Level(level.value), settled=True)
        case PicturesTaken() | CameraSeen() | DeviceLost() | DeviceBack() as report:
            return replace(report, at=item.at)
        case _:
            return TimePassed(item.at)


def outer_doors(count: int = 1) -> SitePlan:
    """Outer doors of passages, each opened by one person: d0, d1 and so on."""
    names = [f"d{number}" for number in range(count)]
    return SitePlan(
        "bench",
        doors={name: DoorPlan(name, together=Together(people=1), has_bolt=False) for name in names},
        readers={f"{name}.in": ReaderPlan(f"{name}.in", name, Side.IN) for name in names},
        inputs={f"{name}.contact": InputPlan(f"{name}.contact", Role.CONTACT, name) for name in names},
    )


def tap_to_unlock(folder: Path) -> dict[str, Figure]:
    """Card frame in to unlock command out, its Entry durable; beside the disk's own fdatasync."""
    bench = Bench(outer_doors(), folder)
    bench.begin({"li": {"badges": ["B1"]}})
    samples = [tap(bench) for _ in range(TAPS)]
    bench.end()
    disk = fdatasync(folder)
    own = {"fdatasync_p50": disk.p50 or 0.0, "fdatasync_p99": disk.p99 or 0.0}
    return {"tap_to_unlock": spread(samples, "ms", own), "fdatasync": disk}


def tap(bench: Bench, door: str = "d0") -> float:
    """A card, and milliseconds until the unlock command; the door is opened and shut behind."""
    bench.watch.seen.clear()
    begin = time.perf_counter()
    bench.inbox.put(CardRead(f"{door}.in", "B1"))
    if not bench.watch.seen.wait(10):
        raise TimeoutError("no unlock command within 10 s")
    spent = (bench.watch.released[-1] - begin) * 1000
    bench.inbox.put(LineLevel(f"{door}.contact", WireLevel.ACTIVE))
    bench.inbox.put(LineLevel(f"{door}.contact", WireLevel.NORMAL))
    return spent


def fdatasync(folder: Path) -> Figure:
    """What the disk itself needs to keep 400 bytes."""
    descriptor = os.open(folder / "probe", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    samples = []
    for _ in range(TAPS):
        begin = time.perf_counter()
        os.write(descriptor, b"x" * 400)
        os.fdatasync(descriptor)
        samples.append((time.perf_counter() - begin) * 1000)
    os.close(descriptor)
    return spread(samples, "ms", {"bytes": 400.0})


def burst(folder: Path) -> Figure:
    """Lost badges of 1,000 that come at once on 16 readers; each must be answered and written down."""
    doors = {f"d{n}": DoorPlan(f"d{n}", together=Together(people=2), has_bolt=False) for n in range(READERS)}
    plan = SitePlan(
        "bench",
        doors=doors,
        readers={f"d{n}.in": ReaderPlan(f"d{n}.in", f"d{n}", Side.IN) for n in range(READERS)},
        inputs={f"d{n}.contact": InputPlan(f"d{n}.contact", Role.CONTACT, f"d{n}") for n in range(READERS)},
    )
    bench = Bench(plan, folder)
    bench.begin({f"p{n}": {"badges": [f"B{n}"]} for n in range(BADGES)})
    before = bench.log.size
    begin = time.perf_counter()
    givers = [Thread(target=_give, args=(bench.inbox, n)) for n in range(READERS)]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
    patience = Event()
    end = time.perf_counter() + 60
    while bench.answered < BADGES and time.perf_counter() < end:
        patience.wait(0.005)
    spent = time.perf_counter() - begin
    bench.end()
    written = _written(folder, before)
    beside = {"badges": float(BADGES), "answered": float(bench.answered), "seconds": spent}
    return Figure("badges", BADGES, value=float(BADGES - min(bench.answered, written)), beside=beside)


def _written(folder: Path, after: int) -> int:
    """Badges that left an Entry of their own: pending, granted or refused, by name."""
    with LogReader(folder / "custody.db") as reader:
        kinds = ("pending", "granted", "refused")
        entries = [e for e in reader.entries(after=after - 1) if e["kind"] in kinds]
    return len({str(person) for e in entries for person in _people(e)})


def _people(entry: dict[str, object]) -> list[object]:
    who = entry.get("who")
    return who if isinstance(who, list) else []


def _give(inbox: Inbox, reader: int) -> None:
    for badge in range(reader, BADGES, READERS):
        inbox.put(CardRead(f"d{reader}.in", f"B{badge}"))
