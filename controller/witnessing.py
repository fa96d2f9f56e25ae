"""The log's heads are cosigned by log witnesses, in the background. Rule: the loop never waits for this.

A round asks all log witnesses at once about the newest head; heads that come meanwhile wait for the next
round, where only the newest matters. Who was silent in the last round is asked beside it, in its own time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread

from controller.inbox import Report
from controller.ledger.formats.note import Signature, SignedNote
from controller.site_log import LogWitness
from controller.witness_asker import Asker, Round
from controller.witness_memory import WitnessMemory

ROUND_S = 3.5
"""A round waits no longer for those who answered promptly before."""

AGAIN_S = 300.0
"""A head that stays the newest is cosigned again after this time, so that silence means something."""

KEPT_EVERY_S = 1.0
"""Files are brought up to date at once, and then no sooner than after this time: the disk is the log's."""

END_S = 4.0


class LogWitnesses:
    """All log witnesses of a log: `start`, `offer` each new head, `stop`.

    `put` is given DeviceLost, DeviceBack, Witnessed and LogNews, from other threads; it may wait.
    """

    def __init__(self, witnesses: Sequence[LogWitness], log: Path, put: Callable[[Report], None]) -> None:
        self._changed = Condition()
        self._memory = WitnessMemory(log)
        self._askers = [Asker(one, log, put, self._changed, self._gather) for one in witnesses]
        self._newest: tuple[bytes, int] | None = None
        self._round: Round | None = None
        self._gathered: dict[str, Signature] = {}  # of the round
        self._unkept: dict[str, SignedNote] = {}
        self._unpublished: SignedNote | None = None
        self._stopping = self._ended = False
        self._threads = [
            Thread(target=self._rounds, name="log witnesses", daemon=True),
            Thread(target=self._keeping, name="log witnesses' files", daemon=True),
        ]

    def start(self) -> None:
        """Begin to ask, as soon as there is a head."""
        if self._askers:
            for thread in (*self._askers, *self._threads):
                thread.start()

    def offer(self, note: bytes, size: int) -> None:
        """A new head is durable; takes microseconds."""
        with self._changed:
            self._newest = note, size
            self._changed.notify_all()

    def stop(self) -> None:
        """Let the newest head be cosigned, if that is quick, and end; does nothing before `start`."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._threads[0].ident is not None:
            end = time.monotonic() + END_S
            for thread in (self._threads[0], *self._askers, self._threads[1]):
                thread.join(max(0.0, end - time.monotonic()))

    def _rounds(self) -> None:
        while self._next_head():
            self._begin_round()
            self._await_round()
        with self._changed:
            self._ended = True
            for asker in self._askers:
                asker.end()

    def _next_head(self) -> bool:
        """Wait for a head that was not asked about, or until it is time to ask again; False to end."""
        with self._changed:
            end = time.monotonic() + AGAIN_S
            while not self._is_new() and not self._stopping:
                left = end - time.monotonic()
                if left <= 0 and self._round is not None:
                    return True
                self._changed.wait(max(left, 0.0) if self._round else None)
            return self._is_new()

    def _is_new(self) -> bool:
        size = self._round.size if self._round else -1
        return self._newest is not None and self._newest[1] != size

    def _begin_round(self) -> None:
        with self._changed:
            assert self._newest is not None
            octets, size = self._newest
            number = self._round.number + 1 if self._round else 1
            self._round = Round(number, SignedNote.parse(octets), size, time.monotonic())
            self._gathered.clear()
            for asker in self._askers:
                asker.round = self._round
            self._changed.notify_all()

    def _await_round(self) -> None:
        with self._changed:
            assert self._round is not None
            end = self._round.begun + ROUND_S
            while self._waited_for() and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
            for asker in self._waited_for():
                asker.failures = 1  # the rounds go on without it until it has answered
            self._publish()

    def _waited_for(self) -> list[Asker]:
        assert self._round is not None
        return [one for one in self._askers if one.is_prompt and one.done < self._round.number]

    def _gather(self, witness: LogWitness, asked: Round, signature: Signature) -> None:
        """A cosignature came, in an asker's thread."""
        with self._changed:
            self._unkept[witness.name] = asked.note.joined([signature])
            if self._round is not None and asked.size == self._round.size:
                self._gathered[witness.name] = signature
                if not self._waited_for():
                    self._publish()
            self._changed.notify_all()

    def _publish(self) -> None:
        if self._round is not None and self._gathered:
            self._unpublished = self._round.note.joined(
                self._gathered[one.witness.name] for one in self._askers if one.witness.name in self._gathered
            )
            self._changed.notify_all()

    def _keeping(self) -> None:
        while True:
            with self._changed:
                while not (self._unkept or self._unpublished or self._ended):
                    self._changed.wait()
                kept, published, ended = self._unkept, self._unpublished, self._ended
                self._unkept, self._unpublished = {}, None
            self._write(kept, published)
            if ended:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, KEPT_EVERY_S)

    def _write(self, kept: dict[str, SignedNote], published: SignedNote | None) -> None:
        with suppress(OSError):  # a full disk is the log's to announce; the log witnesses remember as well
            if published is not None:
                self._memory.publish(published)
            for name, note in kept.items():
                self._memory.keep(name, note)
