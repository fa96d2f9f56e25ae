"""One camera and its thread: opens, reads, fails, waits, opens again. Rule 1: the thread raises nothing.

Rule 2: whatever a camera sends, or does not, ends in a state that `Camera.health` tells and in another try.
Rule 3: that a camera is stalled is told by whoever asks, not by the thread that may be stuck in reading it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Event, Lock, Thread
from time import monotonic
from typing import Literal

from hardware.cameras.address import Address
from hardware.cameras.areas import Area
from hardware.cameras.jpeg import LIMITS, JpegError, Limits, check
from hardware.cameras.libraries import LibraryMissingError, opencv
from hardware.cameras.pace import Pace
from hardware.cameras.ring import Frame, Ring
from hardware.cameras.stream import Fault, Stream, StreamError, Timeouts

State = Literal["starting", "good", "stopped"] | Fault
# So many pictures in a row that cannot be used are no accident.
_ACCIDENTS = 3
_FPS_OVER_S = 2.0
# Decoding takes milliseconds: a sample shows whether a camera still sends whole pictures.
_CHECK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: between tries (doubled from ``first_s`` to ``longest_s``), and without a good picture.

    A camera that is well again shows pictures after at most ``longest_s`` and the time to open it. A stream
    that went well for ``steady_s`` starts the tries anew. Without one good picture for ``fault_after_s`` a
    stream is opened again, and the camera is stalled. ``timeouts`` bound what cannot be interrupted.
    """

    timeouts: Timeouts = field(default_factory=Timeouts)
    first_s: float = 0.25
    longest_s: float = 5.0
    steady_s: float = 10.0
    fault_after_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a camera does; every state but good, starting and stopped is a fault.

    lost: cannot be opened; ended: closed the stream; stalled: no good picture for too long; broken, too_big:
    what comes are no usable pictures; flooding: far too many. ``why`` is a sentence without address or
    secret. ``per_second`` is over the last two seconds, ``age_s`` that of the newest good picture (None:
    never one); ``reconnects`` counts openings after the first, ``refused`` pictures that could not be used.
    """

    state: State
    why: str
    per_second: float
    age_s: float | None
    reconnects: int
    refused: int
    ring_bytes: int
    ring_s: float


class Camera:
    """Keeps ``ring`` filled from the camera at ``address`` at the rate of the ring, between start and stop.

    Bounded in memory by the ring and one picture. Nothing unmasked is kept beyond the call that read it.
    ``kept``, 0 to 1, is the share of pictures that are taken, evenly, to save processor time; what is left
    out is not decoded either, and the ring counts it as missed. It may be set at any time.
    """

    def __init__(
        self,
        name: str,
        address: Address,
        ring: Ring,
        *,
        masks: tuple[Area, ...] = (),
        limits: Limits = LIMITS,
        patience: Patience = Patience(),
    ) -> None:
        self.name, self.ring, self.kept = name, ring, 1.0
        self._address, self._masks, self._limits, self._patience = address, masks, limits, patience
        # At a slow rate a picture may be waited for longer than is said for quick ones.
        self._fault_after_s = max(patience.fault_after_s, 3 / ring.per_second)
        self._timeouts = replace(patience.timeouts, read_s=max(patience.timeouts.read_s, 2 / ring.per_second))
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"camera {name}", daemon=True)
        self._lock = Lock()
        self._state: State = "starting"
        self._why = ""
        self._began: float | None = None
        self._good: float | None = None
        self._last: Fault = "broken"
        self._next_check = self._next_kept = float("-inf")
        self._openings = self._refused = self._in_a_row = 0

    def start(self) -> None:
        """Begin, once; returns at once."""
        self._began = monotonic()
        self._thread.start()

    def stop(self, timeout_s: float | None = None) -> bool:
        """End the thread; False where it is still stuck in opening or reading when the time is over.

        By default it is given as long as its timeouts need. Afterwards no picture enters the ring any more,
        even where the thread is stuck; it ends by itself then, or with the process.
        """
        self._stop.set()
        self.ring.end()
        if self._thread.is_alive():
            longest = self._timeouts.open_s + self._timeouts.read_s + 1
            self._thread.join(longest if timeout_s is None else timeout_s)
        return not self._thread.is_alive()

    def health(self) -> Health:
        """How the camera does now; never waits for it."""
        now = monotonic()
        with self._lock:
            state, why = self._judged(now)
            good, reconnects, refused = self._good, max(0, self._openings - 1), self._refused
        seen = self.ring.counts(now - _FPS_OVER_S, now).seen
        span = self.ring.span() or (0.0, 0.0)
        age = None if good is None else now - good
        ring = (self.ring.bytes, span[1] - span[0])
        return Health(state, why, seen / _FPS_OVER_S, age, reconnects, refused, *ring)

    def _judged(self, now: float) -> tuple[State, str]:
        if self._stop.is_set():
            return "stopped", "was stopped"
        since = self._good or self._began
        late = since is not None and now - since > self._fault_after_s
        if late and self._state in ("starting", "good"):
            return "stalled", f"no picture for {self._fault_after_s:g} s"
        if self._began is not None and not self._thread.is_alive():
            return "lost", "its thread has ended: start the recorder again"
        return self._state, self._why

    def _run(self) -> None:
        delay = self._patience.first_s
        while not self._stop.is_set():
            opened = monotonic()
            self._attempt()
            if monotonic() - opened > self._patience.steady_s:
                delay = self._patience.first_s
            self._stop.wait(delay)
            delay = min(delay * 2, self._patience.longest_s)

    def _attempt(self) -> None:
        """One stream from its opening to its end, whatever that is."""
        try:
            cv2 = opencv()
        except LibraryMissingError as error:
            self._tell("lost", str(error))
            return
        try:
            self._follow()
        except StreamError as error:
            self._tell(error.why, str(error))
        except (cv2.error, OSError, ValueError, SystemError, MemoryError) as error:
            # Of OpenCV's own texts some hold the address: the kind has to do.
            self._tell("broken", f"ended with {type(error).__name__}")

    def _follow(self) -> None:
        stream = Stream(self._address, self._masks, self._limits, self._timeouts)
        try:
            self._read(stream)
        finally:
            stream.close()

    def _read(self, stream: Stream) -> None:
        began = monotonic()
        pace = Pace(self.ring.per_second, began)
        with self._lock:
            self._openings += 1
            self._in_a_row = 0
        while not self._stop.is_set():
            at = stream.grab()
            if pace.arrived(at) and self._keeps(at):
                self._take(stream, at, pace)
            if pace.flooded:
                raise StreamError("flooding", "sends far more pictures than configured")
            self._check_alive(began)

    def _keeps(self, at: float) -> bool:
        if self.kept >= 1.0:
            return True
        if at < self._next_kept:
            return False
        self._next_kept = max(self._next_kept, at - 1.0) + 1 / (self.ring.per_second * self.kept)
        return True

    def _take(self, stream: Stream, at: float, pace: Pace) -> None:
        try:
            frame = stream.picture(at)
            self._sample(frame)
        except JpegError as error:
            self._refuse(error)
            return
        if not self.ring.add(frame):
            self._tell("too_big", "one picture is larger than the whole ring")
            return
        with self._lock:
            self._good, self._in_a_row = at, 0
            # Each new stream of a camera that floods begins like a good one.
            if self._state != "flooding" or pace.calm:
                self._state, self._why = "good", ""

    def _sample(self, frame: Frame) -> None:
        """Decode one picture a second; after one that is not whole, every one until there is a whole one."""
        if frame.at >= self._next_check:
            check(frame.jpeg, self._limits)
            self._next_check = frame.at + _CHECK_EVERY_S

    def _refuse(self, error: JpegError) -> None:
        with self._lock:
            self._refused += 1
            self._in_a_row += 1
            self._last = error.why
            again = self._in_a_row >= _ACCIDENTS
        if again:
            self._tell(error.why, str(error))

    def _check_alive(self, began: float) -> None:
        """A stream that runs without one usable picture is opened again: it may be another one by then."""
        since = max(began, self._good or began)
        if monotonic() - since > self._fault_after_s:
            raise StreamError(self._last, "no usable picture came")

    def _tell(self, fault: Fault, why: str) -> None:
        with self._lock:
            self._state, self._why = fault, why
