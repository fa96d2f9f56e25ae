"""A foreign OSDP reader: the peripheral of libosdp, in a process of its own.

Rule 1: none of our logic answers.
Rule 2: only the channel below it is ours, and it hides two defects of libosdp 3.2.9: bytes behind a frame
are lost (so it gets one whole frame at a time), and a repeated command is not answered with the same reply
(so the channel repeats it). It cannot answer osdp_ISTAT, so give it no inputs. Unlike our own reader it
sends no mark byte before its frames; both kinds exist.
"""

from __future__ import annotations

from contextlib import suppress
from multiprocessing import get_context
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Any, Self

import osdp
from serial import Serial, SerialException

from hardware.osdp.codec import Frame, Parser, encode
from hardware.osdp.display import FOR_A_TIME
from hardware.osdp.lamps import lamp_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from hardware.signals import Lamp

TICK = 0.004
WHO = osdp.PdId(3, 7, 0x3C2B1A, 0xC0FFEE01, 0x010203)
"""Version, model, maker (low byte first on the wire), serial, firmware."""
IDENTITY = "1A2B3C-07-03-C0FFEE01"
CAPABILITIES = [
    (osdp.Capability.CardDataFormat, 1, 1),
    (osdp.Capability.LEDControl, 3, 1),
    (osdp.Capability.AudibleControl, 2, 1),
    (osdp.Capability.TextOutput, 2, 1),
]


class FrameChannel(osdp.Channel):  # type: ignore[misc]  # libosdp has no types
    """Gives libosdp one whole frame at a time, and repeats its reply to a repeated command."""

    def __init__(self, line: Serial, address: int) -> None:
        super().__init__()
        self._line = line
        self._address = address
        self._parser = Parser()
        self._heard: list[Frame] = []
        self._left = b""
        self._asked: Frame | None = None
        self._said = b""

    def read(self, max_bytes: int) -> bytes:
        """The rest of the current frame, or the next one; empty between frames."""
        if not self._left:
            self._listen()
        given, self._left = self._left[:max_bytes], self._left[max_bytes:]
        return given

    def write(self, data: bytes) -> int:
        """Sends a reply and keeps it for a repeated command."""
        self._said = bytes(data)
        self._line.write(self._said)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def _listen(self) -> None:
        # An exception here would kill libosdp; a pty may report a hiccup as one.
        with suppress(SerialException):
            self._heard += self._parser.feed(self._line.read(self._line.in_waiting))
        for frame in (self._heard.pop(0) for _ in range(len(self._heard))):
            if frame.reply or frame.address != self._address:
                continue
            if frame == self._asked and frame.sequence:
                self._line.write(self._said)
                continue
            self._asked, self._left = frame, encode(frame)
            return


class LibosdpPeer:
    """A libosdp reader on a serial device. ``key`` is its base key; it accepts no other and no clear text.

    Without a key (None, as from the factory) it takes one under the public default key. ``key`` is then what
    it was given, to start it again with.
    """

    def __init__(self, address: int, key: bytes | None) -> None:
        self._address = address
        self.key = key
        self._changed = Condition()
        self._lamps: list[Lamp] = []
        self._texts: list[dict[str, Any]] = []

    def start(self, port: str) -> None:
        """Starts the process on this serial device."""
        context = get_context("spawn")
        self._pipe, there = context.Pipe()
        args = (port, self._address, self.key, there)
        self._process = context.Process(target=_serve, args=args, daemon=True)
        self._process.start()
        there.close()
        self._thread = Thread(target=self._collect, name="libosdp peer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the process and waits for it."""
        self._pipe.send(None)
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._thread.join()
        self._pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def present(self, token: str) -> None:
        """Holds a card before the reader: ``token`` in hex."""
        data = bytes.fromhex(token)
        card = {"event": osdp.Event.CardRead, "format": osdp.CardFormat.Unspecified, "length": len(data) * 8}
        self._pipe.send(card | {"reader_no": 0, "direction": 0, "data": data})

    def type_keys(self, digits: str) -> None:
        """Types keys at its keypad."""
        self._pipe.send({"event": osdp.Event.KeyPress, "reader_no": 0, "data": digits.encode()})

    def wait_lamp(self, lamp: Lamp, timeout: float) -> bool:
        """Waits until libosdp has been told to show this lamp, and shows no other since."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._lamps) and self._lamps[-1] == lamp, timeout)

    def wait_text(self, row: int, words: str, timeout: float) -> bool:
        """Waits until libosdp has been told to show these words in a row for a time."""
        with self._changed:
            return self._changed.wait_for(lambda: any(_says(one, row, words) for one in self._texts), timeout)

    def _collect(self) -> None:
        while True:
            try:
                command: dict[str, Any] = self._pipe.recv()
            except (EOFError, OSError):
                return
            with self._changed:
                if command["command"] == osdp.Command.Keyset:
                    self.key = bytes(command["data"])
                if command["command"] == osdp.Command.LED:
                    self._lamps.append(lamp_of(_led(command)))
                if command["command"] == osdp.Command.Text:
                    self._texts.append(command)
                self._changed.notify_all()


def _says(text: dict[str, Any], row: int, words: str) -> bool:
    where = text["reader"], text["control_code"], text["offset_row"], text["offset_col"]
    return where == (0, FOR_A_TIME, row, 1) and str(text["data"]).rstrip() == words


def _led(command: dict[str, Any]) -> bytes:
    """The LED command as libosdp understood it, back in the order of the wire."""
    names = ("control_code", "on_count", "off_count", "on_color", "off_color")
    steady = bytes(command[name] for name in names)
    cancel = bytes([command["cancel_temporary"], 0, 0, 0, 0, 0, 0])
    return bytes([command["reader"], command["led_number"]]) + cancel + steady


def _serve(port: str, address: int, key: bytes | None, pipe: Connection) -> None:
    """The process: libosdp on its channel until the pipe says None or the line goes."""
    stop = Event()

    def obey(command: dict[str, Any]) -> tuple[int, None]:
        pipe.send(command)
        return 0, None

    with Serial(port, 115200, timeout=0) as line:
        flag = osdp.LibFlag.EnforceSecure if key else osdp.LibFlag.InstallMode
        info = osdp.PDInfo(address, FrameChannel(line, address), scbk=key, flags=[flag], id=WHO)
        capabilities = osdp.PDCapabilities(CAPABILITIES)
        reader = osdp.PeripheralDevice(info, capabilities, osdp.LogLevel.Emergency, command_handler=obey)
        while not stop.wait(TICK):
            try:
                reader.ctx.refresh()
                while pipe.poll():
                    event = pipe.recv()
                    if event is None:
                        return
                    reader.ctx.submit_event(event)
            except (SystemError, SerialException, EOFError):
                return
