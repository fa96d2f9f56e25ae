"""A card reader with a PN532: a thread that looks for cards and has each of them read or personalised.

Rule 1: a card is a CardRead once per presentation; one that is torn away before it is read is silence. Two
cards at once are one CardRead with the fault ``two_cards``.
Rule 2: every fault of port, chip or library ends in one DeviceLost; the thread keeps trying and says
DeviceBack. It ends only when it is told to, or with a DeviceLost.
Limits: type A cards only. A card that is there and cannot be read in three attempts is a faulty card.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from time import monotonic
from typing import Any

from hardware import nfc_port, nfc_usb
from hardware.credentials.exchange import Scheme
from hardware.credentials.running import Bounds
from hardware.credentials.uid import UID
from hardware.nfc_cards import Cards, Keys, NotMadeError
from hardware.nfc_chip import Chip, Found
from hardware.nfc_iso_dep import SilentError
from hardware.nfc_orders import Order, Orders
from hardware.nfc_port import FAULTS
from hardware.nfc_presence import Presence
from hardware.signals import BadgeNotMade, CardFault, CardRead, DeviceBack, DeviceLost, Signal, Sink

CHIPS: Mapping[str, Callable[[str], AbstractContextManager[Any]]] = {
    "pn532": nfc_port.opened,
    "acr122u": nfc_usb.opened,
}
"""How each kind of reader is opened: the chip on a serial port, the chip behind USB."""
SENSE_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0
STOP_S = 8.0
# One fault is a hiccup, two without a good sense between them are a loss.
PATIENCE = 2
TAKEN_BACK = "who asked for it has taken it back"
NOBODY_CAME = "no card came in time, or never one alone"
LAY_THERE = (
    "something lay on the reader from the beginning: take it away, look under the reader, and ask anew"
)
# A hand moves a card away once or twice; what fails every time is the card.
ATTEMPTS = 3


class NfcReader:
    """Reads cards on a PN532 at ``port`` and says so under the name ``device``.

    ``port`` is the device path of a ``pn532``, and for an ``acr122u`` its make and, where there are several,
    its socket: ``usb:072f:2200:1-1.2``.

    ``schemes`` are tried in this order, strongest first; ``keys`` gives the site keys of the moment;
    ``bounds`` is how long a card may take. ``sink`` is called from the reader's own thread and must not
    block. DeviceBack is said when the reader first answers, DeviceLost once when it does not. Raises
    ValueError for an unknown chip, no scheme, or a port that is none of the kind.
    """

    def __init__(
        self,
        device: str,
        port: str,
        *,
        sink: Sink,
        schemes: Sequence[Scheme] = (UID,),
        keys: Keys = lambda: None,
        bounds: Bounds = Bounds(),  # noqa: B008  # frozen
        chip: str = "pn532",
    ) -> None:
        if chip not in CHIPS:
            raise ValueError(f"{device}: chip {chip!r} is not known; there is {', '.join(CHIPS)}")
        try:
            nfc_usb.parse_place(port) if chip == "acr122u" else nfc_port.parse_path(port)
        except ValueError as error:
            raise ValueError(f"{device}: port {error}") from error
        if not schemes:
            raise ValueError(f"{device}: a reader needs a scheme to read cards by, such as uid")
        self._device = device
        self._port = port
        self._opened = CHIPS[chip]
        self._sink = sink
        self._cards = Cards(device, tuple(schemes), keys, bounds)
        self._orders = Orders()
        self._presence = Presence()
        self._there: bool | None = None
        self._faults = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"nfc-{device}", daemon=True)

    def start(self) -> None:
        """Open the reader and go on trying until it answers."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, within a card or an attempt to open, and free the port."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def personalise(
        self, scheme: Scheme, until_monotonic: float, taken: frozenset[str] = frozenset()
    ) -> None:
        """Make a badge of the card that comes before ``until_monotonic`` (seconds).

        Nothing may lie on the reader: a card that lay there before the order, perhaps hidden, is not the one
        that was meant, and no card counts before the reader was seen empty.
        A card whose UID is ``taken`` (upper-case hexadecimal) is sent nothing: a card that only says that it
        is blank would be told the keys of the badge whose number it shows. The answer is BadgeMade or
        BadgeNotMade, the latter at once while another order is open. Never waits; may be called from any
        thread.
        """
        why = self._orders.place(Order(scheme, until_monotonic, taken))
        if why is not None:
            self._sink(BadgeNotMade(self._device, why))

    def withdraw(self) -> None:
        """Make no badge after all: BadgeNotMade, unless there is no order or its card is just being made.

        Never waits; may be called from any thread.
        """
        order = self._orders.open
        if order is not None and self._orders.end(order, unless_begun=True):
            self._sink(BadgeNotMade(self._device, TAKEN_BACK))

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._session()
                self._say(self._expired())
                self._stopping.wait(self._pause())
        finally:
            if self._orders.close(for_good=True):
                self._sink(BadgeNotMade(self._device, "the reader has stopped"))
            if not self._stopping.is_set():
                self._sink(DeviceLost(self._device, "the thread that reads it has ended"))

    def _session(self) -> None:
        with closing(self._looks()) as looks:
            for seen in looks:
                if isinstance(seen, Exception):
                    self._fault(seen)
                else:
                    self._good()
                    self._say(seen)

    def _looks(self) -> Generator[list[Signal] | Exception, None, None]:
        # Only what the library does is tried here; an error of the sink is not the reader's.
        try:
            with self._opened(self._port) as device:
                chip = Chip(device)
                while not self._stopping.is_set():
                    yield self._look(chip)
                    self._stopping.wait(SENSE_PAUSE_S)
        except FAULTS as error:
            yield error

    def _look(self, chip: Chip) -> list[Signal]:
        sought = self._orders.open
        cards = chip.cards()
        presented = self._presence.sensed(tuple(card.uid for card in cards), monotonic())
        if self._presence.empty:
            self._orders.cleared(sought)
        order = self._orders.open if self._orders.clear else None
        due = order is not None and monotonic() < order.until and len(cards) == 1
        if due and order is not None and self._orders.begin(order):
            self._presence.settled(cards[0].uid)
            return [self._made(chip, cards[0], order)]
        said = self._expired()
        if len(presented) > 1:
            said.append(self._timed(self._cards.faulty(presented[0], CardFault.TWO_CARDS), presented[0]))
        elif presented:
            said += self._read(chip, cards[0])
        return said

    def _read(self, chip: Chip, card: Found) -> list[Signal]:
        try:
            read = self._cards.read(chip, card)
        except SilentError:
            # Silence is no lateness: a hand that is never still, or a card at its end, is no copy of a badge.
            if self._presence.torn(card.uid) < ATTEMPTS:
                return []
            self._presence.settled(card.uid)
            read = self._cards.faulty(card.uid, CardFault.BROKEN)
        except FAULTS:
            if self._presence.torn(card.uid) < ATTEMPTS:
                raise
            self._presence.settled(card.uid)
            read = self._cards.faulty(card.uid, CardFault.BROKEN)
        return [self._timed(read, card.uid)]

    def _timed(self, read: CardRead, uid: bytes) -> CardRead:
        return replace(read, took_ms=round((monotonic() - self._presence.since(uid)) * 1000))

    def _made(self, chip: Chip, card: Found, order: Order) -> Signal:
        try:
            return self._cards.make(chip, card, order)
        except NotMadeError as error:
            return BadgeNotMade(self._device, str(error), error.uid)
        except FAULTS:
            return BadgeNotMade(self._device, "the reader failed before the badge was begun")
        finally:
            self._orders.close()

    def _expired(self) -> list[Signal]:
        order = self._orders.open
        if order is None or monotonic() < order.until:
            return []
        lay = not self._orders.clear and not self._presence.empty
        if not self._orders.end(order):
            return []
        return [BadgeNotMade(self._device, LAY_THERE if lay else NOBODY_CAME)]

    def _say(self, signals: list[Signal]) -> None:
        for signal in signals:
            self._sink(signal)

    def _good(self) -> None:
        self._faults = 0
        if not self._there:
            self._there = True
            self._sink(DeviceBack(self._device))

    def _fault(self, error: Exception) -> None:
        self._faults += 1
        if self._faults >= PATIENCE and self._there is not False:
            self._there = False
            self._sink(DeviceLost(self._device, f"no reader answers properly on {self._port} ({error})"))

    def _pause(self) -> float:
        if self._faults < PATIENCE:
            return 0.0
        return float(min(LONGEST_PAUSE_S, 0.1 * 2 ** min(self._faults - PATIENCE, 10)))
