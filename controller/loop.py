"""The loop: secure at once, remember durably, only then open.

Rule 1: this thread alone owns the site; drivers and gate reach it by the inbox.
Rule 2: nothing opens that is not on disk; when the log dies, bolts drop and the process ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from controller.core.effects import Body, Effect, Outcome
from controller.core.events import Event
from controller.core.site import Site
from controller.core.state import State
from controller.ledger.custody_log import CustodyLog


class Hands(Protocol):
    """Whoever carries out effects: ``controller.board.Board``, or a drill's paper board."""

    def secure(self, effects: Iterable[Effect]) -> None:
        """Drop bolts and call the guard."""

    def release(self, effects: Iterable[Effect], state: State) -> None:
        """Draw bolts and show lamps."""

    def drop_everything(self) -> None:
        """Drop every bolt."""


class Loop:
    """Turns events into outcomes, and outcomes into Entries and effects, in the one safe order.

    ``offer`` is given every new signed head and its size, for those who cosign it; it must not wait.
    """

    def __init__(
        self, site: Site, log: CustodyLog, hands: Hands, offer: Callable[[bytes, int], None] | None = None
    ) -> None:
        self.site, self.log, self.hands = site, log, hands
        self._offer = offer

    def turn(self, events: Sequence[Event]) -> list[Outcome]:
        """Handle a batch of events as one durable commit; raises LogDead when it cannot be.

        Whatever is raised here, the bolts have dropped before: the room may have gone where the log has not.
        """
        with self._whole():
            outcomes = [self.site.step(event) for event in events]
            effects: list[Effect] = [effect for outcome in outcomes for effect in outcome.effects]
            entries: list[Body] = [entry for outcome in outcomes for entry in outcome.entries]
            self.hands.secure(effects)
            if entries:
                self.log.append(entries)
            self.hands.release(effects, self.site.state)
            if entries:
                self._offer_head()
        return outcomes

    def _offer_head(self) -> None:
        if self._offer and (note := self.log.note()):
            self._offer(note, self.log.size)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        whole = False
        try:
            yield
            whole = True
        finally:  # an interrupt and a want of memory are no errors of ours, and bolts drop for them too
            if not whole:
                self.hands.drop_everything()
