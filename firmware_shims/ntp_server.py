"""A time server in software on the loopback (RFC 5905), that can jump, fall silent and lie.

Rule 1: without a lie it answers like an honest stratum 2 server; a lie names fields of the packet.
"""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import ntplib

_SIZE = 48
_LIES = {
    "leap",
    "version",
    "mode",
    "stratum",
    "root_delay",
    "root_dispersion",
    "ref_id",
    "recv_timestamp",
    "tx_timestamp",
}


class NtpServer:
    """Tells a time that runs on from ``start_wall_ms`` (milliseconds since 1970) at ``host``, ``port``."""

    def __init__(self, start_wall_ms: int, *, stratum: int = 2) -> None:
        self._start_s = start_wall_ms / 1000 - time.monotonic()
        self._lies: dict[str, float] = {"stratum": stratum}
        self._mute = False
        self._echo = True
        self._cut = _SIZE
        self._asked = 0
        self._turn = threading.Condition()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.host, self.port = self._socket.getsockname()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="shim-ntp", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End."""
        self._closing = True
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", (self.host, self.port))
        self._thread.join()
        self._socket.close()

    def wall_ms(self) -> int:
        """What it says now."""
        return round((self._start_s + time.monotonic()) * 1000)

    def jump(self, seconds: float) -> None:
        """Set the clock forward or back."""
        self._start_s += seconds

    def mute(self) -> None:
        """Answer nothing."""
        self._mute = True

    def speak(self) -> None:
        """Answer again."""
        self._mute = False

    def lie(self, **fields: float) -> None:
        """Put values of one's own into fields of the answers, such as stratum, leap, mode, tx_timestamp."""
        if unknown := fields.keys() - _LIES:
            raise ValueError(
                f"no such field: {', '.join(sorted(unknown))}; there is {', '.join(sorted(_LIES))}"
            )
        self._lies.update(fields)

    def kiss(self, code: str) -> None:
        """Send a kiss of death such as RATE or DENY."""
        self.lie(stratum=0, ref_id=int.from_bytes(code.encode("ascii").ljust(4, b"\0"), "big"))

    def forge(self) -> None:
        """Answer without having seen the question, as somebody off the path would."""
        self._echo = False

    def truncate(self, size: int) -> None:
        """Send only the first bytes of answers."""
        self._cut = size

    def honest(self) -> None:
        """No lies any more."""
        self._lies = {"stratum": 2}
        self._echo, self._cut = True, _SIZE

    @property
    def asked(self) -> int:
        """How many questions it has had, and has answered where it answers at all."""
        with self._turn:
            return self._asked

    def wait_asked(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until it was asked so many times in all; whether it was."""
        with self._turn:
            return self._turn.wait_for(lambda: self._asked >= count, timeout)

    def _run(self) -> None:
        while True:
            data, client = self._socket.recvfrom(512)
            if self._closing:
                return
            with self._turn:
                # Whoever has the answer finds the question counted.
                if len(data) >= _SIZE and not self._mute:
                    self._socket.sendto(self._answer(data)[: self._cut], client)
                self._asked += 1
                self._turn.notify_all()

    def _answer(self, data: bytes) -> bytes:
        packet = ntplib.NTPPacket(version=4, mode=4)
        # Seconds since 1900, in the 32 bits of their era.
        now = ntplib.system_to_ntp_time(self.wall_ms() / 1000) % 2**32
        packet.ref_timestamp = packet.recv_timestamp = packet.tx_timestamp = now
        packet.precision = -20
        packet.root_delay, packet.root_dispersion = 0.002, 0.001
        packet.ref_id = 0x7F000001
        for field, value in self._lies.items():
            setattr(packet, field, value)
        answer: bytes = packet.to_data()
        origin = data[40:48] if self._echo else bytes(8)
        return answer[:24] + origin + answer[32:]
