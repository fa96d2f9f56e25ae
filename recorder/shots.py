"""The Snapshots of one camera: each wanted picture waits for its frame here, on the camera's own thread.

Rule 1: a frame is chosen by its moment, never because it is the latest; what lies too far off is refused.
Rule 2: a frame from before the event is held at once, before the ring forgets it; what is held is bounded.
Rule 3: nothing waits longer than the Snapshot's patience; every wanted picture is answered once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Lock, Thread
from time import monotonic

from hardware.cameras.capture import Camera
from hardware.cameras.jpeg import Limits
from hardware.cameras.ring import Frame, Ring
from recorder.developing import developed, missing
from recorder.messages import AFTER, NOW, FramesSeen, FromRecorder, NoPicture, Snapshot, Wanted

Say = Callable[[FromRecorder], None]
LEAST_TOLERANCE_S = 0.25
INTERVALS = 1.5
_FACING_S = 1.0
_WHY = {"lost": "lost", "ended": "lost", "stalled": "stalled", "broken": "broken", "too_big": "too_big"}


class Store:
    """How many bytes of frames all Snapshots may hold beside the rings."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held, self._lock = most_bytes, 0, Lock()

    def take(self, size: int) -> bool:
        """Whether there is room for so many more."""
        with self._lock:
            if self._held + size > self._most:
                return False
            self._held += size
            return True

    def give(self, size: int) -> None:
        """So many are let go."""
        with self._lock:
            self._held -= size


class Half:
    """What one camera owes of one Snapshot, before and at the event or after it; ``done`` is called once."""

    def __init__(
        self, snapshot: Snapshot, camera: str, part: str, say: Say, done: Callable[[], None]
    ) -> None:
        self.snapshot, self.camera, self.part, self.say = snapshot, camera, part, say
        self.wanted = [
            each for each in snapshot.wanted if each.camera == camera and (part == AFTER) == (each.moment > 0)
        ]
        self._left, self._done, self._counting = len(self.wanted), done, Lock()

    def answer(self, ring: Ring | None, *answers: FromRecorder) -> None:
        """One wanted picture is answered; before the last one the frames are counted."""
        with self._counting:
            self._left -= 1
            last = not self._left
        if last and ring is not None:
            self.say(self._frames(ring))
        for each in answers:
            self.say(each)
        if last:
            self._done()

    def _frames(self, ring: Ring) -> FramesSeen:
        event, moments = self.snapshot.monotonic, [each.moment / 1_000 for each in self.wanted]
        since, until = min(event + min(moments), event - _FACING_S), event
        if self.part == AFTER:
            since, until = event, event + max(moments)
        found = ring.counts(since, until)
        return FramesSeen(self.snapshot.shot, self.camera, self.part, found.seen, found.missed, found.gap_ms)


@dataclass(slots=True, eq=False)
class Job:
    """One wanted picture: ``due`` and ``until`` in monotonic seconds; ``frame`` once found or ``why`` not."""

    half: Half
    wanted: Wanted
    due: float
    until: float
    frame: Frame | None = None
    why: str = ""


class Shots:
    """Works off one camera's wanted pictures between ``start`` and ``stop``."""

    def __init__(self, camera: Camera, ring: Ring, limits: Limits, store: Store, *, masks: bool) -> None:
        self._camera, self._ring, self._limits = camera, ring, limits
        self._store, self._masks = store, masks
        self._tolerance_s = max(LEAST_TOLERANCE_S, INTERVALS / ring.per_second)
        self._began = monotonic()
        self._jobs: list[Job] = []
        self._over = False
        self._turn = Condition()
        self._thread = Thread(target=self._run, name=f"shots {camera.name}", daemon=True)
        ring.tell = self._look

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is still owed is answered with ``lost``."""
        with self._turn:
            self._over = True
            self._turn.notify_all()

    def take(self, half: Half) -> None:
        """Owe these pictures from now on; a camera known to be lost keeps no door waiting."""
        lost = half.part == NOW and self._camera.health().state in _WHY
        patience = max(self._tolerance_s, 0.0 if lost else half.snapshot.patience_s)
        for wanted in half.wanted:
            due = half.snapshot.monotonic + wanted.moment / 1_000
            # What lies before the event is in the ring by now, or never will be.
            job = Job(half, wanted, due, 0.0 if wanted.moment < 0 else due + patience)
            self._find(job)
            with self._turn:
                if not self._over:
                    self._jobs.append(job)
                    self._turn.notify_all()
                    continue
            self._give_up(job)

    def _look(self) -> None:
        with self._turn:
            self._turn.notify_all()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._develop(job)
        self.forget()

    def forget(self) -> None:
        """Give up whatever still waits."""
        with self._turn:
            left, self._jobs = self._jobs, []
        for job in left:
            self._give_up(job)

    def _next(self) -> Job | None:
        """The next job that can be done or given up; None when it is over."""
        with self._turn:
            while not self._over:
                for job in self._jobs:
                    if self._ready(job):
                        self._jobs.remove(job)
                        return job
                until = min((job.until for job in self._jobs), default=None)
                self._turn.wait(None if until is None else max(0.001, until - monotonic()))
        return None

    def _ready(self, job: Job) -> bool:
        if job.frame is None and not job.why:
            self._find(job)
        return job.frame is not None or bool(job.why) or monotonic() >= job.until

    def _find(self, job: Job) -> None:
        """Hold the frame of its moment, if there is one and room for it."""
        if (found := self._found(job)) is None:
            return
        if self._store.take(found.cost):
            job.frame = found
        else:
            job.why = "no_room"

    def _found(self, job: Job) -> Frame | None:
        """The frame of its moment: before the event the nearest one, from the event on the first one."""
        if job.wanted.moment < 0:
            # None of it may lie behind the event.
            return self._ring.nearest(job.due, min(self._tolerance_s, -job.wanted.moment / 1_000))
        found = self._ring.first(job.due)
        return found if found is not None and found.at <= job.until else None

    def _develop(self, job: Job) -> None:
        if job.frame is None:
            job.half.answer(self._ring, self._no(job, job.why or self._why(job)))
            return
        try:
            answers = developed(job.frame, job.half.snapshot, job.wanted, self._limits, masks=self._masks)
        finally:
            self._store.give(job.frame.cost)
        job.half.answer(self._ring, *answers)

    def _give_up(self, job: Job) -> None:
        """The camera is not among ours any more."""
        if job.frame is not None:
            self._store.give(job.frame.cost)
        job.half.answer(None, self._no(job, "lost"))

    def _why(self, job: Job) -> str:
        """Why there is no frame of that moment, as a stable word."""
        span, state = self._ring.span(), self._camera.health().state
        if job.due < self._began or (span and job.due < span[0]):
            return "too_young"
        if state in _WHY:
            return _WHY[state]
        if span is None:
            return "too_young"
        return "stalled" if span[1] < job.due else "no_frame"

    @staticmethod
    def _no(job: Job, why: str) -> NoPicture:
        return missing(job.half.snapshot, job.wanted, why)


def halves(snapshot: Snapshot, camera: str, say: Say, done: Callable[[], None]) -> list[Half]:
    """What a camera owes of a Snapshot."""
    both = [Half(snapshot, camera, part, say, done) for part in (NOW, AFTER)]
    return [half for half in both if half.wanted]
