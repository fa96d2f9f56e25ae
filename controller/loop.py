"""The loop: secure at once, remember durably, only then open.

Rule 1: this thread alone owns the site; drivers and gate reach it by the inbox.
Rule 2: nothing opens that is not on disk; when the log dies, bolts drop and the process ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from controller.core.effects import Body, Effect, Outcome
from controller.core.events import Event
from controller.core.site import Site
from controller.core.state import State
from controller.errors import IronroomError
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
    """Turns events into outcomes, and outcomes into Entries and effects, in the one safe order."""

    def __init__(self, site: Site, log: CustodyLog, hands: Hands) -> None:
        self.site, self.log, self.hands = site, log, hands

    def turn(self, events: Sequence[Event]) -> list[Outcome]:
        """Handle a batch of events as one durable commit; raises LogDead when it cannot be."""
        outcomes = [self.site.step(event) for event in events]
        effects: list[Effect] = [effect for outcome in outcomes for effect in outcome.effects]
        entries: list[Body] = [entry for outcome in outcomes for entry in outcome.entries]
        self.hands.secure(effects)
        self._remember(entries)
        self.hands.release(effects, self.site.state)
        return outcomes

    def _remember(self, entries: list[Body]) -> None:
        if not entries:
            return
        try:
            self.log.append(entries)
        except IronroomError:  # dead, or a draft it refuses: the room has gone where the log has not
            self.hands.drop_everything()
            raise
