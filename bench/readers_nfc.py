"""NFC readers in a process of their own, with DESFire badges put on and taken off; and ours in front of them.

Rule 1: the chips take the time of their serial lines; the cards answer at once, and there is no field: a real
scan takes some 15 ms more, and a real card a few milliseconds for each of its answers.
Rule 2: what counts is a badge that has proved its key; anything else is lost.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Condition, Event, Thread
from time import monotonic

from bench.figures import Figure, spread
from bench.readers_line import badge
from firmware_shims.cards import iso_dep
from firmware_shims.cards.desfire import Desfire
from firmware_shims.pn532 import Pn532
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.nfc_reader import NfcReader
from hardware.signals import CardRead, DeviceBack, Signal

READERS = 4
PATIENCE_S = 30.0
SETTLE_S = 3.0
LYING_S, AWAY_S = 0.45, 0.25


def nfc_auth(cards: int) -> Figure:
    """From a badge put down to its authenticated CardRead, on four readers at once."""
    secret = os.urandom(32)
    heard = _Heard()
    context = get_context("spawn")
    pipe, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, secret), daemon=True)
    process.start()
    there.close()
    try:
        ports: list[str] = pipe.recv()
        with ExitStack() as stack:
            for number, port in enumerate(ports):
                reader = NfcReader(
                    f"n{number}", port, sink=heard, schemes=(DESFIRE, UID), keys=lambda: SiteKeys(secret)
                )
                reader.start()
                stack.callback(reader.stop)
            heard.wait_back(len(ports))
            pipe.send(-(-cards // len(ports)))
            shown: list[list[float]] = pipe.recv()
            delays, lost = heard.delays(shown)
    finally:
        pipe.close()
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()
    return spread(delays, "ms", {"lost": float(lost), "readers": float(len(ports))})


class _Heard:
    """What four readers said, and when."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._back: set[str] = set()
        self._read: list[tuple[str, float, bool]] = []

    def __call__(self, signal: Signal) -> None:
        """Takes a Signal on some reader's thread."""
        with self._changed:
            match signal:
                case DeviceBack(device):
                    self._back.add(device)
                case CardRead(device):
                    proved = signal.scheme == DESFIRE.name and signal.fault is None
                    self._read.append((device, monotonic(), proved))
            self._changed.notify_all()

    def wait_back(self, readers: int) -> None:
        """Waits until all readers answer. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._back) == readers, PATIENCE_S):
                raise TimeoutError("not all NFC readers answer")

    def delays(self, shown: Sequence[Sequence[float]]) -> tuple[list[float], int]:
        """Milliseconds from each putting down to the proof before the next, and how many had none."""
        wanted = sum(map(len, shown))
        with self._changed:
            self._changed.wait_for(lambda: sum(proved for *_, proved in self._read) >= wanted, SETTLE_S)
            delays = [
                (at - put) * 1000
                for number, puts in enumerate(shown)
                for put, after in zip(puts, [*puts[1:], float("inf")], strict=True)
                for at in self._first(f"n{number}", put, after)
            ]
        return delays, wanted - len(delays)

    def _first(self, device: str, since: float, until: float) -> list[float]:
        times = (at for one, at, proved in self._read if one == device and proved and since <= at < until)
        return list(times)[:1]


def _serve(pipe: Connection, secret: bytes) -> None:
    """The process: until the pipe is closed."""
    with ExitStack() as stack:
        chips = [stack.enter_context(Pn532(f"pn532-{n}")) for n in range(READERS)]
        for chip in chips:
            chip.paced = True
        pipe.send([chip.port for chip in chips])
        try:
            cards = pipe.recv()
            pipe.send(_dealt(chips, secret, cards))
            pipe.recv()
        except EOFError:
            return


def _dealt(chips: Sequence[Pn532], secret: bytes, cards: int) -> list[list[float]]:
    """Puts badges on all chips at once, each at its own pace; when each was put down."""
    shown: list[list[float]] = [[] for _ in chips]
    hands = [
        Thread(target=_hand, args=(chip, badge(secret)[1], cards, times, number))
        for number, (chip, times) in enumerate(zip(chips, shown, strict=True))
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return shown


def _hand(chip: Pn532, badge: Desfire, cards: int, times: list[float], seed: int) -> None:
    pause, pace = Event(), random.Random(seed)  # noqa: S311 - a repeatable load, not a secret
    for _ in range(cards):
        pause.wait(AWAY_S * pace.uniform(0.8, 1.2))
        times.append(monotonic())
        chip.put(iso_dep.card(badge))
        pause.wait(LYING_S * pace.uniform(0.8, 1.2))
        chip.take()
