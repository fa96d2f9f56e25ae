"""An outside clock over SNTP: asks, judges, reports. It sets nothing.

Rule 1: what it says is a fact of the wire; whether the room believes it is decided elsewhere.
Rule 2: a server that refuses is lost at once, one that is silent after three questions; a server that
asks to be left alone is left alone (RFC 5905, 7.4).
"""

import socket
import threading
import time
from contextlib import suppress

from hardware.signals import DeviceBack, DeviceLost, Sink, WallClock
from hardware.sntp import SIZE, Answer, TimeRefusedError, answers, judge, question

RETRY_S = 15.0  # RFC 4330, 10: never ask more often
SILENT = 3
LEFT_ALONE_S = 3600.0
_SLICE_S = 0.05


class NtpClock:
    """Asks the NTP server at ``host``:``port`` every ``every_s`` seconds (16 or more outside of tests).

    Each good answer is a WallClock named ``source``. DeviceLost is said once when the server is silent or
    not to be believed, DeviceBack when it is again, and at the first answer. ``sink`` is called from the
    clock's own thread. ``answer_s`` is how long an answer may take. Raises ValueError for absurd numbers.
    """

    def __init__(
        self, source: str, host: str, port: int, *, every_s: float, sink: Sink, answer_s: float = 1.0
    ) -> None:
        if every_s <= 0 or answer_s <= 0 or not 0 < port < 65536:
            raise ValueError(f"{source}: every_s and answer_s must be above 0 and the port 1 to 65535")
        self._source = source
        self._address = (host, port)
        self._every_s = every_s
        self._answer_s = answer_s
        self._sink = sink
        self._there: bool | None = None
        self._misses = 0
        self._slower = 1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"ntp-{source}", daemon=True)

    def start(self) -> None:
        """Ask now, and then again and again."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; only the look-up of a host name can hold it, and then it is left behind."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(2 * self._answer_s)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._turn())
        finally:
            if not self._stopping.is_set():
                self._sink(DeviceLost(self._source, "the thread that asks it has ended"))

    def _turn(self) -> float:
        try:
            answer = self._ask()
        except TimeRefusedError as error:
            return self._refused(error)
        except (OSError, UnicodeError) as error:
            return self._silent(str(error))
        return self._silent("no answer") if answer is None else self._answered(answer)

    def _ask(self) -> Answer | None:
        host, port = self._address
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as line:
            # Connected, so that only the server's own address and port are heard, and its refusals too.
            line.connect(address)
            line.settimeout(_SLICE_S)
            asked, start = question(), time.monotonic()
            line.send(asked)
            data = self._hear(line, asked, start + self._answer_s)
            return None if data is None else judge(asked, data, time.monotonic() - start)

    def _hear(self, line: socket.socket, asked: bytes, end: float) -> bytes | None:
        while time.monotonic() < end and not self._stopping.is_set():
            with suppress(TimeoutError):
                data = line.recv(SIZE + 1024)
                if answers(asked, data):
                    return data
        return None

    def _answered(self, answer: Answer) -> float:
        self._misses, self._slower = 0, 1
        if not self._there:
            self._there = True
            self._sink(DeviceBack(self._source))
        self._sink(WallClock(self._source, answer.wall_ms, answer.error_ms))
        return self._every_s

    def _silent(self, why: str) -> float:
        self._misses += 1
        if self._misses >= SILENT:
            self._lost(why)
        return min(self._every_s, RETRY_S)

    def _refused(self, error: TimeRefusedError) -> float:
        self._lost(str(error))
        if error.kiss in {"DENY", "RSTR"}:
            return LEFT_ALONE_S
        if error.kiss == "RATE":
            self._slower = min(64, self._slower * 2)
        return self._every_s * self._slower

    def _lost(self, why: str) -> None:
        if self._there is not False and not self._stopping.is_set():
            self._there = False
            self._sink(DeviceLost(self._source, f"{self._address[0]}: {why}"))
