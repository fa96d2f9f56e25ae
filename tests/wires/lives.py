"""A room whose controller is killed again and again, while people go in and out and a clerk keeps asking.

Rule: the people here are honest and know the truth: who is inside, what they were told, what they saw. They
pass a door only when the log says that all of them may, and recount when the room says that it is unknown.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from typing import Any, Self

from controller import config
from controller.core.effects import Body
from controller.gate_client import GateClient
from controller.ledger.reading import LogReader
from firmware_shims.bench import Bench
from hardware.signals import Lamp
from tests.wires.wired import PEOPLE, WALL_MS

SITE = """
[site]
name = "short lives"
timezone = "Asia/Shanghai"
legacy_uid = "legacy, may be copied"
settle_ms = 50
walk_s = 1

[room.vault]
duty = "always"

[door.main]
room = "vault"
reader_in = "osdp:///dev/ttyAMA1?address=1"
reader_out = "osdp:///dev/ttyAMA1?address=2"
strike = "gpio:relay/1"
contact = "gpio:input/1"
rex = "gpio:input/3"
unlock_s = 3
window_s = 5
"""
ROOT = Path(__file__).parents[2]
PAIR = {"li": "B1", "wang": "B2"}
UP_S = 60.0
LOOK_S = 0.01
PAUSE_S = 0.02
WALK_S = 1.1
PATIENCE_S = 1.0


class Lives:
    """One room, one controller after the other, and what people know of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        site = config.loads(SITE, "lives.toml")
        self.plan = site.plan
        self.bench = Bench(site.text, site.addresses, folder, wall_ms=WALL_MS)
        self.log = self.bench.data / "custody.db"
        self.acknowledged: list[str] = []  # what the clerk was told yes to
        self.inside: set[str] = set()  # the truth
        self.moving = Lock()  # held while anybody is in the door, or on the way to it
        self.passages = 0
        self.pid = 0
        self.alive = False
        self._badged = (0, 0.0)  # in which life, and when, badges were last held before readers
        self._dice = Random(seed)  # noqa: S311 - the same dice every time
        self._over = Event()
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.wires.zygote"],
            cwd=ROOT,
            env=self.bench.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._threads = [Thread(target=self._people, daemon=True), Thread(target=self._clerk, daemon=True)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._zygote.communicate(timeout=UP_S)
        self.bench.stop()
        (self.bench.data / "reserve").unlink(missing_ok=True)  # pytest keeps folders, and this is large

    def found(self) -> None:
        """Enrol the people, in a first life, and let everybody begin."""
        self.start()
        people = {p: {**f, "badges": [self.bench.token(b) for b in f["badges"]]} for p, f in PEOPLE.items()}
        assert self.ask("found", people=people) == {"accepted": True}
        for thread in self._threads:
            thread.start()

    def start(self, *, up: bool = True) -> None:
        """Begin a life; by default wait until its gate answers."""
        for reader in self.bench.readers.osdp.values():
            reader.reader._machine.lamps.clear()
        self.alive = True
        self.pid = self._tell_zygote(f"{self.bench.site}\t{self.bench.data}")
        end = time.monotonic() + UP_S
        while up and not self.look():
            assert time.monotonic() < end, "the controller does not come up"
            Event().wait(LOOK_S)

    def kill(self) -> None:
        """End a life at this very point."""
        os.kill(self.pid, signal.SIGKILL)
        self._tell_zygote(str(self.pid))
        # A kernel takes back the lines of who dies at once; the board's thread has to get round to it.
        assert self.bench.field.board.wait_controllers(0, UP_S), "the pins are still held by the dead"
        self.alive = False

    def lamps(self) -> set[Lamp]:
        """What the reader outside has shown in this life."""
        return set(self.bench.readers.osdp["main.in"].reader.lamps)

    def entries(self, after: int) -> list[Body]:
        """Durable Entries behind a counter."""
        with LogReader(self.log) as reader:
            return list(reader.entries(after=after, sealed=True))

    def look(self) -> dict[str, Any]:
        """The room, or nothing when nobody answers."""
        return self._tell({"look": "room"})

    def ask(self, name: str, by: str = "", second: str = "", /, **fields: Any) -> dict[str, Any]:
        """Ask, each time in a conversation of its own; nothing when nobody answers."""
        return self._tell({"ask": name, "by": by, "second": second, "fields": fields})

    def _tell(self, said: dict[str, Any]) -> dict[str, Any]:
        try:
            with GateClient(self.bench.data / "gate.sock", UP_S) as gate:
                return gate.tell(said)
        except OSError:
            return {}

    def _tell_zygote(self, line: str) -> int:
        assert self._zygote.stdin
        assert self._zygote.stdout
        self._zygote.stdin.write(line + "\n")
        self._zygote.stdin.flush()
        return int(self._zygote.stdout.readline())

    def _clerk(self) -> None:
        number = 0
        while not self._over.wait(PAUSE_S):
            number += 1
            note = f"note {number}"
            if self.ask("forgive_passback", "zhao", person="li", reason=note) == {"accepted": True}:
                self.acknowledged.append(note)

    def _people(self) -> None:
        while not self._over.is_set():
            view = self._quiet()
            if not view:
                continue
            if view["rooms"]["vault"]["occupancy"] == "unknown":
                self.ask("recount", "zhao", "chen", room="vault", inside=sorted(self.inside))
                continue
            with self.moving:
                self._walk()
                self._pass(out=bool(self.inside))

    def _walk(self) -> None:
        """Nobody is at two readers faster than one can walk; a new controller has forgotten the last time."""
        pid, at = self._badged
        if pid == self.pid:
            self._over.wait(max(0.0, at + WALK_S - time.monotonic()))

    def _quiet(self) -> dict[str, Any]:
        """The room when nobody is in the door and no badge waits; nothing as long as that is not so."""
        self._over.wait(LOOK_S)
        view = self.look()
        if not view or view["doors"]["main"]["contact"] != "normal" or self.bench.lock("main"):
            return {}
        door = view["doors"]["main"]
        return view if door["phase"] == "locked" and not door["pending"] else {}

    def _pass(self, *, out: bool) -> None:
        """Two people badge, and pass when the log lets both of them and the bolt is drawn."""
        before = self._newest()
        for badge in PAIR.values():
            self.bench.tap("main.out" if out else "main.in", badge)
            self._over.wait(PAUSE_S)
        self._badged = self.pid, time.monotonic()
        if not self._granted(before, "out" if out else "in"):
            return
        self.bench.level("main.contact", "active")
        self.inside = set() if out else set(PAIR)
        self._hold_open(before)
        self.bench.level("main.contact", "normal")
        self.passages += 1
        end = time.monotonic() + UP_S
        while not self._over.wait(LOOK_S) and not self._quiet() and time.monotonic() < end:
            pass

    def _hold_open(self, before: int) -> None:
        """A door stays open until the room has seen it; or for a moment, when there is nobody to see it."""
        end = time.monotonic() + UP_S
        while time.monotonic() < end and not self._over.wait(LOOK_S):
            kinds = {e["kind"] for e in self.entries(before)}
            dead = not self.alive and "no_entry" not in kinds and "no_exit" not in kinds
            if dead or {"opened", "forced"} & kinds:
                break
        self._over.wait(0.1 * self._dice.random())

    def _granted(self, before: int, direction: str) -> bool:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and not self._over.wait(LOOK_S):
            granted = [
                e for e in self.entries(before) if e["kind"] == "granted" and e["direction"] == direction
            ]
            people = {p for e in granted for p in e.get("who", ())}
            if people == set(PAIR) and self.bench.lock("main"):
                return True
        return False

    def _newest(self) -> int:
        with LogReader(self.log) as reader:
            return reader.count() - 1
