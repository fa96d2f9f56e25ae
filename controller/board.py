"""What can be energised: a second, small layer between the core and the wires.

Rule 1: it performs only what the site file lists, and boots able to do nothing.
Rule 2: a release carries its end; one that comes after it is dropped and reported (behaviour 33e).
Rule 3: a lamp comes not before its time, and nothing else waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from controller.clock import RoomClock
from controller.core.effects import (
    Display,
    Effect,
    LearnLoops,
    PairReader,
    Personalise,
    Raise,
    Release,
    Secure,
    Show,
    Signal,
    Silence,
    Withdraw,
)
from controller.core.state import State
from controller.core.words import SILENT
from controller.showing import Showing
from hardware.signals import Lamp, LateRelease, Sink

SIREN = "siren"


class Bolts(Protocol):
    """Whoever holds the outputs, in production ``hardware.gpio.GpioBoard``."""

    def release(self, line: str, until_monotonic: float) -> None:
        """Release a bolt until then."""

    def secure(self, line: str) -> None:
        """Drop a bolt."""

    def secure_all(self) -> None:
        """Drop every bolt."""

    def set(self, line: str, on: bool) -> None:
        """Switch a latching output."""


class Orders(Protocol):
    """Who carries out what takes its time, in production ``controller.wiring.Wiring``; none of it waits."""

    def personalise(self, reader: str, level: str, until_monotonic: float, taken: frozenset[str]) -> None:
        """Make the next card a badge, unless its number is taken."""

    def withdraw(self, reader: str) -> None:
        """Make no badge there after all, unless it is being made just now."""

    def display(self, panel: str, notice: str, text: str, until_monotonic: float) -> None:
        """Show a text on a panel until then; an empty one takes the notice off."""

    def pair(self, device: str, until_monotonic: float) -> None:
        """Give a reader a fresh key."""

    def learn(self, lines: Iterable[str]) -> None:
        """Learn what loops measure at rest."""


ShowLamp = Callable[[str, Lamp], None]


class Board:
    """Carries out effects on the wires that the site file lists."""

    def __init__(
        self,
        clock: RoomClock,
        bolts: Bolts,
        locks: Iterable[str],
        lamps: Mapping[str, ShowLamp],
        sink: Sink,
        *,
        siren: bool = False,
        orders: Orders | None = None,
    ) -> None:
        self._clock, self._bolts, self._sink = clock, bolts, sink
        self._locks, self._lamps, self._siren = frozenset(locks), dict(lamps), siren
        self._showing, self._orders = Showing(clock, self._show), orders

    def secure(self, effects: Iterable[Effect]) -> None:
        """Drop bolts and call the guard: before the log."""
        for effect in effects:
            if isinstance(effect, Secure) and effect.lock in self._locks:
                self._bolts.secure(effect.lock)
            elif isinstance(effect, Raise) and not effect.silent and self._siren:
                self._bolts.set(SIREN, on=True)

    def release(self, effects: Iterable[Effect], state: State) -> None:
        """Draw bolts and show lamps: after the log. What a later effect secured stays secured."""
        for effect in _standing(effects):
            if isinstance(effect, Release):
                self._release(effect)
            elif isinstance(effect, Show) and effect.reader in self._lamps:
                self._showing.show(effect)
            elif isinstance(effect, Silence) and self._siren and not _sounding(state):
                self._bolts.set(SIREN, on=False)
            elif self._orders is not None:
                self._order(self._orders, effect)

    def _order(self, orders: Orders, effect: Effect) -> None:
        match effect:
            case Personalise(reader, level, until, taken):
                orders.personalise(reader, level, self._clock.monotonic(until), taken)
            case Display(panel, notice, text, until):
                orders.display(panel, notice, text, self._clock.monotonic(until))
            case Withdraw(reader):
                orders.withdraw(reader)
            case PairReader(device, until):
                orders.pair(device, self._clock.monotonic(until))
            case LearnLoops(lines):
                orders.learn(lines)

    def stop(self) -> None:
        """Show at once the lamps that still wait for their time; before the drivers end."""
        self._showing.stop()

    def _show(self, reader: str, signal: Signal) -> None:
        self._lamps[reader](reader, Lamp(signal.value))

    def _release(self, effect: Release) -> None:
        if effect.lock not in self._locks:
            return
        late = self._clock.now() - effect.until
        if late >= 0:
            self._sink(LateRelease(effect.lock, late))
            return
        self._bolts.release(effect.lock, self._clock.monotonic(effect.until))

    def resume(self, state: State) -> None:
        """Sound again for alarms that a restart found unacknowledged (behaviour 25)."""
        if self._siren and _sounding(state):
            self._bolts.set(SIREN, on=True)

    def drop_everything(self) -> None:
        """Drop every bolt and sound: the log cannot be written (law 4)."""
        self._bolts.secure_all()
        if self._siren:
            self._bolts.set(SIREN, on=True)


def _standing(effects: Iterable[Effect]) -> list[Effect]:
    """Effects without the releases that a later one of the same batch has taken back."""
    kept: list[Effect] = []
    secured: set[str] = set()
    for effect in reversed(list(effects)):
        if isinstance(effect, Secure):
            secured.add(effect.lock)
        elif not (isinstance(effect, Release) and effect.lock in secured):
            kept.append(effect)
    return kept[::-1]


def _sounding(state: State) -> bool:
    return any(alarm.kind not in SILENT for alarm in state.alarms.values())
