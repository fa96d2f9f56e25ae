"""A room to test with: drives the real Site by what people do, and checks its laws after every step.

Rule: nothing here decides anything. After each step the log alone gives the same state, the bolts stand
as the state says, nothing was released that is not written down, and a person inside can leave.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from controller.core.effects import Body, Outcome, Raise, Release, Secure, Show, Signal
from controller.core.events import (
    Asking,
    BadgeRead,
    Event,
    InputLevel,
    Level,
    PinTyped,
    Started,
    TimePassed,
)
from controller.core.fold import fold
from controller.core.freeze import from_json, to_json
from controller.core.plan import SitePlan
from controller.core.site import Site
from controller.core.state import BoxPhase, DoorPhase, State
from tests.core.plans import START, example

PEOPLE: dict[str, dict[str, Any]] = {
    "li": {"badges": ["B1", "B1b"], "pin": "4821", "department": "accounting", "posts": ["custodian"]},
    "wang": {"badges": ["B2"], "pin": "7305", "department": "security", "posts": ["supervisor"]},
    "chen": {"badges": ["B3"], "department": "accounting", "posts": ["clerk"]},
    "zhao": {"badges": ["B4"], "department": "audit", "posts": ["clerk", "duty"]},
    "guest": {"badges": ["V1"], "visitor": True, "host": "li"},
    "guest2": {"badges": ["V2"], "visitor": True, "host": "li"},
}
OPENING = frozenset(  # Entries of a bolt that is released
    {
        *("granted", "log_witnessed", "unwitnessed_opening", "grant_pictured", "unpictured_opening"),
        "released_remotely",
    }
)
PICTURES = frozenset({"pictures_taken", "no_picture"})


class Room:
    """A started site with people and quiet inputs; ``now`` is room time in milliseconds."""

    def __init__(self, plan: SitePlan | None = None, /, **people: dict[str, Any]) -> None:
        self.plan = plan or example()
        self.site = Site(self.plan, b"pepper")
        self.now = 0
        self.entries: list[Body] = []
        self.outcome = Outcome((), ())
        self.bolts: dict[str, int] = {}  # what the board holds drawn, until when
        self.signals: dict[str, Signal] = {}
        self._log_alone = State()
        self.start()
        self.ask("found", "", people=PEOPLE | people)
        self.calm()

    @property
    def state(self) -> State:
        """State of the site as it is."""
        return self.site.state

    @property
    def reason(self) -> Any:  # not Reason | None: mypy would believe that the next step cannot change it
        """Reason of the last answer; None when it was accepted or nobody was answered."""
        return self.outcome.answer.reason if self.outcome.answer else None

    @property
    def kinds(self) -> list[str]:
        """Kinds of the Entries of the last step, but for what became of pictures: here is no recorder."""
        return [e["kind"] for e in self.outcome.entries if e["kind"] not in PICTURES]

    @property
    def inside(self) -> set[str]:
        """Staff inside the vault."""
        return set(self.state.room("vault").inside)

    @property
    def alarms(self) -> set[str]:
        """Kinds of the alarms nobody has acknowledged."""
        return {a.kind for a in self.state.alarms.values()}

    @property
    def raised(self) -> list[str]:
        """Alarms the last step called the guard for."""
        return [e.alarm for e in self.outcome.effects if isinstance(e, Raise)]

    def of(self, kind: str) -> list[Body]:
        """All Entries of one kind, since the beginning."""
        return [e for e in self.entries if e["kind"] == kind]

    def is_open(self, lock: str = "main") -> bool:
        """Tell whether the board holds this bolt drawn now."""
        return self.bolts.get(lock, self.now) > self.now

    def signal(self, reader: str = "main.in") -> str:
        """What lamp and sounder of a reader show."""
        return self.signals.get(reader, Signal.IDLE).value

    def step(self, event: Event) -> Outcome:
        """Give the site an event, follow its effects as the board does, and check the laws."""
        self.outcome = self.site.step(event)
        self.now = self.state.at
        self.entries += self.outcome.entries
        self._log()
        self._board()
        self._laws()
        return self.outcome

    def _log(self) -> None:
        for body in self.outcome.entries:
            fold(self._log_alone, json.loads(json.dumps(body)))

    def _board(self) -> None:
        for effect in self.outcome.effects:
            if isinstance(effect, Secure):
                self.bolts.pop(effect.lock, None)
            elif isinstance(effect, Release):
                written = [e for e in self.entries if e["kind"] in OPENING and e["place"] == effect.lock]
                assert written, f"{effect} without an Entry"
                assert written[-1]["until"] == effect.until
                self.bolts[effect.lock] = effect.until
            elif isinstance(effect, Show):
                self.signals[effect.reader] = effect.signal

    def _laws(self) -> None:
        for field in fields(State):
            if field.name != "at":
                assert getattr(self._log_alone, field.name) == getattr(self.state, field.name), field.name
        for name, door in self.plan.doors.items():
            assert self.is_open(name) == (self.state.door(name).phase is DoorPhase.RELEASED), name
            assert door.interlock or self.site.egress_is_free(name)
        for box in set(self.plan.locks) - set(self.plan.doors):
            assert self.is_open(box) == (self.state.compartment(box).phase is BoxPhase.RELEASED), box

    def start(self, *, off: int = 0, wall: int | None = None, policy: str = "") -> Outcome:
        """Start the controller; it was off for ``off`` ms, in which room time stands still."""
        self.bolts.clear()  # a strike without its controller is bolted
        self.signals.clear()
        drift = self.state.offset or START
        wall = self.now + drift + off if wall is None else wall
        return self.step(Started(self.now, wall, policy or self.plan.digest))

    def restart(self, *, off: int = 0, settle: bool = True) -> Outcome:
        """Kill the controller and start it from the log alone; then every input reports what it was."""
        levels = dict(self.state.inputs)
        saved = json.dumps(to_json(self._log_alone))
        self.site = Site(self.plan, b"pepper", from_json(json.loads(saved)))
        self.site.state.at = self.now
        started = self.start(off=off)
        for point, level in levels.items() if settle else ():
            self.input(point, level)
        return started

    def calm(self) -> None:
        """Every input reports normal."""
        for point in self.plan.inputs:
            self.input(point, Level.NORMAL)

    def wait(self, seconds: float) -> Outcome:
        """Let time pass and settle what falls due."""
        return self.wait_ms(round(seconds * 1000))

    def wait_ms(self, millis: int) -> Outcome:
        """Let time pass, to the millisecond."""
        return self.step(TimePassed(self.now + millis))

    def tap(self, reader: str, badge: str, level: str = "uid") -> Outcome:
        """Present a badge."""
        return self.step(BadgeRead(self.now, reader, badge, level))

    def pin(self, reader: str, digits: str) -> Outcome:
        """Type digits."""
        return self.step(PinTyped(self.now, reader, digits))

    def input(self, point: str, level: Level, *, settled: bool = True) -> Outcome:
        """Report a level of an input, by default one that has passed its chatter filter."""
        return self.step(InputLevel(self.now, point, level, settled))

    def open(self, what: str = "main") -> Outcome:
        """Open a door, window or compartment."""
        return self.input(f"{what}.contact", Level.ACTIVE)

    def shut(self, what: str = "main") -> Outcome:
        """Shut it."""
        return self.input(f"{what}.contact", Level.NORMAL)

    def bolt(self, what: str = "main", *, drawn: bool) -> Outcome:
        """Draw or throw a bolt."""
        return self.input(f"{what}.bolt", Level.ACTIVE if drawn else Level.NORMAL)

    def rex(self, door: str = "main") -> Outcome:
        """Press the request to exit and let it go."""
        pressed = self.input(f"{door}.rex", Level.ACTIVE)
        self.input(f"{door}.rex", Level.NORMAL)
        self.outcome = pressed
        return pressed

    def ask(self, name: str, by: str, second: str = "", /, **given: Any) -> Outcome:
        """Ask for something."""
        return self.step(Asking(self.now, name, by, second, given))

    def enter(self, *badges: str, door: str = "main") -> None:
        """People badge outside, open, go in and shut the door behind them."""
        for badge in badges:
            self.tap(f"{door}.in", badge)
        self.through(door)

    def leave(self, *badges: str, door: str = "main") -> None:
        """People badge inside, open, go out and shut the door behind them."""
        for badge in badges:
            self.tap(f"{door}.out", badge)
        self.through(door)

    def through(self, door: str = "main") -> None:
        """Open and shut a door, with a moment before, between and after."""
        self.wait(1)
        self.open(door)
        self.wait(1)
        self.shut(door)
        self.wait(1)
