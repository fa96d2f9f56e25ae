"""Our own OSDP reader on a pty: the other end of the production wire.

Rule 1: the panel cannot tell it from a real one, unless it is told to lie. In use::

    reader = OsdpPeripheral(1, key, inputs=4)
    reader.start(hub.names[1])
    reader.present("04A1B2C3")              # a card
    reader.type_keys("1234#")               # the keypad
    reader.set_input(0, 2)                  # 0 inactive, 1 active, 2 short, 3 open
    reader.tamper(True)                     # the cover
    reader.power(lost=True)                 # its supply
    reader.wait_lamp(Lamp.GRANTED, 5)       # what it shows
    reader.vanish(); reader.back()          # its plug
    reader.reset(forget_key=True)           # a restart; without its key it is as from the factory
    reader.swap("1A2B3C-01-01-00000666")    # somebody screws another one to the wall
    reader.lie(Lie.WRONG_MAC); reader.lie(None)
"""

from __future__ import annotations

import errno
import os
import select
import termios
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Self

from serial import Serial

from firmware_shims.osdp_lies import Lie, babble, told
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.codec import MARK, Frame, Parser, encode
from hardware.osdp.messages import Message, Reply

if TYPE_CHECKING:
    from hardware.signals import Lamp

KEYPAD = {"#": 0x0D, "*": 0x7F}
RECORD = 256
SILENCE = 0.02
BURST = 4096
FALSE_KEYS = {Lie.WRONG_KEY, Lie.DEFAULT_KEY}


class OsdpPeripheral:
    """A conforming reader with its own thread; every method may be called from any thread.

    ``key`` is its base key (SCBK, 16 bytes), None as from the factory; ``inputs`` how many supervised inputs
    it has; ``identity`` who it says it is.
    """

    def __init__(self, address: int, key: bytes | None, *, inputs: int = 0, identity: str = IDENTITY) -> None:
        self._machine = Machine(address, key, inputs, identity)
        self._other_key: bytes | None = os.urandom(16)
        self._changed = Condition()
        self._lie: Lie | None = None
        self._gone = False
        self._record: list[bytes] = []
        self._old: list[bytes] = []
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self, port: str, *, baud: int = 115200) -> None:
        """Plugs the reader into a serial device and switches it on."""
        line = Serial(port, baud, timeout=SILENCE)
        self._stop.clear()
        self._thread = Thread(target=self._run, args=(line,), name=f"osdp reader {port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Switches the reader off and waits for its thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def lamp(self) -> Lamp | None:
        """What the LED shows now; None before the first command."""
        return self.lamps[-1] if self.lamps else None

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """What the LED has shown, oldest first (the last 256)."""
        with self._changed:
            return tuple(self._machine.lamps)

    @property
    def tones(self) -> tuple[bytes, ...]:
        """The data of the sounder commands heard, oldest first (the last 256)."""
        with self._changed:
            return tuple(self._machine.tones)

    @property
    def secure(self) -> bool:
        """True while a secure session stands, as far as the reader knows."""
        with self._changed:
            return self._machine.channel is not None

    def wait_lamp(self, lamp: Lamp, timeout: float) -> bool:
        """Waits until the LED shows this lamp; False if it does not within ``timeout`` seconds."""
        with self._changed:
            shown = self._machine.lamps
            return self._changed.wait_for(lambda: bool(shown) and shown[-1] == lamp, timeout)

    def wait_secure(self, timeout: float) -> bool:
        """Waits until a secure session stands; False if none does within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._machine.channel is not None, timeout)

    def present(self, token: str, bits: int | None = None) -> None:
        """Holds a card before the reader: ``token`` in hex, of which ``bits`` count (all, if not given)."""
        data = bytes.fromhex(token)
        count = len(data) * 8 if bits is None else bits
        self._tell(Message(Reply.RAW, bytes(2) + count.to_bytes(2, "little") + data))

    def type_keys(self, digits: str) -> None:
        """Types keys, at most 64 of ``0`` to ``9``, ``*`` and ``#``, in one go."""
        codes = bytes(KEYPAD.get(digit) or ord(digit) for digit in digits)
        self._tell(Message(Reply.KEYPAD, bytes([0, len(codes)]) + codes))

    def set_input(self, number: int, value: int) -> None:
        """Brings an input into a state: 0 inactive, 1 active, 2 short, 3 open."""
        with self._changed:
            self._machine.inputs[number] = value
            self._machine.news.append(self._machine.input_status())

    def tamper(self, is_open: bool) -> None:
        """Opens or shuts the cover."""
        with self._changed:
            self._machine.cover_open = is_open
            self._machine.news.append(self._machine.local_status())

    def power(self, *, lost: bool) -> None:
        """Its supply fails, or is good again."""
        with self._changed:
            self._machine.power_lost = lost
            self._machine.news.append(self._machine.local_status())

    @property
    def key(self) -> bytes | None:
        """The base key it holds; None as from the factory."""
        with self._changed:
            return self._machine.key

    def reset(self, *, forget_key: bool = False) -> None:
        """Switches it off and on: the talk is forgotten, and the key too if so ordered."""
        with self._changed:
            if forget_key:
                self._machine.key = None
            self._machine.forget()

    def swap(self, identity: str, key: bytes | None = None) -> None:
        """Puts another reader in its place; without ``key`` it holds the very same one."""
        with self._changed:
            self._machine.identity = identity
            self._machine.key = key or self._machine.key
            self._machine.forget()

    def vanish(self) -> None:
        """Pulls the plug: it hears and says nothing and forgets its session and its news."""
        with self._changed:
            self._gone = True
            self._machine.forget()

    def back(self) -> None:
        """Plugs it in again."""
        with self._changed:
            self._gone = False

    def lie(self, lie: Lie | None) -> None:
        """Tells this lie from now on; None: honest again. Another key is another device, without session."""
        with self._changed:
            before, self._lie = self._lie, lie
            if lie == Lie.REPLAY:
                self._old = list(self._record)
            if (before in FALSE_KEYS) != (lie in FALSE_KEYS):
                self._other_key, self._machine.key = self._machine.key, self._other_key
                self._machine.forget()

    def _tell(self, news: Message) -> None:
        with self._changed:
            self._machine.news.append(news)

    def _run(self, line: Serial) -> None:
        """A pty may report a hiccup as an error, so an error ends nothing.

        The port stays open until the reader is stopped, even if the hub is gone: while it is open, no other
        hub on this machine gets a device of the same name, into which this reader would then speak.
        """
        parser = Parser()
        with line:
            while not self._stop.is_set():
                try:
                    self._serve(line, parser)
                except (OSError, termios.error):
                    self._stop.wait(0.01)

    def _serve(self, line: Serial, parser: Parser) -> None:
        data = _heard(line.fileno())
        frames = parser.feed(data) if data else parser.give_up()
        for frame in frames:
            if reply := self._reply(frame):
                line.write(MARK + reply)
        if self._lie == Lie.BABBLE and not self._gone:
            line.write(babble())

    def _reply(self, frame: Frame) -> bytes:
        with self._changed:
            honest = None if self._gone else self._machine.hear(frame)
            self._changed.notify_all()
            if honest is None or self._lie in {Lie.MUTE, Lie.BABBLE}:
                return b""
            if self._lie == Lie.REPLAY:
                return self._again(frame)
            if self._lie is not None:
                return told(self._lie, self._machine, frame, honest)
            return self._recorded(frame, encode(honest))

    def _recorded(self, frame: Frame, reply: bytes) -> bytes:
        if frame.sequence == 0:
            self._record = []
        self._record = [*self._record, reply][:RECORD]
        return reply

    def _again(self, frame: Frame) -> bytes:
        """The replies of the recorded session in their order, from its beginning at each greeting."""
        if frame.sequence == 0:
            self._old = list(self._record)
        return self._old.pop(0) if self._old else b""


def _heard(port: int) -> bytes:
    """Everything that has arrived, in one piece: every reader hears all others; b"" after a silence."""
    ready, _, _ = select.select([port], [], [], SILENCE)
    data = os.read(port, BURST) if ready else b""
    if ready and not data:
        raise OSError(errno.EIO, "the wires are gone")
    return data
