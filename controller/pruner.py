"""Prunes the log by its keeping rules, a little whenever nobody is waiting. Behaviour 63.

Rule 1: the Entry comes first, and where the core refuses it, under a legal hold, nothing goes.
Rule 2: two kept states that their Entries vouch for are behind whatever goes; a start needs one.
Rule 3: while a changed clock waits for two people to accept it, nothing goes.
"""

from __future__ import annotations

from controller.core.erasing import held
from controller.core.words import Kind
from controller.keeping_rules import DAY_MS, terms
from controller.kept_states import keep_state, vouched
from controller.ledger.pruning import Round
from controller.log_news import tell
from controller.loop import Loop
from controller.site_log import Keeping

STATES = 2


class Pruner:
    """Looks once a day of room time, and then works off what there is in rounds and portions."""

    def __init__(self, loop: Loop, keeping: Keeping) -> None:
        self._loop, self._keeping = loop, keeping
        self._round: Round | None = None
        self._limit = 0  # two kept states are from behind this counter
        self._next_at = 0

    def idle(self, at: int) -> None:
        """One portion, or the beginning of a round; raises LogDead when the disk refuses."""
        state = self._loop.site.state
        if state.claimed is not None or held(state):
            self._round = None
            return
        if self._round is None and at >= self._next_at:
            self._round = self._begun(at)
            if self._round is None:
                self._next_at = at + DAY_MS
        if self._round is not None and self._loop.log.prune(self._round):
            self._round = None

    def _begun(self, at: int) -> Round | None:
        log, due = self._loop.log, terms(self._keeping, at)
        wanted = log.next_round(due, log.size)
        if wanted is None:
            return None
        self._keep_states(max(end for _, end in wanted.ends), at)
        planned = log.next_round(due, self._limit)
        if planned is None or not planned.bodies:
            return planned
        fields = {"kept_from": planned.kept_from, "bodies": planned.bodies}
        return planned if tell(self._loop, at, Kind.PRUNED, fields) else None

    def _keep_states(self, end: int, at: int) -> None:
        """See to it that two kept states are from behind the counter."""
        if self._limit >= end:
            return
        behind = [n for n in vouched(self._loop.log) if n >= end]
        for _ in range(STATES - len(behind)):
            keep_state(self._loop, max(at, self._loop.site.state.at))
        self._limit = vouched(self._loop.log)[STATES - 1]
