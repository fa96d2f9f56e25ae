"""kill -9 at random moments: nothing that was said yes to is lost, and nothing stays open.

Sixty here, or more until every delicate moment was met; a thousand in tests/soak/kills.py.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from threading import Event

from controller.core.effects import Body
from controller.core.fold import fold
from controller.core.state import DoorPhase, State
from controller.ledger.verify import verify
from hardware.signals import Lamp
from tests.wires.lives import Lives

KILLS = 36
MOST = 4  # times as many, on a machine that is too busy to let anybody in
ROOMS = 3
UNLOCK_S = 3.0
START_S = 15.0  # what a start may take on a machine with other work to do


@dataclass
class Inquest:
    """What is known of a room after each death, by the log alone, held against what people witnessed."""

    room: Lives
    state: State = field(default_factory=State)
    last: int = -1
    met: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)

    @property
    def met_all(self) -> bool:
        """Whether people had passed, and every delicate moment was met."""
        passed = all(self.kinds[kind] for kind in ("entered", "interrupted", "recounted"))
        return passed and bool(self.met["released"] + self.met["passing"]) and bool(self.met["known"])

    def look(self) -> None:
        """Read what the life that ended has left, and hold it against what people know."""
        told, lamps = list(self.room.acknowledged), self.room.lamps()
        new = self.room.entries(self.last)
        assert [e["n"] for e in new] == list(range(self.last + 1, self.last + 1 + len(new)))
        for entry in new:
            self._fold(entry)
        self.last += len(new)
        lost = set(told) - self.notes
        assert not lost, f"said yes to, and not in the log: {lost}"
        self._seen(lamps, {str(e["kind"]) for e in new})
        self.met[self.state.door("main").phase.value] += 1
        self.met["pending"] += bool(self.state.door("main").pending)
        self._hold_against_the_truth()

    def _hold_against_the_truth(self) -> None:
        """What the log says it knows is so, when nobody is in the door or on the way to it."""
        if self.room.moving.acquire(blocking=False):
            try:
                vault, door = self.state.room("vault"), self.state.door("main")
                if door.phase is DoorPhase.LOCKED and not vault.unknown and not self.room.bench.lock("main"):
                    self.met["known"] += 1
                    assert set(vault.inside) == self.room.inside
            finally:
                self.room.moving.release()

    def _seen(self, lamps: set[Lamp], kinds: set[str]) -> None:
        """Green and amber stand for Entries of this life; and no bolt moved without one."""
        assert Lamp.GRANTED not in lamps or "granted" in kinds
        assert Lamp.PENDING not in lamps or "pending" in kinds
        strike = self.room.bench.field.relays["main"].bcm
        drawn = [level for _, bcm, level in self.room.bench.field.board.history if bcm == strike]
        assert drawn.count(True) <= self.kinds["granted"]

    def _fold(self, entry: Body) -> None:
        before, phase = self.state.room("vault"), self.state.door("main").phase
        fold(self.state, entry)
        after, kind = self.state.room("vault"), str(entry["kind"])
        self.kinds[kind] += 1
        if kind == "passback_forgiven":
            self.notes.add(entry["note"])
        if not set(before.inside) <= set(after.inside):
            assert kind in {"left", "recounted"}, entry
        if not set(after.inside) <= set(before.inside):
            assert kind in {"entered", "recounted"}, entry
        if before.unknown and not after.unknown:
            assert kind == "recounted", entry
        if kind == "started" and phase in {DoorPhase.RELEASED, DoorPhase.PASSING, DoorPhase.HELD}:
            assert after.unknown, "a passage was interrupted, and the room says it knows who is inside"


def live(room: Lives, dice: Random) -> None:
    """One life of a random length: some die while they are born, most at work, many with a bolt drawn."""
    if dice.random() < 0.25:
        room.start(up=False)
        Event().wait(0.25 * dice.random())
        return
    room.start()
    if room.bench.lock("main"):
        newest = [str(e["kind"]) for e in room.entries(-1)]
        assert "granted" in newest[max(n for n, kind in enumerate(newest) if kind == "started") :]
    if dice.random() < 0.5:
        room.bench.field.wait("main", energised=True, timeout=2.0)
    Event().wait(0.6 * dice.random())


def campaign(folder: Path, seed: int, kills: int) -> Inquest:
    """Kill the controller of one room so many times, or until all was met, and look into each death."""
    dice = Random(seed)  # noqa: S311 - the same dice every time
    folder.mkdir()
    with Lives(folder, seed) as room:
        inquest = Inquest(room)
        room.found()
        room.kill()
        for number in range(kills * MOST):
            live(room, dice)
            room.kill()
            inquest.look()
            if number + 1 >= kills and inquest.met_all:
                break
        room.start()
        assert room.bench.field.wait("main", energised=False, timeout=UNLOCK_S + START_S)
        room.kill()
        inquest.look()
        assert_no_bolt_stayed_drawn(room)
        assert verify(room.log).entries == inquest.last + 1
    return inquest


def assert_no_bolt_stayed_drawn(room: Lives) -> None:
    """From each time the strike got current to its end no more than the release's time, or a start's."""
    strike = room.bench.field.relays["main"].bcm
    edges = [(at, level) for at, bcm, level in room.bench.field.board.history if bcm == strike]
    for (drawn, level), (dropped, _) in pairwise(edges):
        assert not level or dropped - drawn < UNLOCK_S + START_S


def killed(folder: Path, kills: int) -> tuple[Counter[str], Counter[str]]:
    """Kill the controllers of three rooms so many times in all; the Entries written and the moments met."""
    shares = [kills // ROOMS + (number < kills % ROOMS) for number in range(ROOMS)]
    assert sum(shares) == kills
    with ThreadPoolExecutor(ROOMS) as rooms:
        work = [rooms.submit(campaign, folder / f"room{n}", n, share) for n, share in enumerate(shares)]
        inquests = [done.result() for done in work]
    kinds = sum((inquest.kinds for inquest in inquests), Counter[str]())
    met = sum((inquest.met for inquest in inquests), Counter[str]())
    # The deaths were worth dying: people had passed, and every delicate moment was met.
    assert kinds["entered"] >= ROOMS, kinds
    assert kinds["interrupted"] >= ROOMS, kinds
    assert kinds["recounted"] >= ROOMS, kinds
    assert kinds["passback_forgiven"] >= kills, kinds
    assert met["released"] + met["passing"] >= ROOMS, met
    assert met["known"], met  # how often depends on how fast the machine starts
    return kinds, met


def test_kills_at_random_moments_lose_nothing_leave_nothing_open_and_invent_nobody(tmp_path: Path) -> None:
    killed(tmp_path, KILLS)
