"""The running controller: loop thread, drivers, gate, saved states, and an orderly end.

Rule: bolts are constructed bolted before anything else is read; they are dropped before anything else ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from threading import Event as Flag
from typing import Any

from controller.beat import Beat
from controller.becoming import Becoming
from controller.clock import ClockWatch, RoomClock, system_wall_ms
from controller.console.sight import sight
from controller.core.effects import Answer
from controller.core.events import Asking, Event, Started, Stopped, TimePassed
from controller.core.site import Site
from controller.core.visit_known import known_by_tag
from controller.inbox import DESK, GUARD, SEALED, VISITOR, Inbox, Item, Look, Report
from controller.log_care import LogCare
from controller.loop import Loop
from controller.view import view
from controller.wiring import Wiring
from hardware.signals import WallClock

LONGEST_SLEEP_S = 0.5


class Controller:
    """Owns the loop's thread; ``run`` returns after ``stop``, and calls ``alive`` with every turn."""

    def __init__(
        self,
        loop: Loop,
        care: LogCare,
        inbox: Inbox,
        wiring: Wiring,
        clock: RoomClock,
        beat: Beat,
        stopping: Flag,
    ) -> None:
        self.loop, self.care, self.inbox = loop, care, inbox
        self.wiring, self.clock, self.beat, self.stopping = wiring, clock, beat, stopping
        self.watch = ClockWatch()
        self.becoming = Becoming()
        self.alive: Callable[[], None] = _nobody_listens

    @property
    def site(self) -> Site:
        """The site; only for the loop's own thread."""
        return self.loop.site

    def begin(self, policy: str, wall_ms: int) -> None:
        """Write down the start, before any driver reports."""
        at = self.clock.now()
        self.watch.offset_ms = wall_ms - at
        self.care.put_back()
        self.becoming.note(self.loop.turn([Started(at, wall_ms, policy)]))
        self.care.begin()

    def run(self) -> None:
        """Handle what comes until stopped; raises LogDead when the log dies."""
        while not self.stopping.is_set():
            items = self.inbox.take(self._patience())
            self._handle(items)
            self.beat.mark(self.site.state.at)
            self.care.after_turn()
            self.alive()
            if not items:
                self.care.idle()

    def stop(self) -> None:
        """Ask the loop to end, from another thread; a signal handler only sets ``stopping``."""
        self.stopping.set()
        self.inbox.wake()

    def finish(self) -> None:
        """Drop every bolt, then write down the end and keep the state."""
        self.wiring.gpio.secure_all()
        at = max(self.clock.now(), self.site.state.at)
        self.loop.turn([TimePassed(at)])
        self.alive()  # keeping the state may take a slow disk as long as the watchdog waits
        self.care.keep_state()
        self.alive()
        self.loop.turn([Stopped(max(at, self.site.state.at))])

    def _patience(self) -> float:
        due = self.site.deadline
        if due is None:
            return LONGEST_SLEEP_S
        return min(LONGEST_SLEEP_S, max(0.0, (due - self.clock.now()) / 1000))

    def _handle(self, items: list[Item]) -> None:
        """Everything of one batch in one commit; whoever asked is answered when it is durable."""
        events = [(event, item.reply) for item in items for event in self._events(item)]
        jump = self._clock_jump()
        if jump or not events:
            events.append((jump or TimePassed(self.clock.now()), None))
        outcomes = self.loop.turn([event for event, _ in events])
        self.becoming.note(outcomes)
        for (_, reply), outcome in zip(events, outcomes, strict=True):
            if reply:
                reply(outcome.answer or Answer())
        for item in items:
            if item.reply and isinstance(item.content, Look):
                item.reply(self._seen(item.content))

    def _seen(self, look: Look) -> dict[str, Any]:
        if look.what == DESK:
            return sight(self.site.state)
        if look.what == VISITOR:
            return asdict(known_by_tag(self.site.state, look.about))
        guard = look.about if look.what == GUARD else ""
        sealed, ends = look.what == SEALED, self.becoming.ends
        return view(self.site, sealed=sealed, guard=guard, whole=look.whole, became=ends)

    def _events(self, item: Item) -> list[Event]:
        if isinstance(item.content, Asking | Report):
            return [replace(item.content, at=item.at)]
        if isinstance(item.content, WallClock):
            jump = self.watch.observe(item.at, item.content.wall_ms, item.content.error_ms)
            return [jump] if jump else []
        if isinstance(item.content, Look):
            return []
        return self.wiring.events(item.at, item.content)

    def _clock_jump(self) -> Event | None:
        if self.wiring.has_clock:
            return None
        return self.watch.observe(self.clock.now(), system_wall_ms())


def _nobody_listens() -> None:
    """Where neither watchdog nor systemd wants signs of life."""
