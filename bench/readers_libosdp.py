"""libosdp's control panel as a panel to measure; needs the package libosdp.

Rule: libosdp gets what our driver gives itself, whole frames from a clean channel and a session enforced, so
that the figures compare the panels and not the code around them. It runs in the loop of its own package (20
ms), or in a loop of 1 ms, the best that can be had without building it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Event, RLock, Thread
from time import monotonic

import osdp
from serial import Serial, SerialException

from bench.readers_panels import PATIENCE_S, Panel, Seen
from hardware.osdp.codec import MARK, Frame, Parser, encode

LOOP_S = 0.001


class _Frames(osdp.Channel):  # type: ignore[misc]  # libosdp has no types
    """Whole, undamaged replies only: bytes behind a frame are lost in libosdp 3.2.9."""

    def __init__(self, line: Serial) -> None:
        super().__init__()
        self._line = line
        self._parser = Parser()
        self._heard: list[Frame] = []
        self._left = b""

    def read(self, max_bytes: int) -> bytes:
        """The rest of the current frame, or the next one; empty between frames."""
        if not self._left:
            # An exception here would kill libosdp's thread.
            with suppress(SerialException):
                self._heard += self._parser.feed(self._line.read(self._line.in_waiting))
            self._left = encode(self._heard.pop(0)) if self._heard else b""
        given, self._left = self._left[:max_bytes], self._left[max_bytes:]
        return given

    def write(self, data: bytes) -> int:
        """Sends a command; what has come of an old reply is void."""
        self._line.write(MARK + data if not data.startswith(MARK) else data)
        return len(data)

    def flush(self) -> None:
        """A new exchange begins."""
        self._heard.clear()
        self._left = b""


class StockPanel(Panel):
    """libosdp's ControlPanel as its package runs it."""

    def __init__(self, port: str, keys: Sequence[bytes], seen: Seen) -> None:
        self._port, self._keys, self._seen = port, keys, seen

    def start(self) -> None:
        """Starts, and waits until every session stands."""
        self._line = Serial(self._port, 115200, timeout=0)
        channel = _Frames(self._line)
        infos = [
            osdp.PDInfo(n, channel, scbk=key, flags=[osdp.LibFlag.EnforceSecure])
            for n, key in enumerate(self._keys, start=1)
        ]
        self._panel = osdp.ControlPanel(infos, osdp.LogLevel.Emergency, self._take)
        self._turn()
        end, pause = monotonic() + PATIENCE_S, Event()
        while self._panel.get_num_sc_active() < len(self._keys):
            if monotonic() > end:
                raise TimeoutError("libosdp's panel does not find all readers")
            pause.wait(0.05)

    def stop(self) -> None:
        """Ends its thread."""
        self._panel.stop()
        self._panel.ctx = None
        self._line.close()

    def _turn(self) -> None:
        self._panel.start()

    def _take(self, _: int, event: dict[str, object]) -> int:
        if event["event"] == osdp.Event.CardRead:
            data = event["data"]
            self._seen(bytes(data).hex().upper() if isinstance(data, bytes) else "", monotonic())
        return 0


class QuickPanel(StockPanel):
    """libosdp's ControlPanel in a loop of 1 ms."""

    def stop(self) -> None:
        """Ends the loop."""
        self._ended.set()
        self._thread.join()
        self._panel.ctx = None
        self._line.close()

    def _turn(self) -> None:
        self._ended = Event()
        self._panel.lock = RLock()
        self._thread = Thread(target=self._run, name="libosdp", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.wait(LOOP_S):
            with self._panel.lock:
                self._panel.ctx.refresh()
