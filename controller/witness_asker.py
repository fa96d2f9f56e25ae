"""One log witness is asked, in a thread of its own: the head of each round, and after silence with patience.

Rule 1: whatever a log witness does, others are not kept waiting: who failed is asked apart from the rounds.
Rule 2: a contradiction is told once, until it has cosigned again; it would otherwise tell of its own Entry.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from threading import Condition, Thread

from controller.errors import IronroomError
from controller.inbox import Report
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import Signature, SignedNote
from controller.ledger.proofs import consistency_proof
from controller.ledger.reading import LogReader
from controller.site_log import LogWitness
from controller.witness_call import Conflict, Cosigned, Outcome, Silent, WitnessCall
from controller.witness_conflict import evidence
from controller.witness_memory import WitnessMemory
from controller.witness_news import WitnessNews

FIRST_PAUSE_S, LONGEST_PAUSE_S, CONFLICT_PAUSE_S = 0.25, 15.0, 60.0
LOST_AFTER = 4
"""Calls in a row without an answer after which a log witness is reported lost."""

_dice = SystemRandom()


@dataclass(frozen=True, slots=True)
class Round:
    """One head that all log witnesses are asked to cosign."""

    number: int
    note: SignedNote
    size: int
    begun: float


class Asker(Thread):
    """Asks one log witness; `changed` is the condition under which rounds are given and looked at."""

    def __init__(
        self,
        witness: LogWitness,
        log: Path,
        put: Callable[[Report], None],
        changed: Condition,
        cosigned: Callable[[LogWitness, Round, Signature], None],
    ) -> None:
        super().__init__(name=f"log witness {witness.name}", daemon=True)
        self.witness = witness
        self.round: Round | None = None  # given by the rounds, under the condition
        self.done = 0  # number of the last round that came to its end here
        self.failures = 0
        self._log, self._put, self._changed, self._cosigned = log, put, changed, cosigned
        self._news = WitnessNews(witness.name, put)
        self._memory = WitnessMemory(log)
        self._call = WitnessCall(witness)
        self._not_before = 0.0
        self._told = False  # of a contradiction
        self._ended = False
        self._had: int | None = None  # its size, once it has cosigned in this life

    @property
    def is_prompt(self) -> bool:
        """Whether a round waits for it."""
        return self.failures == 0

    def end(self) -> None:
        """Let the thread end, also in the middle of a call; under the condition."""
        self._ended = True
        self._changed.notify_all()
        self._call.hang_up()

    def run(self) -> None:
        """Ask until ended."""
        while (current := self._next()) is not None:
            outcome = self._asked(current)
            if not self._ended:
                self._settle(current, outcome)
        self._call.close()

    def _next(self) -> Round | None:
        with self._changed:
            while not self._ended:
                wait_s = self._not_before - time.monotonic()
                has_work = self.round is not None and (self.failures > 0 or self.round.number > self.done)
                if has_work and wait_s <= 0:
                    return self.round
                self._changed.wait(wait_s if has_work else None)
        return None

    def _asked(self, current: Round) -> Outcome:
        origin = Checkpoint.parse(current.note.text).origin
        try:
            with LogReader(self._log) as reader:
                had = self._memory.size(self.witness.name, origin) if self._had is None else self._had
                outcome = self._call.ask(
                    current.note, had, lambda old, new: consistency_proof(old, new, reader.subtree)
                )
                if isinstance(outcome, Conflict) and not self._told:
                    self._put(evidence(self._call, self._memory, current.note, outcome, reader))
                    self._told = True
        except (IronroomError, OSError) as error:
            return Silent(f"our own side: {error}"[:200])
        return outcome

    def _settle(self, current: Round, outcome: Outcome) -> None:
        if isinstance(outcome, Cosigned):
            self._back(current)
            self._cosigned(self.witness, current, outcome.signature)
        else:
            self._failed(outcome)
        with self._changed:
            self.failures = 0 if isinstance(outcome, Cosigned) else self.failures + 1
            self.done = current.number
            self._changed.notify_all()

    def _back(self, current: Round) -> None:
        self._told, self._had = False, current.size
        self._news.cosigned(current.size)

    def _failed(self, outcome: Silent | Conflict) -> None:
        if self.failures + 1 >= LOST_AFTER and isinstance(outcome, Silent):
            self._news.silent(outcome.why)
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self.failures, 10))
        pause_s = CONFLICT_PAUSE_S if isinstance(outcome, Conflict) else longest
        self._not_before = time.monotonic() + pause_s * _dice.uniform(0.5, 1.0)
