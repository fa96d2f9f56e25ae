"""Readers on a paced line, in a process of their own: what a panel is measured against.

Rule 1: nothing of the panel's runs here, and nothing of the readers' in the panel's process.
Rule 2: every message takes its time on the wire, both ways; with ``damaged`` that share of all messages has a
bit flipped, a byte dropped or a byte put in. A reader itself takes no time: real ones take one to a few
milliseconds, which every panel would have to wait for alike.
"""

from __future__ import annotations

import os
import pty
import random
import tty
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from select import select
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self

from firmware_shims.cards.desfire import Desfire
from firmware_shims.osdp_machine import Machine
from firmware_shims.osdp_transparent import TransparentMachine
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.running import Bounds, converse
from hardware.credentials.site_keys import SiteKeys
from hardware.osdp.codec import MARK, Parser, encode
from hardware.osdp.messages import Command, Message, Reply

PAUSE = 0.02
BURST = 4096
TOKEN = 6
UNBOUND = Bounds(1e6, 1e6, 1e6)


@dataclass(slots=True)
class Dealt:
    """What happened at the readers. ``shown``: when each card was held before one, by ``time.monotonic``.

    ``polls_ms``: between one poll of a reader and its next.
    """

    shown: dict[str, float] = field(default_factory=dict)
    polls_ms: list[float] = field(default_factory=list)


class Line:
    """Readers at addresses 1, 2, ... with these keys, behind one serial device (``port``).

    With ``secret``, a site key, they are in transparent mode, and every card is a DESFire badge of that site.
    """

    def __init__(
        self, keys: Sequence[bytes], *, baud: int = 115200, damaged: float = 0.0, secret: bytes = b""
    ) -> None:
        context = get_context("spawn")
        self._pipe, there = context.Pipe()
        args = (there, list(keys), baud, damaged, secret)
        self._process = context.Process(target=_serve, args=args, daemon=True)
        self._process.start()
        there.close()
        self.port: str = self._pipe.recv()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def deal(self, cards: int, gap_s: float) -> Dealt:
        """Holds so many cards before the readers in turn, ``gap_s`` apart on average; returns after all."""
        self._pipe.send((cards, gap_s))
        dealt: Dealt = self._pipe.recv()
        return dealt


class _Readers:
    """All readers of the line; the thread that carries and the one that deals meet here."""

    def __init__(self, keys: Sequence[bytes], baud: int, damaged: float, secret: bytes) -> None:
        kind = TransparentMachine if secret else Machine
        self._machines = {n: kind(n, key) for n, key in enumerate(keys, start=1)}
        self._secret = secret
        self._byte_s = 10 / baud
        self._damaged = damaged
        self._random = random.Random(1)  # noqa: S311 - a repeatable load, not a secret
        self._lock = Lock()
        self._never = Event()
        self._polled: dict[int, float] = {}
        self._dealt = Dealt()

    def carry(self, here: int) -> None:
        """Serves the line for ever."""
        parser = Parser()
        while True:
            data = os.read(here, BURST) if select([here], [], [], PAUSE)[0] else b""
            for frame in parser.feed(self._late(data)) if data else parser.give_up():
                with self._lock:
                    self._note(frame.address, frame.body[0])
                    machine = self._machines.get(frame.address)
                    reply = machine.hear(frame) if machine else None
                if reply:
                    os.write(here, self._late(MARK + encode(reply)))

    def deal(self, cards: int, gap_s: float) -> Dealt:
        """Shows the cards; the record of the time since the last deal ends with this one."""
        with self._lock:
            self._dealt = Dealt()
            self._polled.clear()
        for number in range(cards):
            self._never.wait(self._random.uniform(0.5, 1.5) * gap_s)
            token, card = badge(self._secret) if self._secret else (os.urandom(TOKEN).hex().upper(), None)
            with self._lock:
                _show(self._machines[1 + number % len(self._machines)], token, card)
                self._dealt.shown[token] = monotonic()
        with self._lock:
            return self._dealt

    def _note(self, address: int, code: int) -> None:
        now = monotonic()
        if code == Command.POLL and address in self._polled:
            self._dealt.polls_ms.append((now - self._polled[address]) * 1000)
        if code == Command.POLL:
            self._polled[address] = now

    def _late(self, data: bytes) -> bytes:
        """The message as it arrives, when its last bit does."""
        self._never.wait(len(data) * self._byte_s)
        return self._spoilt(data) if self._random.random() < self._damaged else data

    def _spoilt(self, data: bytes) -> bytes:
        at, kind = self._random.randrange(len(data)), self._random.randrange(3)
        flipped = bytes([data[at] ^ 1 << self._random.randrange(8)])
        middle = (flipped, b"", data[at : at + 1] + self._random.randbytes(1))[kind]
        return data[:at] + middle + data[at + 1 :]


def badge(secret: bytes) -> tuple[str, Desfire]:
    """A personalised card of the site with this key, and its number."""
    card = Desfire(b"\x04" + os.urandom(6))
    if DESFIRE.make is None:
        raise TypeError("DESFire badges are made here")
    exchange = DESFIRE.make(card.uid, SiteKeys(secret))
    return converse(exchange, lambda apdu: card.answer(apdu) or b"", UNBOUND).token, card


def _show(reader: Machine, token: str, card: Desfire | None) -> None:
    if card is not None and isinstance(reader, TransparentMachine):
        reader.put(card)
    else:
        data = bytes.fromhex(token)
        reader.news.append(Message(Reply.RAW, bytes([0, 0, 8 * len(data), 0]) + data))


def _serve(pipe: Connection, keys: list[bytes], baud: int, damaged: float, secret: bytes) -> None:
    """The process: until the pipe is closed."""
    here, there = pty.openpty()
    tty.setraw(there)
    readers = _Readers(keys, baud, damaged, secret)
    Thread(target=readers.carry, args=(here,), daemon=True).start()
    pipe.send(os.ttyname(there))
    while True:
        try:
            cards, gap_s = pipe.recv()
        except EOFError:
            return
        pipe.send(readers.deal(cards, gap_s))
